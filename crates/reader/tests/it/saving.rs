//! What must hold "to be saved" holds at every write: of a record's own values it is a rule like any other.

use super::rules::check;

#[test]
fn own_values_are_bound_at_every_write() {
    check(
        "# Yard\n\nEach stone has a name, a mass (decimal), a weight (decimal), a width (decimal), \
         a height (decimal), a purchase date (date), a sale date (date), a polished flag (yes/no) and a note.\n\n## Rules\n\n\
         - For a stone, its mass may be saved only if it is over zero.\n\
         - A stone may be saved only if its weight is at most 500.\n\
         - A stone is only stored when its note is given.\n\
         - The sale date of a stone can only be stored if it is after its purchase date.\n\
         - A stone can only be saved if its purchase date is not in the future.\n\
         - A stone may be saved only if its polished flag is yes.\n\
         - A stone can only be created if its width is at least 2.\n\
         - A stone cannot be saved if its height is 13.\n",
        &[
            (
                "For a stone, its mass",
                r#"{"kind":"range","entity":"stone","field":"mass","min":"0","max":null,"above_min":true,"below_max":false}"#,
            ),
            (
                "A stone may be saved only if its weight",
                r#"{"kind":"range","entity":"stone","field":"weight","min":null,"max":"500","above_min":false,"below_max":false}"#,
            ),
            ("A stone is only stored", r#"{"kind":"required","entity":"stone","field":"note"}"#),
            (
                "The sale date",
                r#"{"kind":"compare","entity":"stone","field":"sale_date","op":"gt","to":{"of":"field","field":"purchase_date"}}"#,
            ),
            (
                "A stone can only be saved",
                r#"{"kind":"compare","entity":"stone","field":"purchase_date","op":"le","to":{"of":"today","plus_days":0}}"#,
            ),
            (
                "A stone may be saved only if its polished flag is yes",
                r#"{"kind":"requires","entity":"stone","at":{"moment":"save"},"condition":[{"test":"in","field":"polished_flag","values":[true]}]}"#,
            ),
            (
                "A stone can only be created",
                r#"{"kind":"range","entity":"stone","field":"width","min":"2","max":null,"above_min":false,"below_max":false}"#,
            ),
            (
                "A stone cannot be saved",
                r#"{"kind":"compare","entity":"stone","field":"height","op":"ne","to":{"of":"value","value":13}}"#,
            ),
        ],
        &[],
    );
}

#[test]
fn what_is_demanded_of_others_is_demanded_at_the_moment_that_is_told() {
    check(
        "# Yard\n\nEach stone has a name and a grade (fine, rough, broken).\n\n\
         Each carving belongs to a stone and has a title.\n\n## Rules\n\n\
         - A carving can only be added if its stone is not broken.\n\
         - A carving may be saved only if its stone is not broken.\n",
        &[
            (
                "A carving can only be added",
                r#"{"kind":"requires","entity":"carving","at":{"moment":"create"},"condition":[{"test":"not_in","via":"stone_id","field":"grade","values":["broken"]}]}"#,
            ),
            (
                "A carving may be saved",
                r#"{"kind":"requires","entity":"carving","at":{"moment":"save"},"condition":[{"test":"not_in","via":"stone_id","field":"grade","values":["broken"]}]}"#,
            ),
        ],
        &[],
    );
}
