//! `check_requirements`: how well single requirements are written, by the rules of INCOSE's Guide to Writing Requirements
//! (named by their numbers there) for the characteristics of ISO/IEC/IEEE 29148.

use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings, Report},
    given::{self, Statement},
};
use maestro_artifacts::delivery::Severity::{self, Info, Low, Medium};
use maestro_domain::StatementKind;
use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

pub(crate) struct CheckRequirements;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The statements to check; those of the epic when left out
    #[serde(default)]
    statements: Option<Vec<Statement>>,
    /// Names of which the meaning is known, such as those of the glossary
    #[serde(default)]
    terms: Vec<String>,
}

/// (rule, severity, what is wrong, what to do, expression).
type Line = (&'static str, Severity, &'static str, &'static str, &'static str);

/// What words alone show. `(?i)` and word boundaries are added.
const WORDS: &[Line] = &[
    (
        "R7",
        Medium,
        "is vague",
        "say by how much, or which",
        r"appropriate(?:ly)?|adequate(?:ly)?|suitabl[ey]|sufficient(?:ly)?|reasonabl[ey]|acceptable|flexibl[ey]|easy|easily|efficient(?:ly)?|effective(?:ly)?|user[- ]friendly|intuitive(?:ly)?|simple|robust(?:ly)?|seamless(?:ly)?|state[- ]of[- ]the[- ]art|modern|significant(?:ly)?|typical(?:ly)?|usual(?:ly)?|normal(?:ly)?|generally|several|various|many|few|some|nearly|approximately|almost|roughly|about \d+|good|bad|better|best|nice|clean|relevant|timely|convenient(?:ly)?|meaningful",
    ),
    (
        "R8",
        Medium,
        "lets one escape",
        "say when it holds, or leave it out",
        r"(?:so|as) far as (?:is )?possible|as (?:little|much) as possible|where possible|if possible|if practicable|where applicable|as appropriate|as required|as needed|if necessary|when necessary|to the extent (?:necessary|practical|possible)|if it should prove necessary|ideally|preferably|possibly|optionally",
    ),
    (
        "R9",
        Medium,
        "has no end",
        "list all that is meant",
        r"etc\.?|and so on|and so forth|including but not limited to|such as|for example|e\.g\.|among others|and the like|or similar",
    ),
    (
        "R10",
        Low,
        "says that something can be done and not that it is",
        "name what the system does",
        r"(?:shall|must|should|will) (?:be able to|be capable of|allow for|enable)",
    ),
    ("R17", Low, "leaves open whether both are meant", "write `and`, or `or`, or both cases apart", r"and/or"),
    (
        "R20",
        Info,
        "gives its purpose in the requirement",
        "put the reason beside it",
        r"in order to|for the purpose of",
    ),
    (
        "R24",
        Low,
        "refers to something by a pronoun",
        "repeat the noun",
        r"(?:it|they|them) (?:is|are|was|were|shall|must|should|will|can|may|has|have)",
    ),
    (
        "R26",
        Low,
        "is absolute and cannot be shown by tests",
        "give a value that can be measured",
        r"100 ?%|always|at all times|never ever|under all circumstances|no matter what|every time|completely|totally|zero (?:downtime|errors|bugs)",
    ),
    (
        "R34",
        Medium,
        "asks for a quality without a measure",
        "give the value, its unit and how it is measured",
        r"(?:very )?(?:fast|quick(?:ly)?|rapid(?:ly)?|slow(?:ly)?|high[- ]performance|performant|responsive|scalable|reliabl[ey]|highly available|secure(?:ly)?|safe(?:ly)?|low latency|lightweight|maintainable|usable|minimal|maximal|optimal)",
    ),
    (
        "R35",
        Low,
        "says when without a bound",
        "name the event or the time",
        r"eventually|soon|as soon as possible|immediately|instantly|promptly|in a timely manner|regularly|frequently|periodically|from time to time|recent(?:ly)?|in real[- ]time",
    ),
    (
        "verifiable",
        Low,
        "uses a verb that no test can check",
        "say what can be seen when it is done",
        r"(?:shall|must|should|will|to|can) (?:support|handle|manage|process|optimi[sz]e|maximi[sz]e|minimi[sz]e|facilitate|improve|enhance|consider|deal with|take care of|streamline)",
    ),
    (
        "complete",
        Medium,
        "is not finished",
        "decide it, or ask",
        r"TBD|TBC|TBA|to be (?:defined|determined|decided|confirmed|agreed)|FIXME|XXX|\?\?+",
    ),
];

