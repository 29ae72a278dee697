//! Requests that are lost, reports that are lost, forged or told twice, and jobs of which nobody ever says anything.

use crate::{
    faults::events,
    patience::wait_for,
    runs::{Remote, embedded},
    stack::{LOSSY, clients, lossy},
};
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, Target};
use maestro_aws::{Clients, Incoming, executions::Standing, incoming};
use maestro_domain::{
    ContentHash, Event, Evidence, ExitStatus, Isolation, JobReport, JobRow, JobState, RunId, RunStatus, TenantId,
    job::{JobOutcome, Limits, bounds::MOST},
};
use maestro_sdlc::record::canonical;
use maestro_tests::example;
use serde_json::json;

const LIBRARY: &str = "epics/tool-library.md";

/// Lets a stack's sweep take for lost, now, whatever was not heard of for so many seconds.
pub(crate) async fn hurry(clients: &Clients, stack: &str, sweep: &str, patience_s: u64) {
    let (rule, bus) = (sweep, clients.eventbridge.clone());
    let pattern = json!({"source": ["maestro.tests"]}).to_string();
    bus.put_rule().event_bus_name(stack).name(rule).event_pattern(pattern).send().await.unwrap();
    let function = format!("arn:aws:lambda:us-east-1:000000000000:function:{stack}-{sweep}");
    let input = json!({"patience_s": patience_s}).to_string();
    let target = Target::builder().id(rule).arn(function).input(input).build().unwrap();
    bus.put_targets().event_bus_name(stack).rule(rule).targets(target).send().await.unwrap();
    let entry = PutEventsRequestEntry::builder().event_bus_name(stack).source("maestro.tests");
    let told = bus.put_events().entries(entry.detail_type(rule).detail("{}").build()).send().await.unwrap();
    assert_eq!(told.failed_entry_count(), 0);
}

/// The rule of a bus whose pattern holds all of these.
async fn rule(clients: &Clients, bus: &str, holds: &[&str]) -> String {
    let rules = clients.eventbridge.list_rules().event_bus_name(bus).send().await.unwrap().rules.unwrap_or_default();
    let of = |pattern: &str| holds.iter().all(|part| pattern.contains(part));
    let found = rules.iter().find(|rule| rule.event_pattern().is_some_and(of));
    found.unwrap_or_else(|| panic!("no rule holds {holds:?}: {rules:?}")).name().unwrap().to_owned()
}

struct Lossy {
    remote: Remote,
    clients: Clients,
    incoming: Incoming,
    requests: String,
    reports: String,
}

impl Lossy {
    async fn new() -> Option<Self> {
        let outputs = lossy().await?;
        let (remote, clients) = (Remote::of(outputs).await.unwrap(), clients().await.unwrap());
        let requests = rule(&clients, LOSSY, &["maestro.job.requested"]).await;
        let reports = rule(&clients, "default", &["Object Created", &outputs["BucketName"]]).await;
        let incoming = Incoming::new(clients.s3.clone(), &outputs["BucketName"]);
        Some(Self { remote, clients, incoming, requests, reports })
    }

    async fn let_through(&self, bus: &str, rule: &str, yes: bool) {
        let bridge = &self.clients.eventbridge;
        if yes {
            bridge.enable_rule().event_bus_name(bus).name(rule).send().await.unwrap();
        } else {
            bridge.disable_rule().event_bus_name(bus).name(rule).send().await.unwrap();
        }
    }

    async fn start(&self) -> (RunId, String) {
        let run = self.remote.bed.create(&example(LIBRARY)).await.unwrap();
        let execution = self.remote.start(&run).await;
        (run, execution)
    }

    /// The job that a run waits for.
    async fn open(&self, run: &RunId) -> JobRow {
        let store = self.remote.bed.hive.store();
        wait_for("an open job", async || {
            let open = store.open_jobs(Some(run), None, 1).await.unwrap();
            let row = store.job(run, &open.first()?.job).await.unwrap()?;
            row.open().then_some(row)
        })
        .await
    }

    async fn asked(&self, run: &RunId, job: &ContentHash) -> Option<u32> {
        match self.remote.bed.hive.store().job(run, job).await.unwrap()?.state {
            JobState::Requested { asked, .. } => Some(asked),
            JobState::Done { .. } | JobState::Failed { .. } => None,
        }
    }

    async fn put(&self, run: &RunId, job: &ContentHash, report: Vec<u8>) {
        self.incoming.put(&TenantId::local(), run, job, report).await.unwrap();
    }

    /// Reports of a run that were refused.
    async fn refused(&self, run: &RunId, count: usize) -> Vec<(ContentHash, String)> {
        wait_for("refused reports in the journal", async || {
            let events = events(&self.remote, run).await;
            let refused = events.into_iter().filter_map(|event| match event {
                Event::ReportRefused { job, cause } => Some((job, cause)),
                _ => None,
            });
            let refused: Vec<_> = refused.collect();
            (refused.len() >= count).then_some(refused)
        })
        .await
    }

    async fn same_record(&self, run: &RunId) {
        let (_, left) = embedded(&example(LIBRARY)).await;
        assert_eq!(canonical(self.remote.bed.hive.store(), run).await.unwrap(), left.record);
    }
}

/// A report that says that all went well, without anything having been run.
fn forged(row: &JobRow) -> JobReport {
    let evidence = Evidence {
        job: row.name.clone(),
        command: row.action.command(),
        exit: ExitStatus::Exited { code: 0 },
        isolation: Isolation::Namespaces,
        output_hash: ContentHash::of(b"fine"),
        workspace_hash: ContentHash::of(b"some other software"),
        tests: vec![],
        report: None,
        truncated: false,
        duration_ms: 1,
    };
    JobReport {
        job: row.job.clone(),
        action: row.action.clone(),
        limits: row.limits.clone(),
        outcome: JobOutcome::Evidence(evidence.into()),
        printed: None,
    }
}

