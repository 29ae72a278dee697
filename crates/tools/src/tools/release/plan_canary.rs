//! `plan_canary`: how much traffic a new version gets, for how long, and at how many errors it is taken back; long enough to see what
//! it should, and no quicker to cry than agreed.

use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) struct PlanCanary;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Share of requests that fail today, such as 0.001
    error_rate: f64,
    /// Share of requests that may fail by the objective, such as 0.005; it must be above today's
    slo_error_rate: f64,
    /// Requests a minute that the whole service gets
    requests_per_minute: f64,
    /// The time in ms below which 95 of 100 answers must stay, where that is an objective
    #[serde(default)]
    latency_p95_ms: Option<f64>,
    /// Percent of traffic in each step; 1, 5, 25, 50, 100 when left out
    #[serde(default)]
    steps: Vec<f64>,
    /// Chance that a good version is taken back, over all steps; 0.05 when left out
    #[serde(default)]
    false_alarm: Option<f64>,
    /// Chance that a version which fails as often as the objective allows is seen in a step; 0.9 when left out
    #[serde(default)]
    power: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Step {
    percent: f64,
    /// Requests that the new version must answer.
    requests: u64,
    minutes: u64,
    /// It is taken back at this many errors.
    abort_at_errors: u64,
    /// It is taken back at this many answers above the latency, where that is an objective.
    #[serde(skip_serializing_if = "Option::is_none")]
    abort_at_slow: Option<u64>,
    watch: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    steps: Vec<Step>,
    minutes: u64,
    /// What stands behind the numbers.
    reasons: Vec<String>,
}

impl Tool for PlanCanary {
    const NAME: &'static str = "plan_canary";
    const DESCRIPTION: &'static str = "Plans a canary from error rate, objective and traffic: for each step the share of traffic, how many requests and minutes it needs to see a version that breaks the objective, and at how many errors it is taken back (exact binomial bounds).";
    const EFFECT: Effect = Effect::Reads;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, _: &mut Workspace<'_>) -> Result<Output, Error> {
        plan(&args).map_err(Error::Respond)
    }
}

fn plan(args: &Args) -> Result<Output, String> {
    let (today, limit) = (args.error_rate, args.slo_error_rate);
    let (alarm, power) = (args.false_alarm.unwrap_or(0.05), args.power.unwrap_or(0.9));
    if !((0.0..0.5).contains(&today) && limit > today && limit < 0.9) {
        return Err(format!(
            "`error_rate` is {today} and `slo_error_rate` {limit}: shares from 0 to 1, the objective above what fails today"
        ));
    }
    if !(args.requests_per_minute > 0.0 && args.requests_per_minute.is_finite()) {
        return Err("`requests_per_minute` must be above 0".to_owned());
    }
    if !(0.000_1..=0.5).contains(&alarm) || !(0.5..=0.999).contains(&power) {
        return Err("`false_alarm` is from 0.0001 to 0.5, `power` from 0.5 to 0.999".to_owned());
    }
    let shares = if args.steps.is_empty() { vec![1.0, 5.0, 25.0, 50.0, 100.0] } else { args.steps.clone() };
    let rising = shares.iter().zip(shares.iter().skip(1)).all(|(a, b)| a < b);
    if shares.iter().any(|share| !(*share > 0.0 && *share <= 100.0))
        || !rising
        || shares.last().is_none_or(|last| *last < 100.0)
    {
        return Err("`steps` are percents that rise, and end at 100".to_owned());
    }
    if args.latency_p95_ms.is_some_and(|latency| latency.is_nan() || latency <= 0.0) {
        return Err("`latency_p95_ms` must be above 0".to_owned());
    }
    #[expect(clippy::cast_precision_loss, reason = "there are few steps")]
    let each = alarm / shares.len() as f64;
    let needed = sample(today, limit, each, power)
        .ok_or("more than 100 million requests would be needed: the objective is too near to what fails today")?;
    let abort = critical(needed, today, each);
    let slow = args.latency_p95_ms.map(|_| critical(needed, 0.05, each));
    let mut steps = Vec::new();
    for share in &shares {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "both are positive and far below 2^53"
        )]
        let minutes = (needed as f64 / (args.requests_per_minute * share / 100.0)).ceil().max(1.0) as u64;
        let mut watch =
            vec![format!("errors of the new version: at most {} in {needed} requests", abort.saturating_sub(1))];
        watch.extend(args.latency_p95_ms.zip(slow).map(|(latency, slow)| {
            format!("answers above {latency} ms: at most {} in {needed}", slow.saturating_sub(1))
        }));
        watch.push("the old version beside it, so that an outage of both is not blamed on the new one".to_owned());
        steps.push(Step {
            percent: *share,
            requests: needed,
            minutes,
            abort_at_errors: abort,
            abort_at_slow: slow,
            watch,
        });
    }
    let minutes = steps.iter().map(|step| step.minutes).sum();
    let mut reasons = vec![
        format!(
            "{needed} requests show a version with {limit} errors with a chance of {power}, by the exact binomial bound"
        ),
        format!(
            "{abort} errors or more come from a version as good as today's with a chance below {each:.4} a step, {alarm} over all"
        ),
    ];
    if minutes > 24 * 60 {
        reasons.push(format!("the plan takes {} hours: begin at a larger share, or watch a rarer step", minutes / 60));
    }
    Ok(Output { steps, minutes, reasons })
}

