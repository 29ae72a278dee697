//! Epics in the outline that product people use: overview, entities with their fields, business rules, a table of the workflow,
//! roles and permissions, stories with criteria.

use super::{keys, read, rules_as_json, unknowns, whole};
use maestro_artifacts::{FieldKind, Op, Operand, Requirements, RuleKind};

const DEVICES: &str = include_str!("../data/hospital-devices.md");

const SCORES: &str = include_str!("../data/scores.md");

const DESKS: &str = include_str!("../data/desks.md");

const TALKS: &str = "# Programme\n\n## Entities\n\n### Speaker\n| Field | Type | Constraints |\n|---|---|---|\n| `name` | string | required |\n\n\
    ### Talk\n| Field | Type | Constraints |\n|---|---|---|\n| `title` | string | required |\n| `speaker` | reference → Speaker | required |\n\
    | `level` | enum (`beginner`, `advanced`) | |\n| `duration_minutes` | integer | required |\n| `submitted_on` | date | |\n\
    | `starts_at` | datetime | required |\n| `ends_at` | datetime | required |\n";

fn talks(more: &str) -> Requirements {
    read(&format!("{TALKS}\n## Rules\n\n- {more}\n"))
}

#[track_caller]
fn says(text: &str, rules: &str) {
    assert_eq!(rules_as_json(&talks(text), text), rules, "{text}");
}

#[track_caller]
fn listed(text: &str) {
    assert_eq!(unknowns(&talks(text)).len(), 1, "{text}");
}

