//! The life of records told in prose, and how their fields and states are introduced: what epics that nobody had seen
//! before say of them.

use super::{read, rules_as_json, rules_of, unknowns};
use maestro_artifacts::{FieldKind, Requirements};

const FARM: &str = "# Farm\n\n## Ponds\n\nA pond has a name.\n\n## Batches\n\nA batch is kept in one pond. A batch has a code, a release \
    date, an arrival date, a buyer and a weight.\n\nA feeding belongs to a batch and has an amount.\n\n## Life of a batch\n\n";

const CLAIMS: &str = "# Claims desk\n\n## Roles\n\n- Accountant\n- Clerk\n\n## Claims\n\nA claim has a number, an amount, a paid date and \
    a phase. The phases of a claim are option, confirmed, paid and cancelled. A new claim is an option.\n\n## Rules\n\n";

const MOVED: &str =
    "A claim goes from option to confirmed and from confirmed to paid. From option or confirmed it goes to cancelled.";

/// `field initial: from > to, ...` of the workflow; what was not understood.
fn life(base: &str, text: &str, entity: &str) -> String {
    let read = read(&format!("{base}{text}\n"));
    let flow = read.concepts.entity(entity).and_then(|entity| entity.workflow.as_ref());
    let told = flow.map(|flow| {
        let mut ways: Vec<String> = flow.transitions.iter().map(|way| format!("{} > {}", way.from, way.to)).collect();
        ways.sort();
        format!("{} {}: {}", flow.field, flow.initial, ways.join(", "))
    });
    let clash = if read.contradictions.is_empty() { "" } else { " CONTRADICTION" };
    let unread = unknowns(&read);
    let unread = if unread.is_empty() { String::new() } else { format!(" UNREAD {}", unread.join(" ")) };
    format!("{}{clash}{unread}", told.unwrap_or_default())
}

fn claims(text: &str) -> String {
    life(CLAIMS, text, "claim")
}

/// The rules of one sentence more about claims, as JSON.
fn said(sentence: &str) -> String {
    rules_as_json(&read(&format!("{CLAIMS}{MOVED}\n\n{sentence}\n")), sentence)
}

/// Whether the sentence is listed as not understood.
fn listed(base: &str, sentence: &str) -> bool {
    let read = read(&format!("{base}{sentence}\n"));
    read.unknown().any(|item| item.text == sentence)
}

fn kind(read: &Requirements, entity: &str, field: &str) -> FieldKind {
    read.concepts.field(entity, field).unwrap().kind.clone()
}

#[test]
fn a_life_in_several_sentences() {
    const TOLD: &str =
        "status quarantine: growing > destroyed, growing > sold, quarantine > destroyed, quarantine > growing";
    for text in [
        "Batches begin in quarantine. After quarantine they go to growing, or they are destroyed. Growing batches become sold, or they \
         are destroyed.",
        "A batch starts in quarantine. From quarantine it goes to growing or is destroyed. A growing batch is finally sold or destroyed.",
        "Every batch begins its life in quarantine. It then moves to growing or to destroyed. From growing it moves to sold or destroyed.",
        "New batches enter quarantine. After quarantine, a batch moves on to growing or is destroyed. A growing batch turns into a sold \
         one or is destroyed.",
        "Batches are first in quarantine. They leave quarantine for growing. Batches in growing are later sold. Batches in quarantine or \
         growing can be destroyed.",
        "A batch is created in quarantine. It can be moved from quarantine to growing, and from growing to sold. From quarantine or growing \
         it can be moved to destroyed.",
    ] {
        assert_eq!(life(FARM, text, "batch"), TOLD, "{text}");
    }
    assert_eq!(
        life(
            FARM,
            "Batches begin in quarantine. After quarantine they go to growing. Growing batches become ready for sale. Batches that are \
             ready for sale are finally sold. The field is called stage.",
            "batch"
        ),
        "stage quarantine: growing > ready for sale, quarantine > growing, ready for sale > sold"
    );
}

#[test]
fn no_life() {
    for sentence in [
        "Batches begin in spring.",
        "Batches go to the market.",
        "Batches become older.",
        "Growing batches are fed daily.",
        "After quarantine they are happy.",
        "The feeding starts in the morning.",
    ] {
        assert!(listed(FARM, sentence), "{sentence}");
    }
}

