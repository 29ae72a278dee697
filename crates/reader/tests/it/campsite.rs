//! What tidy epics say in short (a campsite, a museum, lessons, orders): lines that name their record first, sentences that a semicolon
//! joins, whom a refusal is about, and examples that tell two bounds.

use super::{keys, read, rules_as_json, rules_of, understood, unknowns, ways};
use maestro_artifacts::{FieldKind, RuleKind};

const CAMP: &str = "# Campsite\n\n## Pitch\n\n- code [text, required, unique, one letter A to F and two digits]\n- nightly price [money, required]\n\n\
    ## Guest\n\n- full name [text, required]\n\n## Stay\n\n- pitch [ref Pitch, required]\n- guest [ref Guest, required]\n- arrival [date, required]\n\
    - departure [date, required]\n- checked in at [datetime]\n- state [booked | checked in | checked out | cancelled]\n\n## Extra charge\n\n- stay [ref \
    Stay, required]\n- quantity [integer, required, 1..99]\n- unit price [money, required, > 0]\n\n## Workflow of a stay\n\n- booked (initial)\n- booked \
    → checked in [receptionist; needs checked in at]\n- booked → cancelled\n- checked in → checked out\n\n";

/// What one line below a heading is read as.
fn line(heading: &str, told: &str) -> String {
    let read = understood(&format!("{CAMP}## {heading}\n\n- {told}\n"));
    rules_as_json(&read, told.trim_end_matches('.'))
}

