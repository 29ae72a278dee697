//! `build_glossary`: the names that the statements use, where they are used, and where one thing has two names.

use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings},
    given::{self, Statement, model_schema},
};
use maestro_artifacts::{
    FieldKind, ServiceModel,
    delivery::Severity::{Info, Low, Medium},
};
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

pub(crate) struct BuildGlossary;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The service model whose names are terms; the one handed over when left out, and none where there is none yet
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
    /// The statements to read; those of the epic when left out
    #[serde(default)]
    statements: Option<Vec<Statement>>,
    /// Further terms to look for
    #[serde(default)]
    terms: Vec<String>,
}

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Entity,
    Field,
    Role,
    State,
    /// Given by the caller.
    Given,
    /// Found in the words: quoted, or repeated after an article.
    Noun,
    Abbreviation,
}

#[derive(Debug, Serialize)]
pub(crate) struct Term {
    term: String,
    kind: Kind,
    /// What it is of: the entity of a field, the words that an abbreviation stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    /// The statements that use it.
    used: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    terms: Vec<Term>,
    /// Two names for one thing, names that nobody uses, abbreviations that nobody explains.
    findings: Vec<Finding>,
}

/// Words that are often used for the same; each line is one thing.
const SYNONYMS: &[&[&str]] = &[
    &["customer", "client"],
    &["user", "member", "account holder"],
    &["booking", "reservation"],
    &["order", "purchase"],
    &["employee", "staff", "worker"],
    &["manager", "supervisor"],
    &["delete", "remove", "erase"],
    &["create", "add", "register"],
    &["cancel", "abort", "void"],
    &["picture", "image", "photo"],
    &["phone", "telephone"],
    &["due date", "deadline"],
    &["price", "cost"],
    &["item", "article", "product"],
    &["vendor", "supplier"],
    &["invoice", "bill"],
    &["appointment", "meeting"],
    &["equipment", "device"],
    &["category", "type", "kind"],
    &["comment", "note", "remark"],
];

static NOUNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:an?|the|each|every|no|this|its|their) ([a-z][a-z-]{2,}(?: [a-z][a-z-]{2,})?)\b").ok()
});
static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("[\"“]([^\"”“]{2,40})[\"”]").ok());
static ACRONYM: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:((?:[A-Za-z][\w-]* ){1,5})\()?\b([A-Z]{2,6})\b\)?").ok());

impl Tool for BuildGlossary {
    const NAME: &'static str = "build_glossary";
    const DESCRIPTION: &'static str = "Collects the terms of the statements and of the model with the statements that use each, and finds two names or spellings for one thing, names in the model that no statement uses, and abbreviations that are not explained.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with fewer `statements`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let statements = given::statements(args.statements, &workspace.context().epic);
        if statements.is_empty() {
            return Err(Error::Respond("there is no statement to read: give `statements` with id and text".to_owned()));
        }
        let model = match given::model(args.model.clone(), workspace) {
            Ok(model) => model,
            Err(_) if args.model.is_none() => ServiceModel::default(),
            Err(why) => return Err(why),
        };
        Ok(glossary(&statements, &model, &args.terms))
    }
}

fn glossary(statements: &[Statement], model: &ServiceModel, extra: &[String]) -> Output {
    let texts: Vec<(&str, Vec<String>)> = statements.iter().map(|s| (s.id.as_str(), words(&s.text))).collect();
    let using = |term: &str| -> Vec<String> {
        let wanted = words(term);
        let uses = texts
            .iter()
            .filter(|(_, words)| !wanted.is_empty() && words.windows(wanted.len()).any(|part| part == wanted));
        uses.map(|(id, _)| (*id).to_owned()).collect()
    };
    let mut terms: BTreeMap<String, Term> = BTreeMap::new();
    let mut add = |term: &str, kind: Kind, of: Option<String>| {
        let key = words(term).join(" ");
        if !key.is_empty() && !terms.contains_key(&key) {
            terms.insert(key, Term { term: term.to_owned(), kind, of, used: using(term) });
        }
    };
    for entity in &model.entities {
        add(&entity.name, Kind::Entity, None);
    }
    model.roles.iter().for_each(|role| add(role, Kind::Role, None));
    for entity in &model.entities {
        for field in &entity.fields {
            add(&field.name, Kind::Field, Some(entity.name.clone()));
            if let FieldKind::Enum { values } = &field.kind {
                values
                    .iter()
                    .for_each(|value| add(value, Kind::State, Some(format!("{} of {}", field.name, entity.name))));
            }
        }
    }
    extra.iter().for_each(|term| add(term, Kind::Given, None));
    for (term, full) in acronyms(statements) {
        add(&term, Kind::Abbreviation, full);
    }
    for noun in nouns(statements) {
        add(&noun, Kind::Noun, None);
    }
    let mut terms: Vec<Term> = terms.into_values().collect();
    terms.sort_by_key(|a| (a.kind, a.term.to_lowercase()));
    let findings = judge(&terms, &using);
    Output { terms, findings }
}

