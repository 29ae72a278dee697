//! The deployment specialist: the way to a release and back, and a check that really starts the service.

use super::{Author, HEALTH, running};
use crate::{
    escape::{code, command, md, slug},
    inputs::{Inputs, Need},
    page::Page,
    work::{Refusal, Work},
};
use maestro_artifacts::{Design, Operations, Release, RuleKind, SecurityReport, delivery::Severity};
use maestro_domain::{ArtifactKind, Phase};

pub(crate) struct DeploymentSpecialist;

const VERSION: &str = "1.0.0";
const CHECK_DIR: &str = "deploy/checks";
/// Takes a consistent copy of the records while the service runs.
const BACKUP: &str = "python3 -c 'import os, sqlite3, sys\n\
                      source = sqlite3.connect(os.path.join(sys.argv[1], \"service.db\"))\n\
                      copy = sqlite3.connect(sys.argv[2])\n\
                      source.backup(copy)' \"$DATA_DIR\" \"$BACKUP\"";

impl Author for DeploymentSpecialist {
    fn needs(&self, _: Phase) -> Vec<Need> {
        let mut needs = running::NEEDS.to_vec();
        needs.push(Need::Artifact(ArtifactKind::Security));
        needs
    }

    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal> {
        let design = inputs.design()?;
        let operations = inputs.operations()?;
        let security: SecurityReport = inputs.document(ArtifactKind::Security)?;
        if security.checks.is_empty() {
            return Err(Refusal::empty(ArtifactKind::Security));
        }
        if let Some(finding) = security.findings.iter().find(|finding| finding.severity >= Severity::High) {
            return Err(Refusal::Say(format!(
                "I release nothing with a finding of high severity: {}:{}: {}",
                finding.file, finding.line, finding.message
            )));
        }
        let release = plan(&operations);
        let mut files = running::support(CHECK_DIR, inputs)?;
        files.insert(format!("{CHECK_DIR}/test_start.py"), maestro_exercise::START.to_owned());
        files.insert("deploy/release.md".to_owned(), release_page(&release, &design, &operations, &security));
        files.insert("deploy/rollback.md".to_owned(), rollback_page(&release, &design, &operations));
        Work::new(files, &release)
    }
}

fn plan(operations: &Operations) -> Release {
    let owned = |steps: &[&str]| steps.iter().map(|step| (*step).to_owned()).collect::<Vec<_>>();
    Release {
        version: VERSION.to_owned(),
        steps: owned(&[
            "Run all tests on the files that will be released.",
            "Copy the records of the running version, if there is one.",
            "Put the new files beside the old ones, in a folder named after the version.",
            "Stop the old version by SIGTERM and wait until it has ended with 0.",
            "Start the new version on the same data folder.",
            "Wait until the health path answers 200, then read one list.",
            "Watch its output for an hour; keep the copy and the old files until the next release.",
        ]),
        rollback: owned(&[
            "Stop the new version by SIGTERM and wait until it has ended with 0.",
            "Copy the records that it has written, so that nothing of them is lost.",
            "Put the copy taken before the release back, if the old version cannot read what the new one wrote.",
            "Start the old version on its files and the data folder.",
            "Wait until the health path answers 200, then read one list.",
            "Enter again, from the second copy, what people wrote in between.",
        ]),
        start: operations.start.clone(),
        health: HEALTH.to_owned(),
        check_dir: CHECK_DIR.to_owned(),
    }
}

/// Commands of both plans use these; nothing in them is a value of the epic.
fn variables(page: &mut Page, design: &Design) {
    let name = slug(&design.model.title);
    page.text("The commands use these variables; set them once in the shell:");
    page.fence(
        "sh",
        &format!(
            "export RELEASES=\"$HOME/{name}/releases\"   # a folder for each version\n\
             export DATA_DIR=\"$HOME/{name}/data\"        # the records; the same for all versions\n\
             export BACKUP=\"$HOME/{name}/before-{VERSION}.db\"\n\
             export PORT=8000"
        ),
    );
}

