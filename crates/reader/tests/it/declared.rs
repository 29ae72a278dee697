//! Records and fields declared in short notes and in prose: the exact model.

use super::{read, unknowns};

/// The fields of a kind of record, each with its type.
fn fields(text: &str, entity: &str) -> Vec<String> {
    let read = read(text);
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    let entity = read.concepts.entity(entity).unwrap();
    entity.fields.iter().map(|field| format!("{} {}", field.key, serde_json::to_value(&field.kind).unwrap())).collect()
}

const TEXT: &str = r#"{"long":false,"type":"text"}"#;

#[test]
fn records_in_one_line_each() {
    let text = "# T\n\nEntities:\n- Shelf: code (str, req, uniq, /^L\\d{3}$/), places (int, req, 1..60), open (bool, def true)\n- Crate: shelf (ref, req), size (S|M|L, req), weight (dec, >0, <=30)\n";
    assert_eq!(
        fields(text, "shelf"),
        [format!("code {TEXT}"), r#"places {"type":"integer"}"#.into(), r#"open {"type":"boolean"}"#.into()]
    );
    assert_eq!(
        fields(text, "crate"),
        [
            r#"shelf_id {"entity":"shelf","type":"reference"}"#,
            r#"size {"type":"enum","values":["S","M","L"]}"#,
            r#"weight {"type":"decimal"}"#
        ]
    );
    let rules = serde_json::to_string(&read(text).concepts.rules).unwrap();
    assert!(rules.contains(r#""regex":"L[0-9]{3}""#) && rules.contains(r#""min":"1","max":"60""#), "{rules}");
}

#[test]
fn switches_and_owners_in_prose() {
    let text = "# T\n\n## Dealer\n\nA dealer has a name (required). Dealers can be barred (yes/no, no by default).\n\n## Wheel\n\nA wheel has a label (required). Every wheel comes from one dealer.\n\n## Pallet\n\nA pallet belongs to a dealer and names a wheel and a quantity (required, between 1 and 10).\n";
    assert_eq!(fields(text, "dealer"), [format!("name {TEXT}"), r#"barred {"type":"boolean"}"#.into()]);
    assert_eq!(
        fields(text, "wheel"),
        [format!("label {TEXT}"), r#"dealer_id {"entity":"dealer","type":"reference"}"#.into()]
    );
    assert_eq!(
        fields(text, "pallet"),
        [
            r#"dealer_id {"entity":"dealer","type":"reference"}"#,
            r#"wheel_id {"entity":"wheel","type":"reference"}"#,
            r#"quantity {"type":"integer"}"#
        ]
    );
}

#[test]
fn dates_and_moments_in_prose() {
    let text = "# T\n\n## Data\n\nFor every rower we store the name and the date they joined. The joining date must not lie in the future. A race has a title, a date and time, and a place.\n";
    assert_eq!(fields(text, "rower"), [format!("name {TEXT}"), r#"date_joined {"type":"date"}"#.into()]);
    assert_eq!(
        fields(text, "race"),
        [format!("title {TEXT}"), r#"date {"type":"date_time"}"#.into(), format!("place {TEXT}")]
    );
}

#[test]
fn unique_within_its_parent() {
    let text = "# T\n\n## Yard\n\n- name (text, required)\n\n## Post\n\n- yard (reference, required)\n- number (text; required; unique within a yard)\n";
    let rules = serde_json::to_string(&read(text).concepts.rules).unwrap();
    assert!(unknowns(&read(text)).is_empty());
    assert!(rules.contains(r#""kind":"unique","entity":"post","fields":["#) && rules.contains("yard_id"), "{rules}");
}

#[test]
fn a_value_may_be_called_like_a_type() {
    for note in
        ["enum: laptop, projector, phone", "one of laptop, projector, phone", "one of laptop, projector or phone"]
    {
        let text = format!("# T\n\n## Device\n\n- code: text, required\n- kind: {note}; required\n");
        assert_eq!(
            fields(&text, "device"),
            [format!("code {TEXT}"), r#"kind {"type":"enum","values":["laptop","projector","phone"]}"#.into()],
            "{note}"
        );
    }
}

#[test]
fn the_dash_behind_a_name_is_no_part_of_the_first_value() {
    let text = "# T\n\n## Visit\n\n- reason — text, required\n- status — booked, arrived, no show, cancelled\n";
    assert_eq!(
        fields(text, "visit"),
        [
            format!("reason {TEXT}"),
            r#"status {"type":"enum","values":["booked","arrived","no show","cancelled"]}"#.into()
        ]
    );
}

#[test]
fn a_picture_in_a_note_is_the_form_of_the_text() {
    for note in ["format \"P-99999\"", "format P-99999", "pattern `P-[0-9]{5}`"] {
        let text = format!(
            "# T\n\n## Part\n\nA part has an article number (required, unique, {note}), a colour and a price in euros (at least 0.01).\n"
        );
        assert_eq!(
            fields(&text, "part"),
            [format!("article_number {TEXT}"), format!("colour {TEXT}"), r#"price {"type":"money"}"#.into()]
        );
        let rules = serde_json::to_string(&read(&text).concepts.rules).unwrap();
        assert!(rules.contains(r#""regex":"P-[0-9]{5}""#), "{note}: {rules}");
    }
}

#[test]
fn a_letter_alone_is_a_value() {
    for note in ["(A, B or C; required)", "(A, B or C, required)", ": A, B, C; required", "(required; one of A, B, C)"]
    {
        let text = format!("# T\n\n## Stall\n\n- code (text, required)\n- zone {note}\n");
        assert_eq!(
            fields(&text, "stall"),
            [format!("code {TEXT}"), r#"zone {"type":"enum","values":["A","B","C"]}"#.into()],
            "{note}"
        );
    }
}

#[test]
fn a_sentence_among_fields_spoils_none() {
    let text = "# T\n\n## Van\n\n- plate: text, required, unique\n- length: decimal, required\n- The licence class is B, C or D.\n";
    assert_eq!(
        fields(text, "van"),
        [
            format!("plate {TEXT}"),
            r#"length {"type":"decimal"}"#.into(),
            r#"licence_class {"type":"enum","values":["B","C","D"]}"#.into()
        ]
    );
}

#[test]
fn headings_that_mean_other_things_elsewhere() {
    let text = "# T\n\n## Performance\n\n- title (text, required)\n- starts at (date and time)\n\n## Table\n\n| Field | Type | Rules |\n|---|---|---|\n| label | text | required |\n\n## Furniture\n\n- label (text, required)\n- table (reference)\n";
    assert_eq!(fields(text, "performance"), [format!("title {TEXT}"), r#"starts_at {"type":"date_time"}"#.into()]);
    assert_eq!(fields(text, "table"), [format!("label {TEXT}")]);
    let read = read(text);
    assert_eq!(read.concepts.entity("furniture").unwrap().path, "furniture");
}

#[test]
fn prose_of_records_that_link_others() {
    let text = "# T\n\n## Data\n\nFor every skater we store the full name and the club. The name and the club are mandatory. A skater is either active or inactive; new skaters are active.\n\nA show has a title and a fee. The title is mandatory. The fee may not be negative; if none is given, it is 12 euros. A show is planned, announced, held or called off. Every show starts out as planned. Planned shows can be announced or called off, announced shows can be held or called off. To call off a show, a cancellation note must be filled in.\n\nAn entry links one skater and one show and has an answer, which is yes, no or maybe, and a remark of no more than 250 characters.\n";
    assert_eq!(
        fields(text, "entry"),
        [
            r#"skater_id {"entity":"skater","type":"reference"}"#.into(),
            r#"show_id {"entity":"show","type":"reference"}"#.into(),
            r#"answer {"type":"enum","values":["yes","no","maybe"]}"#.into(),
            r#"remark {"long":true,"type":"text"}"#.to_owned(),
        ]
    );
    let rules = serde_json::to_string(&read(text).concepts.rules).unwrap();
    for rule in [
        r#"{"kind":"required","entity":"skater","field":"full_name"}"#,
        r#"{"kind":"default","entity":"skater","field":"status","value":"active"}"#,
        r#"{"kind":"default","entity":"show","field":"fee","value":"12.00"}"#,
        r#"{"kind":"transition_requires","entity":"show","from":null,"to":"called off","fields":["cancellation_note"]}"#,
    ] {
        assert!(rules.contains(rule), "{rule}: {rules}");
    }
    let read = read(text);
    let flow = read.concepts.entity("show").unwrap().workflow.as_ref().unwrap();
    assert_eq!(flow.states, ["planned", "announced", "held", "called off"]);
    assert_eq!(flow.transitions.len(), 4);
}

#[test]
fn what_is_noted_of_the_record_spoken_of() {
    let text = "# T\n\n## Shows\n\n- title (text, required)\n\n## Sales\n\nA sale is recorded for a show. We note the number of tickets, the kind of ticket (full, reduced, free), the payment method and the name of the volunteer. The number of tickets is mandatory.\n";
    assert_eq!(
        fields(text, "sale"),
        [
            r#"show_id {"entity":"show","type":"reference"}"#.into(),
            r#"number_of_tickets {"type":"integer"}"#.into(),
            r#"kind_of_ticket {"type":"enum","values":["full","reduced","free"]}"#.into(),
            format!("payment_method {TEXT}"),
            format!("name_of_volunteer {TEXT}"),
        ]
    );
}

#[test]
fn a_wish_for_one_record_of_two_invents_none() {
    let text = "# T\n\n## Pupil\n\n- name: text, required\n\n## Lesson\n\n- pupil: reference to pupil, required\n- teacher: text, required\n\n## Stories\n\n- As a clerk I want to enrol a pupil so that lessons can be planned.\n- As a clerk I want to plan a lesson for a pupil with a teacher.\n";
    let read = read(text);
    let keys: Vec<&str> = read.concepts.entities.iter().map(|entity| entity.key.as_str()).collect();
    assert_eq!(keys, ["pupil", "lesson"]);
    let rules = serde_json::to_string(&read.concepts.rules).unwrap();
    assert!(rules.contains(r#"{"kind":"capability","entity":"pupil","action":"create"}"#), "{rules}");
}

#[test]
fn short_notes_of_rules() {
    let text = "# T\n\n**Dog**\n- name: text, required\n- owner: text, required\n\n**Visit**\n- dog: ref Dog, required\n- fee: money EUR, required\n- count: int, required\n- total: money, computed: fee × count\n- paid by: enum cash|card\n- state: booked -> arrived -> done; booked -> no-show\n\nRules\n- dog name unique per owner\n- done requires paid by\n- only sales may set arrived or done\n- done visits: locked\n- fee default 35\n- The name together with the owner must be unique.\n- When a visit is done, a reason has to be given.\n";
    let read = read(text);
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    let rules = serde_json::to_string(&read.concepts.rules).unwrap();
    for rule in [
        r#"{"kind":"unique","entity":"dog","fields":["owner","name"],"when":[],"ignore_case":false}"#,
        r#"{"kind":"transition_requires","entity":"visit","from":null,"to":"done","fields":["paid_by"]}"#,
        r#"{"kind":"transition_requires","entity":"visit","from":null,"to":"done","fields":["reason"]}"#,
        r#"{"kind":"transition_role","entity":"visit","from":null,"to":"arrived","roles":["sales"]}"#,
        r#"{"kind":"transition_role","entity":"visit","from":null,"to":"done","roles":["sales"]}"#,
        r#"{"kind":"immutable","entity":"visit","when":[{"test":"in","via":null,"field":"state","values":["done"]}],"fields":[]}"#,
        r#"{"kind":"default","entity":"visit","field":"fee","value":"35.00"}"#,
        r#"{"kind":"computed","entity":"visit","field":"total""#,
    ] {
        assert!(rules.contains(rule), "{rule}: {rules}");
    }
    assert!(!rules.contains(r#"{"kind":"unique","entity":"dog","fields":["name"]"#), "{rules}");
}

#[test]
fn owners_of_records_and_examples_of_names() {
    let text = "# T\n\n## Boats and owners\n\nEvery boat has a name. We also note its length in metres and its colour. A boat's owner has a phone number, which is required.\n\n## Berths\n\nA berth has a label such as \"H1-07\", a code like B-12 and a depth.\n";
    assert_eq!(
        fields(text, "boat"),
        [format!("name {TEXT}"), r#"length {"type":"decimal"}"#.into(), format!("colour {TEXT}")]
    );
    assert_eq!(fields(text, "owner"), [format!("phone_number {TEXT}")]);
    assert_eq!(
        fields(text, "berth"),
        [format!("label {TEXT}"), format!("code {TEXT}"), r#"depth {"type":"decimal"}"#.into()]
    );
}
