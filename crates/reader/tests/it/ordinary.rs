//! A boat hire: what requirement documents say of it in the words that most of them use.

use super::{read, rules_as_json, unknowns, whole};
use maestro_artifacts::Requirements;

const HIRE: &str = "# Boat hire\n\nAs an office clerk, I want to see the boats, so that I know them.\n\n## Data\n\nThe system shall store \
    boats with a number, a kind of mooring, a length in metres and a daily rate. The kind of mooring is office, pier or \
    buoy. The length is a decimal number.\n\nA skipper has a name, an e-mail address and a date of birth.\n\nA hire is for one boat and \
    one skipper and has a delivery date, a planned return date, an actual return date, a deposit, a note and a number of people. \
    The planned return date must be after the delivery date.\n\nA service call belongs to a hire and has a kind (engine, hull or \
    sail), a call date and a cost.\n\n## Steps\n\nA hire starts as ordered. It moves from ordered to running or cancelled, and from running to \
    closed.\n\n## Further rules\n\n";

fn with(sentence: &str) -> Requirements {
    read(&format!("{HIRE}{sentence}\n"))
}

/// The rules of one sentence more, as JSON.
fn said(sentence: &str) -> String {
    rules_as_json(&with(sentence), sentence)
}

#[track_caller]
fn all_say(rule: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert_eq!(said(sentence), rule, "{sentence}");
    }
}

/// Sentences that look alike and say something that is not understood.
#[track_caller]
fn listed(sentences: &[&str]) {
    for sentence in sentences {
        assert_ne!(unknowns(&with(sentence)), Vec::<String>::new(), "{sentence}");
    }
}

