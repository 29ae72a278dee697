//! What takes the time of what it is for: sign-ups of volunteers for shifts.

use super::read;
use maestro_artifacts::{Condition, Requirements, RuleKind, Test};

const SHIFT: &str = "- A shift has a title (required), a start and an end (date and time, both required) and a status (planned or cancelled).";
const SIGNUP: &str = "- A sign-up refers to a volunteer and a shift (both required) and has a note.";

fn rota(data: &[&str], rule: &str) -> Requirements {
    let text = format!(
        "# Rota\n\nA charity keeps its rota.\n\n## Data\n\n- A volunteer has a name (required).\n{}\n\n## Rules\n\n- {rule}\n",
        data.join("\n")
    );
    read(&text)
}

fn overlaps(read: &Requirements) -> Vec<RuleKind> {
    let rules = read.concepts.rules.iter().map(|rule| rule.demand.clone());
    rules.filter(|rule| matches!(rule, RuleKind::NoOverlap { .. })).collect()
}

fn by_shift(when: Condition) -> RuleKind {
    RuleKind::NoOverlap {
        entity: "sign_up".to_owned(),
        via: Some("shift_id".to_owned()),
        start: "start".to_owned(),
        end: "end".to_owned(),
        by: vec!["volunteer_id".to_owned()],
        when,
    }
}

#[test]
fn who_is_signed_up_for_what_lasts_is_elsewhere_meanwhile() {
    for said in [
        "A volunteer must not be signed up for two shifts that overlap.",
        "Volunteers cannot be signed up for two shifts that take place at the same time.",
        "A volunteer cannot take two shifts whose times overlap.",
        "A volunteer can only be assigned to one shift at a time.",
        "A volunteer cannot be on two overlapping shifts.",
        "Volunteers cannot sign up for overlapping shifts.",
        "A volunteer may not sign up for two shifts at the same time.",
        "No volunteer may be signed up for two shifts that overlap.",
        "Two overlapping shifts cannot have the same volunteer.",
    ] {
        assert_eq!(overlaps(&rota(&[SHIFT, SIGNUP], said)), [by_shift(Condition::default())], "{said}");
    }
}

#[test]
fn an_exception_is_one_of_what_has_the_state() {
    let cancelled = |via: Option<&str>| {
        Condition(vec![Test::NotIn {
            via: via.map(ToOwned::to_owned),
            field: "status".to_owned(),
            values: vec!["cancelled".into()],
        }])
    };
    let said = "A volunteer must not be signed up for two shifts that overlap, unless one of them is cancelled.";
    assert_eq!(overlaps(&rota(&[SHIFT, SIGNUP], said)), [by_shift(cancelled(Some("shift_id")))]);
    let shift = "- A shift has a title (required), a start and an end (date and time, both required).";
    let signup = "- A sign-up refers to a volunteer and a shift (both required) and has a status (firm or cancelled).";
    assert_eq!(overlaps(&rota(&[shift, signup], said)), [by_shift(cancelled(None))]);
    // Whose cancellation it is, the words do not say.
    assert_eq!(overlaps(&rota(&[SHIFT, signup], said)), []);
}

#[test]
fn own_times_win_and_nothing_is_guessed() {
    let said = "A volunteer must not be signed up for two shifts that overlap.";
    let own =
        "- A sign-up refers to a volunteer and a shift (both required) and has a start and an end (date and time).";
    let read = overlaps(&rota(&[SHIFT, own], said));
    assert!(matches!(read.as_slice(), [RuleKind::NoOverlap { via: None, .. }]), "{read:?}");
    // Two kinds of records that link both, one that links two that last, and one that links none.
    let two = "- An application refers to a volunteer and a shift (both required) and has a text.";
    assert_eq!(overlaps(&rota(&[SHIFT, SIGNUP, two], said)), []);
    let course = "- A course has a title, a start and an end (date and time).";
    let both = "- A sign-up refers to a volunteer, a shift and a course and has a note.";
    assert_eq!(overlaps(&rota(&[SHIFT, course, both], said)), []);
    let timeless = "- A shift has a title (required) and a day (date).";
    assert_eq!(overlaps(&rota(&[timeless, SIGNUP], said)), []);
}
