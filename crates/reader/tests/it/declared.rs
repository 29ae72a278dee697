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
