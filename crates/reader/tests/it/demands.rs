//! Demands in short sentences with numbers of their own, and the wordings that they brought.

use super::rules::check;
use super::{read, rules_of};

#[test]
fn numbered_demands() {
    check(
        include_str!("../data/market.md"),
        &[
            (
                "The phone number shall consist of digits only",
                r#"{"kind":"pattern","entity":"trader","field":"phone_number","regex":"[0-9]+"} & {"kind":"length","entity":"trader","field":"phone_number","min":6,"max":15}"#,
            ),
            (
                "The pitch number shall match the form",
                r#"{"kind":"pattern","entity":"pitch","field":"pitch_number","regex":"[A-Z][0-9]{3}"}"#,
            ),
            (
                "The system shall refuse a letting whose period",
                r#"{"kind":"no_overlap","entity":"letting","start":"first_day","end":"last_day","by":["pitch_id"],"when":[{"test":"not_in","field":"state","values":["withdrawn"]}]}"#,
            ),
            (
                "The system shall calculate the number of days",
                r#"{"kind":"computed","entity":"letting","field":"number_of_days","expr":{"expr":"add","left":{"expr":"sub","left":{"expr":"field","field":"last_day"},"right":{"expr":"field","field":"first_day"}},"right":{"expr":"number","value":"1"}}}"#,
            ),
            (
                "The system shall calculate the fee",
                r#"{"kind":"computed","entity":"letting","field":"fee","expr":{"expr":"mul","left":{"expr":"field","field":"number_of_days"},"right":{"expr":"referenced","via":"pitch_id","field":"daily_rate"}}}"#,
            ),
            (
                "The state of a letting shall start",
                r#"{"kind":"default","entity":"letting","field":"state","value":"applied"} & {"kind":"transitions","entity":"letting"}"#,
            ),
            (
                "The system shall require a receipt number",
                r#"{"kind":"transition_requires","entity":"letting","from":null,"to":"paid","fields":["receipt_number"]}"#,
            ),
            (
                "The system shall not accept",
                r#"{"kind":"requires","entity":"letting","at":{"moment":"create"},"condition":[{"test":"compare","via":"trader_id","field":"date_insurance_runs_out","op":"ge","to":{"of":"today","plus_days":0}}]}"#,
            ),
            (
                "The system shall find traders",
                r#"{"kind":"search","entity":"trader","fields":["company_name","contact_e_mail"]}"#,
            ),
            (
                "The system shall export traders and lettings",
                r#"{"kind":"csv","entity":"trader"} & {"kind":"csv","entity":"letting"}"#,
            ),
        ],
        &[],
    );
}

const MODEL: &str = "# T\n\nWe keep a list of sites. Each site has a code, a depth, a number of seats and an expiry date.\n\n\
    A sample belongs to a site. Each sample has a label, a result date, the date on which it was taken, a pH value \
    (decimal) and a status.\n\nA sample begins as taken; it is then sent in transit. The status is one of taken, in transit, \
    analysed and discarded. From in transit it becomes analysed. A sample that is taken or in transit can be discarded.\n\n## Rules\n\n";

/// What a sentence behind the model demands, as JSON.
fn demands(sentence: &str) -> String {
    let read = read(&format!("{MODEL}- {sentence}\n"));
    rules_of(&read, sentence)
        .into_iter()
        .map(|rule| serde_json::to_string(rule).unwrap())
        .collect::<Vec<_>>()
        .join(" & ")
}

#[test]
fn states_are_not_made_of_what_leads_to_them() {
    let read = read(MODEL);
    let sample = read.concepts.entities.iter().find(|entity| entity.key == "sample").unwrap();
    let flow = sample.workflow.as_ref().unwrap();
    let ways: Vec<String> = flow.transitions.iter().map(|way| format!("{}>{}", way.from, way.to)).collect();
    assert_eq!(
        (flow.initial.as_str(), ways.join(" ").as_str()),
        ("taken", "taken>in transit in transit>analysed taken>discarded in transit>discarded")
    );
    assert!(read.concepts.entities.iter().all(|entity| entity.fields.iter().all(|field| field.key != "list")));
}

