//! Exit criteria of the testing phase: every statement is proven by executed tests, or put off by the epic's own words.

use super::{Judge, View, implementation};
use crate::{record::carriers, rework::may_return};
use maestro_agent::Meter;
use maestro_artifacts::{Requirements, SecurityReport, TestPlan, Understanding, delivery::Severity};
use maestro_domain::{ArtifactKind, PersonaId, StatementId, TestOutcome, TraceRow, TraceStatus, trace};
use maestro_workflow::scope::StopFrom;
use std::{collections::BTreeSet, sync::Arc};

pub(super) fn judge(judge: &mut Judge, view: &View, meter: &Arc<Meter>) {
    executed(judge, view);
    sound(judge, view, meter);
    traced(judge, view);
    security(judge, view);
    if view.standing.0.keys().any(|(of, kind)| *of == view.phase && !view.scope.works(view.phase, kind.author())) {
        implementation::judge(judge, view);
    }
}

/// No test passes whatever the software does: it would be evidence of nothing.
fn sound(judge: &mut Judge, view: &View, meter: &Arc<Meter>) {
    let tester = PersonaId::QaEngineer;
    judge.check("tests_prove_something");
    let Some(plan) = view.document::<TestPlan>(ArtifactKind::Tests) else { return };
    // Reading every test is what the tester's tool does; it is work here too.
    let _busy = meter.busy();
    match maestro_tools::hollow_tests(&view.files, plan.dir.trim_end_matches('/')) {
        Ok(hollow) => hollow.into_iter().for_each(|found| judge.find(tester, found)),
        Err(error) => judge.find(tester, format!("the tests cannot be looked at: {error}")),
    }
}

/// The referee ran exactly the planned tests, and all passed.
fn executed(judge: &mut Judge, view: &View) {
    let tester = PersonaId::QaEngineer;
    judge.check("planned_tests_ran_and_passed");
    let Some(plan) = view.document::<TestPlan>(ArtifactKind::Tests) else { return };
    let Some(evidence) = view.evidence.iter().find(|evidence| evidence.job == "testing/acceptance") else {
        judge.find(tester, "the referee has not run the tests");
        return;
    };
    let planned: BTreeSet<_> = plan.tests.iter().map(|test| test.name.as_str()).collect();
    let ran: BTreeSet<_> = evidence.tests.iter().map(|test| test.name.as_str()).collect();
    if planned.is_empty() {
        judge.find(tester, "no test is planned");
    }
    for name in planned.difference(&ran) {
        judge.find(tester, format!("the planned test `{name}` did not run"));
    }
    for test in evidence.tests.iter().filter(|test| test.outcome != TestOutcome::Passed) {
        let message: String = test.message.chars().take(300).collect();
        // The test may be wrong, or what it tests.
        judge.find_between(
            tester,
            PersonaId::BackendDeveloper,
            format!("the test `{}` did not pass: {message}", test.name),
        );
    }
    if !evidence.exit.success() && evidence.tests.iter().all(|test| test.outcome == TestOutcome::Passed) {
        judge.find(tester, format!("the test run ended badly: {}", evidence.exit));
    }
}

/// Only OK and DEFERRED pass.
fn traced(judge: &mut Judge, view: &View) {
    let tester = PersonaId::QaEngineer;
    judge.check("every_statement_is_proven");
    let requirements = view.document::<Requirements>(ArtifactKind::Requirements).unwrap_or_default();
    let developer = PersonaId::BackendDeveloper;
    let untested = view.document::<TestPlan>(ArtifactKind::Tests).map(|plan| plan.untested).unwrap_or_default();
    let rows = trace::trace(&view.epic, &carriers(&view.files), &view.evidence);
    for row in &rows {
        let id = StatementId::new(row.id.clone()).ok();
        let unknown = requirements.items.iter().find_map(|item| match &item.understanding {
            Understanding::Unknown { quote, why } if item.id.as_str() == row.id => Some((quote, why)),
            _ => None,
        });
        let bare = untested.iter().find(|one| one.statement.as_str() == row.id);
        match (row.status, unknown) {
            (TraceStatus::Ok | TraceStatus::Deferred, _) => {}
            (TraceStatus::Gap, Some((quote, why))) => {
                judge.needs_model(id.as_ref(), format!("`{}` was not understood: \"{quote}\" ({why})", row.id));
            }
            // The tester says why: the same author would find no test the next time either.
            (TraceStatus::Gap, None) if bare.is_some() => {
                let why = bare.map_or("", |one| one.why.as_str());
                judge.needs_model(id.as_ref(), format!("`{}` has no test: {why}", row.id));
            }
            // A story stands on its criteria; the finding is theirs.
            (TraceStatus::Gap, None) if below_gap(view, &rows, &row.id) => {}
            (TraceStatus::Failed, _) => {
                let message = format!("a test of `{}` did not pass", row.id);
                judge.find_between(tester, developer, message);
            }
            (status, _) => {
                let message = match status {
                    TraceStatus::Orphan => format!("a test names `{}`, which the epic does not have", row.id),
                    _ => format!("no executed test proves `{}`", row.id),
                };
                match id {
                    Some(id) => judge.find_about(tester, &id, message),
                    None => judge.find(tester, message),
                }
            }
        }
    }
}

fn below_gap(view: &View, rows: &[TraceRow], story: &str) -> bool {
    let gap = |id: &StatementId| rows.iter().any(|row| row.status == TraceStatus::Gap && row.id == id.as_str());
    StatementId::new(story).is_ok_and(|story| view.epic.below(&story).any(|statement| gap(&statement.id)))
}

/// The checks ran over the files, every threat has an answer, and nothing grave was found.
fn security(judge: &mut Judge, view: &View) {
    let specialist = PersonaId::SecuritySpecialist;
    judge.check("security_is_checked");
    let Some(report) = view.document::<SecurityReport>(ArtifactKind::Security) else { return };
    for name in ["secrets", "dependencies", "code"] {
        if !report.checks.iter().any(|check| check.name == name && check.files > 0) {
            judge.find(specialist, format!("the check `{name}` has read nothing"));
        }
    }
    if report.threats.is_empty() || report.threats.iter().any(|threat| threat.mitigation.trim().is_empty()) {
        judge.find(specialist, "a threat has no answer, or none was thought of");
    }
    let paths = view.standing.paths();
    let stops = match view.scope.gates.findings_stop_from {
        StopFrom::Medium => Severity::Medium,
        StopFrom::High => Severity::High,
    };
    for finding in report.findings.iter().filter(|finding| finding.severity >= stops) {
        let message = format!("{}:{}: {}", finding.file, finding.line, finding.message);
        let owner = paths.get(finding.file.as_str()).map_or(specialist, |(artifact, _)| artifact.kind.author());
        if view.scope.works(view.phase, owner) || may_return(view.scope, view.phase).contains(&owner) {
            judge.find(owner, message);
        } else {
            // What was designed before is not designed again in this phase.
            judge.needs_person(None, message);
        }
    }
}
