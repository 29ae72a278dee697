//! Rules that stand nowhere but in a scenario: what its steps name says which rule is broken, and where two could be, or a value
//! is of no bound, it stays listed.

use super::{read, unknowns};
use maestro_artifacts::Requirements;

const BOATS: &str = "# Boat club\n\n## Stories\n\nAs a harbour master I want to create trips so that members can book.\n\n\
    As a clerk I want to create members so that we know them.\n\n## Records\n\n\
    - **Member**: name (text, required), e-mail address (required, unique)\n\
    - **Boat**: name (text, required), berth number (whole number, required), class (kayak, dinghy, cruiser; required), seats \
    (whole number, required), hourly rate (money, required)\n\
    - **Trip**: boat (required), leader note (text), day (date, required), places (whole number, required), price (money), reason \
    for cancelling (text)\n\
    - **Booking**: trip (required), member (required), booked on (date), remark (text)\n\
    - **Mooring**: boat (required), jetty (North, South, East; required), start time (date and time, required), end time (date and \
    time, required), note (text)\n\n## Trips\n\n\
    Scenario: New trip\nWhen a trip is created\nThen its status is planned\n\n\
    Scenario: Confirming\nGiven a planned trip\nWhen the harbour master confirms it\nThen its status is confirmed\n\n\
    Scenario: Cancelling\nGiven a planned trip\nWhen the harbour master sets it to cancelled with a reason for cancelling\nThen its \
    status is cancelled\n\n\
    Scenario: Finishing\nGiven a confirmed trip\nWhen it is set to finished\nThen its status is finished\n\n## Rules\n\n";

/// The epic with more scenarios; `|` stands for a line break.
fn with(scenarios: &str) -> Requirements {
    read(&format!("{BOATS}{}\n", scenarios.replace('|', "\n")))
}

