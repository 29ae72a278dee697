//! Epics exported from a tracker: keys, summaries, descriptions, criteria that speak of what the story is about.

use super::{read, rules_as_json, rules_of, unknowns};
use maestro_artifacts::Requirements;

const KENNEL: &str = "# DOG-1 Kennel\n\nType: Epic | Component: Stays\nDescription: We care for dogs. The list is an old spreadsheet that only \
    the owner can read, and in summer more stays were booked than there are runs.\n\n## DOG-2\nSummary: Maintain runs\nDescription: As a \
    keeper I want to maintain runs so that dogs find a place.\nAcceptance criteria:\n1. A run has a code (text), a number of places (integer) \
    and a size (small or large); all three are mandatory.\n2. Runs can only be created, updated and deleted by keepers.\n3. Helpers have read \
    access.\n\n## DOG-3\nSummary: Register owners\nPriority: High\nDescription: As a helper I want to register owners so that they can be \
    called.\nAcceptance criteria:\n1. Mandatory fields: first name, last name, run. Optional fields: e-mail, street.\n2. Owners can be \
    searched by last name and street.\n\n## DOG-4\nSummary: Enter stay requests\nDescription: As a helper I want to enter requests, and as a \
    keeper I want to be able to decline stays.\nAcceptance criteria:\n1. A stay refers to one owner and one run and has a valid-from date and \
    a valid-to date. All of them are mandatory.\n2. The initial status is Asked. Allowed status changes: Asked → Booked, Asked → Declined.\n";

fn with(section: &str, criterion: &str) -> Requirements {
    let at = KENNEL.find(section).unwrap();
    let end = KENNEL[at..].find("\n\n").map_or(KENNEL.len(), |end| at + end);
    let line = format!("\n9. {criterion}");
    read(&format!("{}{line}{}", KENNEL[..end].trim_end(), &KENNEL[end..]))
}

#[track_caller]
fn says(section: &str, criterion: &str, rules: &str) {
    assert_eq!(rules_as_json(&with(section, criterion), criterion), rules, "{criterion}");
}

#[track_caller]
fn listed(section: &str, criteria: &[&str]) {
    for criterion in criteria {
        let read = with(section, criterion);
        // A story that its criteria carry is listed with them.
        let unknown: Vec<String> = unknowns(&read).into_iter().filter(|id| !id.starts_with("US-")).collect();
        assert_eq!(unknown.len(), 1, "{criterion}: {:#?}", read.unknown().collect::<Vec<_>>());
    }
}

#[test]
fn the_kennel_itself_is_read_whole() {
    let read = read(KENNEL);
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    let names: Vec<&str> = read.concepts.entities.iter().map(|entity| entity.name.as_str()).collect();
    assert_eq!(names, ["run", "owner", "stay"]);
    let required = |key: &str| {
        let json = serde_json::to_string(&rules_of(&read, "Mandatory fields")).unwrap();
        json.contains(&format!(r#"{{"kind":"required","entity":"owner","field":"{key}"}}"#))
    };
    assert!(required("first_name") && required("run_id") && !required("e_mail"));
}

#[test]
fn who_may_look_is_no_record() {
    let read = read(KENNEL);
    let looks = serde_json::to_string(&rules_of(&read, "Helpers have read access.")).unwrap();
    assert!(looks.contains(r#"{"kind":"capability","entity":"run","action":"read"}"#), "{looks}");
    says(
        "Register owners",
        "Keepers have read access to owners.",
        r#"{"kind":"capability","entity":"owner","action":"read"} & {"kind":"capability","entity":"owner","action":"list"}"#,
    );
    listed(
        "Register owners",
        &[
            "Visitors have read access to owners.",
            "Keepers have emergency access.",
            "Keepers have write access to invoices.",
        ],
    );
}

#[test]
fn fields_are_told_by_the_story() {
    says(
        "Register owners",
        "The height in metres is optional.",
        r#"{"kind":"has_field","entity":"owner","field":"height"}"#,
    );
    let both = "The load in kilograms is mandatory. If provided, it is a decimal between 1.0 and 6.5.";
    let read = with("Register owners", both);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let bounds = serde_json::to_string(&rules_of(&read, "If provided, it is a decimal between 1.0 and 6.5.")).unwrap();
    assert!(bounds.contains(r#""field":"load","min":"1.0","max":"6.5""#), "{bounds}");
    says(
        "Register owners",
        "The e-mail is checked for a valid format.",
        r#"{"kind":"format","entity":"owner","field":"e_mail","format":"email"}"#,
    );
    listed("Register owners", &["The street is checked for a valid format."]);
}

#[test]
fn spans_reasons_and_papers() {
    says(
        "Enter stay",
        "The validity periods of stays in the same run must not overlap.",
        r#"{"kind":"no_overlap","entity":"stay","start":"valid_from_date","end":"valid_to_date","by":["run_id"],"when":[]}"#,
    );
    says(
        "Enter stay",
        "A decline note of at least 12 characters is mandatory when declining.",
        r#"{"kind":"transition_requires","entity":"stay","from":null,"to":"Declined","fields":["decline_note"]} & {"kind":"length","entity":"stay","field":"decline_note","min":12,"max":null}"#,
    );
    says(
        "Enter stay",
        "Valid-from cannot be before today when the request is entered.",
        r#"{"kind":"compare","entity":"stay","field":"valid_from_date","op":"ge","to":{"of":"today","plus_days":0},"when":[],"on_create":true}"#,
    );
    listed(
        "Enter stay",
        &[
            "The colours of stays in the same run must not overlap.",
            "A decline note of at least 12 lines is mandatory when declining.",
            "Valid-from cannot be before today when the invoice is entered.",
        ],
    );
}

#[test]
fn figures_and_pages() {
    let pages = "Stays can be filtered by run. The page size is 25 by default.";
    let read = with("Enter stay", pages);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let size = serde_json::to_string(&rules_of(&read, "The page size is 25 by default.")).unwrap();
    assert_eq!(size, r#"[{"kind":"list","entity":"stay","sort":[],"page_size":25}]"#);
    says(
        "Enter stay",
        "The number of stays is shown per run and per status, and the number of stays per run size.",
        r#"{"kind":"totals","entity":"stay","by":["run_id"],"measures":[]} & {"kind":"totals","entity":"stay","by":["status"],"measures":[]} & {"kind":"totals","entity":"stay","by":["run_id","size"],"measures":[]}"#,
    );
    listed("Enter stay", &["The page size is adjustable.", "The number of stays is shown per run and per moon phase."]);
}