static COMPILED: LazyLock<Vec<(&Line, Regex)>> = LazyLock::new(|| {
    let form = |line: &Line| format!(r"(?i)(?:^|[^\w-])({})(?:[^\w-]|$)", line.4);
    WORDS.iter().filter_map(|line| Some((line, Regex::new(&form(line)).ok()?))).collect()
});

fn regex(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// A passive: to be and a participle. Who does it must stand after `by`.
static PASSIVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:shall|must|should|will|can|may)(?: not)? be (?:[a-z]+ly )?((?:[a-z]{3,}ed)|made|sent|shown|kept|set|given|taken|written|built|put|done|held|paid|sold|found|chosen)\b([^.;]*)",
    )
});
static MODAL: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"(?i)\b(?:shall|must|should|will|can|may|cannot)\b"));
/// Two things that are demanded: a combinator with a demand on each side.
static SEVERAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:shall|must|should|cannot)\b[^.;]*(?:,? (?:and|but|or|as well as|while|whereas)|;) (?:[a-z' -]+ )?(?:shall|must|should|cannot)\b",
    )
});
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"\d"));
static ACRONYM: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"\b[A-Z][A-Z0-9]{1,6}\b"));

/// What everybody who builds software knows.
const KNOWN: &[&str] = &[
    "AC", "AND", "API", "BR", "CD", "CI", "CPU", "CRUD", "CSS", "CSV", "DELETE", "FR", "GET", "HTML", "HTTP", "HTTPS",
    "ID", "IDS", "IP", "ISO", "JSON", "KPI", "MUST", "NFR", "NOT", "OK", "OR", "PATCH", "PDF", "PIN", "POST", "PUT",
    "QR", "RAM", "REST", "SHALL", "SMS", "SQL", "TBA", "TBC", "TBD", "TLS", "UI", "URL", "US", "USD", "EUR", "GBP",
    "UTC", "UTF", "UUID", "UX", "VAT", "WCAG", "XML", "YAML", "GIVEN", "WHEN", "THEN", "AM", "PM", "XXX", "FIXME",
];

impl Tool for CheckRequirements {
    const NAME: &'static str = "check_requirements";
    const DESCRIPTION: &'static str = "Checks how each requirement is written: vague words, escape clauses, passive without actor, several in one, qualities without a measure, unknown abbreviations, verbs no test can check, stories without criterion, duplicates.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with fewer `statements`";
    type Args = Args;
    type Output = Report;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        let epic = &workspace.context().epic;
        let below: BTreeSet<String> =
            epic.statements.iter().filter_map(|s| Some(s.story.as_ref()?.to_string())).collect();
        let statements = given::statements(args.statements, epic);
        if statements.is_empty() {
            return Err(Error::Respond(
                "there is no statement to check: give `statements` with id and text".to_owned(),
            ));
        }
        Ok(check(&statements, &args.terms, &below))
    }
}

fn check(statements: &[Statement], terms: &[String], below: &BTreeSet<String>) -> Report {
    let mut findings = Vec::new();
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    let all: String = statements.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join("\n");
    for statement in statements {
        findings.extend(of_one(statement, terms, &all));
        let mut more = Findings::of(&statement.id);
        if let Some(first) = known.get(&plain(&statement.text)) {
            more.add("R30", Low, 0, format!("says the same as `{first}`"), "keep one of them");
        }
        known.entry(plain(&statement.text)).or_insert(&statement.id);
        let story = given::kind(&statement.id) == Some(StatementKind::Story);
        let number = statement.id.split_once('-').map(|(_, number)| format!("AC-{number}."));
        let has = number.is_some_and(|start| statements.iter().any(|other| other.id.starts_with(&start)));
        if story && !has && !below.contains(&statement.id) {
            more.add("criterion", Medium, 0, "the story has no acceptance criterion", "add one that a test can check");
        }
        findings.extend(more.finish());
    }
    Report { checked: statements.len(), findings }
}

