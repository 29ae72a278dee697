//! What letters, minutes and tickets say in passing, and what was once lost of it or read as something else.

use crate::{keys, read, required, rules_as_json, rules_of, unknowns, ways};
use maestro_artifacts::{Action, FieldKind, Requirements, RuleKind, Understanding};
use serde_json::Value;

fn field<'r>(read: &'r Requirements, entity: &str, key: &str) -> &'r FieldKind {
    &read.concepts.field(entity, key).unwrap().kind
}

/// The demands of an epic that is understood throughout.
#[track_caller]
fn demands(read: &Requirements) -> Vec<&RuleKind> {
    assert_eq!(unknowns(read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    read.concepts.rules.iter().map(|rule| &rule.demand).collect()
}

/// Whether a statement is listed as not understood.
fn listed(read: &Requirements, text: &str) -> bool {
    let item = read.items.iter().find(|item| item.text == text).unwrap();
    matches!(item.understanding, Understanding::Unknown { .. })
}

#[test]
fn one_line_may_name_several_fields() {
    let read = read(
        "# Car pool\n\n_Vehicle_\n\n- Plate (text, required, unique)\n\n_Driver_\n\n- Full name (text, required)\n\n_Trip_\n\n- Vehicle, \
         Driver (both required)\n- Purpose (text, max. 200 characters)\n- Departure, Return (date and time, both required)\n- Start \
         odometer, End odometer (integer, optional)\n- Load length, load width and load height: decimal number\n- Kind, private or business\n",
    );
    let to = |entity: &str| FieldKind::Reference { entity: entity.to_owned() };
    assert_eq!(
        (field(&read, "trip", "vehicle_id"), field(&read, "trip", "driver_id")),
        (&to("vehicle"), &to("driver"))
    );
    for key in ["departure", "return"] {
        assert_eq!(field(&read, "trip", key), &FieldKind::DateTime, "{key}");
    }
    for key in ["start_odometer", "end_odometer"] {
        assert_eq!(field(&read, "trip", key), &FieldKind::Integer, "{key}");
    }
    for key in ["load_length", "load_width", "load_height"] {
        assert_eq!(field(&read, "trip", key), &FieldKind::Decimal, "{key}");
    }
    let values = vec!["private".to_owned(), "business".to_owned()];
    assert_eq!(field(&read, "trip", "kind"), &FieldKind::Enum { values });
    demands(&read);
    assert_eq!(required(&read), ["plate", "full_name", "vehicle_id", "driver_id", "departure", "return"]);
}

#[test]
fn what_nobody_is_at_first_is_a_default() {
    let told = "# Camp\n\n## Pitches\n\nA pitch has a number and can be marked as closed.\n\n## Guests\n\nA guest has a name. A guest can be \
                marked as banned.";
    for (rest, entity, flag) in [
        ("Nobody is banned to begin with.", "guest", "banned"),
        ("No guest is banned at first.", "guest", "banned"),
        ("None of the guests is banned to begin with.", "guest", "banned"),
        ("No pitch is closed to begin with.", "pitch", "closed"),
        ("At first no pitch is closed.", "pitch", "closed"),
    ] {
        let read = read(&format!("{told} {rest}\n"));
        let default =
            RuleKind::Default { entity: entity.to_owned(), field: flag.to_owned(), value: Value::Bool(false) };
        assert!(demands(&read).contains(&&default), "{rest}: {:#?}", read.concepts.rules);
        assert_eq!(rules_of(&read, rest), [&default], "{rest}");
    }
    let other = "Nobody is amused to begin with.";
    let read = read(&format!("{told} {other}\n"));
    assert!(listed(&read, other));
}

#[test]
fn a_form_behind_an_example_is_the_whole_form() {
    for (told, form) in [
        (
            "Each pitch has a number such as B-07 (one capital letter, a hyphen and two digits), and of course no two pitches have the same number.",
            "[A-Z]-[0-9]{2}",
        ),
        ("A pitch has a code such as AB12 (two capital letters and two digits).", "[A-Z]{2}[0-9]{2}"),
        ("Every pitch has a label like 12/C (two digits, a slash and a capital letter) and a size.", "[0-9]{2}/[A-Z]"),
    ] {
        let read = read(&format!("# Camp\n\n## Pitches\n\n{told} A pitch has a name.\n"));
        let forms: Vec<&String> = demands(&read)
            .into_iter()
            .filter_map(|rule| if let RuleKind::Pattern { regex, .. } = rule { Some(regex) } else { None })
            .collect();
        assert_eq!(forms, [form], "{told}");
        assert!(!keys(&read, "pitch").iter().any(|key| ["hyphen", "slash"].contains(&key.as_str())), "{told}");
    }
}

#[test]
fn who_i_am_is_told_or_unknown() {
    let only = |who: &str, told: &str| {
        let read = read(&format!("# Camp\n\n{who}\n\n## Pitches\n\nA pitch has a number. {told}\n"));
        let roles = read.concepts.rules.iter().find_map(|rule| match &rule.demand {
            RuleKind::ActionRole { action: Action::Delete, roles, .. } => Some(roles.clone()),
            _ => None,
        });
        assert!(
            !read.concepts.roles.iter().any(|role| ["i", "me"].contains(&role.as_str())),
            "{:?}",
            read.concepts.roles
        );
        (roles, unknowns(&read).len())
    };
    let manager = (Some(vec!["manager".to_owned()]), 0);
    assert_eq!(
        only("There are two of us: the receptionists at the desk, and me, the manager.", "Only I may delete pitches."),
        manager
    );
    assert_eq!(only("I am the manager of the site.", "Nobody but me may delete pitches."), manager);
    assert_eq!(only("Dear all,", "As the manager, only I may delete pitches."), manager);
    // Nobody knows who that is.
    for told in
        ["Only I may delete pitches.", "Pitches can be deleted only by me.", "Only me and my wife may delete pitches."]
    {
        assert_eq!(only("Dear all,", told), (None, 1), "{told}");
    }
}

#[test]
fn what_holds_after_a_state_is_no_field() {
    let told = "# Camp\n\n## Bookings\n\nA booking has a number (text, required). A booking starts as reserved. It moves from reserved to \
                checked in, and from checked in to checked out. A reserved booking can be cancelled.";
    for rest in [
        "After a booking is checked out or cancelled, nobody may change it any more.",
        "Once a booking is checked out or cancelled, it is locked.",
        "As soon as a booking is checked out or cancelled, it can no longer be changed.",
        "When a booking is checked out or cancelled, nobody can edit it.",
        "Once a booking has been checked out or cancelled, no changes are possible.",
    ] {
        let read = read(&format!("{told} {rest}\n"));
        assert_eq!(keys(&read, "booking"), ["number", "status"], "{rest}");
        let locked = r#"{"kind":"immutable","entity":"booking","when":[{"test":"in","field":"status","values":["checked out","cancelled"]}],"fields":[]}"#;
        assert_eq!(rules_as_json(&read, rest), locked, "{rest}");
    }
    // Where the states are not known, nothing is made up.
    let rest = "After a booking is checked out or cancelled, nobody may change it any more.";
    let read = read(&format!("# Camp\n\n## Bookings\n\nA booking has a number (text, required). {rest}\n"));
    assert_eq!(keys(&read, "booking"), ["number"]);
    assert!(listed(&read, rest));
}

#[test]
fn nothing_else_is_said_of_whom_it_follows() {
    let told = "# Food bank\n\n## Households\n\nA household has a name (required). A household starts as applied. An applied household can become \
                approved.\n\n## Parcels\n\nA parcel has a note and a household.";
    let nothing = "Nothing else is possible.";
    let read_with = |more: &str| read(&format!("{told} {more} {nothing}\n"));
    let parcels = read_with("A parcel starts as packed. It moves from packed to handed out.");
    demands(&parcels);
    assert_eq!(rules_of(&parcels, nothing), [&RuleKind::Transitions { entity: "parcel".to_owned() }]);
    // What goes before is not understood: households are not meant.
    let unclear = read_with("A parcel hops along from shelf to shelf as the mood takes us.");
    assert!(listed(&unclear, nothing), "{:#?}", unclear.items);
}

#[test]
fn what_some_alone_may_do_is_all_that_is_told() {
    let told =
        "# Cores\n\n## Projects\n\nA project has a name.\n\n## Boreholes\n\nA borehole has a depth.\n\n## Rules\n\n";
    for rest in [
        "Projects and boreholes are created and changed by geologists only.",
        "Projects and boreholes can be created and changed by geologists only.",
        "Projects and boreholes may only be created or changed by geologists.",
        "Projects and boreholes can be created and edited only by geologists.",
    ] {
        let read = read(&format!("{told}{rest}\n"));
        let mut found: Vec<(String, Action)> = demands(&read)
            .into_iter()
            .filter_map(|rule| match rule {
                RuleKind::ActionRole { entity, action, roles, .. } if *roles == ["geologist"] => {
                    Some((entity.clone(), *action))
                }
                _ => None,
            })
            .collect();
        found.sort_by_key(|(entity, action)| format!("{entity}{action:?}"));
        let wanted = ["borehole", "project"]
            .map(|entity| [Action::Create, Action::Update].map(|action| (entity.to_owned(), action)));
        assert_eq!(found, wanted.concat(), "{rest}: {:#?}", read.concepts.rules);
    }
}

#[test]
fn a_moment_that_must_not_be_past_when_something_is_made() {
    let told = "# Car pool\n\n## Trips\n\n- purpose (text, required)\n- departure (date and time)\n\n## Rules\n\n";
    for rest in [
        "A departure in the past is rejected when the trip is created.",
        "A departure in the past is refused on creation.",
        "A departure that lies in the past is rejected when a trip is created.",
    ] {
        let read = read(&format!("{told}{rest}\n"));
        let later = r#"{"kind":"compare","entity":"trip","field":"departure","op":"ge","to":{"of":"now"},"when":[],"on_create":true}"#;
        assert_eq!(rules_as_json(&read, rest), later, "{rest}");
    }
}

#[test]
fn records_that_cannot_be_asked_for() {
    let told = "# Car pool\n\n_Vehicle_\n\n- Plate (text, required)\n- Active (boolean, default true)\n\n_Trip_\n\n- Vehicle (required)\n- Purpose \
                (text)\n\n_Refuelling_\n\n- Vehicle (required)\n- Litres (decimal)\n\n**Rules**\n\n";
    let states = "- A trip is created with the status requested.\n- A requested trip can be approved.\n";
    let rule = "Inactive vehicles cannot be requested.";
    let sure = read(&format!("{told}{states}- {rule}\n"));
    let active = r#"{"kind":"requires","entity":"trip","at":{"moment":"create"},"condition":[{"test":"not_in","via":"vehicle_id","field":"active","values":[false]}]}"#;
    assert_eq!(rules_as_json(&sure, rule), active);
    // Trips or refuellings?
    let unsure = read(&format!("{told}- {rule}\n"));
    assert!(listed(&unsure, rule), "{:#?}", unsure.items);
}

#[test]
fn what_a_role_does_is_no_field() {
    let read = read(
        "# Food bank\n\n## 2. Who does what\n\n- Coordinator: approves households and oversees everything\n- Intake worker: registers households and \
         makes up parcels\n- Warehouse worker: looks after the products\n\n## Households\n\nA household has a name.\n\n## Parcels\n\nA parcel has a \
         note and a household.\n\n## Rules\n\n- Only intake workers may delete parcels.\n",
    );
    let rules = demands(&read);
    assert_eq!(keys(&read, "parcel"), ["note", "household_id"]);
    assert_eq!(rules.iter().filter(|rule| matches!(rule, RuleKind::ActionRole { .. })).count(), 1, "{rules:?}");
    assert_eq!(read.concepts.roles, ["coordinator", "intake worker", "warehouse worker"]);
}

#[test]
fn records_begin_as_they_are_told_to_begin() {
    let told = "# Food bank\n\n## Households\n\nA household has a name.\n\n";
    let rest = "An approved household may become suspended, and a suspended one may become approved again. An approved or suspended household \
                may become closed.";
    for first in [
        "**Decision on the procedure:** a household is first applied. The coordinator then makes it approved or declined.",
        "A household is first applied. The coordinator then sets it to approved or declined.",
        "A household starts as applied. After that the coordinator makes it either approved or declined.",
    ] {
        let read = read(&format!("{told}{first} {rest}\n"));
        demands(&read);
        let flow = read.concepts.entity("household").unwrap().workflow.as_ref().unwrap();
        assert_eq!(flow.initial, "applied", "{first}");
        let ways = ways(&read, "household");
        let from_applied = |to: &str| ways.contains(&("applied".to_owned(), to.to_owned()));
        assert!(from_applied("approved") && from_applied("declined") && ways.len() == 6, "{ways:?}");
    }
    // A beginning that is not understood is not replaced by another one.
    let read = read(&format!("{told}To begin with a household sits upon the pile of the newly applied. {rest}\n"));
    let household = read.concepts.entity("household").unwrap();
    assert!(household.workflow.is_none(), "{:?}", household.workflow);
    assert_eq!(unknowns(&read).len(), 3);
}

#[test]
fn a_value_where_none_is_given_behind_a_bound() {
    let told = "# Policies\n\n## Policies\n\nA policy has a number (required), a sum insured (money) and a deductible (money).\n\n";
    for rest in [
        "The deductible must be less than the sum insured and shall be 250.00 by default.",
        "The deductible shall be less than the sum insured and is 250.00 where none is given.",
    ] {
        let read = read(&format!("{told}{rest}\n"));
        demands(&read);
        let rules = rules_of(&read, rest);
        assert!(
            matches!(rules[..], [RuleKind::Compare { .. }, RuleKind::Default { value, .. }] if value == "250.00"),
            "{rules:?}"
        );
    }
    // An amount of money stays one.
    let rest = "The sum insured must be greater than 0 and is 1000.00 unless stated otherwise.";
    let read = read(&format!("{told}{rest}\n"));
    demands(&read);
    assert!(read.contradictions.is_empty(), "{:?}", read.contradictions);
    assert_eq!(field(&read, "policy", "sum_insured"), &FieldKind::Money);
}

#[test]
fn a_flag_behind_other_fields_is_its_own() {
    let read = read("# Shops\n\n## Customers\n\nA customer has a name (required) and may be archived (yes/no).\n");
    demands(&read);
    assert_eq!(keys(&read, "customer"), ["name", "archived"]);
    assert_eq!(field(&read, "customer", "name"), &FieldKind::Text { long: false });
    assert_eq!(field(&read, "customer", "archived"), &FieldKind::Boolean);
}

#[test]
fn sizes_limits_and_sums() {
    let told = "# Cores\n\n## Boxes\n\n- number (text, required)\n- length (decimal number in metres)\n\n## Sample requests\n\n- request number \
                (text, required)\n- box (reference to box, required)\n- mass (decimal number in grams)\n- taken on (date)\n- status (submitted, \
                granted or taken)\n\n## Rules\n\n- Changes of status: submitted → granted, granted → taken\n";
    let read_with = |rest: &str| read(&format!("{told}- {rest}\n"));
    for (rest, rules) in [
        (
            "A box is no longer than 5 metres.",
            r#"{"kind":"range","entity":"box","field":"length","min":null,"max":"5","above_min":false,"below_max":false}"#,
        ),
        (
            "At most 5 sample requests are accepted for each box.",
            r#"{"kind":"capacity","parent":"box","child":"sample_request","via":"box_id","measure":{"measure":"count"},"op":"le","limit":{"of":"value","value":5},"when":[]}"#,
        ),
        (
            "The date \"taken on\" must be present for the status taken.",
            r#"{"kind":"transition_requires","entity":"sample_request","from":null,"to":"taken","fields":["taken_on"]}"#,
        ),
        (
            "A request starts with the status submitted.",
            r#"{"kind":"default","entity":"sample_request","field":"status","value":"submitted"}"#,
        ),
    ] {
        assert_eq!(rules_as_json(&read_with(rest), rest), rules, "{rest}");
    }
    let report = "Mass of the sample requests per status";
    assert_eq!(
        rules_as_json(&read(&format!("{told}\n## Reports\n\n- {report}\n")), report),
        r#"{"kind":"totals","entity":"sample_request","by":["status"],"measures":[{"measure":"sum","field":"mass"}]}"#
    );
    // A box has no weight.
    let heavy = "A box is no heavier than 5 kg.";
    assert!(listed(&read_with(heavy), heavy));
}

#[test]
fn minutes_of_a_meeting() {
    let read = read(
        "# Food bank\n\n## Households\n\n- We agreed that a household has a name, a postcode and a registration date.\n- A household has dietary \
         needs: none, halal, vegetarian or gluten-free. The default is none.\n- A household is first applied. The coordinator then makes it \
         approved or declined. An approved household may become closed.\n- These are the only steps.\n- A closing date is needed before a \
         household can be closed.\n- The closing date may not lie before the registration date.\n- A closed or declined household cannot be \
         changed afterwards.\n- The households should be listed by name, 50 at a time.\n\n## Parcels\n\n- A parcel is made up for one household on \
         one pick-up date. Both are required.\n- A household can get only one parcel per pick-up date.\n- Parcels can only be made up for households \
         that are approved.\n- A parcel is in preparation to start with. From in preparation it goes to packed, and from packed to handed out or to \
         not collected. Nothing else is possible.\n- A parcel cannot be handed out without \"collected by\".\n- The parcel lines belong to the \
         parcel. A parcel line has a parcel, a product and a quantity, all required.\n- A parcel contains at most 15 lines.\n",
    );
    let rules = demands(&read);
    let needs = FieldKind::Enum { values: ["none", "halal", "vegetarian", "gluten-free"].map(str::to_owned).to_vec() };
    assert_eq!(field(&read, "household", "dietary_needs"), &needs);
    assert_eq!(field(&read, "parcel", "pick_up_date"), &FieldKind::Date);
    let begun = |key: &str| {
        let flow = read.concepts.entity(key).unwrap().workflow.as_ref().unwrap();
        (flow.initial.clone(), flow.transitions.len())
    };
    assert_eq!((begun("household"), begun("parcel")), (("applied".into(), 3), ("in preparation".into(), 3)));
    for (field, state) in [("closing_date", "closed"), ("collected_by", "handed out")] {
        let asks = |rule: &&RuleKind| matches!(rule, RuleKind::TransitionRequires { to, fields, .. } if to == state && *fields == [field]);
        assert!(rules.iter().any(asks), "{field}: {rules:?}");
    }
    for (text, told) in [
        (
            "A closed or declined household cannot be changed afterwards.",
            r#"{"kind":"immutable","entity":"household","when":[{"test":"in","field":"status","values":["closed","declined"]}],"fields":[]}"#,
        ),
        (
            "A parcel contains at most 15 lines.",
            r#"{"kind":"capacity","parent":"parcel","child":"parcel_line","via":"parcel_id","measure":{"measure":"count"},"op":"le","limit":{"of":"value","value":15},"when":[]}"#,
        ),
        (
            "The households should be listed by name, 50 at a time.",
            r#"{"kind":"list","entity":"household","sort":[{"field":"name","descending":false}],"page_size":50}"#,
        ),
        (
            "Parcels can only be made up for households that are approved.",
            r#"{"kind":"requires","entity":"parcel","at":{"moment":"create"},"condition":[{"test":"in","via":"household_id","field":"status","values":["approved"]}]}"#,
        ),
        (
            "A household can get only one parcel per pick-up date.",
            r#"{"kind":"unique","entity":"parcel","fields":["household_id","pick_up_date"],"when":[],"ignore_case":false}"#,
        ),
        (
            "The closing date may not lie before the registration date.",
            r#"{"kind":"compare","entity":"household","field":"closing_date","op":"ge","to":{"of":"field","field":"registration_date","plus":0},"when":[],"on_create":false}"#,
        ),
    ] {
        assert_eq!(rules_as_json(&read, text), told, "{text}");
    }
    let only = RuleKind::Transitions { entity: "household".to_owned() };
    assert_eq!(rules_of(&read, "These are the only steps."), [&only]);
}

#[test]
fn what_is_not_in_the_table_and_what_a_lock_comes_to() {
    let read = read(
        "# Car pool\n\n## Trips\n\n- purpose (text, required)\n\n| From | To |\n|---|---|\n| requested | approved |\n| approved | completed |\n\n**Acceptance \
         criteria**\n\n- Every transition that is not in the table is answered with 409.\n- Completed trips are locked: no more edits.\n- Trips can be \
         created and deleted by the fleet manager only; everybody else gets a 403.\n",
    );
    let rules = demands(&read);
    assert_eq!(rules.iter().filter(|rule| matches!(rule, RuleKind::Immutable { .. })).count(), 1);
    let own: Vec<(Action, &[String])> = rules
        .iter()
        .filter_map(|rule| match rule {
            RuleKind::ActionRole { action, roles, .. } => Some((*action, roles.as_slice())),
            _ => None,
        })
        .collect();
    let manager = ["fleet manager".to_owned()];
    assert_eq!(own, [(Action::Create, &manager[..]), (Action::Delete, &manager[..])]);
}

#[test]
fn habits_favours_and_what_is_nice_to_have() {
    let read = read(
        "# Camp\n\n## Pitches\n\nA pitch has a number (required). Sometimes a pitch is closed because of mud or repairs, so please let us mark a pitch as \
         closed.\n\n## Guests\n\nOf each guest we want the full name, the phone number and the home town. The full name is always needed; the other two \
         are nice to have. Now and then we have to ban somebody, so a guest can be marked as banned. Nobody is banned to begin with.\n\n## \
         Extras\n\nAn extra has a day, an item and a unit price; we need all of them.\n",
    );
    let rules = demands(&read);
    assert_eq!(
        (field(&read, "pitch", "closed"), field(&read, "guest", "banned")),
        (&FieldKind::Boolean, &FieldKind::Boolean)
    );
    assert_eq!(required(&read), ["number", "full_name", "day", "item", "unit_price"]);
    assert_eq!(rules.iter().filter(|rule| matches!(rule, RuleKind::Default { .. })).count(), 1);
}
