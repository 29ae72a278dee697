//! Whole epics in the styles of other authors: scenarios, demands with numbers, tickets, numbered rules, notes in short.

use super::rules::check;

#[test]
fn scenarios_with_bold_keywords() {
    check(
        include_str!("../data/bike-repair.md"),
        &[
            (
                "Given a bike that is stolen",
                r#"{"kind":"requires","entity":"repair","at":{"moment":"create"},"condition":[{"test":"not_in","via":"bike_id","field":"stolen","values":[true]}]}"#,
            ),
            (
                "Given a mechanic who is not active",
                r#"{"kind":"requires","entity":"repair","at":{"moment":"create"},"condition":[{"test":"in","via":"mechanic_id","field":"active","values":[true]}]}"#,
            ),
            (
                "Given a booked repair without a refusal reason",
                r#"{"kind":"transition_requires","entity":"repair","from":null,"to":"refused","fields":["refusal_reason"]}"#,
            ),
            (
                "A booked repair can be refused",
                r#"{"kind":"transition_role","entity":"repair","from":"booked","to":"refused","roles":["workshop lead"]}"#,
            ),
            (
                "Repairs can be filtered",
                r#"{"kind":"filter","entity":"repair","field":"stage"} & {"kind":"filter","entity":"repair","field":"mechanic_id"} & {"kind":"list","entity":"repair","sort":[{"field":"booked_from","descending":true}],"page_size":30}"#,
            ),
        ],
        &[],
    );
}

