//! Records in telegram style: bullets that are fields or rules, each rule read with the record as its subject.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::Requirements;

const TOOLS: &str = "# Epic: Tool depot\n\nUsers: warden, foreman, clerk\n\n**Site**\n- name (required, max 60), town (text, required), mail \
    (e-mail)\n- load: whole number, 1–500, required\n\n**Tool**\n- code: required, unique, \"T\" + 4 digits\n- usable: yes/no, default \
    yes\n- kind: drill / saw / pump, required\n\n**Loan**\n- loan no.: required, unique\n- site and day: both required\n- status: noted → \
    granted → handed over\n- weight = sum of item weights, calculated\n\n**Loan item**\n- loan + tool, both required\n- weight: whole number, \
    1–90\n- fee: EUR, ≥ 0, required\n- days: whole number, 1–30\n- cost = fee × days, read only\n\n";

fn with(record: &str, lines: &[&str]) -> Requirements {
    let rules: String = lines.iter().map(|line| format!("- {line}\n")).collect();
    let head = format!("**{record}**\n");
    let at = TOOLS.find(&head).unwrap() + head.len();
    let end = TOOLS[at..].find("\n\n").map_or(TOOLS.len(), |end| at + end);
    read(&format!("{}\n{}{}", &TOOLS[..end], rules, &TOOLS[end..]))
}

#[track_caller]
fn says(record: &str, line: &str, rules: &str) {
    let read = with(record, &[line]);
    assert_eq!(rules_as_json(&read, line), rules, "{line}");
}

/// Lines that are listed, and of which no field is made.
#[track_caller]
fn listed(record: &str, lines: &[&str]) {
    let plain: Vec<Vec<String>> = fields(&read(TOOLS));
    for line in lines {
        let read = with(record, &[line]);
        assert_eq!(unknowns(&read).len(), 1, "{line}: {:#?}", read.unknown().collect::<Vec<_>>());
        assert_eq!(fields(&read), plain, "{line}");
    }
}

fn fields(read: &Requirements) -> Vec<Vec<String>> {
    let names = |entity: &maestro_artifacts::Entity| {
        let mut keys: Vec<String> = entity.fields.iter().map(|field| field.key.clone()).collect();
        keys.sort();
        keys
    };
    read.concepts.entities.iter().map(names).collect()
}