#[test]
fn ways_between_known_states() {
    const TOLD: &str = "phase option: confirmed > cancelled, confirmed > paid, option > cancelled, option > confirmed";
    for text in [
        "It shall be possible to change the phase from option to confirmed, from confirmed to paid, and from option or confirmed to \
         cancelled.",
        "Users can move a claim from option to confirmed, from confirmed to paid, and from option or confirmed to cancelled.",
        "An option can become confirmed or cancelled, and a confirmed claim paid or cancelled.",
        "From option a claim goes to confirmed. A confirmed claim is paid in the end. Cancelled is possible from every phase except paid.",
        "Claims move from option through confirmed to paid. Claims can be cancelled from any phase other than paid.",
        "It is possible to cancel a claim from every phase except paid. Claims go from option to confirmed and then to paid.",
        "The phase changes from option to confirmed and from there to paid. Every claim that is not paid can be cancelled.",
        "Option leads to confirmed, confirmed leads to paid, and option and confirmed lead to cancelled.",
        "After option comes confirmed or cancelled, after confirmed comes paid or cancelled.",
        "A claim that is confirmed may become paid or cancelled; one that is an option may become confirmed or cancelled.",
        "Option claims can be marked as confirmed or cancelled. Confirmed claims can be set to paid or cancelled.",
    ] {
        assert_eq!(claims(text), TOLD, "{text}");
    }
    assert_eq!(
        life(
            FARM,
            "A batch has a stage: planned, open, closed or signed. A batch starts planned, goes open, then closed, then signed; a closed one \
             may be reopened.",
            "batch"
        ),
        "stage planned: closed > open, closed > signed, open > closed, planned > open"
    );
    // What does not count is no state.
    assert!(listed(&format!("{CLAIMS}{MOVED}\n\n"), "Cancelled claims shall be disregarded."));
    let two = "phase option: confirmed > paid, option > confirmed";
    for sentence in [
        "A claim goes from either to cancelled.",
        "A claim in option can be confirmed, a confirmed claim can be paid, and both can be cancelled.",
        "Claims may change their owner from time to time.",
    ] {
        let all = claims(&format!("A claim goes from option to confirmed and from confirmed to paid.\n\n{sentence}"));
        assert!(all.starts_with(&format!("{two} UNREAD")), "{sentence}: {all}");
    }
}

#[test]
fn ways_and_who_alone_takes_them() {
    let role = r#"{"kind":"transition_role","entity":"claim","from":"confirmed","to":"option","roles":["accountant"]}"#;
    for sentence in [
        "A claim that is confirmed may be set back to option by the accountant only.",
        "A claim can be returned from confirmed to option only by an accountant.",
        "Confirmed claims can only be moved back to option by an accountant.",
    ] {
        let told = said(sentence);
        assert!(told.contains(role), "{sentence}: {told}");
    }
}

