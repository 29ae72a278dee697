//! Features with short rules in front and scenarios behind them, each class with look-alikes that stay listed.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::{FieldKind, Requirements};

const VANS: &str = "# Van pool\n\n## Feature: Vans\n\n- A van has a plate, a model, a fuel and a service interval in months.\n\
    - The plate is required and unique.\n- The fuel is one of petrol, diesel.\n";

const INSURERS_AND_TRIPS: &str = "\n## Feature: Insurers\n\n- An insurer has a name, a phone number and the date its licence is valid until.\n\
    - The name is unique.\n\n## Feature: Trips\n\n- A trip is with one van under one insurer and has a purpose, a start day, an end day \
    and a distance.\n- The status goes from planned to started and from there to closed.\n";

fn vans(more: &str) -> Requirements {
    read(&format!("{VANS}{more}"))
}

fn trips(more: &str) -> Requirements {
    read(&format!("{VANS}{INSURERS_AND_TRIPS}{more}"))
}

#[track_caller]
fn says(read: &Requirements, text: &str, rules: &str) {
    assert_eq!(rules_as_json(read, text), rules, "{text}");
}

/// How a workflow goes: its states' ways in one line.
fn ways(read: &Requirements, entity: &str) -> String {
    let entity = read.concepts.entities.iter().find(|known| known.name == entity).unwrap();
    let Some(flow) = &entity.workflow else { return String::new() };
    let ways: Vec<String> = flow.transitions.iter().map(|way| format!("{} -> {}", way.from, way.to)).collect();
    format!("{}: {}", flow.initial, ways.join(", "))
}

#[track_caller]
fn listed(read: &Requirements, how_many: usize) {
    assert_eq!(unknowns(read).len(), how_many, "{:#?}", read.unknown().collect::<Vec<_>>());
}

const STORED: &str = "\nScenario: Registering\n  Given I am signed in as a fleet manager\n  When I register a van with plate \"A-1\", \
    model \"Box\" and fuel diesel\n  Then the van is stored with the status \"in service\"\n";

