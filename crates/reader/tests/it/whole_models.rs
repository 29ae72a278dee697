//! Epics in plain words, read to the very model that they tell: every field, every change of state, the order of lists.

use crate::{unknowns, whole};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

/// One line for each field and each change of state.
fn model(read: &Requirements) -> Vec<String> {
    let mut out = Vec::new();
    for entity in &read.concepts.entities {
        for field in &entity.fields {
            let kind = match &field.kind {
                FieldKind::Enum { values } => values.join("|"),
                FieldKind::Reference { entity } => format!("-> {entity}"),
                FieldKind::Text { .. } => "text".to_owned(),
                other => serde_json::to_value(other).unwrap().get("type").unwrap().as_str().unwrap().to_owned(),
            };
            let computed = if field.read_only { " computed" } else { "" };
            out.push(format!("{}.{} {kind}{computed}", entity.key, field.key));
        }
        for way in entity.workflow.iter().flat_map(|flow| &flow.transitions) {
            out.push(format!("{}: {} to {}", entity.key, way.from, way.to));
        }
    }
    out
}

fn lists(read: &Requirements) -> Vec<String> {
    let told = read.concepts.rules.iter().filter_map(|rule| match &rule.demand {
        RuleKind::List { entity, sort, page_size } => Some(format!(
            "{entity} by {} {page_size:?}",
            sort.iter()
                .map(|key| format!("{}{}", if key.descending { "-" } else { "" }, key.field))
                .collect::<Vec<_>>()
                .join(",")
        )),
        _ => None,
    });
    told.collect()
}

#[test]
fn kayaks() {
    let read = whole("kayaks.md");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(read.contradictions, []);
    assert_eq!(
        model(&read),
        [
            "kayak.hull_number text",
            "kayak.type single|double|canoe",
            "kayak.hourly_rate money",
            "kayak.number_of_seats integer",
            "kayak.out_of_service boolean",
            "customer.full_name text",
            "customer.e_mail_address text",
            "customer.phone_number text",
            "customer.date_of_birth date",
            "booking.kayak_id -> kayak",
            "booking.customer_id -> customer",
            "booking.start date_time",
            "booking.end date_time",
            "booking.deposit money",
            "booking.price money computed",
            "booking.status reserved|handed out|cancelled|returned",
            "booking.reason text",
            "booking.number_of_people integer",
            "booking: reserved to handed out",
            "booking: reserved to cancelled",
            "booking: handed out to returned",
        ]
    );
    assert_eq!(lists(&read), ["booking by start Some(20)"]);
}

#[test]
fn soap() {
    let read = whole("soap.md");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(read.contradictions, []);
    assert_eq!(
        model(&read),
        [
            "recipe.name text",
            "recipe.kind bar|liquid|shaving",
            "recipe.superfat_percentage decimal",
            "recipe.price_per_bar money",
            "recipe.retired boolean",
            "shelf.code text",
            "shelf.capacity integer",
            "batch.batch_number text",
            "batch.recipe_id -> recipe",
            "batch.shelf_id -> shelf",
            "batch.bars integer",
            "batch.poured_on date",
            "batch.hardened_until date",
            "batch.makers_e_mail text",
            "batch.notes text",
            "batch.stage mixing|hardening|ready|sold|discarded",
            "batch.value money computed",
            "batch: mixing to hardening",
            "batch: hardening to ready",
            "batch: ready to sold",
            "batch: mixing to discarded",
            "batch: hardening to discarded",
        ]
    );
    assert_eq!(lists(&read), ["batch by -poured_on Some(25)"]);
}
