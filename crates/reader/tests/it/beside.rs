//! A statement or an example that tells of more than was made of it is listed, by the word that nothing was made of.

use crate::{read, unknowns};
use maestro_artifacts::FieldKind;

const AVIARY: &str = "# Birds of prey

## Records

**Bird**
- ring number (text, required, unique)
- condition (one of fit, moulting, injured; default fit)
- retired (yes/no, default no)

**Falconer**
- full name (text, required)
- licence number (text, required)

**Site**
- title (text, required)
- kind (one of airfield, harbour)

**Assignment**
- bird (required)
- falconer
- site (required)
- first day (date, required)
- last day (date, required)
- fee (money)
- discount (money)
- status (one of requested, confirmed, finished, called off; default requested)

**Weighing**
- bird (required)
- weighed on (date, required)

## Rules

- The status of an assignment moves requested → confirmed → finished; a requested or confirmed one can be called off.
- Only the head falconer may confirm an assignment.
- Assignments of the same bird must not overlap; called off assignments do not count.
- A finished assignment cannot be changed.
- The date of a weighing must not be in the future.
- An assignment can only be made if the condition of the bird is fit.
- A bird can have at most 5 weighings.
";

fn listed(more: &str) -> usize {
    assert_eq!(unknowns(&read(AVIARY)), Vec::<String>::new());
    unknowns(&read(&format!("{AVIARY}{more}\n"))).len()
}

#[test]
fn words_that_nothing_was_made_of_are_told() {
    for (lost, kept) in [
        ("No weighing without a date may be archived.", "A site must have a kind."),
        ("Anyone but trainees may delete sites.", "Only the head falconer may delete sites."),
        ("Neither falconers nor trainees may create birds.", "Only the head falconer may create birds."),
        (
            "The price of an assignment is the fee less 10 euros and 5 percent.",
            "Only the head falconer may create sites.",
        ),
        ("A moulting bird cannot be photographed.", "An injured bird cannot be assigned."),
        (
            "Harbours: the fee of an assignment must be at least 10.",
            "Bounds: the fee of an assignment must be at least 10.",
        ),
    ] {
        assert_eq!(listed(&format!("- {lost}")), 1, "{lost}");
        assert_eq!(listed(&format!("- {kept}")), 0, "{kept}");
    }
}

#[test]
fn parts_of_sentences_are_no_names() {
    for ill in [
        "- A bird always needs a keeper.",
        "- Only the authority permits or refuses; anyone may submit.",
        "- Every perch needs a number of its own and a height.",
        "- A perch has a fuel, one of gas and oil, which defaults to gas.",
    ] {
        let read = read(&format!("{AVIARY}{ill}\n"));
        let odd = |name: &str| {
            ["always", "own", "is unique", "is required", "anyone", "defaults"].iter().any(|part| name.contains(part))
        };
        let named = |name: &str| odd(&name.replace('_', " "));
        assert!(!read.concepts.entities.iter().any(|entity| named(&entity.name)), "{ill}");
        let mut fields = read.concepts.entities.iter().flat_map(|entity| &entity.fields);
        assert!(!fields.any(|field| named(&field.key)), "{ill}");
        assert!(!read.concepts.roles.iter().any(|role| named(role)), "{ill}");
        assert_eq!(unknowns(&read).len(), 1, "{ill}");
    }
}

#[test]
fn examples_are_shown_by_rules_about_what_they_tell() {
    let example = |steps: &str| listed(&format!("\n## Acceptance criteria\n\n- {steps}"));
    for (lost, kept) in [
        (
            "Given a falconer with an assignment from 1 to 5 June, when the falconer gets another assignment from 3 to 7 June, then the request is refused",
            "Given a bird with an assignment from 1 to 5 June, when the bird gets another assignment from 3 to 7 June, then the request is refused",
        ),
        (
            "Given a bird weighed today, when it is weighed again today, then the request is refused",
            "Given a bird, when a weighing is recorded whose weighed on is in the future, then the request is refused",
        ),
        (
            "Given a falconer without a licence, when an assignment is confirmed with the falconer, then the request is refused",
            "Given a finished assignment, when somebody deletes it, then the request is refused",
        ),
        (
            "Given a finished assignment, when somebody changes the fee, then the change is saved",
            "Given a finished assignment, when somebody changes the fee, then the change is refused",
        ),
        (
            "Given a bird, when it is weighed more than 30 days after its assignment, then the request is refused",
            "Given a bird with 5 weighings, when a sixth weighing is recorded, then the request is refused",
        ),
        (
            "Given an assignment of an injured bird, when it is called off, then the request is refused",
            "Given a bird that is moulting, when somebody enters an assignment for it, then the request is refused",
        ),
        (
            "Given a finished assignment, when somebody other than its falconer changes it, then the request is refused",
            "Given a finished assignment, when somebody changes its fee, then the request is refused",
        ),
        (
            "Given an injured bird, when an assignment of it is confirmed, then the request is refused",
            "Given an injured bird, when an assignment is made for it, then the request is refused",
        ),
    ] {
        assert_eq!(example(lost), 1, "{lost}");
        assert_eq!(example(kept), 0, "{kept}");
    }
}

