//! Keys that are inspected and things that are found: what epics that nobody had seen before say of them.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

const ROUNDS: &str = "# Rounds\n\n## Roles\n\n- Clerk\n- Supervisor\n\n## Sites\n\n- name (required, unique)\n- level (whole number)\n- \
    opened on (date)\n- closed on (date)\n\n## Keys\n\n- code (required, unique)\n- site (reference to site, required)\n\n## Inspectors\n\n- \
    name (required, unique)\n- clearance (whole number)\n\n## Inspections\n\nAn inspection is of one key by one inspector. It has a time \
    (date-time, required), a remark (text), a contact (text), minutes (whole number), a cost (money) and a status (planned, done, \
    dropped). A new inspection is planned. A planned inspection can be done or dropped.\n\n";

fn with(sentence: &str) -> Requirements {
    read(&format!("{ROUNDS}{sentence}\n"))
}

/// The rules of one sentence more, as JSON.
fn said(sentence: &str) -> String {
    rules_as_json(&with(sentence), sentence)
}

fn kind(read: &Requirements, entity: &str, field: &str) -> FieldKind {
    read.concepts.field(entity, field).unwrap().kind.clone()
}

#[test]
fn limits_a_day() {
    let quota = |by: &str, most: u32| {
        format!(r#"{{"kind":"quota","entity":"inspection","by":["{by}","time"],"most":{most},"when":[]}}"#)
    };
    for sentence in [
        "An inspector can do at most 6 inspections a day.",
        "An inspector has at most 6 inspections a day.",
        "An inspector may not have more than 6 inspections on the same day.",
        "No more than 6 inspections per inspector per day are allowed.",
        "There may be at most 6 inspections per inspector and day.",
    ] {
        assert_eq!(said(sentence), quota("inspector_id", 6), "{sentence}");
    }
    for sentence in ["A key can be inspected only once a day.", "Each key is inspected at most once per day."] {
        assert_eq!(said(sentence), quota("key_id", 1), "{sentence}");
    }
    let dropped = said("An inspector can have at most 4 inspections per day; dropped inspections do not count.");
    assert!(
        dropped.contains(r#""most":4,"when":[{"test":"not_in","field":"status","values":["dropped"]}]"#),
        "{dropped}"
    );
    // Days are unique where fields are days.
    let read = read(
        "# T\n\n- A member has a name.\n- A visit belongs to a member and has a date.\n- A member can have only one visit per day.\n",
    );
    let unique = |rule: &RuleKind| matches!(rule, RuleKind::Unique { fields, .. } if fields == &["member_id", "date"]);
    assert!(read.concepts.rules.iter().any(|rule| unique(&rule.demand)), "{:?}", read.concepts.rules);
}

#[test]
fn ways_over_two_references() {
    assert_eq!(
        said("The clearance of the inspector must be at least the level of the key's site."),
        r#"{"kind":"requires","entity":"inspection","at":{"moment":"save"},"condition":[{"test":"compare","via":"inspector_id","field":"clearance","op":"ge","to":{"of":"referenced","via":"key_id.site_id","field":"level","plus":0}}]}"#
    );
    assert_eq!(
        said("The time of an inspection must not be before the site was opened."),
        r#"{"kind":"compare","entity":"inspection","field":"time","op":"ge","to":{"of":"referenced","via":"key_id.site_id","field":"opened_on","plus":0},"when":[],"on_create":false}"#
    );
    assert_eq!(
        said("No inspections can be made for keys of a site that is closed, i.e. has a closed on date."),
        r#"{"kind":"requires","entity":"inspection","at":{"moment":"create"},"condition":[{"test":"empty","via":"key_id.site_id","field":"closed_on"}]}"#
    );
}

#[test]
fn one_of_two_will_do() {
    let either = r#"{"kind":"required_when","entity":"inspection","field":"contact","when":[{"test":"empty","field":"remark"}]}"#;
    for sentence in [
        "An inspection must have a remark or a contact.",
        "An inspection needs either a remark or a contact.",
        "An inspection must have at least a remark or a contact.",
        "An inspection with neither remark nor contact is refused.",
        "An inspection without remark and without contact is refused.",
    ] {
        assert_eq!(said(sentence), either, "{sentence}");
    }
}

#[test]
fn what_a_change_asks_for_is_not_asked_for_always() {
    let needs =
        r#"{"kind":"transition_requires","entity":"inspection","from":null,"to":"dropped","fields":["remark"]}"#;
    let told = said("Only supervisors may drop inspections, and a remark must be filled in.");
    assert!(told.contains(needs) && !told.contains(r#""kind":"required""#), "{told}");
    let read = read(
        "# T\n\n- An order has a number, a note and a status (open, sent, closed).\n- A line belongs to an order.\n- An order needs a note and at least 2 lines before it can be closed.\n",
    );
    let required = |rule: &RuleKind| matches!(rule, RuleKind::Required { field, .. } if field == "note");
    assert!(!read.concepts.rules.iter().any(|rule| required(&rule.demand)), "{:?}", read.concepts.rules);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert!(
        said("An inspection may not be done after the closed on date of the site.")
            .contains(r#"{"moment":"transition","to":"done"}"#)
    );
}

#[test]
fn what_is_new_is_no_kind_of_its_own() {
    for sentence in ["A new inspection has the status planned.", "A new site has a level."] {
        let read = with(sentence);
        let names: Vec<&str> = read.concepts.entities.iter().map(|entity| entity.key.as_str()).collect();
        assert_eq!(names, ["site", "key", "inspector", "inspection"], "{sentence}");
    }
}

#[test]
fn who_may_not_is_barred_alone() {
    assert_eq!(
        said("Clerks may not delete inspections."),
        r#"{"kind":"action_barred","entity":"inspection","action":"delete","fields":[],"roles":["clerk"]}"#
    );
}

#[test]
fn sums_that_a_verb_tells() {
    let sum = |field: &str, most: &str| {
        format!(
            r#"{{"kind":"capacity","parent":"inspector","child":"inspection","via":"inspector_id","measure":{{"measure":"sum","field":"{field}"}},"op":"le","limit":{{"of":"value","value":{most}}},"when":[]}}"#
        )
    };
    assert_eq!(
        said("The inspections of an inspector may not take more than 480 minutes in total."),
        sum("minutes", "480")
    );
    assert_eq!(said("The inspections of an inspector can't cost more than 500 in total."), sum("cost", r#""500.00""#));
}

#[test]
fn types_that_are_said_weigh_more_than_names() {
    let read = read(
        "# T\n\n## Cuppings\n\n- A cupping has a taster, a score, a position and notes.\n- The score is a decimal number between 0 and 100.\n- \
         The position shall be at least 1, and no two cuppings shall have the same position.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(kind(&read, "cupping", "score"), FieldKind::Decimal);
    assert_eq!(kind(&read, "cupping", "position"), FieldKind::Integer);
    let read = self::read(
        "# T\n\nA session has a target, a start and an end, each with date and time, and optional remarks.\n",
    );
    assert_eq!(kind(&read, "session", "target"), FieldKind::Text { long: false });
    assert_eq!(kind(&read, "session", "start"), FieldKind::DateTime);
}

#[test]
fn a_list_of_fields_is_of_what_is_spoken_of() {
    let read = read(
        "# T\n\n### Auction\n\n| Field | Type |\n|---|---|\n| title | text |\n| auction day | date |\n\n### Lot\n\nA lot belongs to an \
         auction. It has a lot number, a title and a price. The auction, the lot number, the title and the price are required.\n",
    );
    let required: Vec<String> = read
        .concepts
        .rules
        .iter()
        .filter_map(|rule| match &rule.demand {
            RuleKind::Required { entity, field } => Some(format!("{entity}.{field}")),
            _ => None,
        })
        .collect();
    assert_eq!(required, ["lot.auction_id", "lot.lot_number", "lot.title", "lot.price"]);
}

#[test]
fn examples_show_rules_that_go_their_way() {
    let read = read(
        "# T\n\n## Absences\n\nAn absence has a name, a code, a start (date) and an end (date).\n\n- The end must be at most 60 days after the \
         start.\n- The start must be at most 14 days ahead.\n- No two absences may have the same name and code.\n\n## Criteria\n\n- Given an \
         absence, when its end is before its start, then it is refused.\n- When an absence with a start before today is created, then it is \
         refused.\n- Given an absence with the name \"A\", when another absence with the name \"A\" is created, then it is refused.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let rules: Vec<String> =
        read.concepts.rules.iter().map(|rule| serde_json::to_string(&rule.demand).unwrap()).collect();
    for expected in [
        r#""field":"end","op":"ge","to":{"of":"field","field":"start","plus":0}"#,
        r#""field":"start","op":"ge","to":{"of":"today","plus_days":0}"#,
        r#"{"kind":"unique","entity":"absence","fields":["name"]"#,
    ] {
        assert!(rules.iter().any(|rule| rule.contains(expected)), "{expected}: {rules:#?}");
    }
}

#[test]
fn states_of_two_words_are_not_parted() {
    let read = read(
        "# T\n\n## Order\n\n| field | type |\n|---|---|\n| number | text |\n| state | received, in work, on hold, certified, rejected |\n\n## \
         Rules\n\n- The state of an order goes from received to in work, from in work to on hold, certified or rejected, and from on hold \
         back to in work.\n",
    );
    assert_eq!((read.contradictions.len(), unknowns(&read)), (0, Vec::new()));
    let flow = read.concepts.entity("order").unwrap().workflow.clone().unwrap();
    assert_eq!(flow.transitions.len(), 5);
}

#[test]
fn what_it_becomes_is_a_state_though_others_refer_to_it() {
    let read = read(
        "# T\n\n### Lot\n\nA lot has a title and a state.\n\n### Bid\n\nA bid is placed on a lot by a bidder. It has an amount.\n\n## Rules\n\n- A lot is \
         catalogued at first. A catalogued lot becomes sold, unsold or withdrawn.\n- A lot can only be sold with a title.\n- An auction needs nothing.\n",
    );
    let lot = read.concepts.entity("lot").unwrap();
    let states = lot.workflow.clone().unwrap().states;
    assert_eq!(states, ["catalogued", "sold", "unsold", "withdrawn"]);
    assert!(lot.fields.iter().all(|field| !field.key.contains("becomes")), "{:?}", lot.fields);
}

#[test]
fn choices_may_be_called_like_types_and_numbers() {
    let read = read(
        "# T\n\n## Races\n\nA race has a number, a boat class (single, double, four or eight), a start time with date and a fee.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let class = FieldKind::Enum { values: ["single", "double", "four", "eight"].map(str::to_owned).to_vec() };
    assert_eq!(kind(&read, "race", "boat_class"), class);
    assert_eq!(kind(&read, "race", "start_time"), FieldKind::DateTime);
}

#[test]
fn ways_and_lists_told_in_other_words() {
    let text = "# T\n\n## Orders\n\n- number (text, required)\n- technician (text)\n- received on (date)\n- state: received, in work, on hold, \
                certified\n\n";
    for (sentence, expected) in [
        (
            "The list shows the latest orders first, 50 orders per page.",
            r#""sort":[{"field":"received_on","descending":true}],"page_size":50"#,
        ),
        ("Orders: searchable by number and technician; sorted by number; page size 40", r#""page_size":40"#),
        (
            "Orders can be filtered by the period in which they were received.",
            r#"{"kind":"filter","entity":"order","field":"received_on"}"#,
        ),
        ("The system shall export orders as CSV for the auditors.", r#"{"kind":"csv","entity":"order"}"#),
        ("When an order is certified, the technician must be entered.", r#""to":"certified","fields":["technician"]"#),
        (
            "The number and the technician shall be mandatory, as shall the received on date.",
            r#"{"kind":"required","entity":"order","field":"received_on"}"#,
        ),
        ("A certified order cannot be changed; neither can a received one.", r#""values":["received"]"#),
    ] {
        let read = self::read(&format!("{text}{sentence}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        let rules: Vec<String> =
            read.concepts.rules.iter().map(|rule| serde_json::to_string(&rule.demand).unwrap()).collect();
        assert!(rules.iter().any(|rule| rule.contains(expected)), "{sentence}: {rules:#?}");
    }
    let read = self::read(&format!(
        "{text}The following status changes shall be allowed: received to in work, in work to on hold, and received, on hold or in work to certified.\n"
    ));
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let flow = read.concepts.entity("order").unwrap().workflow.clone().unwrap();
    let ways: Vec<String> = flow.transitions.iter().map(|way| format!("{}->{}", way.from, way.to)).collect();
    assert_eq!(
        ways,
        ["received->in work", "in work->on hold", "received->certified", "on hold->certified", "in work->certified"]
    );
}

#[test]
fn reasons_say_who_alone_may() {
    let read = read(
        "# T\n\nA handover has:\n- remark (text)\n- status (issued, returned, lost)\n\nScenario: a\nGiven a handover with status issued\nWhen a \
         porter sets the status to lost\nThen the request is refused because only security officers may do that\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let role = |rule: &RuleKind| matches!(rule, RuleKind::TransitionRole { to, roles, .. } if to == "lost" && roles == &["security officer"]);
    assert!(read.concepts.rules.iter().any(|rule| role(&rule.demand)), "{:?}", read.concepts.rules);
}

#[test]
fn clauses_behind_others_keep_their_subjects() {
    let text = "# T\n\n## Households\n\n- name (text)\n- valid until (date)\n\n## Parcels\n\n- household (reference to household, required)\n- handed \
                out on (date)\n- planned for (date)\n- status: open, packed, paid\n\n## Horses\n\n- name (text)\n- household (reference to \
                household)\n\n## Parcels and horses\n\n";
    for (sentence, expected) in [
        (
            "Only officers can pack a parcel; only accountants can mark it as paid.",
            r#""to":"paid","roles":["accountant"]"#,
        ),
        (
            "A parcel may not be handed out after the valid until date of the household.",
            r#""field":"handed_out_on","op":"le","to":{"of":"referenced","via":"household_id","field":"valid_until","plus":0}"#,
        ),
        (
            "A parcel cannot be planned for a date after the valid until date of the household.",
            r#""field":"planned_for","op":"le","to":{"of":"referenced","via":"household_id","field":"valid_until","plus":0}"#,
        ),
        (
            "A household cannot have two horses of the same name.",
            r#"{"kind":"unique","entity":"horse","fields":["household_id","name"]"#,
        ),
        (
            "A household has a contact, an amount and a limit; all three are required.",
            r#"{"kind":"required","entity":"household","field":"limit"}"#,
        ),
    ] {
        let read = read(&format!("{text}{sentence}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        let rules: Vec<String> =
            read.concepts.rules.iter().map(|rule| serde_json::to_string(&rule.demand).unwrap()).collect();
        assert!(rules.iter().any(|rule| rule.contains(expected)), "{sentence}: {rules:#?}");
    }
}

#[test]
fn bounds_of_two_together_bound_neither_alone() {
    let text = "# T\n\n## Matches\n\nA match has a title, home points (integer) and away points (integer).\n\n";
    for sentence in [
        "Together, home points and away points may not exceed 8.",
        "Home points plus away points must be at most 8.",
        "The higher of home points and away points must be at most 8.",
    ] {
        let read = read(&format!("{text}{sentence}\n"));
        assert_eq!(unknowns(&read).len(), 1, "{sentence}");
        let keys: Vec<&str> = read.concepts.entities[0].fields.iter().map(|field| field.key.as_str()).collect();
        assert_eq!(keys, ["title", "home_points", "away_points"], "{sentence}");
    }
}

#[test]
fn what_is_told_of_one_way_or_one_moment_is_not_told_of_all() {
    let listed = |text: &str| unknowns(&read(text)).len();
    let batch = "# T\n\nA batch has a code, a deposit (money, at least 0) and a status.\n\nStatus: open -> running -> broken.\n\n";
    let both = read(&format!(
        "{batch}- Only the office may change a batch from open to running and from running to broken.\n"
    ));
    assert_eq!(unknowns(&both), Vec::<String>::new());
    for (from, to) in [("open", "running"), ("running", "broken")] {
        let way = |rule: &RuleKind| matches!(rule, RuleKind::TransitionRole { from: Some(one), to: other, .. } if one == from && other == to);
        assert!(both.concepts.rules.iter().any(|rule| way(&rule.demand)), "{from}: {:?}", both.concepts.rules);
    }
    assert_eq!(listed(&format!("{batch}- Running needs a deposit of at least 50.\n")), 1);
    assert_eq!(listed(&format!("{batch}- Only the office may change a batch from open to running.\n")), 0);
    // The end before the start is no overlap.
    let read = read(
        "# T\n\nCrane\n- name: text, required\n\nHire\n- crane: reference to crane, required\n- from: date, required\n- to: date, required\n\n## \
         Rules\n\n- Hires of the same crane must not overlap.\n- When a hire is created whose to is before its from, then it is refused.\n",
    );
    let ends = |rule: &RuleKind| matches!(rule, RuleKind::Compare { field, .. } if field == "to");
    assert!(read.concepts.rules.iter().any(|rule| ends(&rule.demand)), "{:?}", read.concepts.rules);
}

#[test]
fn ranges_of_years_are_kept_and_nouns_may_look_like_plurals() {
    let read = read(
        "# T\n\n### Boat\n\n| Field | Type | Constraints |\n|---|---|---|\n| name | text | |\n| built in | integer | 1900-2100 |\n",
    );
    let range = |rule: &RuleKind| matches!(rule, RuleKind::Range { min: Some(min), max: Some(max), .. } if min == "1900" && max == "2100");
    assert!(read.concepts.rules.iter().any(|rule| range(&rule.demand)), "{:?}", read.concepts.rules);
    let read = self::read(
        "# T\n\nEach premises has a name and a contract end date.\n\nThe system shall store for each treatment the premises, an agent and a \
         planned date.\n",
    );
    assert!(read.concepts.field("treatment", "premises_id").is_some(), "{:?}", read.concepts.entities);
}

#[test]
fn how_long_something_lasts_in_other_words() {
    let text = "# T\n\n## Presses\n\n- name (text)\n\n## Press runs\n\n- press (reference to press, required)\n- starts at (date and time, \
                required)\n- ends at (date and time, required)\n\n## Criteria\n\n";
    let lasts = r#""field":"ends_at","op":"le","to":{"of":"field","field":"starts_at","plus":0,"plus_minutes":720}"#;
    for sentence in [
        "A press run of more than 12 hours is refused.",
        "When a press run of more than 12 hours is planned, then the request is refused.",
        "A press run may cover no more than 12 hours.",
    ] {
        let read = read(&format!("{text}- {sentence}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        let rules: Vec<String> =
            read.concepts.rules.iter().map(|rule| serde_json::to_string(&rule.demand).unwrap()).collect();
        assert!(rules.iter().any(|rule| rule.contains(lasts)), "{sentence}: {rules:#?}");
    }
}