#[test]
fn what_the_system_shall_do() {
    check(
        include_str!("../data/laundry.md"),
        &[
            ("A new order shall have", r#"{"kind":"default","entity":"order","field":"progress","value":"planned"}"#),
            (
                "The system shall require a cancellation note",
                r#"{"kind":"transition_requires","entity":"order","from":null,"to":"cancelled","fields":["cancellation_note"]}"#,
            ),
            (
                "The system shall not allow changes",
                r#"{"kind":"immutable","entity":"order","when":[{"test":"in","field":"progress","values":["delivered"]}],"fields":[]}"#,
            ),
            (
                "The system shall prevent an article",
                r#"{"kind":"unique","entity":"order_item","fields":["order_id","article_id"]}"#,
            ),
            (
                "Items of an order that is no longer planned",
                r#"{"kind":"requires","entity":"order_item","at":{"moment":"create"},"condition":[{"test":"in","via":"order_id","field":"progress","values":["planned"]}]} & {"kind":"immutable","entity":"order_item","when":[{"test":"not_in","via":"order_id","field":"progress","values":["planned"]}],"fields":[]}"#,
            ),
            (
                "The system shall list orders sorted",
                r#"{"kind":"list","entity":"order","sort":[{"field":"pickup_date","descending":true}],"page_size":null}"#,
            ),
            (
                "The user shall be able to filter",
                r#"{"kind":"filter","entity":"order","field":"customer_id"} & {"kind":"filter","entity":"order","field":"progress"} & {"kind":"filter","entity":"order","field":"express"} & {"kind":"filter","entity":"order","field":"pickup_date"}"#,
            ),
        ],
        &[],
    );
}

#[test]
fn tickets_with_checkboxes() {
    check(
        include_str!("../data/hives.md"),
        &[
            (
                "There cannot be more hives",
                r#"{"kind":"capacity","parent":"apiary","child":"hive","via":"apiary_id","measure":{"measure":"count"},"op":"le","limit":{"of":"field","field":"max_hives"},"when":[{"test":"not_in","field":"condition","values":["dissolved"]}]}"#,
            ),
            (
                "Only one inspection per hive and day",
                r#"{"kind":"unique","entity":"inspection","fields":["hive_id","inspected_on"]}"#,
            ),
            (
                "No inspections for dissolved hives",
                r#"{"kind":"requires","entity":"inspection","at":{"moment":"create"},"condition":[{"test":"not_in","via":"hive_id","field":"condition","values":["dissolved"]}]}"#,
            ),
            (
                "Inspections can be filtered",
                r#"{"kind":"filter","entity":"inspection","field":"hive_id"} & {"kind":"filter","entity":"inspection","field":"inspected_on"}"#,
            ),
        ],
        &["AC-4.2"],
    );
}

#[test]
fn stories_and_numbered_rules() {
    check(
        include_str!("../data/saunas.md"),
        &[
            (
                "Declined and cancelled bookings do not count",
                r#"{"kind":"no_overlap","entity":"booking","start":"start_time","end":"end_time","by":["sauna_id"],"when":[{"test":"not_in","field":"status","values":["declined","cancelled"]}]}"#,
            ),
            ("It can be confirmed or declined", r#"{"kind":"transitions","entity":"booking"}"#),
            (
                "The payments of a booking",
                r#"{"kind":"capacity","parent":"booking","child":"payment","via":"booking_id","measure":{"measure":"sum","field":"amount"},"op":"le","limit":{"of":"field","field":"price"}}"#,
            ),
            (
                "A sauna that has bookings",
                r#"{"kind":"no_delete","entity":"sauna","when":[{"test":"children","child":"booking","via":"sauna_id","measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]} & {"kind":"no_delete","entity":"member","when":[{"test":"children","child":"booking","via":"member_id","measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#,
            ),
        ],
        &["US-6", "BR-12"],
    );
}

#[test]
fn notes_in_short() {
    check(
        include_str!("../data/lockers.md"),
        &[
            (
                "max parcels per locker",
                r#"{"kind":"capacity","parent":"locker","child":"parcel","via":"locker_id","measure":{"measure":"count"},"op":"le","limit":{"of":"field","field":"compartments"}}"#,
            ),
            (
                "stored requires arrived",
                r#"{"kind":"transition_requires","entity":"parcel","from":null,"to":"stored","fields":["arrived"]}"#,
            ),
            (
                "only couriers",
                r#"{"kind":"transition_role","entity":"parcel","from":"announced","to":"stored","roles":["courier"]}"#,
            ),
            (
                "locker out of service",
                r#"{"kind":"requires","entity":"parcel","at":{"moment":"create"},"condition":[{"test":"not_in","via":"locker_id","field":"in_service","values":[false]}]}"#,
            ),
            (
                "parcels: filter by",
                r#"{"kind":"filter","entity":"parcel","field":"status"} & {"kind":"filter","entity":"parcel","field":"locker_id"} & {"kind":"filter","entity":"parcel","field":"size"} & {"kind":"search","entity":"parcel","fields":["tracking_no"]} & {"kind":"list","entity":"parcel","sort":[{"field":"due_by","descending":true}],"page_size":40}"#,
            ),
        ],
        &[],
    );
}

#[test]
fn at_once_counts_what_is_open_or_nothing() {
    let lent = "# Lending\n\n## Data\n- Member: name (text, required), phone (text)\n- Tool: name (text, required), phone (text)\n- Loan: member (required), tool (required), lent on (date)RETURNED\n\n## Rules\n- A member can have no more than 2 loans at the same time.\n";
    check(&lent.replace("RETURNED", ""), &[], &["BR-1"]);
    check(
        &lent.replace("RETURNED", ", returned on (date)"),
        &[(
            "A member can have",
            r#"{"kind":"capacity","parent":"member","child":"loan","via":"member_id","measure":{"measure":"count"},"op":"le","limit":{"of":"value","value":2},"when":[{"test":"empty","field":"returned_on"}]}"#,
        )],
        &[],
    );
}

#[test]
fn a_full_record_is_no_repeated_one() {
    check(
        "# Shifts\n\n## Data\n- Volunteer: name (text, required), phone (text)\n- Shift: needed (integer, required), status (draft, open, closed)\n- Assignment: shift (required), volunteer (required)\n\n## Rules\n- A volunteer can be assigned to a shift only once.\n- A shift can't have more assignments than needed.\n\n## Acceptance criteria\n- Given an open shift with needed 1 and one assignment, when another assignment is added, then the response is 409.\n",
        &[(
            "Given an open shift",
            r#"{"kind":"capacity","parent":"shift","child":"assignment","via":"shift_id","measure":{"measure":"count"},"op":"le","limit":{"of":"field","field":"needed"}}"#,
        )],
        &[],
    );
}