#[test]
fn changes_by_their_noun() {
    let only = r#"{"kind":"transition_role","entity":"claim","from":null,"to":"paid","roles":["accountant"]}"#;
    for sentence in [
        "The change to paid shall be permitted to accountants only.",
        "The change to paid is reserved for accountants.",
        "Moving to paid is permitted only to accountants.",
        "A change of phase to paid is possible for accountants only.",
        "The move of a claim to paid is allowed for accountants only.",
    ] {
        assert_eq!(said(sentence), only, "{sentence}");
    }
    let both = "The change to paid shall be permitted to accountants only and shall require the paid date.";
    let needs = r#"{"kind":"transition_requires","entity":"claim","from":null,"to":"paid","fields":["paid_date"]}"#;
    assert_eq!(said(both), format!("{only} & {needs}"));
    assert_eq!(said("The change to paid requires the paid date."), needs);
    assert_eq!(
        said("The step from confirmed to paid requires the paid date."),
        needs.replace("null", r#""confirmed""#)
    );
    for sentence in [
        "It is not possible to skip a step.",
        "A claim cannot skip a phase.",
        "No phase may be left out.",
        "Nobody may skip a step.",
        "All other changes shall be refused.",
    ] {
        assert_eq!(said(sentence), r#"{"kind":"transitions","entity":"claim"}"#, "{sentence}");
    }
    let base = format!("{CLAIMS}{MOVED}\n\n");
    for sentence in
        ["A claim may skip a phase.", "Steps may be skipped.", "The change is permitted to accountants only."]
    {
        assert!(listed(&base, sentence), "{sentence}");
    }
}

#[test]
fn who_did_it_by_another_name() {
    let base =
        "# T\n\n## Firefighters\n\nA firefighter has a name.\n\n## Pumps\n\nA pump has a name.\n\n## Inspections\n\n";
    for sentence in [
        "An inspection refers to one pump and to the firefighter who carried it out (the inspector).",
        "An inspection belongs to a pump and to the firefighter who did it (the inspector).",
    ] {
        let read = read(&format!("{base}{sentence} An inspection has a date.\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        assert_eq!(
            kind(&read, "inspection", "inspector_id"),
            FieldKind::Reference { entity: "firefighter".to_owned() }
        );
        assert_eq!(kind(&read, "inspection", "pump_id"), FieldKind::Reference { entity: "pump".to_owned() });
    }
}

#[test]
fn the_word_before_a_status_stands_for_its_record() {
    let base = "# T\n\n## Roles\n\n- Commander\n\n## Call-outs\n\nA call-out has a number. The report status of a call-out is open, \
        submitted, approved or returned. It is open at the beginning. The following changes are possible: open to submitted, submitted to \
        approved, submitted to returned, returned to submitted.\n\n";
    let rule = |to: &str| {
        format!(r#"{{"kind":"transition_role","entity":"call_out","from":null,"to":"{to}","roles":["commander"]}}"#)
    };
    for sentence in [
        "Only the commander is allowed to approve or return a report.",
        "Only the commander may approve or return the report of a call-out.",
    ] {
        let told = rules_as_json(&read(&format!("{base}{sentence}\n")), sentence);
        assert_eq!(told, format!("{} & {}", rule("approved"), rule("returned")), "{sentence}");
    }
    assert!(listed(base, "Only the commander may delete a report."));
}

#[test]
fn needs_that_only_one_sentence_names() {
    let sentence = "A claim can only be set to paid when a payment price and a transfer date have been entered.";
    let needs = r#"{"kind":"transition_requires","entity":"claim","from":null,"to":"paid","fields":["payment_price","transfer_date"]}"#;
    assert_eq!(said(sentence), needs);
    let sentence = "A claim must have an approval date before it can move to paid.";
    assert_eq!(said(sentence), needs.replace(r#""payment_price","transfer_date""#, r#""approval_date""#));
    let base = format!("{CLAIMS}{MOVED}\n\n");
    assert!(listed(&base, "For a claim to be paid, a sponsor and a sale price are required."));
}

#[test]
fn values_called_by_a_name() {
    for sentence in [
        "A customer is either a theatre, a school or a private person; we call this the customer type.",
        "A customer is a theatre, a school or a private person; this is called the customer type.",
        "Every customer is either a theatre, a school or a private person, and we call this the customer type.",
    ] {
        let read = read(&format!("# T\n\n## Customers\n\nA customer has a name. {sentence}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        let values = vec!["theatre".to_owned(), "school".to_owned(), "private person".to_owned()];
        assert_eq!(kind(&read, "customer", "customer_type"), FieldKind::Enum { values }, "{sentence}");
    }
    let base = "# T\n\n## Customers\n\nA customer has a name. ";
    assert!(listed(base, "A customer is a private person, a company or a public body."));
}

#[test]
fn what_is_said_of_fields_behind() {
    let base = "# T\n\n## Hires\n\nA hire has a number, a collection date, a return date and a discount in percent. ";
    let of = |sentence: &str| {
        let read = read(&format!(
            "{base}The number is unique. {sentence} The actual return date must not be in the future.\n"
        ));
        rules_as_json(&read, sentence)
    };
    let required = |field: &str| format!(r#"{{"kind":"required","entity":"hire","field":"{field}"}}"#);
    for sentence in ["Both dates are mandatory.", "Both dates must be given.", "Both dates are required."] {
        let told = of(sentence);
        let both = format!("{} & {}", required("collection_date"), required("return_date"));
        assert!(told.ends_with(&both) && !told.contains("actual"), "{sentence}: {told}");
    }
    let sentence = "It is required and unique.";
    let read = read(&format!(
        "# T\n\n## Batches\n\nA batch has a code and a name. The code follows the pattern two capital letters, dash, four digits. {sentence}\n"
    ));
    let code: Vec<String> = rules_of(&read, sentence).iter().map(|rule| serde_json::to_string(rule).unwrap()).collect();
    assert_eq!(code.len(), 2, "{code:?}");
    assert!(code.iter().all(|rule| rule.contains(r#""code""#)), "{code:?}");
}
