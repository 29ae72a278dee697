//! Things to store.

use maestro_domain::{
    ContentHash, Decision, Epic, Evidence, ExitStatus, Finding, Gate, Grant, Isolation, Limit, Phase, Run, RunId,
    RunStatus, Statement, StatementId, StatementKind, TaskId, TaskRow, TenantId, TestOutcome, TestResult, task::Claim,
};
use maestro_store::Store;

pub(crate) const EPIC: &[u8] = "# Tools\n\n- Members borrow tools. \u{1f528}\n".as_bytes();

/// The block's result on a runtime of its own.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(work)
}

pub(crate) fn tenant() -> TenantId {
    TenantId::new("acme").unwrap()
}

pub(crate) fn run_id(name: &str) -> RunId {
    RunId::new(format!("run-{name}")).unwrap()
}

pub(crate) fn run(name: &str, created_ms: u64) -> Run {
    Run {
        id: run_id(name),
        epic: "Tools".into(),
        epic_hash: ContentHash::of(EPIC),
        model: "blueprint".into(),
        scope: "feature".into(),
        out: "out".into(),
        status: RunStatus::Running,
        reason: None,
        rounds: vec![],
        executions: 1,
        created_ms,
        changed_ms: created_ms,
    }
}

pub(crate) fn epic() -> Epic {
    Epic {
        title: "Tools".into(),
        statements: vec![Statement {
            id: StatementId::new("FR-1").unwrap(),
            kind: StatementKind::Functional,
            text: "Members borrow tools. \u{1f528}".into(),
            line: 3,
            section: vec![],
            titles: vec![],
            story: None,
            table: vec![],
            items: vec![],
            deferred: None,
        }],
    }
}

pub(crate) async fn with_run(store: &Store) -> RunId {
    store.create_run(&run("1", 1), &epic(), EPIC, &granted()).await.unwrap().run.id
}

pub(crate) fn task(name: &str) -> TaskId {
    TaskId::new(name).unwrap()
}

pub(crate) fn hash(text: &str) -> ContentHash {
    ContentHash::of(text.as_bytes())
}

/// Claims a task that must be there to be claimed.
pub(crate) async fn claimed(store: &Store, run: &RunId, name: &str, now_ms: u64) -> TaskRow {
    match store.claim(run, &task(name), &hash("input"), now_ms, 100).await.unwrap() {
        Claim::Work { row, .. } => row,
        other => panic!("`{name}` should be free: {other:?}"),
    }
}

pub(crate) fn evidence(job: &str, tests: usize) -> Evidence {
    Evidence {
        job: job.into(),
        command: vec!["python3".into(), "-m".into(), "unittest".into()],
        exit: ExitStatus::Exited { code: 0 },
        isolation: Isolation::Recorded,
        output_hash: hash("output"),
        workspace_hash: hash("workspace"),
        tests: (0..tests)
            .map(|n| TestResult {
                name: format!("test_loans.Loans.test_{n}"),
                outcome: TestOutcome::Passed,
                covers: vec!["AC-1.1".into()],
                message: "m".repeat(200),
            })
            .collect(),
        report: None,
        truncated: false,
        duration_ms: 12,
    }
}

pub(crate) fn gate(phase: Phase, attempt: u32, decision: Decision) -> Gate {
    let finding = Finding {
        check: "every_criterion_tested".into(),
        message: "`AC-1.1` has no test".into(),
        persona: None,
        others: vec![],
        statement: None,
        blocked_by: None,
        not_worked: false,
    };
    Gate { phase, attempt, decision, checks: vec!["every_criterion_tested".into()], findings: vec![finding] }
}

/// The first grant of a run: nothing.
pub(crate) fn granted() -> Grant {
    Grant { amount: Limit { micro_usd: Some(0), tokens: None }, by: "nobody".to_owned(), at_ms: 0 }
}