fn judge(terms: &[Term], using: &dyn Fn(&str) -> Vec<String>) -> Vec<Finding> {
    let mut found = Vec::new();
    for term in terms {
        let mut of_term = Findings::of(&term.term);
        let ours = matches!(term.kind, Kind::Entity | Kind::Field | Kind::Role | Kind::Given);
        if ours && term.used.is_empty() {
            of_term.add(
                "unused",
                Low,
                0,
                format!("no statement uses `{}`", term.term),
                "use the epic's own word for it, or leave it out",
            );
        }
        if term.kind == Kind::Abbreviation && term.of.is_none() {
            of_term.add(
                "unexplained",
                Info,
                0,
                format!("`{}` is explained nowhere", term.term),
                "write it out once: `name (ABBREVIATION)`",
            );
        }
        found.extend(of_term.finish());
    }
    for (i, a) in terms.iter().enumerate() {
        for b in
            terms.iter().skip(i + 1).filter(|b| !a.used.is_empty() && !b.used.is_empty() && one_name(&a.term, &b.term))
        {
            let mut of_term = Findings::of(&b.term);
            let message = format!(
                "`{}` ({}) and `{}` ({}) look like one name",
                a.term,
                a.used.join(", "),
                b.term,
                b.used.join(", ")
            );
            of_term.add("spelling", Medium, 0, message, "write it in one way everywhere");
            found.extend(of_term.finish());
        }
    }
    for same in SYNONYMS {
        let used: Vec<_> = same.iter().map(|word| (*word, using(word))).filter(|(_, uses)| !uses.is_empty()).collect();
        if used.len() > 1 {
            let all: Vec<_> = used.iter().map(|(word, uses)| format!("`{word}` ({})", uses.join(", "))).collect();
            let mut of_term = Findings::of(used.first().map_or("", |(word, _)| word));
            of_term.add(
                "synonyms",
                Info,
                0,
                format!("{} may mean the same", all.join(", ")),
                "choose one word, or say what differs",
            );
            found.extend(of_term.finish());
        }
    }
    found
}

/// Whether two terms differ in hyphens, spaces or a slip of the pen only.
fn one_name(a: &str, b: &str) -> bool {
    let bare = |text: &str| words(text).concat().replace('-', "");
    let (x, y) = (bare(a), bare(b));
    if words(a) == words(b) {
        return false;
    }
    let long = x.chars().count().min(y.chars().count()) >= 8;
    // Numbers, and words that differ in their first letter, are other names.
    let alike = x.chars().next() == y.chars().next() && !x.chars().chain(y.chars()).any(|c| c.is_ascii_digit());
    x == y || (long && alike && strsim::osa_distance(&x, &y) == 1)
}

fn acronyms(statements: &[Statement]) -> BTreeMap<String, Option<String>> {
    let mut found: BTreeMap<String, Option<String>> = BTreeMap::new();
    for captures in statements.iter().flat_map(|s| ACRONYM.iter().flat_map(|form| form.captures_iter(&s.text))) {
        let Some(short) = captures.get(2).map(|m| m.as_str()) else { continue };
        let full = captures.get(1).and_then(|before| spelled(before.as_str(), short));
        let known = found.entry(short.to_owned()).or_default();
        if known.is_none() {
            *known = full;
        }
    }
    found
}

/// The last words before an abbreviation in parentheses whose first letters it is made of.
fn spelled(before: &str, short: &str) -> Option<String> {
    let words: Vec<&str> = before.split_whitespace().collect();
    let start = words.len().checked_sub(short.len())?;
    let last = words.get(start..)?;
    let letters: String = last.iter().filter_map(|word| word.chars().next()).collect();
    letters.eq_ignore_ascii_case(short).then(|| last.join(" "))
}