#[test]
fn what_turns_a_sentence_is_not_passed_over() {
    for (turned, kept) in [
        ("An assignment must be planned no later than 30 days from today.", "The first day must not be in the past."),
        ("A discount is only allowed sometimes.", "A discount is only allowed if a fee is given."),
        ("The fee may be greater than the discount.", "The fee must be greater than the discount."),
        ("The fee is normally at most 1000.", "The fee is normally 1000."),
        ("The first day can be set only once.", "The full name of a falconer must be unique."),
        (
            "Two falconers may not share a full name or a licence number.",
            "Two falconers may not share a licence number.",
        ),
        ("Assignments can be filtered by the kind of the site.", "Sites can be filtered by their kind."),
        (
            "Neither the bird nor the fee of an assignment can be changed.",
            "The fee of an assignment cannot be changed.",
        ),
        ("The licence number must have at least 6 digits.", "The licence number must have at least 6 characters."),
        ("Assignments can be exported as CSV or PDF.", "Assignments can be exported as CSV."),
        (
            "Assignments are sorted by first day, oldest first, then by fee.",
            "Assignments are sorted by first day, then by fee.",
        ),
        ("Office clerk: may not delete birds.", "Head falconer: only the head falconer may delete birds."),
        ("Assignments of harbour sites need a fee of at least 10.", "Assignments of harbour sites need a fee."),
        ("Feathers must consist of two-letter codes.", "Assignments can be exported as CSV."),
        ("Assignments are planned by rangers.", "Assignments can be exported as CSV."),
        (
            "A confirmed assignment must have a falconer and a fee greater than 0.",
            "A confirmed assignment must have a falconer.",
        ),
        (
            "If and only if the fee is given, a discount must be given.",
            "If the fee is given, a discount must be given.",
        ),
        ("The fee could be at least 10.", "The fee must be at least 10."),
    ] {
        assert_eq!(listed(&format!("- {turned}")), 1, "{turned}");
        assert_eq!(listed(&format!("- {kept}")), 0, "{kept}");
    }
}

#[test]
fn what_would_hold_of_something_else_is_listed() {
    for turned in [
        "- Only head falconers may create or delete sites, but office clerks may change them.",
        "- The first day must be in the future when the assignment is confirmed.",
        "- Assignments can be long or short.",
        "- The last day must be within 3 days before the first day.",
        "- A restoration has a start date and a deadline; it must not be in the past.",
        "- Assignments are sorted by status, then by first day, latest first.",
        "- An assignment must begin on a Monday.",
        "- No longer: the fee of an assignment must be at least 10.",
        "\nAs a falconer, I want to record weighings for my own birds.",
    ] {
        assert_eq!(listed(turned), 1, "{turned}");
    }
}

#[test]
fn lists_keep_their_values_and_types() {
    let field = |epic: &str, key: &str| {
        let read = read(epic);
        read.concepts.field("piece", key).map(|field| field.kind.clone())
    };
    let values =
        |told: &[&str]| Some(FieldKind::Enum { values: told.iter().map(|value| (*value).to_owned()).collect() });
    let bullets =
        |note: &str| format!("# Organs\n\n**Piece**\n- title (text)\n- family ({note})\n\n**Glaze**\n- name (text)\n");
    for (note, told) in [
        ("principal, flute, string or reed", ["principal", "flute", "string", "reed"].as_slice()),
        ("bisque, glaze, raku", &["bisque", "glaze", "raku"]),
        ("text, image or sound", &["text", "image", "sound"]),
    ] {
        assert_eq!(field(&bullets(note), "family"), values(told), "{note}");
    }
    let table = "# Kiln\n\n## Potter\n\n| Field | Type |\n|---|---|\n| name | text |\n\n## Piece\n\n| Field | Type | Required | Filled in by |\n|---|---|---|---|\n| weight | integer | no | potter |\n| maker | reference | yes | potter |\n";
    assert_eq!(field(table, "weight"), Some(FieldKind::Integer));
    assert!(matches!(field(table, "maker_id"), Some(FieldKind::Reference { .. })));
    assert_eq!(unknowns(&read(table)).len(), 1);
}

#[test]
fn a_semicolon_parts_courses_of_states() {
    let read = read(
        "# Cheese\n\n**Wheel**\n- mark (text)\n- stage (one of young, ripening, ripe, sold, discarded)\n\n## Rules\n\n- Stage of a wheel: young → ripening → ripe → sold; young, ripening and ripe → discarded.\n",
    );
    let wheel = read.concepts.entities.iter().find(|entity| entity.key == "wheel").unwrap();
    let ways = wheel.workflow.iter().flat_map(|flow| &flow.transitions);
    let ways: Vec<String> = ways.map(|way| format!("{} {}", way.from, way.to)).collect();
    let told =
        ["young ripening", "ripening ripe", "ripe sold", "young discarded", "ripening discarded", "ripe discarded"];
    assert_eq!(ways, told);
}