#[test]
fn wordings() {
    for (sentence, rule) in [
        ("A pH value can't be above 14 or below 0.", r#""field":"ph_value","min":"0","max":"14","above_min":false"#),
        ("A site must have at least 1 and at most 90 seats.", r#""field":"number_of_seats","min":"1","max":"90""#),
        ("There may be no more than 90 seats.", r#""field":"number_of_seats","min":null,"max":"90""#),
        (
            "The result date may not be before the day the sample was taken.",
            r#""field":"result_date","op":"ge","to":{"of":"field","field":"date_taken""#,
        ),
        ("Discarding is for the chemist and the office head.", r#""to":"discarded","roles":["chemist","office head"]"#),
        ("The code has three capital letters and two digits.", r#""field":"code","regex":"[A-Z]{3}[0-9]{2}""#),
        ("A code is two letters, a dash and five digits.", r#""field":"code","regex":"[A-Za-z]{2}-[0-9]{5}""#),
        ("Expired sites take no new samples.", ""),
        ("A sample can't be dated after today.", ""),
        ("The list of samples can be had as CSV.", r#""kind":"csv","entity":"sample""#),
        (
            "By default samples are sorted by date taken, latest first, 50 to a page.",
            r#""sort":[{"field":"date_taken","descending":true}],"page_size":50"#,
        ),
        ("Lists show 25 records on a page.", r#""entity":"sample","sort":[],"page_size":25"#),
    ] {
        let found = demands(sentence);
        let fits = if rule.is_empty() { found.is_empty() } else { found.contains(rule) };
        assert!(fits, "{sentence}: {found}");
    }
}

/// Reads an epic whole; each statement's rules must contain these.
fn contain(epic: &str, told: &[(&str, &str)]) {
    let read = read(epic);
    let unknown: Vec<_> = read.unknown().map(|item| &item.text).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    for (start, rules) in told {
        let text = &read.items.iter().find(|item| item.text.starts_with(start)).unwrap().text;
        let found: Vec<String> =
            rules_of(&read, text).into_iter().map(|rule| serde_json::to_string(rule).unwrap()).collect();
        for rule in rules.split(" & ") {
            let rule: maestro_artifacts::RuleKind = serde_json::from_str(rule).unwrap();
            let rule = serde_json::to_string(&rule).unwrap();
            assert!(found.contains(&rule), "{start}: {rule} is not among {found:?}");
        }
    }
}

#[test]
fn numbered_rules_and_records_in_bullets() {
    contain(
        include_str!("../data/agency.md"),
        &[
            (
                "Job",
                r#"{"kind":"pattern","entity":"job","field":"reference","regex":"JOB-[0-9]{4}"} & {"kind":"pattern","entity":"job","field":"source_language","regex":"[a-z]{2}"} & {"kind":"default","entity":"job","field":"status","value":"offered"}"#,
            ),
            (
                "A job must start today",
                r#"{"kind":"compare","entity":"job","field":"start","op":"ge","to":{"of":"today","plus_days":0},"when":[],"on_create":true}"#,
            ),
            (
                "A translator cannot work on two jobs",
                r#"{"kind":"no_overlap","entity":"job","start":"start","end":"due","by":["translator_id"],"when":[{"test":"not_in","field":"status","values":["withdrawn"]}]}"#,
            ),
            (
                "Given a translator with a job",
                r#"{"kind":"no_overlap","entity":"job","start":"start","end":"due","by":["translator_id"],"when":[{"test":"not_in","field":"status","values":["withdrawn"]}]}"#,
            ),
            (
                "The price is net price",
                r#"{"kind":"computed","entity":"job","field":"price","expr":{"expr":"sub","left":{"expr":"field","field":"net_price"},"right":{"expr":"field","field":"discount_amount"}}}"#,
            ),
            (
                "Invoiced and withdrawn",
                r#"{"kind":"immutable","entity":"job","when":[{"test":"in","field":"status","values":["invoiced","withdrawn"]}],"fields":[]}"#,
            ),
            (
                "As an accountant I want to see the total",
                r#"{"kind":"totals","entity":"job","by":["client_id"],"measures":[{"measure":"sum","field":"price"}]} & {"kind":"totals","entity":"job","by":["status"],"measures":[{"measure":"sum","field":"price"}]}"#,
            ),
        ],
    );
}

#[test]
fn records_in_lines_and_rules_in_plain_words() {
    contain(
        include_str!("../data/calibration.md"),
        &[
            (
                "Only technicians start",
                r#"{"kind":"transition_role","entity":"calibration","from":null,"to":"running","roles":["technician"]}"#,
            ),
            (
                "Passing and failing",
                r#"{"kind":"transition_role","entity":"calibration","from":null,"to":"passed","roles":["lab head"]} & {"kind":"transition_role","entity":"calibration","from":null,"to":"failed","roles":["lab head"]}"#,
            ),
            (
                "A passed calibration has",
                r#"{"kind":"required_when","entity":"calibration","field":"certificate_number","when":[{"test":"in","field":"state","values":["passed"]}]} & {"kind":"unique","entity":"calibration","fields":["certificate_number"],"when":[],"ignore_case":false}"#,
            ),
            (
                "Retired instruments",
                r#"{"kind":"requires","entity":"calibration","at":{"moment":"create"},"condition":[{"test":"not_in","via":"instrument_id","field":"retired","values":[true]}]}"#,
            ),
            (
                "The total cost of an instrument",
                r#"{"kind":"computed","entity":"instrument","field":"total_cost","expr":{"expr":"add","left":{"expr":"field","field":"purchase_price"},"right":{"expr":"children","child":"calibration","via":"instrument_id","measure":{"measure":"sum","field":"cost"},"when":[]}}}"#,
            ),
            (
                "The lab head filters",
                r#"{"kind":"filter","entity":"calibration","field":"state"} & {"kind":"filter","entity":"calibration","field":"instrument_id"} & {"kind":"filter","entity":"calibration","field":"planned_date"}"#,
            ),
            (
                "Calibrations are ordered",
                r#"{"kind":"list","entity":"calibration","sort":[{"field":"planned_date","descending":false}],"page_size":15}"#,
            ),
            (
                "Costs of calibrations",
                r#"{"kind":"totals","entity":"calibration","by":["instrument_id","department_id"],"measures":[{"measure":"sum","field":"cost"}]} & {"kind":"totals","entity":"calibration","by":["instrument_id","kind"],"measures":[{"measure":"sum","field":"cost"}]}"#,
            ),
        ],
    );
}

const YARD: &str = "# T\n\nA boat owner has a name. A boat belongs to one boat owner. Every boat has a registration, which is two letters, \
    a dash and four digits, a make and a length in metres.\n\nA place has a code, a maximum length in metres, a monthly rate in \
    euros and a kind. There are three kinds: hall, shed and outdoor.\n\nA contract says which boat lies in which place. It has a \
    first day, a last day and a number.\n\n## Rules\n\n- A contract begins as draft; it is then signed. Drafts and signed contracts \
    can be cancelled.\n";

#[test]
fn what_a_paragraph_introduces() {
    let told = |sentence: &str| {
        let read = read(&format!("{YARD}- {sentence}\n"));
        let keys: Vec<String> = read.concepts.entities.iter().map(|entity| entity.key.clone()).collect();
        assert_eq!(keys, ["boat_owner", "boat", "place", "contract"], "{sentence}");
        rules_of(&read, sentence).into_iter().map(|rule| serde_json::to_string(rule).unwrap()).collect::<String>()
    };
    for (sentence, rule) in [
        ("The rate cannot be negative.", r#""field":"monthly_rate","min":"0.00""#),
        (
            "A place cannot be let to two boats at the same time; cancelled contracts are ignored.",
            r#""by":["place_id"],"when":[{"test":"not_in","via":null,"field":"status","values":["cancelled"]}]"#,
        ),
        ("A boat cannot have two contracts at the same time either.", r#""by":["boat_id"]"#),
        (
            "The registration is mandatory, and no two boats have the same one.",
            r#""kind":"unique","entity":"boat","fields":["registration"]"#,
        ),
        (
            "The boat's owner can be changed only by the yard manager.",
            r#""fields":["boat_owner_id"],"roles":["yard manager"]"#,
        ),
        (
            "Contracts come newest first (by first day), 25 on a page.",
            r#""sort":[{"field":"first_day","descending":true}],"page_size":25"#,
        ),
        ("All lists can be exported as CSV.", r#""kind":"csv","entity":"place""#),
        ("Signed contracts are never changed again.", r#""kind":"immutable","entity":"contract""#),
        // What nothing tells is not guessed.
        ("The fee is the rate times 12.", r#""field":"fee""#),
    ] {
        assert!(told(sentence).contains(rule), "{sentence}: {}", told(sentence));
    }
}

#[test]
fn notes_in_short() {
    contain(
        include_str!("../data/kennel.md"),
        &[
            ("Owners", r#"{"kind":"unique","entity":"owner","fields":["e_mail"],"when":[],"ignore_case":false}"#),
            (
                "Dogs",
                r#"{"kind":"pattern","entity":"dog","field":"chip_number","regex":"[0-9]{15}"} & {"kind":"unique","entity":"dog","fields":["chip_number"],"when":[],"ignore_case":false}"#,
            ),
            (
                "Runs",
                r#"{"kind":"range","entity":"run","field":"places","min":"1","max":"8","above_min":false,"below_max":false}"#,
            ),
            ("Stays", r#"{"kind":"length","entity":"stay","field":"food_notes","min":null,"max":300}"#),
            (
                "stay max 28 nights",
                r#"{"kind":"compare","entity":"stay","field":"departure","op":"le","to":{"of":"field","field":"arrival","plus":28},"when":[],"on_create":false}"#,
            ),
            (
                "run: never more stays",
                r#"{"kind":"capacity","parent":"run","child":"stay","via":"run_id","measure":{"measure":"count"},"op":"le","limit":{"of":"field","field":"places","plus":0},"when":[{"test":"in","field":"status","values":["booked","checked in"]}]}"#,
            ),
            (
                "cancel: manager only",
                r#"{"kind":"transition_role","entity":"stay","from":null,"to":"cancelled","roles":["manager"]} & {"kind":"transition_requires","entity":"stay","from":null,"to":"cancelled","fields":["reason"]}"#,
            ),
            (
                "checked out: read only",
                r#"{"kind":"immutable","entity":"stay","when":[{"test":"in","field":"status","values":["checked out"]}],"fields":[]}"#,
            ),
            (
                "size of dog must equal",
                r#"{"kind":"requires","entity":"stay","at":{"moment":"save"},"condition":[{"test":"compare","via":"dog_id","field":"size","op":"eq","to":{"of":"referenced","via":"run_id","field":"size","plus":0}}]}"#,
            ),
            (
                "dogs: search name",
                r#"{"kind":"search","entity":"dog","fields":["name","breed"]} & {"kind":"filter","entity":"dog","field":"size"} & {"kind":"filter","entity":"dog","field":"owner_id"}"#,
            ),
            (
                "stays: price by run",
                r#"{"kind":"totals","entity":"stay","by":["run_id"],"measures":[{"measure":"sum","field":"price"}]} & {"kind":"totals","entity":"stay","by":["dog_id","size"],"measures":[{"measure":"sum","field":"price"}]}"#,
            ),
        ],
    );
}

const LASTING: &str = "# T\n\nWe keep a list of telescopes. Each telescope has a name and a price per hour.\n\nAn observation is \
    booked on one telescope. It has a title, a start, an end (both date and time) and a number of guests.\n\n## Rules\n\n";

#[test]
fn time_is_counted_in_what_the_sentence_says() {
    let expr = |sentence: &str| {
        let read = read(&format!("{LASTING}- {sentence}\n"));
        let found = rules_of(&read, sentence);
        found.into_iter().map(|rule| serde_json::to_string(rule).unwrap()).collect::<String>()
    };
    for (sentence, unit) in [
        ("The hours of an observation are computed from its start and end.", r#""unit":"hours""#),
        ("The duration in minutes is the end minus the start.", r#""unit":"minutes""#),
        ("The system calculates the duration of an observation in hours.", r#""unit":"hours""#),
        ("The cost equals the hours from start to end times the telescope's price per hour.", r#""unit":"hours""#),
        ("The number of days is the time between start and end.", r#""expr":"sub""#),
    ] {
        assert!(expr(sentence).contains(unit), "{sentence}: {}", expr(sentence));
    }
    // In which unit, nothing says.
    assert_eq!(expr("The duration is the end minus the start."), "");
}

/// What a rule asks for exists, whichever pattern reads the rule once it does.
#[test]
fn what_a_way_asks_for_is_kept() {
    for sentence in [
        "A sample cannot be discarded without a reason.",
        "Discarding a sample requires a reason.",
        "A sample can only be discarded with a reference number.",
        "When a sample is discarded, a cause must be given.",
        "Discard: a reason is needed.",
    ] {
        let read = read(&format!("{MODEL}- {sentence}\n"));
        let fields: Vec<String> = rules_of(&read, sentence)
            .into_iter()
            .flat_map(|rule| match rule {
                maestro_artifacts::RuleKind::TransitionRequires { fields, .. } => fields.clone(),
                _ => Vec::new(),
            })
            .collect();
        let sample = read.concepts.entities.iter().find(|entity| entity.key == "sample").unwrap();
        assert_eq!(fields.len(), 1, "{sentence}");
        assert!(fields.iter().all(|key| sample.fields.iter().any(|field| field.key == *key)), "{sentence}: {fields:?}");
        assert!(read.concepts.roles.is_empty(), "{sentence}: {:?}", read.concepts.roles);
    }
}

#[test]
fn values_behind_a_mark_and_hours_with_a_point() {
    let epic = "# T\n\n- A volunteer has a last name. A task has a day and a number of helpers.\n\
        - A sign-up is for one task and one volunteer and has hours worked and a state: open, confirmed, done or withdrawn.\n\
        - Allowed changes: open to confirmed or withdrawn, confirmed to done or withdrawn.\n\
        - Hours worked are needed for done and lie between 0.5 and 12.\n\
        - Each volunteer shows the total hours of done sign-ups.\n\
        - Confirming is done by coordinators only.\n- A volunteer can be booked only once at a time.\n";
    let read = read(epic);
    let sign_up = read.concepts.entities.iter().find(|entity| entity.key == "sign_up").unwrap();
    let fields: Vec<(&str, String)> =
        sign_up.fields.iter().map(|field| (field.key.as_str(), serde_json::to_string(&field.kind).unwrap())).collect();
    assert_eq!(
        fields,
        [
            ("task_id", r#"{"type":"reference","entity":"task"}"#.to_owned()),
            ("volunteer_id", r#"{"type":"reference","entity":"volunteer"}"#.to_owned()),
            ("hours_worked", r#"{"type":"decimal"}"#.to_owned()),
            ("state", r#"{"type":"enum","values":["open","confirmed","done","withdrawn"]}"#.to_owned()),
        ]
    );
    assert_eq!(read.concepts.roles, ["coordinator"]);
    // Sign-ups do not last, so nobody is booked for a time.
    let unknown: Vec<_> = read.unknown().map(|item| item.text.as_str()).collect();
    assert_eq!(unknown, ["A volunteer can be booked only once at a time."]);
}