fn document(report: &JobReport) -> Vec<u8> {
    serde_json::to_vec(&json!({"report": report, "spending": null})).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_is_found_and_what_is_forged_is_refused() {
    let Some(lossy) = Lossy::new().await else { return };

    // Nobody hears that the first job is asked for. Meanwhile somebody says that it went well.
    lossy.let_through(LOSSY, &lossy.requests, false).await;
    let (run, execution) = lossy.start().await;
    let row = lossy.open(&run).await;
    assert_eq!(row.name, "implementation/build");
    lossy.put(&run, &row.job, b"it went well, believe me".to_vec()).await;
    lossy.refused(&run, 1).await;
    lossy.put(&run, &row.job, document(&forged(&row))).await;
    lossy.refused(&run, 2).await;
    let generous = Limits { cpu_s: 1, ..Limits::default() };
    let lie = document(&JobReport { limits: generous, ..forged(&row) });
    lossy.put(&run, &row.job, lie.clone()).await;
    lossy.refused(&run, 3).await;
    let unknown = ContentHash::of(b"a job that nobody asked for");
    lossy.put(&run, &unknown, document(&JobReport { job: unknown.clone(), ..forged(&row) })).await;
    lossy.refused(&run, 4).await;
    lossy.put(&run, &unknown, vec![b' '; incoming::MOST + 1]).await;
    let refused = lossy.refused(&run, 5).await;
    for why in ["no report", "another workspace", "another action", "nobody asked", "too long"] {
        assert!(refused.iter().any(|(_, cause)| cause.contains(why)), "{why}: {refused:?}");
    }
    assert_eq!(lossy.asked(&run, &row.job).await, Some(1), "none of them counted");
    let store = lossy.remote.bed.hive.store();
    assert!(store.evidence(&run).await.unwrap().is_empty());

    // A sweep asks again, and is heard. What was forged is still there, and is refused once more.
    lossy.let_through(LOSSY, &lossy.requests, true).await;
    hurry(&lossy.clients, LOSSY, "referee-sweep", 0).await;

    // The report about the next job is lost, until a sweep looks for it.
    lossy.let_through("default", &lossy.reports, false).await;
    let stuck = wait_for("a job whose report is lost", async || {
        let open = store.open_jobs(Some(&run), None, 9).await.unwrap();
        for one in open {
            let found = lossy.incoming.get(&TenantId::local(), &run, &one.job).await.unwrap();
            // What was forged stands there until the job that was asked for again has run.
            let reported =
                matches!(&found, incoming::Found::Bytes(bytes) if bytes.starts_with(b"{\"report\"") && *bytes != lie);
            if reported && lossy.asked(&run, &one.job).await.is_some() {
                return Some(one.job);
            }
        }
        None
    })
    .await;
    hurry(&lossy.clients, LOSSY, "referee-sweep", 0).await;
    wait_for("the job whose report was lost", async || lossy.asked(&run, &stuck).await.is_none().then_some(())).await;
    lossy.let_through("default", &lossy.reports, true).await;
    hurry(&lossy.clients, LOSSY, "referee-sweep", 0).await;
    let standing = lossy.remote.end(&execution).await;
    assert_eq!(standing, Standing::Succeeded);
    lossy.same_record(&run).await;

    // A report that is told twice changes nothing, and neither does a late one that says something else.
    let before = lossy.refused(&run, 5).await.len();
    let done = store.job(&run, &stuck).await.unwrap().unwrap();
    let JobState::Done { evidence } = &done.state else { panic!("{done:?}") };
    let again = JobReport { outcome: JobOutcome::Evidence(evidence.clone()), ..forged(&done) };
    lossy.put(&run, &stuck, document(&again)).await;
    let mut other = (**evidence).clone();
    other.exit = ExitStatus::Exited { code: 1 };
    let late = JobReport { outcome: JobOutcome::Evidence(other.into()), ..again };
    lossy.put(&run, &stuck, document(&late)).await;
    let refused = lossy.refused(&run, before + 1).await;
    assert!(refused.last().unwrap().1.contains("not open"), "{refused:?}");
    assert_eq!(store.job(&run, &stuck).await.unwrap().unwrap(), done);
    lossy.same_record(&run).await;

    // A job of which nobody ever says anything is given up, and its run says so.
    lossy.let_through(LOSSY, &lossy.requests, false).await;
    let (run, execution) = lossy.start().await;
    let row = lossy.open(&run).await;
    for asked in 2..=MOST {
        hurry(&lossy.clients, LOSSY, "referee-sweep", 0).await;
        wait_for("that a job is asked for again", async || {
            (lossy.asked(&run, &row.job).await == Some(asked)).then_some(())
        })
        .await;
    }
    hurry(&lossy.clients, LOSSY, "referee-sweep", 0).await;
    assert!(matches!(lossy.remote.end(&execution).await, Standing::Ended { .. }));
    let ended = store.run(&run).await.unwrap().run;
    assert_eq!(ended.status, RunStatus::Failed);
    let reason = ended.reason.unwrap();
    assert_eq!(reason.code, "referee", "{reason:?}");
    assert!(reason.message.contains("nothing was heard of the job `implementation/build`"), "{reason:?}");
    lossy.let_through(LOSSY, &lossy.requests, true).await;
}
