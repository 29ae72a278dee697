//! Roles that may not do something while everybody else may, and sentences that look alike and bar nobody.

use super::{read, unknowns};
use crate::garage::{action, added, all_say, listed, said, with};

/// What roles may not do, as the rules that say so.
pub(crate) fn barred(entity: &str, action: &str, fields: &str, roles: &str) -> String {
    format!(
        r#"{{"kind":"action_barred","entity":"{entity}","action":"{action}","fields":[{fields}],"roles":[{roles}]}}"#
    )
}

fn from_writing(entities: &[&str], roles: &str) -> String {
    let one = |entity: &&str| ["create", "delete", "update"].map(|action| barred(entity, action, "", roles));
    let mut all: Vec<String> = entities.iter().flat_map(one).collect();
    all.sort();
    all.join(" & ")
}

const ALL: &[&str] = &["car", "customer", "job", "task"];

#[track_caller]
fn all_add(rules: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert_eq!(added(sentence), rules, "{sentence}");
    }
}

#[test]
fn who_only_reads_writes_nothing() {
    all_add(
        &from_writing(ALL, r#""mechanic""#),
        &[
            "Mechanics have read-only access.",
            "Mechanics have read-only access to everything.",
            "A mechanic has only read access.",
            "The mechanic only has read access to all data.",
            "Mechanics may look at everything but shall not create, change or delete anything.",
            "Mechanics may look at everything but not change it.",
            "Mechanics can view all records, but they can't add, edit or remove any of them.",
            "Mechanics see everything but cannot change anything.",
            "Mechanics may read everything but nothing else.",
            "Mechanics must not create, change or delete any records.",
            "Mechanics are not allowed to change any data.",
            "Mechanics can only read.",
            "Mechanic: read-only access to all records.",
            "Mechanics have read-only access. They cannot change anything.",
            "Managers have full access; mechanics have read-only access.",
            "Users with the role mechanic have read-only access.",
        ],
    );
    all_add(&from_writing(ALL, r#""mechanic","clerk""#), &["Mechanics and clerks have read-only access."]);
}

#[test]
fn some_records_are_only_looked_at() {
    all_add(
        &from_writing(&["customer"], r#""mechanic""#),
        &[
            "Mechanics have read-only access to customers.",
            "Mechanics may only view customers.",
            "Mechanics may only view customers; they cannot add, change or delete them.",
            "Mechanics should only be able to see customers.",
            "Mechanics can view customers but may not create, edit or delete them.",
        ],
    );
    all_add(
        &from_writing(&["car", "customer"], r#""mechanic""#),
        &[
            "Mechanics may only look at customers and cars.",
            "Mechanics may not create, edit, or delete cars and customers.",
        ],
    );
    all_add(
        &barred("customer", "update", "", r#""mechanic""#),
        &[
            "Mechanics cannot edit customers.",
            "Mechanics can see but not change customers.",
            "Mechanics can view customers, but they cannot edit them.",
            "Mechanics may view customers. They must not change them.",
            "Mechanics do not have permission to change customers.",
        ],
    );
    all_add(&barred("job", "delete", "", r#""mechanic","clerk""#), &["Mechanics and clerks cannot delete jobs."]);
}

#[test]
fn who_alone_may_says_it_of_others_already() {
    // The rule that there is says so, and is not made anew.
    assert_eq!(
        added("Only the manager may delete cars.\n\nMechanics cannot delete cars."),
        action("car", "delete", "", r#""manager""#)
    );
    // Of what it does not speak of, it says nothing.
    assert_eq!(
        added("Only the manager may delete cars.\n\nMechanics cannot change or delete cars."),
        [barred("car", "update", "", r#""mechanic""#), action("car", "delete", "", r#""manager""#)].join(" & ")
    );
    let both = with("Only mechanics may delete cars.\n\nMechanics cannot delete cars.");
    let told: Vec<&str> = both.contradictions.iter().map(|found| found.message.as_str()).collect();
    assert!(matches!(told.as_slice(), [one] if one.contains("may and may not")), "{told:?}");
    let parts = with("Only mechanics may change jobs.\n\nMechanics cannot change the estimate of a job.");
    assert_eq!(parts.contradictions.len(), 0, "{:?}", parts.contradictions);
}

#[test]
fn a_list_of_roles_bars_where_it_says_so() {
    let epic = |roles: &str| {
        let read = read(&format!(
            "# Bikes\n\n## Roles\n\n{roles}\n\n## Data\n\nA bike has a number (required) and a colour.\n"
        ));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{roles}");
        let barred =
            |demand: &maestro_artifacts::RuleKind| matches!(demand, maestro_artifacts::RuleKind::ActionBarred { .. });
        let count = read.concepts.rules.iter().filter(|rule| barred(&rule.demand)).count();
        assert_eq!(read.concepts.entities.len(), 1, "{:?}", read.concepts.entities);
        (read.concepts.roles, count)
    };
    let roles = || vec!["auditor".to_owned(), "clerk".to_owned()];
    assert_eq!(epic("- Auditor: looks at bikes\n- Clerk: keeps bikes"), (roles(), 0));
    assert_eq!(epic("- Auditor: reads everything\n- Clerk: keeps bikes"), (roles(), 0));
    assert_eq!(epic("- Auditor: has read-only access\n- Clerk: keeps bikes"), (roles(), 3));
    assert_eq!(epic("- Auditor – may only look at bikes\n- Clerk – keeps bikes"), (roles(), 3));
    let table = "| Actor | What they do |\n|---|---|\n| Auditor | read-only access |\n| Clerk | keeps bikes |";
    assert_eq!(epic(table), (roles(), 3));
}

#[test]
fn examples_show_who_may_not() {
    let told = |rules: &str| {
        format!(
            "{rules}\n\n## Stories\n\n### US-1\n\nAs a mechanic, I want to see customers so that I can ring them.\n\n- AC-1.1: Given I am a mechanic, when I delete a customer, then I get a 403.\n"
        )
    };
    let delete = barred("customer", "delete", "", r#""mechanic""#);
    assert_eq!(added(&told("")), delete);
    assert_eq!(
        added(&told("Mechanics have read-only access to customers.")),
        from_writing(&["customer"], r#""mechanic""#)
    );
    let alone = action("customer", "delete", "", r#""manager""#);
    assert_eq!(added(&told("Only managers may delete customers.")), alone);
}

#[test]
fn access_is_no_record_and_no_field() {
    // Who auditors are says the sentence itself; what may be done with collected jobs alone is no such right.
    for (sentence, unknown) in
        [("Auditors have read-only access.", 0), ("Mechanics have read-only access to collected jobs.", 1)]
    {
        let read = with(sentence);
        assert_eq!(unknowns(&read).len(), unknown, "{sentence}");
        let keys: Vec<&str> = read.concepts.entities.iter().map(|entity| entity.key.as_str()).collect();
        assert_eq!(keys, ["customer", "car", "job", "task"], "{sentence}");
        let auditor = read.concepts.roles.iter().any(|role| role == "auditor");
        assert_eq!(auditor, unknown == 0, "{sentence}: {:?}", read.concepts.roles);
    }
}

#[test]
fn whoever_is_told_to_look_only_changes_nothing() {
    let rules = said("Auditors have read-only access.");
    for kind in ["customer", "car", "job", "task"] {
        for action in ["create", "update", "delete"] {
            let barred = format!(
                r#"{{"kind":"action_barred","entity":"{kind}","action":"{action}","fields":[],"roles":["auditor"]}}"#
            );
            assert!(rules.contains(&barred), "{kind} {action}: {rules}");
        }
    }
}

#[test]
fn look_alikes_bar_nobody() {
    listed(&[
        "Mechanics may only view their own jobs.",
        "Mechanics may only view jobs that are ready.",
        "Mechanics may look at everything except customers.",
        "Couriers cannot delete customers.",
        "Mechanics cannot delete good customers.",
        "Mechanics may view customers but not like them.",
    ]);
    // Nobody may: that is of the records, and of no role.
    let kept = r#"{"kind":"no_delete","entity":"car","when":[]}"#;
    all_say(kept, &["Nobody can delete cars.", "Users cannot delete cars."]);
    // Who may is told, and nobody is barred.
    for sentence in
        ["Mechanics have full access.", "Mechanics can view customers.", "Mechanics have access to customers."]
    {
        assert!(!said(sentence).contains("barred"), "{sentence}");
    }
}
