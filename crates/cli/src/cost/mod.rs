//! What a run costs where somebody bills it: what its functions and commands used, at list prices.
//!
//! Left out is what does not depend on the run: storage, alarms, and queues that are asked while they are empty.

pub(crate) mod model;
mod prices;

pub(crate) use prices::Prices;

use maestro_domain::Spending;
use prices::Price;
use serde::Serialize;
use std::collections::BTreeMap;

/// Requests of a message's whole way: it is sent, received and deleted.
const PER_MESSAGE: u64 = 3;
/// Millionths in a dollar.
pub(crate) const MICRO: f64 = 1e6;
const GB: f64 = (1_u64 << 30) as f64;
const MIB_IN_GB: f64 = 1024.0;

/// One line of the bill.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line<'a> {
    pub(crate) service: &'a str,
    pub(crate) unit: &'a str,
    pub(crate) quantity: f64,
    pub(crate) usd: f64,
}

/// What a run used of each thing that has a price.
#[derive(Default)]
struct Used {
    transitions: f64,
    requests: f64,
    gb_seconds: BTreeMap<String, f64>,
    write_units: f64,
    read_units: f64,
    puts: f64,
    gets: f64,
    messages: f64,
    events: f64,
    traces: f64,
    logged: f64,
}

/// Whether it is the referee's: its price is told apart.
pub(crate) fn of_referee(spending: &Spending) -> bool {
    spending.by.function.ends_with("-referee")
}

/// The bill for what these used, and for the states that machines entered.
pub(crate) fn bill<'a, 's>(
    prices: &'a Prices,
    spendings: impl IntoIterator<Item = &'s Spending>,
    transitions: u64,
) -> Vec<Line<'a>> {
    let mut used = Used { transitions: transitions as f64, ..Used::default() };
    for spending in spendings {
        used.add(spending);
    }
    let seconds = |arm: bool| {
        let of = |(processor, _): &(&String, &f64)| (processor.as_str() == "aarch64") == arm;
        used.gb_seconds.iter().filter(of).map(|(_, seconds)| seconds).sum::<f64>()
    };
    let lines = [
        (&prices.transition, used.transitions),
        (&prices.request, used.requests),
        (&prices.gb_second_arm, seconds(true)),
        (&prices.gb_second_x86, seconds(false)),
        (&prices.write_unit, used.write_units),
        (&prices.read_unit, used.read_units),
        (&prices.put, used.puts),
        (&prices.get, used.gets),
        (&prices.message, used.messages),
        (&prices.event, used.events),
        (&prices.trace, used.traces),
        (&prices.log, used.logged / GB),
    ];
    lines.into_iter().filter(|(_, quantity)| *quantity > 0.0).map(|(price, quantity)| line(price, quantity)).collect()
}

fn line(price: &Price, quantity: f64) -> Line<'_> {
    Line { service: &price.what, unit: &price.unit, quantity, usd: quantity * price.usd }
}

/// The sum of a bill.
pub(crate) fn total(lines: &[Line<'_>]) -> f64 {
    lines.iter().map(|line| line.usd).sum()
}

impl Used {
    fn add(&mut self, spending: &Spending) {
        let function = &spending.by.function;
        // A command of the user runs where nobody bills its time.
        if spending.memory_mib > 0 {
            self.requests += 1.0;
            // Calls of one run are one trace where AWS passes its id on; at most each is one.
            self.traces += 1.0;
            let gb_ms = spending.billed_ms as f64 * spending.memory_mib as f64 / MIB_IN_GB;
            *self.gb_seconds.entry(spending.processor.clone()).or_default() += gb_ms / 1_000.0;
            self.logged += spending.logged_bytes as f64;
        }
        // Lambda and Step Functions move a worker's message in our name.
        if function.ends_with("-node")
            || function.contains("-persona-")
            || function.ends_with("-verify")
            || function.ends_with("-dead-letters")
        {
            self.messages += PER_MESSAGE as f64;
        }
        for (operation, calls) in &spending.calls {
            let tries = calls.attempts as f64;
            match operation.split_once('.').unwrap_or_default() {
                ("DynamoDB", "BatchGetItem" | "GetItem" | "Query") => self.read_units += calls.units,
                ("DynamoDB", _) => self.write_units += calls.units,
                // Deleting costs nothing.
                ("S3", "DeleteObject" | "DeleteObjects") => {}
                ("S3", "GetObject" | "HeadObject") => self.gets += tries,
                ("S3", _) => self.puts += tries,
                ("SQS", _) => self.messages += tries,
                ("EventBridge", _) => self.events += calls.units,
                // Answering and asking Step Functions is part of its transitions.
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_domain::{Calls, task::MadeBy};

    fn spent(function: &str, memory_mib: u64, calls: &[(&str, u64, f64)]) -> Spending {
        Spending {
            by: MadeBy { function: function.to_owned(), request: "r".to_owned() },
            memory_mib,
            billed_ms: 500,
            processor: "aarch64".to_owned(),
            logged_bytes: 1 << 20,
            calls: calls
                .iter()
                .map(|(operation, attempts, units)| {
                    ((*operation).to_owned(), Calls { calls: 1, attempts: *attempts, units: *units })
                })
                .collect(),
        }
    }

    #[test]
    fn each_thing_is_billed_by_its_own_measure() {
        let prices = Prices::load().unwrap();
        let all = [
            spent("hive-gate", 2048, &[("DynamoDB.GetItem", 3, 1.5), ("DynamoDB.TransactWriteItems", 1, 8.0)]),
            spent("hive-persona-qa_engineer", 1024, &[("S3.PutObject", 2, 0.0), ("SFN.SendTaskSuccess", 1, 0.0)]),
            spent("maestro-aws", 0, &[("S3.GetObject", 1, 0.0), ("EventBridge.PutEvents", 1, 2.0)]),
        ];
        let lines = bill(&prices, &all, 40);
        let of =
            |unit: &str| lines.iter().find(|line| line.unit == unit).map(|line| (line.quantity, line.usd)).unwrap();
        let near = |(quantity, usd): (f64, f64), wanted: f64, price: f64| {
            assert!((quantity - wanted).abs() < 1e-9 && (usd - wanted * price).abs() < 1e-12, "{quantity} {usd}");
        };
        near(of("state transition"), 40.0, 0.000_025);
        near(of("GB-second on ARM"), 1.5, 0.000_013_333_4);
        near(of("read request unit"), 1.5, 0.000_000_125);
        near(of("write request unit"), 8.0, 0.000_000_625);
        near(of("PUT or LIST request"), 2.0, 0.000_005);
        near(of("GET request"), 1.0, 0.000_000_4);
        near(of("event of ours"), 2.0, 0.000_001);
        // Lambda's part: two functions and one message; the command's time is the user's own.
        near(of("trace"), 2.0, 0.000_005);
        assert!((lines.iter().find(|line| line.service == "SQS").unwrap().quantity - 3.0).abs() < 1e-9);
        assert!(lines.iter().all(|line| line.unit != "GB-second on x86"), "what was not used is not told");
    }
}
