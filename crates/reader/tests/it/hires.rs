//! Ordinary sentences about the hire of kayaks: each class in several wordings that say the same, and look-alikes that stay listed.

use super::{read, required, rules_as_json, unknowns, ways};
use maestro_artifacts::Requirements;

const KAYAKS: &str = include_str!("../data/hires.md");

fn with(sentence: &str) -> Requirements {
    read(&format!("{KAYAKS}\n## Rules\n\n- {sentence}\n"))
}

/// All of them say what the first one says, and that is this rule.
#[track_caller]
fn same(rule: &str, sentences: &[&str]) {
    let mut first = None;
    for sentence in sentences {
        let rules = rules_as_json(&with(sentence), sentence);
        assert!(rules.contains(rule), "{sentence}: {rules}");
        assert_eq!(first.get_or_insert_with(|| rules.clone()), &rules, "{sentence}");
    }
}

#[track_caller]
fn listed(sentences: &[&str]) {
    for sentence in sentences {
        assert_eq!(unknowns(&with(sentence)).len(), 1, "{sentence}");
    }
}

#[test]
fn what_must_be_given_and_what_need_not() {
    same(
        r#"{"kind":"required","entity":"hire","field":"deposit"}"#,
        &[
            "The deposit of a hire must be given.",
            "It must not be possible to record a hire without stating the deposit.",
            "Stating the deposit of a hire is mandatory.",
        ],
    );
    let phone = r#"{"kind":"required","entity":"customer","field":"phone"}"#;
    same(phone, &["The phone of a customer must be given.", "A customer must have a phone number."]);
    assert_eq!(
        with("A customer must have a phone number.").concepts.entity("customer").unwrap().fields.len(),
        5,
        "no field of its own"
    );
    let read = with("Customers need not give an email address.");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert!(!required(&read).contains(&"email"));
    listed(&[
        "Customers need not give a shoe size.",
        "It must not be possible to record a hire without stating the weather.",
    ]);
}

#[test]
fn what_nobody_else_may_have() {
    same(
        r#"{"kind":"unique","entity":"customer","fields":["phone"]"#,
        &["The phone of a customer must be unique.", "A phone number can only belong to one customer."],
    );
    same(
        r#"{"kind":"unique","entity":"customer","fields":["name","birth_date"]"#,
        &[
            "No two customers may have the same name and birth date.",
            "The combination of name and birth date must be unique among customers.",
        ],
    );
}

#[test]
fn what_must_hold_of_some() {
    same(
        r#"{"kind":"compare","entity":"kayak","field":"retired","op":"eq","to":{"of":"value","value":true},"when":[{"test":"in","field":"condition","values":["broken"]}]"#,
        &[
            "Broken kayaks must be retired.",
            "If a kayak is broken, it must be retired.",
            "Retired must be yes if the condition is broken.",
            "A kayak in broken condition must be marked as retired.",
        ],
    );
    same(
        r#""field":"length","op":"ge","to":{"of":"value","value":4},"when":[{"test":"in","field":"kind","values":["double"]}]"#,
        &[
            "If the kind is double, the length must be at least 4.",
            "The length of a double kayak must be at least 4.",
            "Double kayaks must be at least 4 metres long.",
        ],
    );
    same(
        r#"{"kind":"required_when","entity":"damage_report","field":"repair_cost""#,
        &[
            "If the severity is 4 or more, a repair cost must be given.",
            "If a damage report has a severity of 4 or more, a repair cost must be given.",
        ],
    );
    // What would hold always is no field that anybody keeps.
    listed(&["Retired must be yes.", "Broken kayaks must be painted."]);
}