#[test]
fn lines_name_their_record_first() {
    for (told, words) in [
        (
            "Guest: max 2 booked stays",
            [r#""kind":"capacity""#, r#""parent":"guest""#, r#""child":"stay""#, r#""values":["booked"]"#],
        ),
        (
            "Stay: max 10 extra charges",
            [r#""kind":"capacity""#, r#""parent":"stay""#, r#""child":"extra_charge""#, "10"],
        ),
        (
            "Stays on the same pitch: no overlap, cancelled stays ignored",
            [r#""kind":"no_overlap""#, r#""by":["pitch_id"]"#, "cancelled", "arrival"],
        ),
    ] {
        let json = line("Rules", told);
        assert!(words.iter().all(|word| json.contains(word)), "{told}: {json}");
    }
    for (told, field) in [
        ("Stay: nights = days between arrival and departure", "nights"),
        ("Extra charge: amount = quantity × unit price", "amount"),
    ] {
        let json = line("Calculated", told);
        assert!(
            json.contains(r#""kind":"computed""#) && json.contains(&format!(r#""field":"{field}""#)),
            "{told}: {json}"
        );
    }
}

#[test]
fn who_takes_a_drawn_step_and_what_it_needs() {
    let read = understood(CAMP);
    assert_eq!(keys(&read, "pitch"), ["code", "nightly_price"]);
    let rules: Vec<&RuleKind> = read.concepts.rules.iter().map(|rule| &rule.demand).collect();
    let form = |rule: &&&RuleKind| matches!(rule, RuleKind::Pattern { regex, .. } if regex == "[A-F][0-9]{2}");
    assert_eq!(rules.iter().filter(form).count(), 1);
    let desk = |rule: &&&RuleKind| matches!(rule, RuleKind::TransitionRole { to, roles, .. } if to == "checked in" && roles == &["receptionist"]);
    let needs = |rule: &&&RuleKind| matches!(rule, RuleKind::TransitionRequires { to, fields, .. } if to == "checked in" && fields == &["checked_in_at"]);
    assert_eq!((rules.iter().filter(desk).count(), rules.iter().filter(needs).count()), (1, 1), "{rules:#?}");
}

const MUSEUM: &str = "# Museum loans\n\n## Boxes\n\nEach box has a title and a condition: good, damaged or retired.\n\n## Schools\n\nFor each school we \
    store its name.\n\n## Bookings\n\nA booking is made by a school for a box. It has a pick-up date and a return date. A booking is requested, confirmed \
    or cancelled. Requested bookings can be confirmed.\n\n";

#[test]
fn nor_can_the_other() {
    for told in [
        "A school that still has bookings cannot be deleted, nor can a box.",
        "A school with bookings cannot be deleted; neither can a box.",
        "Neither a school nor a box with bookings can be deleted.",
    ] {
        let read = understood(&format!("{MUSEUM}{told}\n"));
        let kept = rules_of(&read, told).into_iter().map(|rule| match rule {
            RuleKind::NoDelete { entity, when } => (entity.as_str(), when.0.is_empty()),
            other => panic!("{other:?}"),
        });
        assert_eq!(kept.collect::<Vec<_>>(), [("school", false), ("box", false)], "{told}");
    }
}

#[test]
fn a_box_is_booked_once_at_a_time() {
    let told = "A box can only be booked once at a time; cancelled bookings are ignored.";
    let json = rules_as_json(&understood(&format!("{MUSEUM}{told}\n")), told);
    assert!(json.contains(r#""kind":"no_overlap""#) && json.contains("cancelled") && json.contains("box_id"), "{json}");
}

#[test]
fn a_semicolon_joins_sentences() {
    let read = understood(
        "# Plots\n\n## Leases\n\nAs a treasurer, I want to record leases, so that I know who pays.\n\nAcceptance criteria:\n\n* A lease has a tenant.\n* It has a start \
         date and an end date; the end date is optional but must not be before the start date.\n* A lease is pending, active or ended. New leases are \
         pending.\n* A pending lease can be activated; an active lease can be ended. There is no way back.\n* A lease has a yearly rent.\n* Leases can be sorted by \
         start date and by rent.\n",
    );
    assert_eq!(keys(&read, "lease"), ["tenant", "start_date", "end_date", "status", "yearly_rent"]);
    let steps = [("pending", "active"), ("active", "ended")].map(|(from, to)| (from.to_owned(), to.to_owned()));
    assert_eq!(ways(&read, "lease"), steps);
    let later = |rule: &RuleKind| matches!(rule, RuleKind::Compare { field, .. } if field == "end_date");
    assert!(read.concepts.rules.iter().any(|rule| later(&rule.demand)));
    let sorted = |rule: &RuleKind| matches!(rule, RuleKind::Sort { field, .. } if field == "yearly_rent");
    assert!(read.concepts.rules.iter().any(|rule| sorted(&rule.demand)));
}

const LESSONS: &str = "# Lessons\n\n## Records\n\n- **Teacher**: name (text), email (email), instrument (piano, violin or drums)\n- **Pupil**: name (text), level \
    (beginner or advanced)\n- **Lesson**: title (text), teacher, starts at (date and time), places (integer)\n- **Enrolment**: lesson, pupil, remark (text)\n\n## \
    Scenarios\n\n";

#[test]
fn examples_tell_of_several_at_once() {
    let shown = |told: &str| {
        let read = understood(&format!("{LESSONS}- {told}\n"));
        rules_of(&read, told).into_iter().cloned().collect::<Vec<_>>()
    };
    let rules =
        shown("When a teacher is created without a name, an email or an instrument, then the teacher is not saved.");
    let fields = rules.iter().map(|rule| match rule {
        RuleKind::Required { field, .. } => field.as_str(),
        other => panic!("{other:?}"),
    });
    assert_eq!(fields.collect::<Vec<_>>(), ["name", "email", "instrument"]);
    let rules = shown(
        "Given a teacher, when a lesson is created with fewer than 2 or more than 12 places, then the request is refused.",
    );
    let bounds = rules.iter().map(|rule| match rule {
        RuleKind::Range { field, min, max, .. } => (field.as_str(), min.as_deref(), max.as_deref()),
        other => panic!("{other:?}"),
    });
    assert_eq!(bounds.collect::<Vec<_>>(), [("places", Some("2"), None), ("places", None, Some("12"))]);
    let told = "Given a lesson with as many enrolments as places, when another pupil is enrolled in the lesson, then the request is refused.";
    assert!(
        matches!(shown(told).as_slice(), [RuleKind::Capacity { parent, child, .. }] if parent == "lesson" && child == "enrolment")
    );
}

#[test]
fn in_which_order_must_leave_a_trace() {
    let told = "Given several enrolments, when I list them, then the newest comes first and I can filter by pupil.";
    let read = read(&format!("{LESSONS}- Enrolments can be filtered by pupil.\n- {told}\n"));
    assert_eq!(unknowns(&read).len(), 1, "{:#?}", read.items);
}

#[test]
fn what_is_shown_is_no_value_and_months_are_no_group() {
    for told in [
        "When a clerk opens a pupil, then the name is shown.",
        "When a clerk adds a pupil, then its name is displayed.",
        "When a lesson is created, then its title is visible.",
        "When the office asks for totals by level or by month, then the number of pupils is returned for each group.",
    ] {
        let read = read(&format!("{LESSONS}- Pupils can be totalled by level.\n- {told}\n"));
        assert_eq!(unknowns(&read).len(), 1, "{told}: {:#?}", read.concepts.rules);
    }
    let read = understood(
        "# Clients\n\nA client has a name, an entry (yes/no, normally it does not) and a consent (normally it is not).\n",
    );
    let usual = read.concepts.rules.iter().filter_map(|rule| match &rule.demand {
        RuleKind::Default { field, value, .. } => Some((field.as_str(), value.clone())),
        _ => None,
    });
    assert_eq!(usual.collect::<Vec<_>>(), [("entry", false.into()), ("consent", false.into())]);
}

#[test]
fn words_behind_of_and_flags() {
    let read = understood(
        "# Roastery\n\n## Roasts\n\nA roast has a title.\n\n## Tastings\n\nFor each tasting we record the roast, the name of the taster and a score. Each taster name \
         may occur only once per roast.\n\n## Kennels\n\nA kennel has a code, and it may be under renovation. A kennel is not under renovation by \
         default.\n\n## Suppliers\n\nA supplier has a name and a blocked flag.\n",
    );
    let once = |rule: &RuleKind| matches!(rule, RuleKind::Unique { fields, .. } if fields == &["roast_id", "name_of_taster"] || fields == &["name_of_taster", "roast_id"]);
    assert!(read.concepts.rules.iter().any(|rule| once(&rule.demand)), "{:#?}", read.concepts.rules);
    assert_eq!(keys(&read, "supplier"), ["name", "blocked_flag"]);
    assert_eq!(read.concepts.entity("supplier").unwrap().fields[1].kind, FieldKind::Boolean);
    let usual = |rule: &RuleKind| matches!(rule, RuleKind::Default { field, value, .. } if field == "under_renovation" && *value == false);
    assert!(read.concepts.rules.iter().any(|rule| usual(&rule.demand)));
}
