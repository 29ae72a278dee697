//! Courses of states that nothing but what people do tells, as strangers wrote them of school trips and loans.

use super::{read, unknowns};
use maestro_artifacts::{Requirements, RuleKind};

const TRIPS: &str = "# School trips\n\nA destination has a name.\n\nA trip belongs to a destination. It has a title, a departure date, a \
                     price in pounds and a rejection reason.\n\nA trip begins as a draft. ";

fn trips(said: &str) -> Requirements {
    let read = read(&format!("{TRIPS}{said}\n"));
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{said}: {:#?}", read.unknown().collect::<Vec<_>>());
    read
}

fn ways(read: &Requirements) -> Vec<String> {
    let flow = read.concepts.entity("trip").unwrap().workflow.as_ref().unwrap();
    flow.transitions.iter().map(|way| format!("{} {}", way.from, way.to)).collect()
}

#[test]
fn what_people_do_to_records_in_a_state_names_the_next_one() {
    for said in [
        "A draft trip can be submitted by a teacher. Only the head teacher can approve or reject a submitted trip.",
        "A teacher submits a draft trip; it is then submitted. The head teacher approves or rejects a submitted trip.",
        "A draft trip can be submitted. The head teacher approves or rejects it.",
        "A draft trip can be submitted. The head teacher can approve a submitted trip or reject it.",
        "A draft trip is submitted by a teacher, and the head teacher then approves or rejects it.",
        "A teacher submits the draft; after that the head teacher either approves or rejects it.",
        "Drafts can be submitted. From submitted it is either approved or rejected. Nothing leads out of approved or rejected.",
    ] {
        assert_eq!(ways(&trips(said)), ["draft submitted", "submitted approved", "submitted rejected"], "{said}");
    }
    let read = trips(
        "Draft trips can be submitted. A submitted trip can be cancelled by the head teacher or be completed by a teacher. A \
         completed trip is then archived, and an archived one is published. Drafts can be cancelled as well.",
    );
    let all = [
        "draft cancelled",
        "draft submitted",
        "submitted cancelled",
        "submitted completed",
        "completed archived",
        "archived published",
    ];
    let (mut found, mut all) = (ways(&read), all.map(str::to_owned).to_vec());
    found.sort();
    all.sort();
    assert_eq!(found, all);
}

#[test]
fn it_is_the_record_in_the_state_that_was_spoken_of() {
    // The sentence names its own records: "it" is none of the sentence before.
    let read = trips("A teacher submits a draft trip, and the head teacher approves it.");
    assert_eq!(ways(&read), ["draft submitted", "submitted approved"]);
    // Nobody is called "so does nothing else".
    let told =
        read_of("A draft trip can be submitted or declined. A decline needs a reason, and so does nothing else.");
    assert!(!told.concepts.rules.iter().any(|rule| matches!(&rule.demand, RuleKind::TransitionRole { .. })));
}

fn read_of(said: &str) -> Requirements {
    read(&format!("{TRIPS}{said}\n"))
}

#[test]
fn the_only_reason_of_a_record_is_the_reason() {
    let states = "Draft trips can be submitted. Submitted trips can be approved or rejected. ";
    for said in [
        "A rejection needs a reason of at least 20 characters.",
        "If a trip is rejected, a reason of at least 20 characters must be recorded.",
        "To reject a trip one must give a reason. The reason must have at least 20 characters.",
    ] {
        let read = trips(&format!("{states}{said}"));
        let demands: Vec<&RuleKind> = read.concepts.rules.iter().map(|rule| &rule.demand).collect();
        assert!(
            demands.iter().any(|rule| matches!(rule, RuleKind::TransitionRequires { to, fields, .. }
                if to == "rejected" && fields == &["rejection_reason"])),
            "{said}"
        );
        assert!(
            demands.iter().any(|rule| matches!(rule, RuleKind::Length { field, .. } if field == "rejection_reason")),
            "{said}"
        );
    }
}

#[test]
fn what_is_final_or_kept_for_good_is_said_once() {
    let states = "Draft trips can be submitted. Submitted trips can be approved or rejected. ";
    for said in [
        "Trips that are approved or rejected are final and may not be edited any more.",
        "Approved and rejected trips are closed and cannot be edited any more.",
    ] {
        let read = trips(&format!("{states}{said}"));
        let frozen = read
            .concepts
            .rules
            .iter()
            .filter(|rule| matches!(&rule.demand, RuleKind::Immutable { fields, .. } if fields.is_empty()));
        assert_eq!(frozen.count(), 1, "{said}");
    }
    for said in [
        "Approved trips stay on file for good: they cannot be deleted.",
        "Approved trips are kept for good; deleting them must be refused.",
        "Drafts may be deleted, but any other trip must be kept.",
    ] {
        let read = trips(&format!("{states}{said}"));
        let kept: Vec<&RuleKind> = read
            .concepts
            .rules
            .iter()
            .map(|rule| &rule.demand)
            .filter(|rule| matches!(rule, RuleKind::NoDelete { .. }))
            .collect();
        assert!(matches!(kept.as_slice(), [RuleKind::NoDelete { when, .. }] if !when.0.is_empty()), "{said}: {kept:?}");
    }
}

#[test]
fn pounds_are_paid_or_weighed() {
    let read = read("# Parts\n\nA part has a name, a price in pounds and a weight in pounds.\n");
    let fields: Vec<String> = read
        .concepts
        .entity("part")
        .unwrap()
        .fields
        .iter()
        .map(|field| format!("{} {:?}", field.key, field.kind))
        .collect();
    assert_eq!(fields.get(1).map(String::as_str), Some("price Money"));
    assert!(fields.get(2).is_some_and(|field| field.starts_with("weight Decimal")), "{fields:?}");
}

const KENNEL: &str = "# Kennel\n\nAn owner has a name and an active flag.\n\nA dog belongs to an owner and has a name.\n\nA kennel has a \
                      code and a number of places.\n\nA stay is for one dog in one kennel. It has a status (booked, checked in, \
                      cancelled) and a discount percentage.\n\nAn extra belongs to a stay and has a title, a price in euros and \
                      minutes.\n\n";

fn kennel(said: &str) -> Vec<RuleKind> {
    let plain = read(KENNEL).concepts.rules;
    let read = read(&format!("{KENNEL}{said}\n"));
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{said}: {:#?}", read.unknown().collect::<Vec<_>>());
    let demands = read.concepts.rules.into_iter().map(|rule| rule.demand);
    demands.filter(|demand| !plain.iter().any(|rule| rule.demand == *demand)).collect()
}

#[test]
fn what_keeps_records_and_what_goes_with_them() {
    for (said, of) in [
        ("An owner who still has dogs on file cannot be deleted.", "owner"),
        ("Refuse to delete a kennel that still has stays.", "kennel"),
        ("A kennel that has ever been used in a stay cannot be deleted.", "kennel"),
    ] {
        let rules = kennel(said);
        assert!(matches!(rules.as_slice(), [RuleKind::NoDelete { entity, .. }] if entity == of), "{said}: {rules:?}");
    }
    for said in [
        "When a stay is deleted, the stay's extras are deleted as well.",
        "An extra goes away when the stay is deleted.",
        "Extras go when their stay goes.",
        "With a stay go its extras.",
    ] {
        let rules = kennel(said);
        assert!(
            rules.iter().any(|rule| matches!(rule, RuleKind::Cascade { entity, .. } if entity == "extra")),
            "{said}: {rules:?}"
        );
    }
    let both = kennel("Deleting an owner removes its dogs along with it, but a dog with stays must not be deleted.");
    assert!(both.iter().any(|rule| matches!(rule, RuleKind::Cascade { entity, .. } if entity == "dog")), "{both:?}");
    assert!(both.iter().any(|rule| matches!(rule, RuleKind::NoDelete { entity, .. } if entity == "dog")), "{both:?}");
}

#[test]
fn defaults_are_told_in_any_order() {
    for (said, holds) in [
        ("By default an owner is not active.", false),
        ("By default, an owner is active.", true),
        ("Owners are not active unless stated otherwise.", false),
        ("Owners are active by default.", true),
        ("An owner is active by default and may be made inactive.", true),
    ] {
        let rules = kennel(said);
        assert!(
            matches!(rules.as_slice(), [RuleKind::Default { entity, value, .. }] if entity == "owner" && *value == holds),
            "{said}: {rules:?}"
        );
    }
    let status = kennel("Unless stated otherwise a stay is booked.");
    assert!(matches!(status.as_slice(), [RuleKind::Default { value, .. }] if value == "booked"), "{status:?}");
    // What is no field and no state is none by these words.
    let unknown = read(&format!("{KENNEL}Kennels are heated by default.\n"));
    assert_eq!(unknowns(&unknown).len(), 1);
}

#[test]
fn children_of_some_parents_only() {
    for said in [
        "A cancelled stay takes no extras.",
        "A stay that is cancelled takes no extras.",
        "No extras are taken for a stay that is cancelled.",
        "No more extras may be added to a stay once it is cancelled.",
        "An extra needs a stay that is booked.",
        "An extra can only be put on a stay that is still booked.",
    ] {
        let rules = kennel(said);
        assert!(
            rules.iter().any(|rule| matches!(rule, RuleKind::Requires { entity, .. } if entity == "extra")),
            "{said}: {rules:?}"
        );
    }
    let all = kennel("Extras can be added, changed or removed only while the stay is booked.");
    assert_eq!(all.len(), 2, "{all:?}");
}

#[test]
fn sums_are_limited() {
    for (said, field) in [
        ("Together, the extras of a stay must not cost more than 300 euros.", "price"),
        ("The extras of a stay must not take up more minutes in total than 100.", "minutes"),
        ("The sum of the minutes of a stay's extras is limited to 960.", "minutes"),
    ] {
        let rules = kennel(said);
        assert!(rules.len() == 1 && format!("{rules:?}").contains(field), "{said}: {rules:?}");
    }
}