#[test]
fn epics_of_a_product_owner_are_read_whole() {
    for (name, kinds) in [("studio.md", 4), ("tyres.md", 4), ("skips.md", 4), ("storage.md", 4)] {
        let read = whole(name);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{name}: {:#?}", read.unknown().collect::<Vec<_>>());
        assert_eq!(read.concepts.entities.len(), kinds, "{name}");
    }
}

#[test]
fn a_role_may_be_called_like_a_value() {
    all_say(
        r#"{"kind":"transition_role","entity":"hire","from":null,"to":"running","roles":["office clerk"]}"#,
        &[
            "Only office clerks can set a hire to running.",
            "Office clerks and nobody else may set a hire to running.",
            "The status running may only be set by office clerks.",
        ],
    );
    listed(&[
        "Only office boats can be set to running.",
        "Office clerks and the skipper's friends may not set a hire to running.",
    ]);
}

#[test]
fn what_was_planned_is_the_time_that_a_record_takes() {
    all_say(
        r#"{"kind":"no_overlap","entity":"hire","start":"delivery_date","end":"planned_return_date","by":["boat_id"],"when":[]}"#,
        &[
            "In one boat there can never be two hires at the same time.",
            "The system shall reject a hire if the same boat is already hired out in an overlapping period.",
            "The system shall refuse a hire if the boat is already taken in that period.",
            "A hire is refused if it overlaps another hire of the same boat.",
            "The same boat cannot be double-booked.",
            "A boat cannot be hired out twice at the same time.",
            "Two hires for the same boat must not overlap in time (delivery date to planned return date).",
        ],
    );
    all_say(
        r#"{"kind":"no_overlap","entity":"hire","start":"delivery_date","end":"planned_return_date","by":["boat_id"],"when":[{"test":"not_in","field":"status","values":["cancelled"]}]}"#,
        &["In one boat there can never be two hires at the same time, except that cancelled hires are ignored."],
    );
    all_say(
        r#"{"kind":"compare","entity":"hire","field":"planned_return_date","op":"le","to":{"of":"field","field":"delivery_date","plus":60},"when":[],"on_create":false}"#,
        &["A hire shall not last longer than 60 days.", "A hire can last at most 60 days."],
    );
    // No state is made of what does not count.
    let read = with("Cancelled hires shall be disregarded.");
    assert_ne!(unknowns(&read), Vec::<String>::new());
    let text = format!("{HIRE}Two hires of the same boat must not overlap. Cancelled hires shall be disregarded.\n");
    assert_eq!(unknowns(&crate::read(&text)), Vec::<String>::new());
    listed(&["The same boat cannot be repainted twice.", "A hire is refused if it overlaps the holidays."]);
}

#[test]
fn what_exists_protects() {
    all_say(
        r#"{"kind":"no_delete","entity":"boat","when":[{"test":"children","child":"hire","via":"boat_id","when":[],"measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#,
        &[
            "A boat for which hires exist cannot be deleted.",
            "A boat for which there are hires shall not be deleted.",
            "The system shall refuse to delete a boat for which hires exist.",
            "Hires must not be lost: a boat that still has hires cannot be deleted.",
        ],
    );
    all_say(
        r#"{"kind":"no_delete","entity":"boat","when":[{"test":"children","child":"hire","via":"boat_id","when":[],"measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]} & {"kind":"no_delete","entity":"skipper","when":[{"test":"children","child":"hire","via":"skipper_id","when":[],"measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#,
        &["The system shall refuse to delete a boat or a skipper for which hires exist."],
    );
    listed(&[
        "A boat for which hires exist cannot be repainted.",
        "Boats must not be lost: the crew is always on board.",
    ]);
}

#[test]
fn a_reference_must_exist() {
    all_say(
        r#"{"kind":"has_field","entity":"hire","field":"boat_id"}"#,
        &[
            "Trying to plan a hire for a boat that does not exist is rejected.",
            "A hire for an unknown boat is rejected.",
            "A hire cannot be created for a boat that does not exist.",
            "Booking a hire for a non-existing boat is refused.",
        ],
    );
    all_say(
        r#"{"kind":"has_field","entity":"hire","field":"boat_id"} & {"kind":"required","entity":"hire","field":"boat_id"}"#,
        &["A hire needs an existing boat."],
    );
    all_say(
        r#"{"kind":"required","entity":"hire","field":"boat_id"}"#,
        &["Hires can only be planned for existing boats."],
    );
}

#[test]
fn a_record_is_kept_in_another() {
    all_say(
        r#"{"kind":"has_field","entity":"skipper","field":"boat_id"}"#,
        &[
            "Each skipper may be kept in a boat.",
            "A skipper can be placed in a boat.",
            "A skipper may belong to a boat.",
            "A skipper optionally refers to a boat.",
        ],
    );
}

#[test]
fn no_two_of_a_kind() {
    all_say(
        r#"{"kind":"unique","entity":"skipper","fields":["e_mail_address"],"when":[],"ignore_case":false}"#,
        &[
            "Two skippers cannot be registered with the same e-mail address.",
            "Two skippers may not register with the same e-mail address.",
            "No e-mail address may be used by more than one skipper.",
            "An e-mail address belongs to one skipper only.",
        ],
    );
    all_say(
        r#"{"kind":"unique","entity":"service_call","fields":["hire_id","kind"],"when":[],"ignore_case":false}"#,
        &[
            "The same kind of service call can only be entered once for each hire.",
            "The same kind of service call can be added only once to each hire.",
            "A hire may have only one service call of each kind.",
        ],
    );
    listed(&["Two skippers cannot be registered on the same day of the week."]);
}

#[test]
fn what_a_change_needs() {
    all_say(
        r#"{"kind":"transition_requires","entity":"hire","from":null,"to":"closed","fields":["actual_return_date"]}"#,
        &[
            "The actual return date shall be required for the change to closed.",
            "For the change to closed, the actual return date is mandatory.",
        ],
    );
    all_say(
        r#"{"kind":"requires","entity":"hire","at":{"moment":"transition","to":"running"},"condition":[{"test":"compare","field":"deposit","op":"ge","to":{"of":"value","value":"20.00"}}]}"#,
        &[
            "A hire with a deposit below 20 euros cannot be set to running.",
            "A hire with a deposit under 20 euros cannot become running.",
        ],
    );
}

#[test]
fn forms_and_texts() {
    all_say(
        r#"{"kind":"pattern","entity":"boat","field":"number","regex":"SK-[0-9]{4}"}"#,
        &[
            "The number of a boat shall have the format SK-9999, where 9 stands for any digit.",
            "The number of a boat must match the pattern SK-9999 (where each 9 is a digit).",
        ],
    );
    all_say(
        r#"{"kind":"compare","entity":"skipper","field":"date_of_birth","op":"le","to":{"of":"today","plus_days":0,"plus_months":-216},"when":[],"on_create":false}"#,
        &["A skipper must be 18 or older."],
    );
}

#[test]
fn totals_over_two_references() {
    all_say(
        r#"{"kind":"totals","entity":"service_call","by":["hire_id","boat_id"],"measures":[{"measure":"sum","field":"cost"}]}"#,
        &[
            "The system shows the total cost of service calls by boat.",
            "The system shall provide the total cost of service calls per boat.",
        ],
    );
    all_say(
        r#"{"kind":"totals","entity":"hire","by":["boat_id","kind_of_mooring"],"measures":[]}"#,
        &["The system shall provide the number of hires per kind of mooring of the boat."],
    );
    all_say(
        r#"{"kind":"csv","entity":"boat"} & {"kind":"csv","entity":"hire"}"#,
        &["The system shall provide an export of boats and hires in CSV format."],
    );
}

#[test]
fn between_two_days_of_another_record() {
    all_say(
        r#"{"kind":"compare","entity":"service_call","field":"call_date","op":"ge","to":{"of":"referenced","via":"hire_id","field":"delivery_date","plus":0},"when":[],"on_create":false} & {"kind":"compare","entity":"service_call","field":"call_date","op":"le","to":{"of":"referenced","via":"hire_id","field":"planned_return_date","plus":0},"when":[],"on_create":false}"#,
        &[
            "The call date must fall between the delivery date and the planned return date of the hire.",
            "The call date must not be before the delivery date or after the planned return date of the hire.",
        ],
    );
    listed(&["The call date must fall between two tides of the hire."]);
}

#[test]
fn lists_of_reports_are_no_fields() {
    let text = format!(
        "{HIRE}## Reports\n\n1. Report: number of hires per status.\n2. Report: total cost of service calls per kind.\n"
    );
    let read = crate::read(&text);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let totals = read.concepts.rules.iter().filter(|rule| format!("{:?}", rule.demand).starts_with("Totals"));
    assert_eq!(totals.count(), 2);
}

#[test]
fn a_document_may_say_shall_and_must_of_what_a_record_has() {
    let fields = |text: &str| {
        let read = crate::read(&format!("# T\n\n{text}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{text}");
        let required = read.concepts.rules.iter().filter(|rule| format!("{:?}", rule.demand).starts_with("Required"));
        let named = read.concepts.entities.iter().map(|entity| format!("{}: {}", entity.key, entity.fields.len()));
        (named.collect::<Vec<_>>().join(", "), required.count())
    };
    assert_eq!(fields("A repair shall have a ticket number and a colour."), ("repair: 2".to_owned(), 0));
    assert_eq!(fields("A repair must have a ticket number and a colour."), ("repair: 2".to_owned(), 2));
    assert_eq!(
        fields(
            "Drills and saws are recorded as power tools with a number, a weight as a decimal number and a free text for special care."
        ),
        ("power_tool: 3".to_owned(), 0)
    );
    assert_eq!(fields("An artist has a stage name, a contact person and a website."), ("artist: 3".to_owned(), 0));
}

#[test]
fn how_many_decimals_there_may_be() {
    let places = |places: u32| format!(r#"{{"kind":"places","entity":"boat","field":"length","places":{places}}}"#);
    all_say(
        &places(1),
        &[
            "The length of a boat has at most one decimal place.",
            "The length is given with one decimal place.",
            "The length of a boat must not have more than 1 decimal.",
        ],
    );
    all_say(&places(2), &["The length of a boat is stored with up to two decimal places."]);
    let told = "{\"kind\":\"places\",\"entity\":\"raft\",\"field\":\"weight\",\"places\":3}";
    for sentence in [
        "A raft has a weight with up to three decimal places and a colour.",
        "A raft has a weight in tonnes as a decimal number with up to three decimal places and a colour.",
        "A raft has a weight (decimal, three decimal places) and a colour.",
    ] {
        assert!(said(sentence).contains(told), "{sentence}: {}", said(sentence));
    }
    listed(&[
        "The length of a boat must have at least two decimal places.",
        "The number of people must have at most two decimal places.",
        "The length of a boat has at most two harbours.",
    ]);
}

#[test]
fn what_stands_in_short_lines_is_demanded() {
    let text = format!(
        "{HIRE}## More\n\nBoat: delete only by harbour masters\n\nBoat with hires: no delete\n\nHire: filters: status, boat\n\n\
         ## Flow\n\nService call: new -> done\nSkipper: asked -> booked\n"
    );
    let read = crate::read(&text);
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    let rules: Vec<String> =
        read.concepts.rules.iter().map(|rule| serde_json::to_string(&rule.demand).unwrap()).collect();
    for rule in [
        r#""kind":"action_role","entity":"boat","action":"delete""#,
        r#""kind":"no_delete","entity":"boat""#,
        r#""kind":"filter","entity":"hire","field":"status""#,
        r#""kind":"transitions","entity":"skipper""#,
    ] {
        assert!(rules.iter().any(|said| said.contains(rule)), "{rule}: {rules:#?}");
    }
}

#[test]
fn a_life_told_in_a_document() {
    let read = crate::read(
        "# Estate agent\n\nThe system shall manage properties with the attributes number, sale price (money) and notary date (date).\n\n\
         A property is in preparation, on the market, reserved or sold. A new property is in preparation.\n\n## Flow\n\n\
         1. A property moves from in preparation to on the market, from on the market to reserved, and from reserved to sold or on \
         the market.\n\
         2. The change to sold shall require a notary date.\n\
         3. A property can only be set to sold when a sale price and a notary date have been entered.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    let property = read.concepts.entity("property").unwrap();
    let flow = property.workflow.as_ref().unwrap();
    assert_eq!(flow.initial, "in preparation");
    let ways: Vec<String> = flow.transitions.iter().map(|way| format!("{} > {}", way.from, way.to)).collect();
    let told =
        ["in preparation > on the market", "on the market > reserved", "reserved > sold", "reserved > on the market"];
    assert_eq!(ways, told);
    let status = property.fields.iter().find(|field| field.key == "status").unwrap();
    assert_eq!(
        status.kind,
        maestro_artifacts::FieldKind::Enum {
            values: ["in preparation", "on the market", "reserved", "sold"].map(str::to_owned).to_vec()
        }
    );
}

#[test]
fn what_begins_with_the_value_of_a_field() {
    let read = crate::read(
        "# Workshop\n\nAn order has a number. The progress of an order is received, in work or picked up. Orders start with progress \
         received. Progress can go received -> in work -> picked up. Picked-up orders cannot be changed.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    let order = read.concepts.entity("order").unwrap();
    let flow = order.workflow.as_ref().unwrap();
    assert_eq!((flow.field.as_str(), flow.initial.as_str()), ("progress", "received"));
    assert_eq!(order.fields.len(), 2, "{:#?}", order.fields);
}

#[test]
fn children_of_several_kinds_protect() {
    let read = crate::read(
        "# League\n\nA club has a name. A player belongs to a club and has a number. A match belongs to a club and has a date.\n\n\
         A club that has players or matches cannot be deleted.\n\n12 clubs are shown on one page.\n\nMatches are listed by date, newest at the top.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    let kept = read.concepts.rules.iter().filter(|rule| format!("{:?}", rule.demand).starts_with("NoDelete"));
    assert_eq!(kept.count(), 2);
}
