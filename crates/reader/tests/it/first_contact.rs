//! What was read wrongly in epics that nobody had seen before: each under other names, so that the family is mended.

use super::rules::check;
use super::{read, unknowns};
use maestro_artifacts::RuleKind;

#[test]
fn an_example_of_two_alike_says_not_that_their_parent_has_but_one() {
    check(
        "# Stables\n\nEach box has a number (text) and a barn. Box numbers are unique within a barn.\n\n\
         ## Barns\n\nAs a groom, I want to keep barns with a name and a place.\n\n\
         - Given a barn with box 7, when another box 7 is added to the same barn, then the request is refused.\n",
        &[("Given a barn with box 7", r#"{"kind":"unique","entity":"box","fields":["barn_id","number"]}"#)],
        &[],
    );
    // Without a rule that says so, the example does not tell by what else they are alike.
    check(
        "# Stables\n\nEach box has a size (text) and a barn.\n\n## Barns\n\n\
         As a groom, I want to keep barns with a name and a place.\n\n\
         - Given a barn with box 7, when another box 7 is added to the same barn, then the request is refused.\n",
        &[],
        &["AC-1.1"],
    );
}

#[test]
fn values_are_kept_however_short_or_few_they_are() {
    let read = read(
        "# Blood\n\n## Donors\n\n| Field | Type |\n|---|---|\n| name | text |\n| group | A, B, AB or 0 |\n\n\
         ## Gifts\n\nEach gift belongs to a donor and has a kind (plasma, blood) and a maximum heat in °C (decimal).\n",
    );
    let told: Vec<String> = read
        .concepts
        .entities
        .iter()
        .flat_map(|entity| &entity.fields)
        .map(|field| format!("{} {}", field.key, serde_json::to_string(&field.kind).unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            r#"name {"type":"text","long":false}"#,
            r#"group {"type":"enum","values":["A","B","AB","0"]}"#,
            r#"donor_id {"type":"reference","entity":"donor"}"#,
            r#"kind {"type":"enum","values":["plasma","blood"]}"#,
            r#"maximum_heat {"type":"decimal"}"#,
        ]
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
}

#[test]
fn records_that_are_called_like_a_role_are_records_all_the_same() {
    check(
        "# Agency\n\nEach courier has a name and an active flag (yes/no, default yes). Each trip has a title and a courier.\n\n\
         Trips start as planned. A planned trip can become assigned. Only a manager or a courier may move a trip to assigned.\n\n\
         ## Rules\n\n- Inactive couriers can't be assigned to trips.\n- Couriers cannot assign trips.\n",
        &[],
        // Nothing says at which moment; and what the second says is the opposite of what was said before.
        &["BR-2", "BR-3"],
    );
}

#[test]
fn what_is_made_of_something_belongs_to_it() {
    let read = read(
        "# Sweep\n\n## Buildings\n\nEach building has a street (required) and a number.\n\n\
         As a sweep I want to register the stoves of a building.\n\n## Stoves\n\nA stove has a label (required) and a fuel (wood, gas).\n\n\
         As a sweep I want to log checks of a stove: date, soot in mm (whole number) and remarks.\n",
    );
    let keys = |name: &str| -> Vec<String> {
        let entity = read.concepts.entity(name).unwrap();
        entity.fields.iter().map(|field| field.key.clone()).collect()
    };
    assert!(keys("stove").contains(&"building_id".to_owned()), "{:?}", keys("stove"));
    assert_eq!(keys("check"), ["stove_id", "date", "soot", "remarks"]);
    assert_eq!(unknowns(&read), Vec::<String>::new());
}

#[test]
fn a_date_is_called_by_the_whole_verb() {
    let read = read("# Tents\n\nA tent has a code, a site, the date on which it was set up and a rank from 1 to 5.\n");
    let keys: Vec<&str> = read.concepts.entities[0].fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["code", "site", "date_set_up", "rank"]);
    assert_eq!(unknowns(&read), Vec::<String>::new());
}

#[test]
fn a_story_before_all_headings_owns_none_of_them() {
    let read = read(
        "# Lost property\n\n> As a clerk, I want to find items so that people get them back.\n\n\
         ## Items\n\n- description (required)\n- found on (date, required)\n- state: stored, claimed\n\n\
         ## Claims\n\n- item\n- name (required)\n- claimed on (date)\n",
    );
    let paths: Vec<&str> = read.concepts.entities.iter().map(|entity| entity.path.as_str()).collect();
    assert_eq!(paths, ["items", "claims"]);
}

#[test]
fn what_is_said_of_the_last_of_a_list_is_said_of_the_last() {
    let read = read(
        "# Boxes\n\nA box has a title, a lid and a strength of 1 to 5.\n\n\
         A vat has a title, a tap and a note of at most 50 characters.\n\n## Rules\n\n\
         - The length and the width of a box must be between 1 and 9.\n",
    );
    let bound: Vec<String> = read
        .concepts
        .rules
        .iter()
        .filter_map(|rule| match &rule.demand {
            RuleKind::Range { field, .. } | RuleKind::Length { field, .. } => Some(field.clone()),
            _ => None,
        })
        .collect();
    assert!(!bound.contains(&"lid".to_owned()) && !bound.contains(&"tap".to_owned()), "{bound:?}");
    assert!(bound.contains(&"strength".to_owned()) && bound.contains(&"note".to_owned()), "{bound:?}");
}