/// Quoted words, and nouns that stand after an article in two statements or more.
fn nouns(statements: &[Statement]) -> BTreeSet<String> {
    const NO_NOUNS: &[&str] = &[
        "other",
        "same",
        "first",
        "last",
        "next",
        "new",
        "own",
        "whole",
        "following",
        "given",
        "user",
        "system",
        "must",
        "can",
        "may",
        "shall",
        "should",
        "will",
        "has",
        "have",
        "are",
        "was",
        "and",
        "that",
        "for",
        "with",
        "from",
        "which",
        "when",
        "who",
        "want",
        "not",
    ];
    let mut uses: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for statement in statements {
        for quoted in QUOTED.iter().flat_map(|form| form.captures_iter(&statement.text)).filter_map(|c| c.get(1)) {
            found.insert(quoted.as_str().trim().to_owned());
        }
        for noun in NOUNS.iter().flat_map(|form| form.captures_iter(&statement.text)).filter_map(|c| c.get(1)) {
            let noun = noun.as_str().to_lowercase();
            let (first, second) = noun.split_once(' ').unwrap_or((&noun, ""));
            let parts = [first.to_owned(), noun.clone()];
            let known = if second.is_empty() || NO_NOUNS.contains(&second) { 1 } else { 2 };
            for part in parts.into_iter().take(known).filter(|_| !NO_NOUNS.contains(&first)) {
                uses.entry(words(&part).join(" ")).or_default().insert(&statement.id);
            }
        }
    }
    // A word that is only ever used as part of a longer name is no name itself.
    let often: BTreeMap<_, _> = uses.iter().filter(|(_, uses)| uses.len() > 1).collect();
    found.extend(
        often
            .iter()
            .filter(|(term, uses)| {
                !often.iter().any(|(longer, more)| longer.starts_with(&format!("{term} ")) && more.len() >= uses.len())
            })
            .map(|(term, _)| (*term).clone()),
    );
    found
}

/// Lower-case words in the singular.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''));
    parts.filter(|word| !word.is_empty()).map(|word| singular(&word.to_lowercase())).collect()
}

fn singular(word: &str) -> String {
    let keep = word.len() < 4 || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is");
    match word {
        _ if keep => word.to_owned(),
        _ if word.ends_with("ies") && word.len() > 4 => format!("{}y", word.trim_end_matches("ies")),
        _ if ["ches", "shes", "sses", "xes"].iter().any(|end| word.ends_with(end)) => {
            word.strip_suffix("es").unwrap_or(word).to_owned()
        }
        _ => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    #[test]
    fn words_are_compared_in_the_singular() {
        for (many, one) in [
            ("categories", "category"),
            ("boxes", "box"),
            ("loans", "loan"),
            ("status", "status"),
            ("addresses", "address"),
        ] {
            assert_eq!(singular(many), one);
        }
        assert!(one_name("work-order", "work order") && one_name("maintenance", "maintenence"));
        assert!(!one_name("loan", "loans") && !one_name("session 1", "session 2") && !one_name("lender", "sender"));
    }

    #[tokio::test]
    async fn terms_uses_and_double_names() {
        let statements = json!([
            {"id": "BR-1", "text": "A booking has a work-order and a \"night rate\"."},
            {"id": "BR-2", "text": "The booking of a customer is kept by the Central Booking Office (CBO)."},
            {"id": "BR-3", "text": "A reservation needs a work order; the ZKV is told."},
        ]);
        let model = json!({"title": "T", "roles": ["clerk"], "rules": [], "entities": [
            {"key": "booking", "name": "booking", "plural": "bookings", "path": "bookings", "fields": [], "sources": []}]});
        let args = json!({"statements": statements, "model": model, "terms": ["work order", "work-order"]});
        let got = run(BuildGlossary, args, &mut context()).await.unwrap();
        let terms = got["terms"].as_array().unwrap();
        let term = |name: &str| terms.iter().find(|t| t["term"] == name).unwrap_or_else(|| panic!("no `{name}`"));
        assert_eq!(term("booking")["used"], json!(["BR-1", "BR-2"]));
        assert_eq!(term("night rate")["kind"], "noun");
        assert_eq!(term("CBO")["of"], "Central Booking Office");
        let told: Vec<_> = got["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| (f["rule"].as_str().unwrap(), f["path"].as_str().unwrap()))
            .collect();
        assert_eq!(
            told,
            [("unused", "clerk"), ("unexplained", "ZKV"), ("spelling", "work-order"), ("synonyms", "booking")]
        );
    }
}