#[test]
fn the_second_half_speaks_of_the_same_records() {
    let own = |action: &str| {
        format!(r#"{{"kind":"action_role","entity":"van","action":"{action}","fields":[],"roles":["fleet manager"]}}"#)
    };
    let can = |action: &str| format!(r#"{{"kind":"capability","entity":"van","action":"{action}"}}"#);
    for text in [
        "Only fleet managers register or change vans; drivers can view them.",
        "Only fleet managers add or edit vans, while drivers can see them.",
    ] {
        let rules = [own("create"), own("update"), can("list"), can("read")].join(" & ");
        says(&vans(&format!("- {text}\n")), text, &rules);
    }
    let text = "Only fleet managers create, change or delete vans; drivers can only view them.";
    let rules = [own("create"), own("update"), own("delete"), can("list"), can("read")].join(" & ");
    says(&vans(&format!("- {text}\n")), text, &rules);
    // Who can only view them deletes none.
    let text = "Only fleet managers create or change vans; drivers can only view them.";
    let barred = r#"{"kind":"action_barred","entity":"van","action":"delete","fields":[],"roles":["driver"]}"#;
    assert!(rules_as_json(&vans(&format!("- {text}\n")), text).contains(barred));
    // Nobody knows what they ride.
    listed(&vans("- Only fleet managers create or change vans; drivers can ride them.\n"), 1);
    let text = "Insurers are maintained by fleet managers only, and one that has trips cannot be deleted.";
    assert!(rules_as_json(&trips(&format!("\n- {text}\n")), text).contains(r#""kind":"no_delete","entity":"insurer""#));
}

#[test]
fn a_state_and_its_other_side() {
    for (text, told) in [
        (
            "A fleet manager can take a van in service out of service and put it back in service.",
            "in service: in service -> out of service, out of service -> in service",
        ),
        (
            "A fleet manager can take a van out of service and put it back in service.",
            "in service: in service -> out of service, out of service -> in service",
        ),
    ] {
        let read = vans(&format!("- {text}\n{STORED}"));
        listed(&read, 0);
        assert_eq!(ways(&read, "van"), told, "{text}");
    }
    let read = vans(&format!(
        "- A fleet manager can put a working van under repair and bring it back to working.\n{}",
        STORED.replace("in service", "working")
    ));
    listed(&read, 0);
    assert_eq!(ways(&read, "van"), "working: working -> under repair, under repair -> working");
    let only = "Only a fleet manager can take a van out of service and put it back in service.";
    let json = rules_as_json(&vans(&format!("- {only}\n{STORED}")), only);
    assert!(json.contains(r#""from":null,"to":"out of service","roles":["fleet manager"]"#), "{json}");
    // It has other states, and none of them leads there; how it comes back is no state, nor where to.
    let chain = "- The status goes from new to used and from there to sold.\n";
    for text in [
        "A driver can take a van on tour and bring it back to base.",
        "A clerk can take a van in use out of use and put it back in use.",
    ] {
        listed(&vans(&format!("{chain}- {text}\n")), 1);
    }
    for text in [
        "A driver can take a van on tour and bring it back clean.",
        "A driver can take a van out of service and bring it back to the depot.",
        "If it is dirty, a driver can take a van out of service and put it back in service.",
    ] {
        listed(&vans(&format!("- {text}\n")), 1);
    }
    // Where it is put, and that it must be clean, is no state.
    listed(&vans("- A fleet manager can take a van in service out of service and put it back in a clean garage.\n"), 1);
}

#[test]
fn an_example_leads_from_the_state_that_it_names() {
    let scenario = "\nScenario: Scrapping\n  Given a van that is out of service\n  When a fleet manager scraps it and enters a scrapping \
        reason\n  Then its status is \"scrapped\"\n  And the van can no longer be changed\n";
    let back = "- A fleet manager can take a van in service out of service and put it back in service.\n";
    let read = vans(&format!("{back}{STORED}{scenario}"));
    listed(&read, 0);
    assert_eq!(
        ways(&read, "van"),
        "in service: in service -> out of service, out of service -> in service, out of service -> scrapped"
    );
    let json = serde_json::to_string(&read.concepts.rules).unwrap();
    assert!(json.contains(
        r#""kind":"transition_requires","entity":"van","from":null,"to":"scrapped","fields":["scrapping_reason"]"#
    ));
    assert!(json.contains(r#""values":["scrapped"]"#) && json.contains(r#""kind":"immutable""#));
    // A garage is a place, whatever was done there.
    let place = scenario.replace("out of service", "in the garage");
    let json = serde_json::to_string(&vans(&place).concepts).unwrap();
    assert!(!json.contains("in the garage") && !json.contains("in garage"), "{json}");
    // Alone it says how no van begins: nothing is made of it that new vans would be.
    let json = serde_json::to_string(&vans(scenario).concepts.rules).unwrap();
    assert!(!json.contains(r#""kind":"default","entity":"van","field":"status","value":"scrapped""#), "{json}");
}

#[test]
fn what_lasts_until_a_day_bounds_other_days() {
    let read = trips("");
    listed(&read, 0);
    assert_eq!(read.concepts.field("insurer", "licence_valid_until").unwrap().kind, FieldKind::Date);
    let scenario = |given: &str, when: &str, reason: &str| {
        format!(
            "\nScenario: Run out\n  Given an insurer whose licence is valid until {given}\n  When I plan a trip there for {when}\n  \
             Then I get an error because {reason}\n"
        )
    };
    let read = trips(&scenario("30 June 2031", "1 July 2031", "the start day is after the end of the licence"));
    listed(&read, 0);
    let json = serde_json::to_string(&read.concepts.rules).unwrap();
    assert!(json.contains(
        r#""field":"start_day","op":"le","to":{"of":"referenced","via":"insurer_id","field":"licence_valid_until""#
    ));
    // The days show the contrary, or something else ends.
    listed(&trips(&scenario("30 June 2031", "1 June 2031", "the start day is after the end of the licence")), 1);
    listed(&trips(&scenario("30 June 2031", "1 July 2031", "the start day is after the end of the cover")), 1);
}

#[test]
fn a_reason_names_the_fields_that_a_change_needs() {
    let scenario = |given: &str, reason: &str| {
        format!(
            "\nScenario: Closing\n  Given a started trip {given}\n  When the fleet manager closes it\n  Then this is refused because \
             {reason}\n"
        )
    };
    let read = trips(&scenario("without a distance", "distance and end day are needed"));
    listed(&read, 0);
    let json = serde_json::to_string(&read.concepts.rules).unwrap();
    assert!(json.contains(r#""entity":"trip","from":null,"to":"closed","fields":["distance","end_day"]"#));
    // Two of the three figures are needed, nobody knows which.
    listed(&trips(&scenario("without a distance", "two figures are needed")), 1);
}

#[test]
fn each_of_two_deeds() {
    let text = "Drivers and fleet managers can plan and start a trip.";
    let json = rules_as_json(&trips(&format!("\n- {text}\n")), text);
    assert!(json.contains(r#"{"kind":"capability","entity":"trip","action":"create"}"#), "{json}");
    let text = "Desk assistants and fleet managers can plan and start a trip.";
    assert_eq!(rules_as_json(&trips(&format!("\n- {text}\n")), text), json);
    listed(&trips("\n- Drivers and fleet managers can plan and polish a trip.\n"), 1);
}

#[test]
fn short_names_and_what_was() {
    let text = "The interval is a whole number between 1 and 60; the default is 12.";
    let json = rules_as_json(&vans(&format!("- {text}\n")), text);
    assert!(json.contains(r#""field":"service_interval","min":"1","max":"60""#), "{json}");
    let told = "The fleet office looks after 80 vans. Trips are kept in a spreadsheet, and last March we could not show who drove.\n\n";
    let read = read(&VANS.replacen("\n\n", &format!("\n\n{told}"), 1));
    listed(&read, 0);
}