fn release_page(release: &Release, design: &Design, operations: &Operations, security: &SecurityReport) -> String {
    let mut page = Page::new(&format!("Release {} of {}", release.version, md(&design.model.title)));
    page.heading(2, "Before").bullets([
        format!("All tests pass: {}", code(&command(&operations.test))),
        format!("The service starts, keeps its records and stops: `python3 -m unittest discover -s {CHECK_DIR}`"),
        format!("The security checks found {}.", findings(security)),
        "Somebody who can decide to go back is there for the next hour.".to_owned(),
    ]);
    for finding in &security.findings {
        page.text(&format!("Known finding: {} line {}: {}", code(&finding.file), finding.line, md(&finding.message)));
    }
    page.heading(2, "Steps").steps(&release.steps);
    page.heading(2, "Commands");
    variables(&mut page, design);
    page.text("Steps 1 to 3, in the folder of the new files:");
    page.fence(
        "sh",
        &format!(
            "{}\nmkdir -p \"$DATA_DIR\" \"$RELEASES/{VERSION}\"\nif [ -f \"$DATA_DIR/service.db\" ]; then\n{BACKUP}\nfi\n\
             cp -R . \"$RELEASES/{VERSION}/\"",
            command(&operations.test)
        ),
    );
    page.text("Steps 4 to 6. `OLD` is the process id of the old version; leave it empty for the first release:");
    page.fence(
        "sh",
        &format!(
            "if [ -n \"$OLD\" ]; then\n  kill -TERM \"$OLD\"\n  while kill -0 \"$OLD\" 2> /dev/null; do sleep 0.1; done\nfi\ncd \"$RELEASES/{VERSION}\"\n{}nohup {} > service.log 2>&1 &\n\
             for _ in $(seq 50); do curl --silent --fail \"http://127.0.0.1:$PORT{HEALTH}\" && break; sleep 0.2; done\n\
             curl --fail \"http://127.0.0.1:$PORT{}\"",
            port(operations),
            command(&release.start),
            first_list(design),
        ),
    );
    page.text(&format!(
        "In containers, {} and {} do the same: `docker compose build`, a copy of the volume, `docker compose up --detach`.",
        code(&operations.container),
        code(&operations.composition)
    ));
    page.heading(2, "What to see").bullets(watched(design));
    page.finish()
}

/// The service reads its port from one variable; the plans say `PORT`.
fn port(operations: &Operations) -> String {
    if operations.port_env == "PORT" { String::new() } else { format!("{}=\"$PORT\" ", operations.port_env) }
}

fn first_list(design: &Design) -> String {
    design.model.entities.first().map(|entity| format!("/{}", entity.path)).unwrap_or_default()
}

fn findings(security: &SecurityReport) -> String {
    let files = security.checks.iter().map(|check| check.files).max().unwrap_or(0);
    match security.findings.len() {
        0 => format!("nothing in {files} files"),
        1 => format!("1 thing in {files} files, not of high severity"),
        many => format!("{many} things in {files} files, none of high severity"),
    }
}

fn watched(design: &Design) -> Vec<String> {
    let model = &design.model;
    let mut lines = vec![format!("`GET {HEALTH}` answers 200 within a second.")];
    lines.extend(model.entities.iter().map(|entity| {
        format!("{} answers with as many {} as before.", code(&format!("GET /{}", entity.path)), md(&entity.plural))
    }));
    if model.rules.iter().any(|rule| {
        matches!(
            rule.demand,
            RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. } | RuleKind::TransitionRole { .. }
        )
    }) {
        lines.push(
            "Whatever sets `X-Role` in front of the service still does; without it restricted requests get 403."
                .to_owned(),
        );
    }
    lines.push("`service.log` holds the line with the address and no stack trace.".to_owned());
    lines
}

fn rollback_page(release: &Release, design: &Design, operations: &Operations) -> String {
    let model = &design.model;
    let mut page = Page::new(&format!("Going back from {} of {}", release.version, md(&model.title)));
    page.heading(2, "When").bullets([
        format!("`GET {HEALTH}` does not answer 200 within a minute of the start."),
        "A list that had records before is empty, or people see records that they did not write.".to_owned(),
        "The output shows stack traces that repeat.".to_owned(),
    ]);
    page.heading(2, "Steps").steps(&release.rollback);
    page.heading(2, "Commands");
    variables(&mut page, design);
    page.text("`NEW` is the process id of the new version, `PREVIOUS` the number of the version to go back to:");
    page.fence(
        "sh",
        &format!(
            "kill -TERM \"$NEW\"\nwhile kill -0 \"$NEW\" 2> /dev/null; do sleep 0.1; done\ncp \"$DATA_DIR/service.db\" \"$BACKUP.after\"\n\
             cp \"$BACKUP\" \"$DATA_DIR/service.db\" && rm -f \"$DATA_DIR\"/service.db-wal \"$DATA_DIR\"/service.db-shm\n\
             cd \"$RELEASES/$PREVIOUS\"\n{}nohup {} > service.log 2>&1 &\n\
             for _ in $(seq 50); do curl --silent --fail \"http://127.0.0.1:$PORT{HEALTH}\" && break; sleep 0.2; done",
            port(operations),
            command(&release.start),
        ),
    );
    page.text(
        "The command that puts `$BACKUP` back is only for the case that the old version cannot read the records; leave it out otherwise, \
         and nothing that people wrote is lost. The old version ignores columns that it does not know.",
    );
    page.heading(2, "What is at stake");
    page.bullets(model.entities.iter().map(|entity| {
        let refers = model.referrers(&entity.key).count();
        let more = match refers {
            0 => String::new(),
            _ => "; others refer to them, so put back all tables or none".to_owned(),
        };
        format!("{}{more}", md(&entity.plural))
    }));
    page.text("There is no version before the first. Going back from it means to stop it and to keep the data folder.");
    page.finish()
}