#[test]
fn what_changes_need_and_whither_they_lead() {
    same(
        r#"{"kind":"transition_requires","entity":"hire","from":"confirmed","to":"cancelled","fields":["remark"]}"#,
        &[
            "Moving a hire from confirmed to cancelled requires a remark.",
            "When a confirmed hire is cancelled, a remark must be given.",
            "The change from confirmed to cancelled requires a remark.",
            "When a hire goes from confirmed to cancelled, a remark must be given.",
            "Whoever cancels a confirmed hire has to state a remark.",
        ],
    );
    same(
        r#"{"kind":"requires","entity":"hire","at":{"moment":"transition","to":"confirmed"},"condition":[{"test":"in","field":"paid","values":[true]}]}"#,
        &[
            "A hire can only be confirmed if it is paid.",
            "Before a hire is confirmed, it must be paid.",
            "A hire must be paid before it can be confirmed.",
        ],
    );
    for sentence in [
        "It must not be possible to move a requested hire directly to returned.",
        "Only hires that are out can be marked as returned.",
        "A hire must be confirmed before it may go out.",
    ] {
        let read = with(sentence);
        let rules = rules_as_json(&read, sentence);
        assert!(rules.contains(r#"{"kind":"transitions","entity":"hire"}"#), "{sentence}: {rules}");
        // The ways are the ones that the list tells.
        assert_eq!(ways(&read, "hire").len(), 5, "{sentence}");
    }
    listed(&["The change from confirmed to lost requires a remark.", "Before a hire is confirmed, it must be washed."]);
}

#[test]
fn what_new_ones_are() {
    same(
        r#"{"kind":"default","entity":"hire","field":"paid","value":false}"#,
        &["New hires are unpaid.", "Hires start out as unpaid.", "Hires start as not paid."],
    );
}

#[test]
fn what_stays_as_it_is() {
    same(
        r#"{"kind":"immutable","entity":"hire","when":[{"test":"in","field":"status","values":["cancelled"]}],"fields":["number""#,
        &[
            "Cancelled hires cannot be changed, except for the remark.",
            "Cancelled hires are read-only, except for the remark.",
            "Cancelled hires are frozen, apart from the remark.",
        ],
    );
    same(
        r#"{"kind":"immutable","entity":"damage_report","when":[],"fields":["hire_id"]}"#,
        &[
            "The hire of a damage report cannot be changed.",
            "A damage report cannot be moved to another hire.",
            "No damage report may be moved to another hire.",
        ],
    );
    same(
        r#"{"kind":"no_delete","entity":"kayak","when":[{"test":"children","child":"hire","via":"kayak_id","when":[{"test":"in","field":"status","values":["out"]}]"#,
        &[
            "A kayak cannot be deleted while it has a hire that is out.",
            "A kayak cannot be deleted while one of its hires is out.",
        ],
    );
}

#[test]
fn who_may_only_look() {
    let barred = r#"{"kind":"action_barred","entity":"customer","action":"delete","fields":[],"roles":["trainee"]}"#;
    same(barred, &["Trainees have read-only access to customers."]);
    let own = r#"{"kind":"action_role","entity":"boathouse","action":"delete","fields":[],"roles":["manager"]}"#;
    same(own, &["Boathouses are maintained by managers: nobody else may create, edit or remove them."]);
    // Records do nothing, and nobody knows what pilots fly.
    listed(&["Hires have read-only access to customers.", "Pilots must not fly gliders."]);
}

#[test]
fn times_that_cross_in_other_words() {
    same(
        r#"{"kind":"no_overlap","entity":"hire","start":"start_date","end":"end_date","by":["kayak_id"],"when":[]}"#,
        &[
            "Two hires of the same kayak must not overlap.",
            "For the same kayak, hires must not share a single day.",
            "A kayak cannot have two hires on the same day.",
        ],
    );
}

#[test]
fn what_lists_and_reports_show() {
    same(
        r#"{"kind":"list","entity":"kayak","sort":[],"page_size":20}"#,
        &["Kayaks are shown 20 per page.", "The kayak list has a page size of 20."],
    );
    same(
        r#"{"kind":"filter","entity":"kayak","field":"daily_rate"}"#,
        &["Kayaks can be filtered by daily rate.", "Kayaks can be filtered by a minimum and a maximum daily rate."],
    );
    same(
        r#"{"kind":"totals","entity":"damage_report","by":["hire_id"],"measures":[{"measure":"sum","field":"repair_cost"}]}"#,
        &[
            "The total repair cost per hire is shown.",
            "We need an overview that adds up the repair costs grouped by hire.",
        ],
    );
}
