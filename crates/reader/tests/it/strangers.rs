//! Sentences of other authors that were once read as something else than a person means.

use super::{read, rules::check, unknowns};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

fn keys(read: &Requirements) -> Vec<&str> {
    read.concepts.entities.iter().map(|entity| entity.key.as_str()).collect()
}

fn fields<'a>(read: &'a Requirements, entity: &str) -> Vec<(&'a str, bool)> {
    let entity = read.concepts.entities.iter().find(|found| found.key == entity).unwrap();
    entity.fields.iter().map(|field| (field.key.as_str(), field.read_only)).collect()
}

#[test]
fn a_list_with_two_dates_is_no_formula() {
    let read = read(
        "# Cases\n\nA case has a title, an opened on date and an ended on date.\n\n\
         Every ticket has a code (required), a bought on date and a used on date.\n\n\
         A supplier has a name and a vat number (format: 2 letters + 9 digits).\n",
    );
    assert_eq!(fields(&read, "case"), [("title", false), ("opened_on", false), ("ended_on", false)]);
    assert!(fields(&read, "ticket").iter().all(|(_, read_only)| !read_only));
    assert!(!read.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Computed { .. })));
    // "2 letters + 9 digits" is a form, and no sum.
    let form = |rule: &maestro_artifacts::Rule| matches!(&rule.demand, RuleKind::Pattern { regex, .. } if regex == "[A-Za-z]{2}[0-9]{9}");
    assert!(read.concepts.rules.iter().any(form));
    assert_eq!(unknowns(&read), Vec::<String>::new());
}

#[test]
fn a_state_that_is_called_like_records_is_one_of_the_others() {
    let read = read(
        "# Papers\n\nA paper has a title. A review belongs to a paper and has a score.\n\n\
         The status of a paper is draft, in review or printed.\n\n\
         A paper moves from draft to in review and from in review to printed.\n",
    );
    let flow = |key: &str| read.concepts.entities.iter().find(|entity| entity.key == key).unwrap().workflow.as_ref();
    assert!(flow("review").is_none());
    let ways: Vec<(&str, &str)> =
        flow("paper").unwrap().transitions.iter().map(|way| (way.from.as_str(), way.to.as_str())).collect();
    assert_eq!(ways, [("draft", "in review"), ("in review", "printed")]);
}

#[test]
fn what_is_done_and_what_is_asked_are_no_records() {
    let read = read(
        "# Desk\n\nFor every course I keep a code, a title and a fee.\n\nSites: A site has a name.\n\n\
         A case has a title. A case is open, approved or closed. An open case becomes approved, an approved case becomes \
         closed.\n\nA closure needs a closing note. An approval needs a reason.\n\n\
         Report how many cases has every course.\n\nCustomer have these informations: name, phone.\n",
    );
    assert_eq!(keys(&read), ["course", "site", "case"]);
    let needs: Vec<&RuleKind> = read
        .concepts
        .rules
        .iter()
        .map(|rule| &rule.demand)
        .filter(|demand| matches!(demand, RuleKind::TransitionRequires { .. }))
        .collect();
    assert_eq!(needs.len(), 2, "{needs:?}");
    // The report and the customers are listed.
    assert_eq!(unknowns(&read).len(), 2, "{:?}", unknowns(&read));
    let fee = read.concepts.field("course", "fee").unwrap();
    assert_eq!(fee.kind, FieldKind::Money);
}

#[test]
fn what_is_said_of_all_lists_or_of_several_things_is_said_of_each() {
    let list = |entity: &str| format!(r#"{{"kind":"list","entity":"{entity}","sort":[],"page_size":50}}"#);
    let csv = |entity: &str| format!(r#"{{"kind":"csv","entity":"{entity}"}}"#);
    check(
        "# Fleet\n\nA van has a plate and a depot name. A trip has a van and a title.\n\n\
         - All lists can be exported as CSV and are paged, 50 per page.\n\
         - Vans can be searched and sorted by plate.\n",
        &[
            ("All lists", &[csv("van"), csv("trip"), list("van"), list("trip")].join(" & ")),
            (
                "Vans can be",
                r#"{"kind":"search","entity":"van","fields":["plate"]} & {"kind":"sort","entity":"van","field":"plate"}"#,
            ),
        ],
        &[],
    );
}

#[test]
fn a_change_of_state_that_nobody_tells_makes_no_other_record() {
    let read = read(
        "# Training\n\nA session has a room and a trainer. A booking is for one session and has a name.\n\n\
         - A session can only be published if the trainer is given.\n",
    );
    assert!(!read.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Requires { .. })));
    assert_eq!(unknowns(&read).len(), 1);
}

