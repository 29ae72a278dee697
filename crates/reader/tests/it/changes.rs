//! Changes of state, who may do them, what they need and what they freeze: the very rule that each wording gives.

use super::{read, rules_of};
use maestro_artifacts::Understanding;

const MODEL: &str = "# Claims\n\n## Data\n\n### Employee\n- name (text, required)\n\n### Claim\n- employee (reference to employee, required)\n- title (text, required)\n- amount (money)\n- rejection reason (text)\n- status (one of draft, submitted, approved, rejected, paid, written off)\n\n### Receipt\n- claim (reference to claim, required)\n- number (text)\n\n## Ways\n\n- A claim moves from draft to submitted, from submitted to approved or rejected, and from approved to paid.\n- Only managers may approve a claim.\n\n## Rules\n\n";

/// The rules of some sentences, read one after the other over the model, in short: kind, states, roles, fields.
fn short(sentence: &str) -> String {
    let read = read(&format!("{MODEL}- {sentence}\n"));
    assert!(read.contradictions.is_empty(), "{sentence}: {:?}", read.contradictions);
    let mut out = Vec::new();
    for rule in rules_of(&read, sentence) {
        let json = serde_json::to_value(rule).unwrap();
        let text = |key: &str| json.get(key).and_then(|value| value.as_str()).unwrap_or("*").to_owned();
        let list = |key: &str| {
            let items = json.get(key).and_then(|value| value.as_array()).cloned().unwrap_or_default();
            items.iter().filter_map(|item| item.as_str()).collect::<Vec<_>>().join("+")
        };
        out.push(match text("kind").as_str() {
            "transition_role" => format!("{}->{} only {}", text("from"), text("to"), list("roles")),
            "action_role" => format!("{} {} only {}", text("action"), list("fields"), list("roles")),
            "transition_requires" => format!("{}->{} needs {}", text("from"), text("to"), list("fields")),
            "immutable" => {
                let test = json.pointer("/when/0").unwrap();
                let values = test.get("values").unwrap();
                format!("frozen {} {values} {}", test.get("test").unwrap().as_str().unwrap(), list("fields"))
            }
            kind => kind.to_owned(),
        });
    }
    out.join("; ")
}

fn ways(sentence: &str) -> String {
    let read = read(&format!("{MODEL}- {sentence}\n"));
    let entity = read.concepts.entity("claim").unwrap();
    let flow = entity.workflow.as_ref().unwrap();
    flow.transitions.iter().skip(4).map(|way| format!("{}->{}", way.from, way.to)).collect::<Vec<_>>().join(" ")
}

#[test]
fn who_alone_may() {
    for (sentence, expected) in [
        ("Auditors alone may pay a claim.", "*->paid only auditor"),
        ("Nobody but an auditor may write off a claim.", "*->written off only auditor"),
        ("Claims may be paid by auditors only; other users cannot.", "*->paid only auditor"),
        ("Only an auditor may reject an approved claim.", "approved->rejected only auditor"),
        ("An approved claim can only be rejected by an auditor.", "approved->rejected only auditor"),
        ("Paying a claim must be done by an auditor.", "*->paid only auditor"),
        ("Deletion of claims is restricted to auditors and clerks.", "delete  only auditor+clerk"),
        ("Only the audit manager deletes claims.", "delete  only audit manager"),
        ("It takes an auditor to change the amount of a claim.", "update amount only auditor"),
        ("Employees cannot approve claims.", "*->approved only manager"),
    ] {
        assert_eq!(short(sentence), expected, "{sentence}");
    }
}

#[test]
fn what_a_change_needs() {
    for (sentence, expected) in [
        ("A reason must be given when rejecting a claim.", "*->rejected needs rejection_reason"),
        ("On rejection, a rejection reason is mandatory.", "*->rejected needs rejection_reason"),
        (
            "Before a claim can be rejected, the rejection reason must be filled in.",
            "*->rejected needs rejection_reason",
        ),
        ("Submitting a claim requires at least one receipt.", "requires"),
        ("A claim without receipts cannot be submitted.", "requires"),
    ] {
        assert_eq!(short(sentence), expected, "{sentence}");
    }
}

#[test]
fn what_is_frozen() {
    let paid = "frozen in [\"paid\"] ";
    for (sentence, expected) in [
        ("Once a claim has been paid it is read-only.", paid),
        ("After paying, a claim cannot be modified.", paid),
        ("Nobody may change a paid claim.", paid),
        ("No changes are allowed to a paid claim.", paid),
        ("Paid claims must stay as they are.", paid),
        ("Claims are editable only in draft.", "frozen not_in [\"draft\"] "),
        (
            "A paid claim cannot be changed, except for its title.",
            "frozen in [\"paid\"] employee_id+amount+rejection_reason",
        ),
        ("Once a claim is paid, its title and amount are frozen.", "frozen in [\"paid\"] title+amount"),
    ] {
        assert_eq!(short(sentence), expected, "{sentence}");
    }
}

#[test]
fn which_ways_there_are() {
    for (sentence, expected) in [
        ("A rejected claim can be submitted again or written off.", "rejected->submitted rejected->written off"),
        (
            "Claims can be written off until they are paid.",
            "approved->written off submitted->written off draft->written off",
        ),
        ("Allowed changes: rejected to draft, draft to written off.", "rejected->draft draft->written off"),
        ("paid -> written off (auditors only)", "paid->written off"),
        ("A paid claim cannot be approved again.", ""),
    ] {
        assert_eq!(ways(sentence), expected, "{sentence}");
    }
}

#[test]
fn states_that_nothing_connects_may_follow_each_other() {
    let read = read(
        "# T\n\n## Booking\n- code (text, required)\n- state: requested / confirmed / checked in\n\n## Rules\n- Only a librarian may check in a booking.\n",
    );
    let flow = read.concepts.entity("booking").unwrap().workflow.as_ref().unwrap();
    assert_eq!((flow.field.as_str(), flow.initial.as_str(), flow.transitions.len()), ("state", "requested", 6));
    assert!(
        !read.concepts.rules.iter().any(|rule| matches!(rule.demand, maestro_artifacts::RuleKind::Transitions { .. }))
    );
    assert!(read.items.iter().all(|item| matches!(item.understanding, Understanding::Rules { .. })));
}