fn of_one(statement: &Statement, terms: &[String], all: &str) -> Vec<Finding> {
    let text = statement.text.as_str();
    let mut found = Findings::of(&statement.id);
    let numbered = NUMBER.as_ref().is_some_and(|number| number.is_match(text));
    for ((rule, severity, what, fix, _), form) in COMPILED.iter() {
        // A number beside the quality is its measure.
        if *rule == "R34" && numbered {
            continue;
        }
        for words in form.captures_iter(text).filter_map(|captures| captures.get(1)) {
            let words = words.as_str();
            if !terms.iter().any(|term| term.eq_ignore_ascii_case(words)) {
                found.add(*rule, *severity, 0, format!("`{words}` {what}"), *fix);
            }
        }
    }
    for captures in PASSIVE.iter().flat_map(|form| form.captures_iter(text)) {
        let part = |n| captures.get(n).map_or("", |part| part.as_str());
        if !part(2).split_whitespace().any(|word| word == "by") {
            found.add(
                "R2",
                Info,
                0,
                format!("`be {}` does not say by whom", part(1)),
                "name who does it: the system, or a role",
            );
        }
    }
    let sentences =
        text.split_inclusive(['.', ';', '!']).filter(|s| MODAL.as_ref().is_some_and(|m| m.is_match(s))).count();
    if SEVERAL.as_ref().is_some_and(|form| form.is_match(text)) || sentences > 1 {
        found.add(
            "R18",
            Low,
            0,
            "demands several things at once",
            "make a statement of each, so that each can be traced and tested",
        );
    }
    for acronym in ACRONYM.iter().flat_map(|form| form.find_iter(text)).map(|found| found.as_str()) {
        let explained = all.contains(&format!("({acronym})")) || all.contains(&format!("{acronym} ("));
        let ident = text.contains(&format!("{acronym}-")) || text.contains(&format!("-{acronym}"));
        if !KNOWN.contains(&acronym) && !explained && !ident && !terms.iter().any(|term| term == acronym) {
            found.add(
                "R37",
                Low,
                0,
                format!("the abbreviation `{acronym}` is explained nowhere"),
                "write it out once: `name (ABBREVIATION)`",
            );
        }
    }
    let words = text.split_whitespace().count();
    if words > 40 {
        found.add(
            "R18",
            Low,
            0,
            format!("the statement has {words} words"),
            "one thought a statement; 25 words are plenty",
        );
    }
    if given::kind(&statement.id) == Some(StatementKind::NonFunctional) && !numbered {
        found.add(
            "R34",
            Medium,
            0,
            "a quality requirement without any number",
            "give the value, its unit and how it is measured",
        );
    }
    let mut findings = found.finish();
    findings.dedup();
    findings
}

/// The words without case, marks and spaces, to tell whether two texts are the same.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    fn rules(id: &str, text: &str) -> Vec<String> {
        let statement = Statement { id: id.into(), text: text.into() };
        of_one(&statement, &[], text).into_iter().map(|finding| finding.rule.into_owned()).collect()
    }

    #[test]
    fn every_expression_compiles() {
        assert_eq!(COMPILED.len(), WORDS.len());
        assert!([&PASSIVE, &MODAL, &SEVERAL, &NUMBER, &ACRONYM].iter().all(|form| form.is_some()));
    }

    #[test]
    fn each_weakness_is_told_by_its_rule() {
        for (text, rule) in [
            ("The system shall respond appropriately.", "R7"),
            ("The list is sorted where possible.", "R8"),
            ("The form takes name, date, etc.", "R9"),
            ("The system shall be able to export loans.", "R10"),
            ("The clerk enters name and/or number.", "R17"),
            ("The report shall be created.", "R2"),
            ("The clerk must enter a date and the member must sign the form.", "R18"),
            ("The page is always up.", "R26"),
            ("The search must be fast.", "R34"),
            ("The clerk is told soon.", "R35"),
            ("The system must support loans.", "verifiable"),
            ("The fee is TBD.", "complete"),
            ("The loan is sent to the ZKV.", "R37"),
            ("When it is late, it must show the fee.", "R24"),
        ] {
            assert!(rules("BR-1", text).contains(&rule.to_owned()), "{text}: {:?}", rules("BR-1", text));
        }
    }

    #[test]
    fn plain_statements_are_left_alone() {
        for text in [
            "The due date must be after the lending date.",
            "A member may have at most 3 open loans.",
            "Only a manager can cancel a booking.",
            "The search answers within 200 ms for 10,000 records.",
            "A loan must be approved by a manager.",
            "Someone opens the cabinet.",
        ] {
            assert_eq!(rules("BR-1", text), [] as [String; 0], "{text}");
        }
    }

    #[tokio::test]
    async fn stories_without_criterion_and_duplicates_are_found() {
        let statements = json!([
            {"id": "US-1", "text": "As a clerk, I want to lend tools."},
            {"id": "AC-1.1", "text": "A loan has a due date."},
            {"id": "US-2", "text": "As a clerk, I want to see loans."},
            {"id": "BR-1", "text": "A loan has a due date"},
        ]);
        let got = run(CheckRequirements, json!({"statements": statements}), &mut context()).await.unwrap();
        let told: Vec<_> = got["findings"].as_array().unwrap().iter().map(|f| (&f["path"], &f["rule"])).collect();
        assert_eq!(told, [(&json!("US-2"), &json!("criterion")), (&json!("BR-1"), &json!("R30"))]);
        assert!(run(CheckRequirements, json!({}), &mut context()).await.is_err());
    }
}