#[test]
fn states_are_told_in_sentences_that_go_on() {
    for (text, ways) in [
        (
            "Trips go from planned to under way to finished; a planned trip may be cancelled.",
            "planned>under way under way>finished planned>cancelled",
        ),
        (
            "A trip is first a draft. A draft can be published or called off, and a published trip can be closed or called \
             off.",
            "draft>published draft>called off published>closed published>called off",
        ),
        ("A trip is open, closed or void. Open trips can be closed or voided.", "open>closed open>void"),
    ] {
        let read = read(&format!("# Fleet\n\nA trip has a title. {text}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{text}");
        let flow = read.concepts.entities[0].workflow.as_ref().unwrap();
        let told: Vec<String> = flow.transitions.iter().map(|way| format!("{}>{}", way.from, way.to)).collect();
        assert_eq!(told.join(" "), ways, "{text}");
    }
}

#[test]
fn an_arrow_to_a_kind_of_record_is_no_way_between_states() {
    let read = read(
        "# Hotel\n\nA room has a number. An attendant has a name.\n\n\
         **Cleaning task**: `room` → Room, `attendant` → Attendant (optional)\n",
    );
    assert!(read.concepts.entities.iter().all(|entity| entity.workflow.is_none()));
}

#[test]
fn a_scale_is_told_by_its_ends() {
    let read = read(
        "# Lockers\n\nA locker has a number, a size from S to XL and a rating from A to E.\n\n## Key\n\n- grade: A to C, required\n- mark: text, A-Z\n",
    );
    let values = |entity: &str, field: &str| match &read.concepts.field(entity, field).unwrap().kind {
        FieldKind::Enum { values } => values.join(""),
        other => format!("{other:?}"),
    };
    assert_eq!(values("locker", "size"), "SMLXL");
    assert_eq!(values("locker", "rating"), "ABCDE");
    assert_eq!(values("key", "grade"), "ABC");
    assert_eq!(values("key", "mark"), "Text { long: false }");
}

#[test]
fn whose_a_thing_is_tells_fields_apart() {
    let read = read("# Club\n\nA match has a day, our score and their score.\n\nA player has our jersey and a name.\n");
    assert_eq!(fields(&read, "match"), [("day", false), ("our_score", false), ("their_score", false)]);
    assert_eq!(fields(&read, "player"), [("jersey", false), ("name", false)]);
    assert_eq!(read.concepts.field("match", "our_score").unwrap().kind, FieldKind::Integer);
}

#[test]
fn figures_are_no_kind_of_record() {
    let read = read(
        "# Halls\n\nA hall has a name. A booking has a hall and a price.\n\nFigures:\n- revenue per hall\n- bookings per hall\n",
    );
    assert_eq!(keys(&read), ["hall", "booking"]);
    assert_eq!(unknowns(&read).len(), 1);
}

#[test]
fn what_belongs_to_a_record_is_never_without_it() {
    let read = read(
        "# Practice\n\nAn appointment has a day. An invoice belongs to an appointment and has an amount.\n\n\
         A bill belongs to an appointment. A bill has an amount.\n\nA slip is for an appointment. A slip has a text.\n",
    );
    let required = |of: &str| {
        read.concepts.rules.iter().any(|rule| matches!(&rule.demand, RuleKind::Required { entity, field } if entity == of && field == "appointment_id"))
    };
    assert_eq!(["invoice", "bill", "slip"].map(required), [true, true, false]);
}

#[test]
fn a_state_told_as_what_is_done_is_the_state_told_before() {
    let read = read(
        "# Desk\n\nA ticket has a title. A ticket is open, closed or void.\n\n- A ticket can be closed or voided.\n",
    );
    let flow = read.concepts.field("ticket", "status").unwrap();
    assert_eq!(flow.kind, FieldKind::Enum { values: ["open", "closed", "void"].map(str::to_owned).to_vec() });
}

#[test]
fn units_in_a_row_are_no_unit() {
    let text = |units: &str| format!("# Stock\n\nA unit has a code.\n\n**Item**\n- name\n- unit ({units})\n");
    let unit = |units: &str| read(&text(units)).concepts.field("item", "unit").unwrap().kind.clone();
    let choice = |values: &[&str]| FieldKind::Enum { values: values.iter().map(|value| (*value).to_owned()).collect() };
    assert_eq!(unit("kg or piece"), choice(&["kg", "piece"]));
    assert_eq!(unit("kg, g or piece"), choice(&["kg", "g", "piece"]));
    assert_eq!(unit("kg, piece"), choice(&["kg", "piece"]));
}

#[test]
fn what_a_record_goes_through_is_no_field_of_another() {
    let read = read(
        "# Blood drive\n\n## Donors and donations\n\n- A donor can be searched by name.\n\
         - Each donation belongs to a donor and a drive.\n\
         - There must be at least 56 days between two donations of the same donor.\n\
         - A drive has a place, a date and a number of beds.\n\
         - A drive is planned, open or closed. It moves from planned to open and from open to closed.\n",
    );
    let drive = read.concepts.field("donation", "drive_id").unwrap();
    assert!(matches!(drive.kind, FieldKind::Reference { .. }), "{:?}", drive.kind);
    assert!(read.contradictions.is_empty());
}

#[test]
fn what_is_done_to_a_record_is_no_story_of_its_authors() {
    for told in ["Staff confirm or decline it.", "Staff confirm or decline requested bookings."] {
        let read = read(&format!(
            "# Rooms\n\nWe rent out rooms.\n\nA room has a name. For each booking we need the room, the customer's name, how \
             many players come and whether they want hints. A booking is first requested. {told}\n",
        ));
        assert_eq!(unknowns(&read), ["FR-4"], "{told}");
        let booking = fields(&read, "booking");
        let named = ["customers_name", "number_of_players", "want_hints"];
        assert!(named.iter().all(|name| booking.iter().any(|(key, _)| key == name)), "{booking:?}");
    }
}

const COURSES: &str = "# Ski school\n\nFeature: Courses\n  Background:\n    Given a course has a title, a level (easy, hard), a \
     start date, an end date and a fee\n    And an instructor has a name and a licence number\n    And every course has one \
     instructor\n    And a course is open, paid or cancelled\n    And an open course can become paid or cancelled\n\n";

#[test]
fn a_background_tells_what_records_are_like() {
    let read = read(&format!(
        "{COURSES}  Scenario: No title\n    When a course is saved without a title\n    Then it is rejected\n"
    ));
    assert_eq!(keys(&read), ["course", "instructor"]);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let flow = read.concepts.entities[0].workflow.as_ref().unwrap();
    assert_eq!(flow.transitions.len(), 2);
    assert!(read.concepts.field("course", "instructor_id").is_some());
}

#[test]
fn the_reason_of_a_refusal_tells_what_is_wrong_or_what_must_be() {
    for (reason, op) in [
        ("the end date is before the start date", "ge"),
        ("the end date must not be before the start date", "ge"),
        ("the end date must be after the start date", "gt"),
        ("the end date is not after the start date", "gt"),
    ] {
        let read = read(&format!(
            "{COURSES}  Scenario: Order\n    Given a course that starts on 2026-02-10\n    When its end date is 2026-02-09\n    \
             Then the course is rejected because {reason}\n",
        ));
        let rules: Vec<String> = read
            .concepts
            .rules
            .iter()
            .filter(|rule| matches!(rule.demand, RuleKind::Compare { .. }))
            .map(|rule| serde_json::to_string(&rule.demand).unwrap())
            .collect();
        assert_eq!(rules.len(), 1, "{reason}: {rules:?}");
        assert!(rules[0].contains(&format!("\"op\":\"{op}\"")), "{reason}: {rules:?}");
    }
}

#[test]
fn spans_and_what_stays_as_it_is() {
    let trip = "# Kennel\n\nA trip has a start, an end and a title. A trip is booked, done or cancelled. A booked trip can be \
                done or cancelled.\n\n";
    for (sentence, expected) in [
        ("A trip must end after it begins.", r#""kind":"compare","entity":"trip","field":"end","op":"gt""#),
        ("A trip must start before it ends.", r#""kind":"compare","entity":"trip","field":"start","op":"lt""#),
        ("Trips may last 30 days at most.", r#""kind":"compare","entity":"trip","field":"end","op":"le""#),
        ("A done trip stays as it is.", r#""kind":"immutable","entity":"trip""#),
        ("Once a trip is done nothing about it may be changed.", r#""kind":"immutable","entity":"trip""#),
        ("You can't book a trip in the past.", r#""kind":"compare","entity":"trip","field":"start","op":"ge""#),
    ] {
        let read = read(&format!("{trip}- {sentence}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        let found =
            read.concepts.rules.iter().any(|rule| serde_json::to_string(&rule.demand).unwrap().contains(expected));
        assert!(found, "{sentence}: {:?}", read.concepts.rules);
    }
}

const BOOKINGS: &str = "# Bookings\n\n- **Session**: town (text, required), number of places (integer), status (planned, open, \
     closed).\n- **Appointment**: session (required), time slot (text).\n\nScenario: Refused\n";

#[test]
fn what_is_not_so_is_not_read_as_if_it_were() {
    let created = |given: &str| {
        let read =
            read(&format!("{BOOKINGS}  Given {given}\n  When an appointment is made for it\n  Then it is refused\n"));
        let rules = read.concepts.rules.iter().filter(|rule| matches!(rule.demand, RuleKind::Requires { .. }));
        rules.map(|rule| serde_json::to_string(&rule.demand).unwrap()).collect::<Vec<_>>().join(" ")
    };
    for given in
        ["a session that is not open", "a session whose status is not open", "a session that has not been open"]
    {
        assert!(
            created(given).contains(r#"{"test":"in","via":"session_id","field":"status","values":["open"]}"#),
            "{given}"
        );
    }
    assert!(created("a closed session").contains(r#"{"test":"not_in","via":"session_id""#));
    assert_eq!(created("a session that is neither planned nor open"), "");
}

#[test]
fn places_that_are_all_taken_are_a_limit() {
    let read = read(&format!(
        "{BOOKINGS}  Given a session whose places are all taken\n  When another appointment is made\n  Then it is refused\n"
    ));
    let rules: Vec<&RuleKind> = read.concepts.rules.iter().map(|rule| &rule.demand).collect();
    assert!(rules.iter().any(|rule| matches!(rule, RuleKind::Capacity { .. })), "{rules:?}");
    assert!(!rules.iter().any(|rule| matches!(rule, RuleKind::Unique { .. })));
}

#[test]
fn what_goes_along_is_nothing_that_somebody_does() {
    let read = read(
        "# Lab\n\n- **Order**: code (text, required), due on (date).\n- **Piece**: order (required), tooth number, price.\n\n\
         Scenario: Cascade\n  Given an order with pieces\n  When the order is deleted\n  Then its pieces are deleted too\n\n\
         Scenario: Tooth\n  Given a piece\n  When the tooth number is lower than 11 or higher than 48\n  Then the piece is rejected\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let bounds = read.concepts.rules.iter().any(|rule| {
        matches!(&rule.demand, RuleKind::Range { field, min: Some(min), max: Some(max), .. } if field == "tooth_number" && min == "11" && max == "48")
    });
    assert!(bounds);
    assert_eq!(read.concepts.field("piece", "tooth_number").unwrap().kind, FieldKind::Integer);
}

#[test]
fn names_of_fields_that_were_once_invented() {
    let read = read(
        "# Props\n\n**Prop**\n- title: text\n- lot code: text\n- fragile: yes/no, default no\n- photo: URL, optional\n\
         - daily rate: money\n- acquired on: date\n- shoot start and shoot end: dates, both mandatory\n\
         - pickup time and delivery deadline\n\n## Rules\n\n- A fragile prop needs a photo.\n\
         - The lot code has two capital letters, a dash and four digits, such as `FB-0042`.\n\n\
         As a producer, I want to browse props so that I find what fits.\n- sort by daily rate, cheapest first\n",
    );
    assert_eq!(keys(&read), ["prop"]);
    let named: Vec<&str> = fields(&read, "prop").into_iter().map(|(key, _)| key).collect();
    assert_eq!(
        named,
        [
            "title",
            "lot_code",
            "fragile",
            "photo",
            "daily_rate",
            "acquired_on",
            "shoot_start",
            "shoot_end",
            "pickup_time",
            "delivery_deadline"
        ]
    );
    let sorted: Vec<&RuleKind> = read
        .concepts
        .rules
        .iter()
        .map(|rule| &rule.demand)
        .filter(|rule| matches!(rule, RuleKind::List { .. }))
        .collect();
    assert!(
        matches!(sorted.as_slice(), [RuleKind::List { sort, .. }] if sort.len() == 1 && sort[0].field == "daily_rate"),
        "{sorted:?}"
    );
    assert!(
        read.concepts
            .rules
            .iter()
            .any(|rule| matches!(&rule.demand, RuleKind::RequiredWhen { field, .. } if field == "photo"))
    );
}

#[test]
fn verbs_of_the_trade_make_what_they_name() {
    let create = |text: &str, wish: &str| {
        let read = read(&format!("# T\n\n{text}\n\nAs a clerk, I want to {wish}.\n"));
        let made = read.concepts.rules.iter().filter_map(|rule| match &rule.demand {
            RuleKind::Capability { entity, action: maestro_artifacts::Action::Create } => Some(entity.clone()),
            _ => None,
        });
        made.collect::<Vec<_>>()
    };
    let orders =
        "A customer has a name. An order has a customer and a day. A load belongs to an order and has a weight.";
    assert_eq!(create(orders, "take orders"), ["order"]);
    let parcels = "A household has a name. A parcel has a household and a note. A parcel item belongs to a parcel.";
    assert_eq!(create(parcels, "assemble parcels for households"), ["parcel"]);
}

#[test]
fn records_that_a_field_describes_are_no_kind_of_their_own() {
    let read = read(
        "# Food bank\n\n- A donor has a name.\n\nAs a coordinator, I want to register lots so that I can find them again.\n\n\
         - A lot belongs to a donor and has a description, a category (fresh, frozen, dry) and a best-before date.\n\
         - A fresh lot must have a best-before date.\n\n**Locker**\n- size: small, large\n- key code: text\n\n\
         ## Rules\n\n- A large locker needs a key code.\n",
    );
    assert_eq!(keys(&read), ["donor", "lot", "locker"]);
    let needed: Vec<&str> = read
        .concepts
        .rules
        .iter()
        .filter_map(|rule| match &rule.demand {
            RuleKind::RequiredWhen { field, .. } => Some(field.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(needed, ["best_before_date", "key_code"]);
}

#[test]
fn who_does_something_is_not_made_by_it() {
    let read = read(
        "# Lab\n\n- A dentist has a name.\n- A technician has a name.\n- A work order belongs to a dentist and has a number and \
         a status (received, in production, shipped).\n\nGiven a work order that is received\nWhen a technician starts \
         production\nThen its status becomes in production\n",
    );
    let flow =
        read.concepts.entities.iter().find(|entity| entity.key == "work_order").unwrap().workflow.as_ref().unwrap();
    assert_eq!(flow.transitions.len(), 1);
    assert_eq!(fields(&read, "technician"), [("name", false)]);
}

#[test]
fn states_are_told_of_records_that_others_refer_to() {
    let read = read(
        "# Food bank\n\n- A lot has a code. A lot starts as quarantined.\n- An item belongs to a lot and has a weight.\n\
         - A quarantined lot can be released or condemned.\n- A released lot can still be condemned.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(read.concepts.entities[0].workflow.as_ref().unwrap().transitions.len(), 3);
}

#[test]
fn an_example_makes_nothing_but_what_it_names() {
    let read = read(
        "# Courts\n\nA player has a name. A court has a name.\n\n**Booking**\n- court (reference to court, required)\n\
         - player (reference to player, required)\n- starts at (date and time, required)\n- ends at (date and time, required)\n\n\
         As a player, I want to book a court so that I can play.\n\nGiven a court\nWhen a player creates a booking with starts \
         at and ends at\nThen the booking is saved\n",
    );
    let made: Vec<&str> = read
        .concepts
        .rules
        .iter()
        .filter_map(|rule| match &rule.demand {
            RuleKind::Capability { entity, action: maestro_artifacts::Action::Create } => Some(entity.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(made, ["booking"]);
}

#[test]
fn what_is_brought_to_a_known_state_names_no_other() {
    let told = "# School trips\n\n- A trip has a title, a departure date and a status: draft, submitted, rejected or void.\n\
                - A pupil has a name.\n- A helper has a name and a trip.\n- A sign-up belongs to a pupil and a trip.\n";
    for (sentence, way) in [
        ("A rejected trip can be returned to draft by a teacher.", ("rejected", "draft")),
        ("A submitted trip may be made void.", ("submitted", "void")),
        ("A rejected trip can be sent back to draft.", ("rejected", "draft")),
    ] {
        let read = read(&format!("{told}- {sentence}\n"));
        assert!(read.contradictions.is_empty(), "{sentence}: {:?}", read.contradictions);
        let trip = read.concepts.entities.iter().find(|entity| entity.key == "trip").unwrap();
        let ways = trip.workflow.iter().flat_map(|flow| &flow.transitions);
        let ways: Vec<(&str, &str)> = ways.map(|way| (way.from.as_str(), way.to.as_str())).collect();
        assert_eq!(ways, [way], "{sentence}");
    }
    for (sentence, kind) in [
        ("The departure date must be at least 14 days in the future when the trip is entered.", "compare"),
        ("When a trip is created, its departure date must be at least 14 days in the future.", "compare"),
        ("A pupil can be signed up only once for the same trip.", "unique"),
        ("At most eight helpers can be assigned to a trip.", "capacity"),
    ] {
        let read = read(&format!("{told}- {sentence}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        let kinds: Vec<String> = read
            .concepts
            .rules
            .iter()
            .map(|rule| serde_json::to_value(&rule.demand).unwrap()["kind"].as_str().unwrap().to_owned())
            .collect();
        assert!(kinds.iter().any(|known| known == kind), "{sentence}: {kinds:?}");
    }
}