fn only(entity: &str, action: &str, roles: &str) -> String {
    format!(r#"{{"kind":"action_role","entity":"{entity}","action":"{action}","fields":[],"roles":[{roles}]}}"#)
}

fn moved(from: &str, to: &str, roles: &str) -> String {
    format!(r#"{{"kind":"transition_role","entity":"loan","from":{from},"to":"{to}","roles":[{roles}]}}"#)
}

#[test]
fn the_depot_itself_is_read_whole() {
    let read = read(TOOLS);
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    let all = fields(&read);
    assert!(all.contains(&vec!["load".to_owned(), "mail".into(), "name".into(), "town".into()]), "{all:?}");
    assert!(
        all.iter().any(|keys| keys.contains(&"loan_id".to_owned()) && keys.contains(&"tool_id".to_owned())),
        "{all:?}"
    );
}

#[test]
fn who_alone_may() {
    says("Site", "entered by clerk or foreman", &only("site", "create", r#""clerk","foreman""#));
    says("Tool", "created by warden", &only("tool", "create", r#""warden""#));
    let all = ["create", "update", "delete"].map(|action| only("tool", action, r#""warden""#)).join(" & ");
    says("Tool", "add, change, delete: warden only", &all);
    says(
        "Tool",
        "create / edit / delete: warden; everyone else read only",
        &format!(
            r#"{all} & {{"kind":"capability","entity":"tool","action":"list"}} & {{"kind":"capability","entity":"tool","action":"read"}}"#
        ),
    );
    says("Loan", "grant: foreman", &moved("null", "granted", r#""foreman""#));
    says("Loan", "granted: foreman only", &moved("null", "granted", r#""foreman""#));
    says(
        "Loan",
        "grant and give away (handed over): clerk or warden",
        &[moved("null", "granted", r#""clerk","warden""#), moved("null", "handed over", r#""clerk","warden""#)]
            .join(" & "),
    );
    says(
        "Loan",
        "take back (granted → noted): foreman only",
        &format!(r#"{{"kind":"transitions","entity":"loan"}} & {}"#, moved(r#""granted""#, "noted", r#""foreman""#)),
    );
    listed(
        "Loan",
        &[
            "grant: on Mondays only",
            "polish: warden only",
            "entered by phone or clerk",
            "everyone else read only",
            "delete: warden only, with a reason",
            "grant (lost): foreman only",
        ],
    );
}

#[test]
fn when_it_may_be_done() {
    says(
        "Loan",
        "delete only in noted",
        r#"{"kind":"no_delete","entity":"loan","when":[{"test":"not_in","field":"status","values":["noted"]}]}"#,
    );
    says(
        "Site",
        "no deleting while loans exist",
        r#"{"kind":"no_delete","entity":"site","when":[{"test":"children","child":"loan","via":"site_id","when":[],"measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#,
    );
    says(
        "Loan item",
        "add / edit / delete only while loan is noted",
        r#"{"kind":"requires","entity":"loan_item","at":{"moment":"create"},"condition":[{"test":"in","via":"loan_id","field":"status","values":["noted"]}]} & {"kind":"immutable","entity":"loan_item","when":[{"test":"not_in","via":"loan_id","field":"status","values":["noted"]}],"fields":[]}"#,
    );
    says(
        "Loan item",
        "only tools that are usable",
        r#"{"kind":"requires","entity":"loan_item","at":{"moment":"create"},"condition":[{"test":"in","via":"tool_id","field":"usable","values":[true]}]}"#,
    );
    says(
        "Loan",
        "decline possible from noted or granted, by foreman; decline reason mandatory",
        &[
            r#"{"kind":"transitions","entity":"loan"}"#.to_owned(),
            moved("null", "declined", r#""foreman""#),
            r#"{"kind":"transition_requires","entity":"loan","from":null,"to":"declined","fields":["decline_reason"]}"#
                .to_owned(),
        ]
        .join(" & "),
    );
    listed(
        "Loan",
        &[
            "delete only in winter",
            "no deleting while bills exist",
            "delete possible in noted or lost",
            "no deleting",
            "change only by phone",
        ],
    );
    listed("Loan item", &["only tools that are dry", "only bills that are paid"]);
}

#[test]
fn what_a_state_needs_and_forbids() {
    says(
        "Loan",
        "handed over needs slip no.",
        r#"{"kind":"transition_requires","entity":"loan","from":null,"to":"handed over","fields":["slip_no"]}"#,
    );
    says(
        "Loan",
        "handed over = locked, no changes any more",
        r#"{"kind":"immutable","entity":"loan","when":[{"test":"in","field":"status","values":["handed over"]}],"fields":[]}"#,
    );
    listed(
        "Loan",
        &[
            "handed over needs approval by foreman",
            "lost needs slip no.",
            "handed over needs 2 slips",
            "handed over = blue",
        ],
    );
}

#[test]
fn how_many_there_may_be() {
    says(
        "Loan item",
        "same tool only once per loan",
        r#"{"kind":"unique","entity":"loan_item","fields":["loan_id","tool_id"],"when":[],"ignore_case":false}"#,
    );
    says(
        "Loan item",
        "max 12 items per loan",
        r#"{"kind":"capacity","parent":"loan","child":"loan_item","via":"loan_id","measure":{"measure":"count"},"op":"le","limit":{"of":"value","value":12},"when":[]}"#,
    );
    says(
        "Loan",
        "sum of weight of all loans of a site ≤ its load, handed over ones not counted",
        r#"{"kind":"capacity","parent":"site","child":"loan","via":"site_id","measure":{"measure":"sum","field":"weight"},"op":"le","limit":{"of":"field","field":"load","plus":0},"when":[{"test":"not_in","field":"status","values":["handed over"]}]}"#,
    );
    listed(
        "Loan item",
        &[
            "same colour only once per loan",
            "max 12 items per week",
            "max 12 boxes per loan",
            "same tool only once per year",
        ],
    );
    listed(
        "Loan",
        &[
            "sum of weight of all loans of a site ≤ its height",
            "sum of weight of all loans of a site ≤ its load, small ones not counted",
        ],
    );
}

#[test]
fn figures_by_group() {
    let all = |line: &str| read(&format!("{TOOLS}**Lists and figures**\n- loans as CSV\n- {line}\n"));
    let says = |line: &str, by: &str, field: &str| {
        let totals = format!(
            r#"{{"kind":"totals","entity":"loan_item","by":[{by}],"measures":[{{"measure":"sum","field":"{field}"}}]}}"#
        );
        assert_eq!(rules_as_json(&all(line), line), totals, "{line}");
    };
    says("weight per tool (sum over all items)", r#""tool_id""#, "weight");
    says("turnover per tool kind", r#""tool_id","kind""#, "cost");
    for line in [
        "turnover per season",
        "turnover and profit per tool",
        "weight per tool (mean over all items)",
        "profit per tool kind",
    ] {
        assert_eq!(unknowns(&all(line)).len(), 1, "{line}");
    }
}