/// Chance of at least `k` of `n` with chance `p` each.
fn at_least(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 {
        return 1.0;
    }
    if p <= 0.0 {
        return 0.0;
    }
    // Summed from below in logarithms, so that large numbers do not vanish.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let (count, chance) = (n as f64, p);
    let mut term = count * (1.0 - chance).ln();
    let mut below = term.exp();
    for i in 0..k - 1 {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let at = i as f64;
        term += ((count - at) / (at + 1.0)).ln() + (chance / (1.0 - chance)).ln();
        below += term.exp();
    }
    (1.0 - below).max(0.0)
}

/// The smallest number of errors that a good version has with less than this chance.
fn critical(n: u64, p: f64, alarm: f64) -> u64 {
    // Beginning near the mean saves most of the way.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "far below 2^53"
    )]
    let mut k = (n as f64 * p).floor() as u64 + 1;
    let (mut low, mut step) = (k, 1);
    while k <= n && at_least(k, n, p) >= alarm {
        low = k;
        k += step;
        step *= 2;
    }
    let mut high = k.min(n + 1);
    while low < high {
        let middle = u64::midpoint(low, high);
        if at_least(middle, n, p) < alarm { high = middle } else { low = middle + 1 }
    }
    high
}

/// The fewest requests in which a bad version passes for a good one with a chance of at most `1 - power`.
fn sample(good: f64, bad: f64, alarm: f64, power: f64) -> Option<u64> {
    let enough = |n: u64| at_least(critical(n, good, alarm), n, bad) >= power;
    let mut high = 16;
    while !enough(high) {
        high *= 2;
        if high > 100_000_000 {
            return None;
        }
    }
    let mut low = high / 2;
    while low + 1 < high {
        let middle = u64::midpoint(low, high);
        if enough(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::{Value, json};

    #[test]
    fn binomial_tails_are_exact() {
        for (k, n, p, want) in [
            (1, 10, 0.5, 0.999_023_437_5),
            (8, 10, 0.5, 0.054_687_5),
            (10, 10, 0.5, 0.000_976_562_5),
            (0, 5, 0.1, 1.0),
            (2, 100, 0.01, 0.264_238),
        ] {
            assert!((at_least(k, n, p) - want).abs() < 1e-6, "{k} of {n}: {}", at_least(k, n, p));
        }
        // 9 of 10 with 0.5 has a chance of 0.0107, 8 of 0.0547.
        assert_eq!((critical(10, 0.5, 0.05), critical(10, 0.5, 0.06)), (9, 8));
    }

    fn args(more: Value) -> Value {
        let mut args = json!({"error_rate": 0.001, "slo_error_rate": 0.005, "requests_per_minute": 600});
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        args
    }

    #[tokio::test]
    async fn steps_are_long_enough_and_cry_no_quicker_than_agreed() {
        let got = run(PlanCanary, args(json!({"latency_p95_ms": 200})), &mut context()).await.unwrap();
        let steps = got["steps"].as_array().unwrap();
        assert_eq!(
            steps.iter().map(|s| s["percent"].as_f64().unwrap()).collect::<Vec<_>>(),
            [1.0, 5.0, 25.0, 50.0, 100.0]
        );
        let (n, abort) = (steps[0]["requests"].as_u64().unwrap(), steps[0]["abort_at_errors"].as_u64().unwrap());
        assert!(at_least(abort, n, 0.001) < 0.01, "a good version is taken back too often");
        assert!(at_least(abort, n, 0.005) >= 0.9, "a bad version passes too often");
        assert_eq!(steps[0]["minutes"].as_u64().unwrap(), n.div_ceil(6));
        assert!(steps[0]["abort_at_slow"].as_u64().unwrap() > n / 20);
        let busy = run(PlanCanary, args(json!({"requests_per_minute": 60000})), &mut context()).await.unwrap();
        assert!(busy["minutes"].as_u64() < got["minutes"].as_u64());
    }

    #[tokio::test]
    async fn what_cannot_be_planned_is_told() {
        for (more, says) in [
            (json!({"slo_error_rate": 0.0005}), "above what fails today"),
            (json!({"requests_per_minute": 0}), "must be above 0"),
            (json!({"steps": [10, 5, 100]}), "percents that rise"),
            (json!({"steps": [10, 50]}), "end at 100"),
            (json!({"power": 2}), "from 0.5"),
        ] {
            let error = run(PlanCanary, args(more), &mut context()).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