fn rules(read: &Requirements) -> Vec<String> {
    let json =
        |rule: &maestro_artifacts::Rule| serde_json::to_string(&rule.demand).unwrap().replace(r#","via":null"#, "");
    read.concepts.rules.iter().map(json).filter(|rule| !rule.contains("capability")).collect()
}

/// The rules that the scenarios add, all of them understood.
fn said(scenarios: &str) -> String {
    let (before, read) = (rules(&read(BOATS)), with(scenarios));
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{scenarios}: {:#?}", read.unknown().collect::<Vec<_>>());
    rules(&read).into_iter().filter(|rule| !before.contains(rule)).collect::<Vec<_>>().join(" & ")
}

/// Nothing is made of the last scenario: it is listed.
fn listed(scenarios: &str) {
    let read = with(scenarios);
    let last = read.items.last().unwrap();
    assert!(unknowns(&read).contains(&last.id.to_string()), "{scenarios}: {:#?}", last.understanding);
}

fn range(entity: &str, field: &str, min: &str, max: &str) -> String {
    format!(
        r#"{{"kind":"range","entity":"{entity}","field":"{field}","min":{min},"max":{max},"above_min":false,"below_max":false}}"#
    )
}

#[test]
fn bounds_that_the_value_or_the_words_beside_it_tell() {
    let seats = range("boat", "seats", r#""1""#, r#""12""#);
    let thirteen = "When I create a boat with 13 seats|Then the request is refused";
    assert_eq!(said(&format!("Scenario: Size|Given that a boat must have between 1 and 12 seats|{thirteen}")), seats);
    let most = range("boat", "seats", "null", r#""12""#);
    for told in [
        "Scenario: At most 12 seats",
        "Scenario: s|Given that boats have at most 12 seats",
        "Scenario: s|Given the maximum number of seats is 12",
    ] {
        assert_eq!(said(&format!("{told}|{thirteen}")), most, "{told}");
    }
    // Another word for the one kind of record that has places.
    assert_eq!(
        said(
            "Scenario: s|Given that an outing must have between 2 and 20 places|When I create a trip with 21 places|Then it is refused"
        ),
        range("trip", "places", r#""2""#, r#""20""#)
    );
    assert_eq!(
        said("Scenario: Negative rate|When I create a boat with an hourly rate of -5|Then the request is refused"),
        range("boat", "hourly_rate", r#""0.00""#, "null")
    );
    assert_eq!(
        said("Scenario: s|When somebody adds a boat with -1 seats|Then the request is refused"),
        range("boat", "seats", r#""0""#, "null")
    );
    for steps in [
        "Scenario: Too many|When I create a boat with 13 seats|Then the request is refused",
        "Scenario: At most 12 seats|When I create a boat with 11 seats|Then the request is refused",
        "Scenario: s|Given that an outing must have between 2 and 20 places|When I create a boat with 21 seats|Then it is refused",
        "Scenario: s|When I create a boat with an hourly rate of 5|Then the request is refused",
        "Scenario: s|When I create a boat with an hourly rate of -5 and without a name|Then the request is refused",
        "Scenario: s|Given a cancelled trip|When I change its price to -5|Then the request is refused",
    ] {
        listed(steps);
    }
}

#[test]
fn what_a_change_needs_and_who_alone_makes_it() {
    let needs = |field: &str| {
        format!(r#"{{"kind":"transition_requires","entity":"trip","from":null,"to":"cancelled","fields":["{field}"]}}"#)
    };
    let planned = "Scenario: s|Given a trip that is planned|When the harbour master";
    for lacking in [
        "cancels it without a reason for cancelling",
        "sets it to cancelled and leaves the reason for cancelling empty",
        "sets it to cancelled, but no reason is entered",
    ] {
        assert_eq!(said(&format!("{planned} {lacking}|Then the change is refused")), needs("reason_for_cancelling"));
    }
    // A field that no list names is one where the same change succeeds with it.
    let lacking = "sets it to cancelled without a storm warning|Then the change is refused";
    listed(&format!("{planned} {lacking}"));
    let warned = "sets it to cancelled with a storm warning|Then its status is cancelled";
    assert_eq!(said(&format!("{planned} {warned}||{planned} {lacking}")), needs("storm_warning"));
    // The workflow or the person may be what is refused.
    listed(&format!("{planned} {warned}||Scenario: s|Given a trip that is finished|When the harbour master {lacking}"));

    let alone = r#"{"kind":"transition_role","entity":"trip","from":null,"to":"confirmed","roles":["harbour master"]}"#;
    for steps in [
        "Given a planned trip|When a deckhand tries to confirm it",
        "Given I am a deckhand|And a planned trip|When I confirm it",
        "Given a planned trip|When a clerk tries to set it to confirmed",
    ] {
        assert_eq!(said(&format!("Scenario: s|{steps}|Then the request is forbidden")), alone, "{steps}");
    }
    listed("Scenario: s|Given a confirmed trip|When a deckhand sets it to finished|Then the request is forbidden");
}

const NORTH: &str = "Scenario: s|Given a mooring at the jetty North from 10:00 to 12:00|When I plan";

#[test]
fn times_that_cross_at_one_place() {
    let apart =
        r#"{"kind":"no_overlap","entity":"mooring","start":"start_time","end":"end_time","by":["jetty"],"when":[]}"#;
    let refused = |when: &str| format!("{NORTH} {when}|Then it is refused as a conflict");
    for when in [
        "another mooring at the jetty North on the same day from 11:00 to 13:00",
        "a second mooring at the jetty North on the same day from 11:00",
        "another mooring at the same jetty from 9:00 to 10:30",
        "a mooring at the jetty North between 11:00 and 11:30",
    ] {
        assert_eq!(said(&refused(when)), apart, "{when}");
    }
    let crossing = refused("another mooring at the jetty North from 11:00 to 13:00");
    for when in ["North on the same day from 12:00 to 13:00", "South on the same day from 11:00 to 13:00"] {
        let kept = format!("{NORTH} another mooring at the jetty {when}|Then the mooring is saved");
        assert_eq!(said(&format!("{crossing}||{kept}")), apart, "{when}");
        assert_eq!(said(&format!("{kept}||{crossing}")), apart, "{when}");
    }
    assert_eq!(
        said(
            "Scenario: s|Given a mooring of a boat from 10:00 to 12:00|When I plan another mooring of the same boat from 11:00 to \
             13:00|Then it is refused as a conflict"
        ),
        apart.replace("jetty", "boat_id")
    );
    for when in [
        "another mooring at the jetty South on the same day from 11:00 to 13:00",
        "another mooring at the jetty North on the same day from 12:00 to 13:00",
        "another mooring at the jetty North on the next day from 11:00 to 13:00",
        "another mooring at the jetty North from 11:00 to 13:00 without a note",
        "another mooring at the jetty North",
    ] {
        listed(&refused(when));
        // Nor does a rule that another scenario tells refuse it.
        if when.contains("South") || when.contains("12:00 to") {
            listed(&format!("{crossing}||{}", refused(when)));
        }
    }
    let taken = format!("{NORTH} another mooring at the jetty North from 11:30 to 13:00|Then the mooring is saved");
    listed(&format!("{crossing}||{taken}"));
    // By the boat, or by the jetty.
    listed(
        "Scenario: s|Given a mooring of a boat at the jetty North from 10:00 to 12:00|When I plan another mooring of the same boat at \
         the jetty North from 11:00 to 13:00|Then it is refused as a conflict",
    );
}

#[test]
fn what_is_there_already_and_what_is_full() {
    let once = r#"{"kind":"unique","entity":"booking","fields":["member_id","trip_id"],"when":[],"ignore_case":false}"#;
    for steps in [
        "Given a member who is booked on a trip|When I book the same member on the same trip again",
        "Given a member with a booking for a trip|When the same member books the same trip again",
        "Given a member who already has a booking for a trip|When a second booking for this member and this trip is added",
    ] {
        assert_eq!(said(&format!("Scenario: s|{steps}|Then it is refused as a conflict")), once, "{steps}");
    }
    assert_eq!(
        said(
            "Scenario: s|Given a boat with the name \"Swan\"|When I add a boat with the name \"Swan\"|Then it is refused as a conflict"
        ),
        r#"{"kind":"unique","entity":"boat","fields":["name"],"when":[],"ignore_case":false}"#
    );
    for steps in [
        "Given a member who is booked on a trip|When I book another member on the same trip",
        "Given a member who is booked on a trip|When I book the same member on another trip",
        "Given a boat with the berth number 12|When I create another boat with the berth number 13",
        "Given a boat with the name \"Swan\" and the berth number 12|When I create another boat with the name \"Swan\" and the berth \
         number 13",
    ] {
        listed(&format!("Scenario: s|{steps}|Then it is refused as a conflict"));
    }

    let full = r#"{"kind":"capacity","parent":"trip","child":"booking","via":"trip_id","measure":{"measure":"count"},"op":"le","limit":{"of":"field","field":"places","plus":0},"when":[]}"#;
    for steps in [
        "Given a trip with 4 places and 4 bookings|When I book a fifth member on it",
        "Given a trip with 12 places and 12 bookings|When a thirteenth booking is made for it",
        "Given a trip with 3 places that has 3 bookings|When another member is booked on it",
        "Given a trip with 2 places and 2 bookings|When I book a third guest on the trip",
    ] {
        assert_eq!(said(&format!("Scenario: s|{steps}|Then the request is refused")), full, "{steps}");
    }
    for steps in [
        "Given a trip with 4 places and 3 bookings|When I book a fourth member on it",
        "Given a trip with 4 places and 4 bookings|When I book a member on another trip",
        "Given a cancelled trip with 4 places and 4 bookings|When I book a fifth member on it",
    ] {
        listed(&format!("Scenario: s|{steps}|Then the request is refused"));
    }
}

#[test]
fn states_that_allow_no_more() {
    let closed = r#"{"kind":"immutable","entity":"trip","when":[{"test":"in","field":"status","values":["finished"]}],"fields":[]}"#;
    for title in ["A finished trip is history", "Finished trips stay as they are"] {
        assert_eq!(
            said(&format!(
                "Scenario: {title}|Given a finished trip|When somebody changes its price|Then the change is refused"
            )),
            closed,
            "{title}"
        );
    }
    let booked = r#"{"kind":"requires","entity":"trip","at":{"moment":"transition","to":"confirmed"},"condition":[{"test":"children","child":"booking","via":"trip_id","when":[],"measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#;
    for given in ["a planned trip without bookings", "a planned trip that has no bookings"] {
        assert_eq!(
            said(&format!("Scenario: s|Given {given}|When the harbour master confirms it|Then the change is refused")),
            booked,
            "{given}"
        );
    }
    listed("Scenario: s|Given a cancelled trip|When I book a member on a planned trip|Then the request is refused");
    listed(
        "Scenario: s|Given a planned trip without bookings|When the harbour master confirms it without a leader note|Then it is refused",
    );
}

#[test]
fn those_who_may_only_look() {
    let barred = |action: &str| {
        format!(r#"{{"kind":"action_barred","entity":"boat","action":"{action}","fields":[],"roles":["clerk"]}}"#)
    };
    let all = ["create", "update", "delete"].map(barred).join(" & ");
    for told in [
        "Clerks may only view boats; they cannot add, change or delete them.",
        "Clerks can only see boats, but not add, change or delete them.",
        "Clerks may only look at boats.",
    ] {
        assert_eq!(said(&format!("- {told}")), all, "{told}");
    }
    assert_eq!(
        said("- Clerks can view boats, but cannot edit or delete them."),
        ["update", "delete"].map(barred).join(" & ")
    );
    for told in [
        "Clerks may only view their own boats; they cannot add, change or delete them.",
        "Clerks may only view boats; they cannot sell them.",
        "Clerks may only view boats before noon; they cannot delete them.",
    ] {
        listed(&format!("- {told}"));
    }
}
