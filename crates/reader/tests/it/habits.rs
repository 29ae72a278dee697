//! Rules as many authors write them: fields named for machines, fragments, counts that are wanted.

use super::rules::check;

#[test]
fn names_for_machines_and_nights() {
    check(
        include_str!("../data/huts.md"),
        &[
            (
                "The arrival must not be in the past when a stay is created.",
                r#"{"kind":"compare","entity":"stay","field":"arrival","op":"ge","to":{"of":"today","plus_days":0},"on_create":true}"#,
            ),
            (
                "A guest must be at least 18 years old.",
                r#"{"kind":"compare","entity":"guest","field":"birth_date","op":"le","to":{"of":"today","plus_days":0,"plus_months":-216}}"#,
            ),
            ("A new stay is reserved.", r#"{"kind":"default","entity":"stay","field":"state","value":"reserved"}"#),
            (
                "From reserved it can become confirmed or cancelled; from confirmed, completed or cancelled.",
                r#"{"kind":"transitions","entity":"stay"}"#,
            ),
            ("A stay that is cancelled shall not be confirmed again.", r#"{"kind":"transitions","entity":"stay"}"#),
            (
                "The price of a stay is the number of nights × the price per night of the hut × persons.",
                r#"{"kind":"computed","entity":"stay","field":"price","expr":{"expr":"mul","left":{"expr":"mul","left":{"expr":"sub","left":{"expr":"field","field":"departure"},"right":{"expr":"field","field":"arrival"}},"right":{"expr":"referenced","via":"hut_id","field":"price_per_night"}},"right":{"expr":"field","field":"persons"}}}"#,
            ),
            (
                "Huts shall be sortable by altitude and filterable by whether they are open.",
                r#"{"kind":"sort","entity":"hut","field":"altitude"} & {"kind":"filter","entity":"hut","field":"open"}"#,
            ),
            (
                "Guests shall be searchable by name and club number.",
                r#"{"kind":"search","entity":"guest","fields":["name","club_number"]}"#,
            ),
            (
                "The total price shall be available per hut.",
                r#"{"kind":"totals","entity":"stay","by":["hut_id"],"measures":[{"measure":"sum","field":"price"}]}"#,
            ),
            (
                "For each hut we want to see how many stays there are.",
                r#"{"kind":"totals","entity":"stay","by":["hut_id"],"measures":[]}"#,
            ),
            (
                "Stays are listed newest first by departure.",
                r#"{"kind":"list","entity":"stay","sort":[{"field":"departure","descending":true}],"page_size":null}"#,
            ),
        ],
        &[],
    );
}

#[test]
fn short_names_exceptions_and_totals() {
    check(
        include_str!("../data/devices.md"),
        &[
            (
                "The until date must be after the from date.",
                r#"{"kind":"compare","entity":"loan","field":"until","op":"gt","to":{"of":"field","field":"from"}}"#,
            ),
            (
                "Rejected loans are ignored.",
                r#"{"kind":"no_overlap","entity":"loan","start":"from","end":"until","by":["device_id"],"when":[{"test":"not_in","field":"state","values":["rejected"]}]}"#,
            ),
            ("It can also go straight from requested to closed.", r#"{"kind":"transitions","entity":"loan"}"#),
            (
                "Only an IT manager may approve or reject a loan.",
                r#"{"kind":"transition_role","entity":"loan","from":null,"to":"approved","roles":["IT manager"]} & {"kind":"transition_role","entity":"loan","from":null,"to":"rejected","roles":["IT manager"]}"#,
            ),
            (
                "The average weight of the loans is shown per state.",
                r#"{"kind":"totals","entity":"loan","by":["state"],"measures":[{"measure":"average","field":"weight"}]}"#,
            ),
            (
                "Devices can be",
                r#"{"kind":"filter","entity":"device","field":"class"} & {"kind":"filter","entity":"device","field":"fragile_flag"}"#,
            ),
        ],
        &[],
    );
}

#[test]
fn once_per_parent() {
    check(
        include_str!("../data/parts.md"),
        &[(
            "The same part may appear only once on a purchase order.",
            r#"{"kind":"unique","entity":"order_line","fields":["purchase_order_id","part_id"]}"#,
        )],
        &[],
    );
}

#[test]
fn counts_wanted_and_once_at_most() {
    check(
        include_str!("../data/choir.md"),
        &[
            (
                "For each concert we want to see how many registrations there are.",
                r#"{"kind":"totals","entity":"registration","by":["concert_id"],"measures":[]}"#,
            ),
            (
                "Each answer may be given at most once per concert.",
                r#"{"kind":"unique","entity":"registration","fields":["concert_id","answer"]}"#,
            ),
            (
                "Inactive singers",
                r#"{"kind":"requires","entity":"registration","at":{"moment":"create"},"condition":[{"test":"not_in","via":"singer_id","field":"status","values":["inactive"]}]}"#,
            ),
            (
                "Registrations are only",
                r#"{"kind":"requires","entity":"registration","at":{"moment":"create"},"condition":[{"test":"in","via":"concert_id","field":"status","values":["announced"]}]}"#,
            ),
        ],
        &["BR-9"],
    );
}

#[test]
fn states_that_are_places_and_offices() {
    check(
        include_str!("../data/water.md"),
        &[(
            "Only analysts",
            r#"{"kind":"transition_role","entity":"sample","from":null,"to":"in analysis","roles":["analyst"]} & {"kind":"transition_role","entity":"sample","from":null,"to":"reported","roles":["head of laboratory"]} & {"kind":"transition_role","entity":"sample","from":null,"to":"discarded","roles":["head of laboratory"]}"#,
        )],
        &["BR-4"],
    );
}

#[test]
fn wishes_named_after_what_they_make() {
    check(
        include_str!("../data/props.md"),
        &[(
            "As an assistant",
            r#"{"kind":"has_field","entity":"reservation","field":"prop_id"} & {"kind":"has_field","entity":"reservation","field":"production_id"} & {"kind":"capability","entity":"reservation","action":"create"}"#,
        )],
        &[],
    );
}
