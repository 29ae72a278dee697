//! What goes wrong on a deployed stack ends in the run's own record.

use crate::{
    patience::wait_for,
    runs::Remote,
    stack::{FRAIL, clients, deployed, frail},
};
use aws_sdk_eventbridge::types::Target;
use aws_sdk_sqs::{Client, types::QueueAttributeName};
use maestro_aws::{Clients, executions::Standing};
use maestro_domain::{Event, RunId, RunStatus};
use maestro_tests::{example, template::Template};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use std::{collections::BTreeSet, fs, time::Duration};

pub(crate) async fn queue(sqs: &Client, name: &str) -> String {
    sqs.get_queue_url().queue_name(name).send().await.unwrap().queue_url.unwrap()
}

/// Messages that lie in a queue, and those that somebody works on.
pub(crate) async fn held(sqs: &Client, queue: &str) -> usize {
    let names =
        [QueueAttributeName::ApproximateNumberOfMessages, QueueAttributeName::ApproximateNumberOfMessagesNotVisible];
    let found = sqs.get_queue_attributes().queue_url(queue).set_attribute_names(Some(names.to_vec()));
    let found = found.send().await.unwrap().attributes.unwrap();
    names.iter().map(|name| found[name].parse::<usize>().unwrap()).sum()
}

/// Processes of one function. The stack runs functions as children of its own.
pub(crate) fn workers(function: &str) -> Vec<i32> {
    let name = format!("AWS_LAMBDA_FUNCTION_NAME={function}");
    let all = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    let of = |pid: &i32| {
        let variables = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        variables.split(|byte| *byte == 0).any(|variable| variable == name.as_bytes())
    };
    all.filter(of).collect()
}

/// A queue that hears what a rule of the alarms lets through on a bus.
async fn listen(clients: &Clients, bus: &str, rule: &str) -> String {
    let pattern = &Template::alarms().resources[rule]["Properties"]["EventPattern"];
    let queue = clients.sqs.create_queue().queue_name(format!("{bus}-{rule}")).send().await.unwrap().queue_url.unwrap();
    let put = clients.eventbridge.put_rule().event_bus_name(bus).name("test").event_pattern(pattern.to_string());
    put.send().await.unwrap();
    let arn = format!("arn:aws:sqs:us-east-1:000000000000:{bus}-{rule}");
    let target = Target::builder().id("test").arn(arn).build().unwrap();
    clients.eventbridge.put_targets().event_bus_name(bus).rule("test").targets(target).send().await.unwrap();
    queue
}

/// What a queue heard of a run, until it ended.
async fn heard(sqs: &Client, queue: &str, run: &RunId) -> Vec<(String, Event)> {
    let mut heard = Vec::new();
    wait_for("an event about the run's end", async || {
        let received = sqs.receive_message().queue_url(queue).wait_time_seconds(1).max_number_of_messages(10);
        for message in received.send().await.unwrap().messages.unwrap_or_default() {
            let told: Value = serde_json::from_str(message.body().unwrap()).unwrap();
            if told["detail"]["run"] == run.as_str() {
                let event = serde_json::from_value(told["detail"]["event"].clone()).unwrap();
                heard.push((told["detail-type"].as_str().unwrap().to_owned(), event));
            }
        }
        heard.iter().any(|(_, event)| matches!(event, Event::RunEnded { .. })).then_some(())
    })
    .await;
    heard
}

pub(crate) async fn events(remote: &Remote, run: &RunId) -> Vec<Event> {
    let entries = remote.bed.hive.store().events(run, 0, 1_000).await.unwrap();
    entries.into_iter().filter_map(|entry| serde_json::from_value(entry.event["event"].clone()).ok()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_kills_its_worker_ends_in_the_record_of_its_run() {
    let Some(outputs) = frail().await else { return };
    let (remote, clients) = (Remote::of(outputs).await.unwrap(), clients().await.unwrap());
    let (sqs, hears) = (&clients.sqs, listen(&clients, &outputs["BusName"], "UnhappyRunsRule").await);
    // Two deliveries, one second each; the message is the function's own to lose.
    let (persona, deliveries) = ("requirements_analyst", 2);
    let dead = format!("arn:aws:sqs:us-east-1:000000000000:{FRAIL}-{persona}-dead-letters");
    let redrive = format!("{{\"deadLetterTargetArn\": \"{dead}\", \"maxReceiveCount\": {deliveries}}}");
    let work = queue(sqs, &format!("{FRAIL}-{persona}")).await;
    let set = sqs.set_queue_attributes().queue_url(work).attributes(QueueAttributeName::VisibilityTimeout, "1");
    set.attributes(QueueAttributeName::RedrivePolicy, redrive).send().await.unwrap();

    let run = remote.bed.create(&example("epics/tool-library.md")).await.unwrap();
    let execution = remote.start(&run).await;
    let killed = std::sync::Mutex::new(BTreeSet::new());
    let slaughter = async {
        loop {
            for pid in workers(&format!("{FRAIL}-persona-{persona}")) {
                let _gone = kill(Pid::from_raw(pid), Signal::SIGKILL);
                killed.lock().unwrap().insert(pid);
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    };
    let standing = tokio::select! {
        standing = remote.end(&execution) => standing,
        () = slaughter => unreachable!("it has no end"),
    };

    let ended = remote.bed.hive.store().run(&run).await.unwrap().run;
    assert_eq!(ended.status, RunStatus::Failed, "{standing:?}");
    assert!(matches!(standing, Standing::Ended { .. }));
    let reason = ended.reason.unwrap().message;
    assert!(reason.contains(&format!("of the queue `{FRAIL}-{persona}")), "{reason}");
    let events = events(&remote, &run).await;
    let letters: Vec<_> = events.iter().filter(|event| matches!(event, Event::DeadLetter { .. })).collect();
    assert!(!letters.is_empty(), "{events:?}");
    assert!(killed.lock().unwrap().len() >= deliveries * letters.len(), "every delivery killed a worker: {killed:?}");
    assert!(letters.iter().all(|event| matches!(event, Event::DeadLetter { receives, .. } if *receives > 0)));

    // The bus was told the same.
    let heard = heard(sqs, &hears, &run).await;
    let told = |kind: &str| heard.iter().filter(|(told, _)| told == kind).map(|(_, event)| event).collect::<Vec<_>>();
    assert_eq!(told("maestro.run.ended"), [&Event::RunEnded { status: RunStatus::Failed }]);
    assert!(told("maestro.dead_letter").len() >= letters.len(), "{heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_nobody_is_kept_and_acknowledged() {
    let Some(outputs) = deployed().await else { return };
    let (remote, sqs) = (Remote::of(outputs).await.unwrap(), clients().await.unwrap().sqs);
    let dead = queue(&sqs, "maestro-tests-verify-dead-letters").await;
    let sent = sqs.send_message().queue_url(&dead).message_body("this is no task").send().await.unwrap();
    let kept = wait_for("a dead letter that is kept", async || {
        let kept = remote.bed.hive.store().dead_letters(None, 10).await.unwrap();
        (!kept.is_empty() && held(&sqs, &dead).await == 0).then_some(kept)
    })
    .await;
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].body.as_str(), Some(kept[0].message.as_str())), ("this is no task", sent.message_id()));
    assert!(kept[0].cause.starts_with("it is no task"), "{kept:?}");
}