#[test]
fn the_meeting_rooms_are_read_whole() {
    let read = whole("meeting-rooms.md");
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    // A field whose note forbids something stays one of the list that it stands in.
    assert_eq!(keys(&read, "room"), ["name", "floor", "capacity", "hourly_rate", "active"]);
    let items = ["inventory_number", "description", "purchase_date", "purchase_price", "room_id"];
    assert_eq!(keys(&read, "equipment_item"), items);
    let json = serde_json::to_string(&read.concepts.rules).unwrap();
    assert!(json.contains(r#""field":"hourly_rate","min":"0.00""#), "{json}");
    assert!(json.contains(r#""expr":"elapsed""#), "the duration in hours");
}

#[test]
fn names_for_machines_are_said_in_words() {
    let filter = |field: &str| format!(r#"{{"kind":"filter","entity":"talk","field":"{field}"}}"#);
    let list = r#"{"kind":"capability","entity":"talk","action":"list"}"#;
    for text in [
        "As a chair, I want to list the talks between two start times.",
        "As a chair, I want to list talks that start between two dates.",
        "As a chair, I want to list all talks within a given period.",
    ] {
        says(text, &format!("{} & {list}", filter("starts_at")));
    }
    says("As a chair, I want to filter talks by minimum duration.", &filter("duration_minutes"));
    // The date of submission is no other field.
    let read = talks("The submission date of a talk must not be in the future.");
    assert_eq!(keys(&read, "talk").len(), 7);
    let past = |rule: &maestro_artifacts::Rule| matches!(&rule.demand, RuleKind::Compare { field, op: Op::Le, to: Operand::Today { .. }, .. } if field == "submitted_on");
    assert!(read.concepts.rules.iter().any(past));
}

#[test]
fn a_number_is_named_with_its_unit_or_without() {
    let least = r#"{"kind":"range","entity":"talk","field":"duration_minutes","min":"5","max":null,"above_min":false,"below_max":false}"#;
    for text in [
        "The duration in minutes must be at least 5.",
        "The duration of a talk must be at least 5 minutes.",
        "The duration must not be less than 5.",
    ] {
        says(text, least);
    }
    // Hours are no minutes.
    listed("The duration in hours must be at least 5.");
    for text in [
        "As a chair, I want to see the total duration in minutes of all talks per level.",
        "As a chair, I want to see the total duration per level.",
    ] {
        let rules = rules_as_json(&talks(text), text);
        assert!(
            rules.contains(r#""by":["level"],"measures":[{"measure":"sum","field":"duration_minutes"}]"#),
            "{text}: {rules}"
        );
    }
}

#[test]
fn a_type_behind_a_comma_is_no_field() {
    let read = talks(
        "A speaker has a bonus, a whole number of points, a motto, a text of at most 40 characters, a rank, a number between 1 and 5, and a town.",
    );
    assert_eq!(keys(&read, "speaker"), ["name", "bonus", "motto", "rank", "town"]);
    assert_eq!(read.concepts.field("speaker", "bonus").unwrap().kind, FieldKind::Integer);
    let bounds = read.concepts.rules.iter().filter_map(|rule| match &rule.demand {
        RuleKind::Length { field, max, .. } => Some((field.as_str(), max.map(|max| max.to_string()))),
        RuleKind::Range { field, max, .. } => Some((field.as_str(), max.clone())),
        _ => None,
    });
    assert_eq!(bounds.collect::<Vec<_>>(), [("motto", Some("40".to_owned())), ("rank", Some("5".to_owned()))]);
}

#[test]
fn lines_of_roles_share_their_verbs_and_records() {
    let told = |line: &str| {
        let text = format!("{TALKS}\n## Roles & permissions\n\n- {line}\n");
        let read = read(&text);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{line}: {:#?}", read.unknown().collect::<Vec<_>>());
        let mut own: Vec<String> = read
            .concepts
            .rules
            .iter()
            .filter_map(|rule| match &rule.demand {
                RuleKind::ActionRole { entity, action, roles, .. } => {
                    Some(format!("{action:?} {entity} {}", roles.join(" ")))
                }
                _ => None,
            })
            .collect();
        own.sort();
        own
    };
    let all = [
        "Create speaker chair",
        "Create talk chair",
        "Delete speaker chair",
        "Delete talk chair",
        "Update speaker chair",
        "Update talk chair",
    ];
    for line in [
        "**Chair** – creates, edits and deletes speakers and talks.",
        "Chair: can create, edit and delete speakers and talks",
        "**Chair**: creates, updates and removes speakers, creates, updates and removes talks",
    ] {
        assert_eq!(told(line), all, "{line}");
    }
    // Who looks at records keeps nobody else from it.
    assert_eq!(told("**Guest**: views talks and speakers"), Vec::<String>::new());
    assert_eq!(told("**Chair** – creates talks and views speakers."), ["Create talk chair"]);
}

#[test]
fn what_is_still_in_use_stays() {
    let kept = |parent: &str, child: &str| {
        format!(r#"{{"kind":"no_delete","entity":"{parent}","when":[{{"test":"children","child":"{child}""#)
    };
    for text in ["A speaker who is still in use cannot be deleted.", "Speakers in use cannot be deleted."] {
        let rules = rules_as_json(&talks(text), text);
        assert!(rules.contains(&kept("speaker", "talk")), "{text}: {rules}");
    }
    // Nothing refers to a talk.
    listed("A talk that is still in use cannot be deleted.");
    let unique = r#"{"kind":"unique","entity":"talk","fields":["title","speaker_id"]"#;
    for text in [
        "A speaker must not submit two talks with the same title.",
        "The same speaker cannot submit the same title twice.",
    ] {
        let rules = rules_as_json(&talks(text), text);
        assert!(rules.contains(unique), "{text}: {rules}");
    }
}

#[test]
fn records_begin_as_what_they_are_first() {
    let epic = |said: &str| {
        read(&format!(
            "# Hires\n\n## Records\n\nA hire has a number and a status, which is booked, out or back.\n\n## Rules\n\n- {said}\n\
             - From booked they go to out, from out to back.\n"
        ))
    };
    for said in ["Hires are booked first.", "Hires are booked at first.", "A hire is booked initially."] {
        let read = epic(said);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{said}");
        let flow = read.concepts.entities[0].workflow.as_ref().unwrap();
        assert_eq!(flow.initial, "booked", "{said}");
    }
}

/// The devices of the hospital and one more rule.
fn devices(more: &str) -> Requirements {
    read(&DEVICES.replace("\n## User stories", &format!("- {more}\n\n## User stories")))
}

#[test]
fn the_devices_are_read_whole() {
    let read = read(DEVICES);
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    // "Job" is the maintenance job, and what was done to parts stands behind their name.
    let part = read.concepts.entity("part_used").unwrap();
    assert_eq!(part.path, "parts-used");
    assert_eq!(part.fields[0].key, "job_id");
    assert_eq!(part.fields[0].kind, FieldKind::Reference { entity: "maintenance_job".to_owned() });
    // A form that is explained behind its sample is one form.
    let forms = |rule: &&maestro_artifacts::Rule| matches!(rule.demand, RuleKind::Pattern { .. });
    let forms: Vec<_> = read.concepts.rules.iter().filter(forms).map(|rule| rule.message.as_str()).collect();
    assert_eq!(forms, ["the number must have the form MJ-[0-9]{5}"]);
}

#[test]
fn what_is_under_way_is_so_until_it_is_done() {
    let one = r#"{"kind":"unique","entity":"maintenance_job","fields":["device_id"],"when":[{"test":"in","field":"state","values":["in progress"]}]"#;
    for text in [
        "A device must not have more than one job in progress at the same time.",
        "A device can have at most one job in progress at a time.",
        "There can only be one job in progress per device.",
    ] {
        let rules = rules_as_json(&devices(text), text);
        assert!(rules.contains(one), "{text}: {rules}");
    }
    // What is approved takes the time that it was approved for.
    let text = "Two approved reservations of the same room must not overlap in time.";
    assert_eq!(
        rules_as_json(&whole("meeting-rooms.md"), text),
        r#"{"kind":"no_overlap","entity":"reservation","start":"starts_at","end":"ends_at","by":["room_id"],"when":[{"test":"in","field":"status","values":["approved"]}]}"#
    );
}

#[test]
fn parts_are_called_by_their_first_word() {
    let most = |text: &str| rules_as_json(&devices(text), text);
    let whole = most("A job has at most 12 parts used.");
    assert!(whole.contains(r#""child":"part_used""#), "{whole}");
    assert_eq!(most("A job has at most 12 parts."), whole);
    assert_eq!(most("A job can have no more than 12 parts."), whole);
    assert_eq!(unknowns(&devices("A job has at most 12 pieces.")).len(), 1);
}

#[test]
fn the_scores_are_read_whole() {
    let read = read(SCORES);
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    let due = rules_as_json(&read, "The due date must be at least 7 and at most 60 days after the loan date.");
    assert!(due.contains(r#""op":"ge","to":{"of":"field","field":"loan_date","plus":7}"#), "{due}");
    assert!(due.contains(r#""op":"le","to":{"of":"field","field":"loan_date","plus":60}"#), "{due}");
    let active = r#"{"kind":"requires","entity":"loan","at":{"moment":"create"},"condition":[{"test":"in","via":"musician_id","field":"active_flag","values":[true]}]}"#;
    assert_eq!(rules_as_json(&read, "Only active musicians can borrow scores."), active);
}

#[test]
fn a_value_of_new_records_is_their_default() {
    let scores = |more: &str| read(&SCORES.replace("\n## 4.", &format!("BR-9 {more}\n\n## 4.")));
    let brass = r#"{"kind":"default","entity":"musician","field":"section","value":"brass"}"#;
    for text in [
        "The section of a new musician is brass.",
        "The section of new musicians must be brass.",
        "New musicians have the section brass.",
        "New musicians are brass unless stated otherwise.",
        "Musicians are in the brass section by default.",
    ] {
        assert_eq!(rules_as_json(&scores(text), text), brass, "{text}");
    }
    // What all of them are is no default, and nobody knows what gold is.
    for text in ["The section of a musician is brass.", "The section of a new musician is gold."] {
        assert_eq!(unknowns(&scores(text)).len(), 1, "{text}");
    }
}

fn desks(more: &str) -> Requirements {
    read(&DESKS.replace("\n## Lifecycle", &format!("* {more}\n\n## Lifecycle")))
}

#[test]
fn the_desks_are_read_whole() {
    let read = read(DESKS);
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    let computed = |field: &str| {
        let is = |rule: &&maestro_artifacts::Rule| matches!(&rule.demand, RuleKind::Computed { field: of, .. } if of == field);
        serde_json::to_string(&read.concepts.rules.iter().find(is).unwrap().demand).unwrap()
    };
    // Both days count.
    assert!(computed("days").contains(r#"{"expr":"add","#), "{}", computed("days"));
    assert!(computed("price").contains(r#""via":"desk_id","field":"day_price""#), "{}", computed("price"));
    let shown = "Given a booking from 3 March to 5 March of a desk with a day price of 25.00 When I look at the booking Then it shows 3 days and a price of 75.00";
    let rules = rules_as_json(&read, shown);
    assert!(rules.contains(&computed("days")) && rules.contains(&computed("price")), "{rules}");
    let wish = "As the operator, I want to see the turnover per zone and the number of bookings per plan.";
    let rules = rules_as_json(&read, wish);
    assert!(rules.contains(r#""by":["desk_id","zone_id"],"measures":[{"measure":"sum","field":"price"}]"#), "{rules}");
}

#[test]
fn formulas_of_fields_are_told_in_words() {
    let told = |fields: &str| {
        let read = read(&format!(
            "# Offers\n\n## Entities\n\n### Offer\n- first day (date)\n- last day (date)\n- quantity (integer)\n- price (money)\n- {fields}\n"
        ));
        let rules = read.concepts.rules.iter().filter(|rule| matches!(rule.demand, RuleKind::Computed { .. }));
        let rules: Vec<String> = rules.map(|rule| serde_json::to_string(&rule.demand).unwrap()).collect();
        (unknowns(&read).len(), rules.join(" & "))
    };
    let days = |field: &str| {
        format!(
            r#"{{"kind":"computed","entity":"offer","field":"{field}","expr":{{"expr":"sub","left":{{"expr":"field","field":"last_day"}},"right":{{"expr":"field","field":"first_day"}}}}}}"#
        )
    };
    for fields in [
        "days (integer, calculated: number of days from first day to last day)",
        "days (computed, number of days between first day and last day)",
        "days: integer, number of days between the first day and the last day",
        "days (integer, = last day minus first day)",
    ] {
        assert_eq!(told(fields), (0, days("days")), "{fields}");
    }
    let (unknown, total) = told("total (money, computed as quantity times price)");
    assert!(unknown == 0 && total.contains(r#""expr":"mul""#), "{total}");
    // What is no formula, or of fields that nobody knows.
    for fields in ["days (integer, computed)", "days (integer, number of days between delivery and pickup)"] {
        assert_eq!(told(fields), (1, String::new()), "{fields}");
    }
}

#[test]
fn what_is_closed_or_booked_is_told_in_many_ways() {
    let closed = r#"{"kind":"immutable","entity":"booking","when":[{"test":"in","field":"status","values":["cancelled"]}],"fields":[]}"#;
    for text in [
        "Bookings that are cancelled are closed: no field may be changed.",
        "Cancelled bookings are locked and no field may be changed.",
        "No field of a cancelled booking may be changed.",
    ] {
        assert_eq!(rules_as_json(&desks(text), text), closed, "{text}");
    }
    for text in ["A desk cannot have two bookings on the same day.", "A desk can only be booked once for the same day."]
    {
        let rules = rules_as_json(&desks(text), text);
        assert!(
            rules.contains(r#"{"kind":"no_overlap","entity":"booking","start":"from","end":"to","by":["desk_id"]"#),
            "{text}: {rules}"
        );
    }
    // Nobody knows by what a zone is booked.
    for text in ["A zone cannot have two desks on the same day.", "No field of a lost booking may be changed."] {
        assert_eq!(unknowns(&desks(text)).len(), 1, "{text}");
    }
}
