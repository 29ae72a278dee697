//! Families that people use in epics of any area: each told here of other things than where it was first met.

use super::rules::check;
use super::{read, unknowns};

#[test]
fn from_the_first_moment_on_is_always() {
    check(
        "# Meters\n\nEach gauge has a title. Each sample belongs to a gauge and has a level (decimal) and a place (text).\n\n## Rules\n\n\
         - Samples cannot be changed or deleted once they are stored.\n",
        &[("Samples cannot", r#"{"kind":"immutable","entity":"sample","fields":[]}"#)],
        &[],
    );
}

#[test]
fn two_on_the_same_day_are_one_too_many() {
    check(
        "# Kilns\n\nEach kiln has a title. Each firing belongs to a kiln and has a planned on (date), a fired on (date) and a note.\n\n## Rules\n\n\
         - A kiln cannot have two firings planned on the same day.\n\
         - A kiln cannot have two firings on the same day.\n",
        &[(
            "A kiln cannot have two firings planned",
            r#"{"kind":"unique","entity":"firing","fields":["kiln_id","planned_on"]}"#,
        )],
        // Of two dates it is not said which.
        &["BR-2"],
    );
}

#[test]
fn several_measures_of_one_field() {
    let measure = |measure: &str| {
        format!(
            r#"{{"kind":"totals","entity":"sample","by":["gauge_id"],"measures":[{{"measure":"{measure}","field":"level"}}]}}"#
        )
    };
    check(
        "# Meters\n\nEach gauge has a title. Each sample belongs to a gauge and has a level (decimal).\n\n## Rules\n\n\
         - The average, lowest and highest level per gauge are reported.\n",
        &[("The average", &[measure("average"), measure("min"), measure("max")].join(" & "))],
        &[],
    );
}

#[test]
fn one_field_after_the_other_and_other_ends() {
    check(
        "# Runs\n\nEach runner has a last name, a first name and a time (integer).\n\n## Rules\n\n\
         - Runners are listed by last name and then first name.\n",
        &[(
            "Runners are listed",
            r#"{"kind":"list","entity":"runner","sort":[{"field":"last_name","descending":false},{"field":"first_name","descending":false}],"page_size":null}"#,
        )],
        &[],
    );
    check(
        "# Runs\n\nEach runner has a last name, a first name and a finish time (integer).\n\n## Rules\n\n\
         - Runners are sorted by finish time, fastest first, unless another order is asked for.\n",
        &[(
            "Runners are sorted",
            r#"{"kind":"list","entity":"runner","sort":[{"field":"finish_time","descending":false}],"page_size":null}"#,
        )],
        &[],
    );
}

#[test]
fn an_example_that_tells_of_all_such_is_the_rule() {
    check(
        "# Camp\n\nA cabin has a name and a size (integer). A scout has a name and a date of birth.\n\n\
         ## Scouts\n\nAs a leader, I want to register scouts so that I know them.\n\n\
         - When a scout who is younger than 6 years is registered, then it is rejected.\n\
         - Given a cabin called \"Owl\", when another cabin called \"Owl\" is created, then it is rejected.\n",
        &[
            (
                "When a scout who",
                r#"{"kind":"compare","entity":"scout","field":"date_of_birth","op":"le","to":{"of":"today","plus_days":0,"plus_months":-72}}"#,
            ),
            ("Given a cabin called", r#"{"kind":"unique","entity":"cabin","fields":["name"]}"#),
        ],
        &[],
    );
}

#[test]
fn what_lasts_from_a_day_to_a_day_has_both() {
    let read = read(
        "# Crane hire\n\nEach crane has a title. A hire is about exactly one crane. \
         It runs from a first day to a last day, and has a purpose of up to 200 characters. \
         One crane cannot be in two hires that overlap. No hire may last longer than 30 days.\n",
    );
    let hire = read.concepts.entity("hire").unwrap();
    let keys: Vec<&str> = hire.fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["crane_id", "first_day", "last_day", "purpose"]);
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
}

#[test]
fn what_tells_how_records_begin_is_no_mere_story() {
    let read = read(
        "# Orders\n\nEach order has a number. Orders start out as asked. An asked order can be granted or denied.\n\n\
         Helpers register for shifts with name, e-mail and number of hours (1 to 6).\n",
    );
    // What is not understood is listed: nothing of this is passed over in silence.
    let text = "Helpers register for shifts with name, e-mail and number of hours (1 to 6).";
    assert!(read.unknown().any(|item| item.text == text), "{:#?}", read.items);
    assert!(read.items.iter().any(|item| item.text == "Orders start out as asked."), "{:#?}", read.items);
}
