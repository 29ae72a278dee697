//! Totals.

pub(super) const FRAMES: super::Frames = &[
    ("(total | totals | sum | sums) of <field:f> may be grouped by <words:x>", "{f} may be totalled by {x}"),
    (
        "(total | totals | sum | sums) of <field:f> of <entity:e> may be grouped by <words:x>",
        "{f} of {e} may be totalled by {x}",
    ),
    ("[see | show] numberof <field:f> be <word:v> per <words:x>", "{f} may be totalled by {x}"),
    // "A report with the hours per volunteer and one with the hours per task"
    (
        "there be [1] report (with | of | on) <words:x> and (1 | other | second) (with | of | on) <words:y>",
        "report shows {x} && report shows {y}",
    ),
    (
        "[we need | %agent need | there must be | provide] (overview | report | summary) that (adds up | sums up | sums | totals) <words:x> %by <words:g>",
        "show total {x} per {g}",
    ),
    (
        "[we need | %agent need | there must be | provide] (overview | report | summary) that (counts | count) <words:x> %by <words:g>",
        "show numberof {x} per {g}",
    ),
    (
        "(register | system | service | report | overview | list) (must show | shows | show) <words:a> , <words:b> , and <words:c>",
        "show {a} && show {b} && show {c}",
    ),
    (
        "(see | show | %agent may see) numberof <entity:c> and total <field:f> (per | by) <words:p>",
        "show numberof {c} per {p} && show total {f} of {c} per {p}",
    ),
    (
        "(see | show | %agent may see) numberof <entity:c> and <field:f> (per | by) <words:p>",
        "show numberof {c} per {p} && show total {f} of {c} per {p}",
    ),
    ("total <field:f> <word:v> (by | per) <words:g>", "total {f} by {g}"),
    ("there (be | must be) count of <words:x>", "show numberof {x}"),
    ("<fields:f> (total | totals | sum | sums) (by | per) <words:g>", "show total {f} per {g}"),
    // "The average, lowest and highest temperature per fridge": each of them.
    ("<word:a> [,] and <word:b> <field:f> [of <entity:e>] (per | by) <words:g>", "{a} {f} per {g} && {b} {f} per {g}"),
    (
        "<word:a> , <word:b> [,] and <word:c> <field:f> [of <entity:e>] (per | by) <words:g>",
        "{a} {f} per {g} && {b} {f} per {g} && {c} {f} per {g}",
    ),
    (
        "for <word:w> (report | overview | statistics | review | meeting | planning) [,] (i | we) (need | want) <words:x>",
        "show {x}",
    ),
    ("for <word:w> (report | overview | statistics | review | meeting | planning) [,] <words:x>", "{x}"),
    (
        "show (numberof | total) <words:a> and (total | numberof) <words:b> of <entity:c> (per | by) <words:f>",
        "show total {a} of {c} per {f} && show total {b} of {c} per {f}",
    ),
    ("show numberof <field:a> of <words:c> (per | by) <words:f>", "show total {a} of {c} per {f}"),
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
    (
        "numberof <words:x> (per | by) <words:f> (be | must be | may be) (retrieved | queried | requested | seen | viewed | displayed | shown | reported | obtained | called up | available)",
        "show numberof {x} per {f}",
    ),
    (
        "total <words:x> (per | by) <words:f> (be | must be | may be) (retrieved | queried | requested | seen | viewed | displayed | shown | reported | obtained | called up | available)",
        "show total {x} per {f}",
    ),
    (
        "numberof <words:x> (be | must be | may be) (totalled | totaled | counted | summed | added up | given | shown) (by | per) <words:f>",
        "show numberof {x} per {f}",
    ),
    (
        "[total] <words:x> (be | must be | may be) (totalled | totaled | summed | summed up | added up) (by | per) <words:f>",
        "show total {x} per {f}",
    ),
    (
        "(%agent (get | gets | see | want) | get) total <words:x> (by | per) <words:f> and numberof <words:y> (by | per) <words:g>",
        "show total {x} per {f} && show numberof {y} per {g}",
    ),
    (
        "(%agent (get | gets | see | want) | get) numberof <words:y> (by | per) <words:g> and total <words:x> (by | per) <words:f>",
        "show numberof {y} per {g} && show total {x} per {f}",
    ),
    ("%agent (get | gets) total <words:x>", "show total {x}"),
    ("%agent (get | gets) numberof <words:x>", "show numberof {x}"),
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
    ("count <entity:e> (grouped by | by | per) <words:f>", "show numberof {e} by {f}"),
    (
        "<entity:e> be counted by <words:f> , and (counts | count | numbers | result | results) be shown",
        "show numberof {e} by {f}",
    ),
    (
        "<words:x> be (added up | totalled | summed | summed up) by <words:f> , and (totals | total | sums | result | results) be shown",
        "show total {x} by {f}",
    ),
    (
        "(report | overview | summary) [must] (give | gives | show | shows | list | lists) numberof <entity:e> (in | per | by) <field:f>",
        "show numberof {e} per {f}",
    ),
    (
        "(report | overview | summary) [must] (show | shows) , per <field:f> , numberof <entity:e> [there be]",
        "show numberof {e} per {f}",
    ),
    (
        "(report | overview | summary) [must] (show | shows) , per <field:f> , total [of] <words:x>",
        "show total {x} per {f}",
    ),
    ("list <field:f> with [it 's | their] numberof <entity:e>", "show numberof {e} per {f}"),
    ("list <field:f> with total <words:x>", "show total {x} per {f}"),
    ("%agent may see what <words:x> add up to per <field:f>", "show total {x} per {f}"),
    (
        "(users need | %agent need | there be | give | provide | we want) (overview | report | summary) that (groups | group) <entity:e> by <words:f> and (shows | show) (count | numberof | number) per",
        "show numberof {e} per {f}",
    ),
    (
        "(users need | %agent need | there be | give | provide | we want) (overview | report | summary) that (groups | group) <entity:e> by <words:f> and (shows | show) (sum of | total) <words:x> per",
        "show total {x} of {e} per {f}",
    ),
    ("(report | summary | overview) (total | totals) <words:x> by <words:f>", "show total {x} by {f}"),
    ("(sum of | total) <words:x> be shown , grouped by <words:f>", "show total {x} by {f}"),
    ("total <words:x> , (broken down | grouped | split) by <words:f>", "show total {x} by {f}"),
    ("(add up | sum up | sum) <words:x> per <words:f> and show result", "show total {x} per {f}"),
    (
        "[for [<word:a>] (report | reports | statistics) [,]] (we | i | users) need (sum of | total) <words:x>",
        "show total {x}",
    ),
    ("at end of (year | month | week | quarter | day | season | term) [,] <words:x>", "{x}"),
    ("<word:r> (asks | ask) for <words:x> and for <words:y>", "show {x} && show {y}"),
    ("<word:r> (asks | ask) for <words:x>", "show {x}"),
    (
        "per <words:f> [,] (we | i | %agent) (want | need | like | must be able) to see numberof <entity:e> [(it | they) (have | have have | have had | has)]",
        "show numberof {e} per {f}",
    ),
    (
        "[%agent | <word:r>] (want | wants | need | needs) report of <words:x> , and other oneof <words:y>",
        "show {x} && show {y}",
    ),
    ("<field:f> in total per <words:g>", "show total {f} per {g}"),
    ("(register | system | service | report | overview | list) (shows | show) total <words:x>", "show total {x}"),
    (
        "(register | system | service | report | overview | list) (shows | show) numberof <entity:e> <entity:p> (have | has)",
        "show numberof {e} per {p}",
    ),
    ("total <field:f> and numberof <entity:c> per <words:p>", "show total {f} of {c} per {p}"),
    ("total <field:f> per <words:p> be (shown | displayed | reported | listed | visible)", "show total {f} per {p}"),
    (
        "[<words:r>] (need | needs | want | wants | require | requires) [to have | to see | to get] (report | overview | summary | statistics | list) (of | with | on | about | that shows | showing) <words:x>",
        "show {x}",
    ),
    (
        "numberof <words:x> (must be | may be | be) (available | shown | displayed | visible | provided | listed | reported) (as | in | on) (report | overview | summary | statistics | dashboard | list)",
        "show numberof {x}",
    ),
    (
        "(total | sum of) <words:x> (must be | may be | be) (available | shown | displayed | visible | provided | listed | reported) (as | in | on) (report | overview | summary | statistics | dashboard | list)",
        "show total {x}",
    ),
    (
        "<word:w> (need | needs | want | wants | require | requires) [to have | to see | to get] (report | overview | summary | statistics | list) (of | with | on | about | that shows | showing) <words:x>",
        "show {x}",
    ),
];
