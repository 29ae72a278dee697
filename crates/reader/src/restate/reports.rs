//! Totals.

pub(super) const FRAMES: super::Frames = &[
    (
        "(there be | give | provide | there must be) (report | summary | overview) (with | of | on | that shows) total <words:x>",
        "show total {x}",
    ),
    (
        "(there be | give | provide | there must be) (report | summary | overview) (with | of | on | that shows) summed <words:x> , 1 (figure | line | row) per <words:f>",
        "show total {x} per {f}",
    ),
    (
        "(there be | give | provide | there must be) (report | summary | overview) (with | of | on | that shows) numberof <entity:e> have <field:f>",
        "show numberof {e} per {f}",
    ),
    ("<words:a> (per | by) <words:x> [,] and (per | by) <words:y>", "{a} per {x} && {a} per {y}"),
    (
        "(there be | give | provide | users need | there must be) (report | summary | overview) (with | of | on | that shows) numberof <words:x>",
        "show numberof {x}",
    ),
    ("show numberof <entity:e> (in | per) <field:f>", "show numberof {e} per {f}"),
    ("show total <words:x> in <field:f>", "show total {x} per {f}"),
    ("show numberof <entity:e> (there be | we have) (in | per) <field:f>", "show numberof {e} per {f}"),
    ("show numberof <entity:e> have <field:f>", "show numberof {e} per {f}"),
    ("per <field:f> , show numberof <entity:e> there be", "show numberof {e} per {f}"),
    ("per <field:f> , show total <words:x>", "show total {x} per {f}"),
    ("(%agent | it) (may | must | want | must be possible) [to] see numberof <words:x>", "show numberof {x}"),
    ("(%agent | it) (may | must | want | must be possible) [to] see total <words:x>", "show total {x}"),
    ("see numberof <words:x>", "show numberof {x}"),
    ("see total <words:x>", "show total {x}"),
    (
        "[(report | summary | overview) | (report | summary | overview) must] (count | counts) <entity:e> (by | per) <words:f>",
        "show numberof {e} by {f}",
    ),
    ("count <entity:e> per <field:f> and show result", "show numberof {e} by {f}"),
    (
        "[(report | summary | overview) | (report | summary | overview) must] (sum up | sums up | add up | adds up) <words:x> (by | per) <words:f>",
        "show total {x} by {f}",
    ),
    ("(report | summary | overview) must list <field:f> with numberof <entity:e>", "show numberof {e} per {f}"),
    ("(report | summary | overview) must list <field:f> with total <words:x>", "show total {x} per {f}"),
    ("numberof <entity:e> in <field:f> (must be | be) shown", "show numberof {e} per {f}"),
    ("numberof <entity:e> there be in <field:f> (must be | be) shown", "show numberof {e} per {f}"),
    ("numberof <entity:e> be shown , grouped by <field:f>", "show numberof {e} per {f}"),
    ("numberof <entity:e> , (broken down | grouped) by <field:f>", "show numberof {e} per {f}"),
    ("total <words:x> in <field:f> (must be | be) shown", "show total {x} per {f}"),
    ("<entity:e> be counted by <words:f> , and %agent may see result", "show numberof {e} by {f}"),
    ("<words:x> be (totalled | summed) by <words:f> , and %agent may see result", "show total {x} by {f}"),
    ("show summed <words:x> , 1 (figure | line | row) per <words:f>", "show total {x} per {f}"),
];
