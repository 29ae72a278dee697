//! Sums over children that are bounded.

pub(super) const FRAMES: super::Frames = &[
    ("<field:f> of [1] <entity:p> mustnot add up to > <field:g>", "total {f} of {f:owner} of {p} must be <= {g}"),
    (
        "<entity:c> (of | for | on | in) [1 | single] <entity:p> together mustnot (come to | have | total | amount to | be) <cmp:o> <word:n> <field:f>",
        "total {f} of {c} of {p} mustnot be {o} {n}",
    ),
    (
        "<field:f> of (all | each | every) <words:c> of [1] <entity:p> be added up to give <words:t>",
        "{t} be sum of {f} of {c} of {p}",
    ),
    ("<field:f> of <words:c> of [1] <entity:p> be added up to give <words:t>", "{t} be sum of {f} of {c} of {p}"),
    (
        "<field:f> of <entity:c> of [1 | single | 1 single] <entity:p> mustnot add up to > <qty:n>",
        "total {f} of {c} of {p} must be <= {n}",
    ),
    (
        "<field:f> of <entity:c> of [1 | single | 1 single] <entity:p> together must (be | stay | remain) <cmp:o> <qty:n>",
        "total {f} of {c} of {p} must be {o} {n}",
    ),
    ("<entity:c> of [1 | single] <entity:p> mustnot add up to > <qty:n>", "total {money} of {c} of {p} must be <= {n}"),
    (
        "<entity:c> of [1 | single] <entity:p> together must (be | stay | remain | cost) <cmp:o> <qty:n>",
        "total {money} of {c} of {p} must be {o} {n}",
    ),
    ("<words:x> must (stay | remain | be | be kept | lie) within <words:l>", "{x} must be <= {l}"),
    (
        "<field:f> of [1] <entity:p> 's <entity:c> [must | may] add up to <cmp:o> <qty:n>",
        "total {f} of {c} of {p} must be {o} {n}",
    ),
    (
        "<entity:p> 's <entity:c> (may | must) have total <field:f> of <cmp:o> <qty:n>",
        "total {f} of {c} of {p} must be {o} {n}",
    ),
    ("system must refuse <entity:c2> if (total | sum of) <words:x> would > <qty:n>", "total {x} must be <= {n}"),
    (
        "per <entity:p> , sum of <entity:c> 's <field:f> must be <qty:n> orless",
        "total {f} of {c} of {p} must be <= {n}",
    ),
    (
        "together , <entity:c> of [1] <entity:p> mustnot have <field:f> of > <qty:n>",
        "total {f} of {c} of {p} must be <= {n}",
    ),
    (
        "if <field:f> of <entity:c> of <entity:p> would (add up to | total) > <qty:n> , <entity:c2> must be %refused",
        "total {f} of {c} of {p} must be <= {n}",
    ),
    (
        "per <entity:p> , total of <field:f> (on | of) <entity:c> (be | must be) limited to <qty:n>",
        "total {f} of {c} of {p} must be <= {n}",
    ),
    ("no <entity:p> may have <entity:c> whose <field:f> total > <qty:n>", "total {f} of {c} of {p} must be <= {n}"),
    (
        "<entity:p> mustnot have <entity:c> with <field:f> adding up to > <qty:n>",
        "total {f} of {c} of {p} must be <= {n}",
    ),
    (
        "(we | system) (allow | allows) total <field:f> of <cmp:o> <qty:n> (over | for | of | >) <entity:c> of <entity:p> [, never more]",
        "total {f} of {c} of {p} must be {o} {n}",
    ),
    (
        "<= (for | of) sum of <field:f> > <entity:c> of <entity:p> (be | must be) <qty:n>",
        "total {f} of {c} of {p} must be <= {n}",
    ),
    ("<words:f> must add up to <= <qty:n>", "sum of {f} mustnot be > {n}"),
    ("sum of <field:f> > <words:x> must be <cmp:o> <words:y>", "sum of {f} of {x} must be {o} {y}"),
    ("together , <field:f> may be <= <qty:n>", "sum of {f} mustnot be > {n}"),
    (
        "if <field:f> would (add up to | total) > <words:x> , <entity:c> (be | must be) %refused",
        "sum of {f} mustnot be > {x}",
    ),
    ("system must refuse <entity:c> if sum of <words:x> would > <words:y>", "sum of {x} mustnot be > {y}"),
    ("system must refuse <entity:c> if total <words:x> would > <words:y>", "total {x} mustnot be > {y}"),
    ("refuse <entity:c> if sum of <words:x> would > <words:y>", "sum of {x} mustnot be > {y}"),
    ("refuse <entity:c> if total <words:x> would > <words:y>", "total {x} mustnot be > {y}"),
    (
        "together , <entity:c> of [1] <entity:p> mustnot have <field:f> <cmp:o> <words:y>",
        "total {f} of {c} of {p} mustnot be {o} {y}",
    ),
    (
        "per <entity:p> , <field:f> of <entity:c> may add up to <cmp:o> <words:y>",
        "total {f} of {c} of {p} must be {o} {y}",
    ),
    ("<field:f> of <entity:p> 's <entity:c> added together must be <words:y>", "total {f} of {c} of {p} must be {y}"),
    ("<field:f> of <entity:c> of <entity:p> added together must be <words:y>", "total {f} of {c} of {p} must be {y}"),
    (
        "added up , <field:f> of <entity:c> of <entity:p> (mustnot be | must be never) <words:y>",
        "total {f} of {c} of {p} mustnot be {y}",
    ),
    ("<entity:p> mustnot have <entity:c> whose total <field:f> be <words:y>", "total {f} of {c} of {p} mustnot be {y}"),
    (
        "<entity:p> mustnot have <entity:c> whose total <field:f> <cmp:o> <words:y>",
        "total {f} of {c} of {p} mustnot be {o} {y}",
    ),
    ("<entity:c2> be refused if total <words:x> would <cmp:o> <words:y>", "total {x} mustnot be {o} {y}"),
    (
        "it be refused if <field:f> of <entity:p> 's <entity:c> would (add up to | total) <cmp:o> <words:y>",
        "total {f} of {c} of {p} mustnot be {o} {y}",
    ),
    (
        "<entity:c> mustnot be added to <entity:p> sothat total <field:f> goes > <words:y>",
        "total {f} of {c} of {p} mustnot be > {y}",
    ),
    (
        "summed <field:f> of <entity:c> per <entity:p> (be | must be) limited to <words:y>",
        "total {f} of {c} of {p} must be <= {y}",
    ),
    ("(<= | maximum) total <words:x> (be | must be) <words:y>", "total {x} must be <= {y}"),
    (
        "<entity:p> mustnot have <entity:c> whose total <field:f> be > <words:x>",
        "total {f} of {c} of {p} mustnot be > {x}",
    ),
    (
        "per <entity:p> , <field:f> of <entity:c> (may | must) (total | add up to) (<qty:n> <= | <= <qty:n>)",
        "total {f} of {c} of {p} must be <= {n}",
    ),
    ("(maximum | <= ) total <words:x> be <words:n>", "total {x} mustnot be > {n}"),
    (
        "<field:f> be (upper limit | limit | maximum) (for | of) (total | sum of) <words:x>",
        "total {x} mustnot be > {f}",
    ),
    (
        "together , <entity:c> of [1] <entity:p> mustnot cost <cmp:o> <words:y>",
        "total {money} of {c} of {p} mustnot be {o} {y}",
    ),
    (
        "<entity:c> of [1] <entity:p> mustnot (take up | use | need | have | cover) more <field:f> (in total | altogether | together) than <words:y>",
        "total {f} of {c} of {p} mustnot be > {y}",
    ),
    ("sum of <words:x> (be | must be) limited to <words:y>", "sum of {x} mustnot be > {y}"),
    ("total <words:x> (be | must be) limited to <words:y>", "total {x} mustnot be > {y}"),
    (
        "<field:f> of <entity:c> of [1] <entity:p> [must | may] add up to <cmp:o> <qty:n>",
        "total {f} of {c} of {p} must be {o} {n}",
    ),
    (
        "total [numberof] <field:f> %occupied %prep <entity:p> must be <cmp:o> <words:n>",
        "total {f} of {f:owner} of {p} must be {o} {n}",
    ),
    (
        "<entity:c> of <entity:p> mustnot (take up | use | need | cover | occupy | have | take) more <field:f> than <field:g>",
        "total {f} of {c} of {p} must be <= {g}",
    ),
    (
        "total <field:f> %logged (for | on | of | in) <entity:p> must (stay | be | remain) <cmp:o> <words:n>",
        "total {f} of {f:owner} of {p} must be {o} {n}",
    ),
    (
        "total <field:f> %logged (for | on | of | in) <entity:p> mustnot (be | go | rise | get) <cmp:o> <words:n>",
        "total {f} of {f:owner} of {p} mustnot be {o} {n}",
    ),
    (
        "total <field:f> %logged (for | on | of | in) <entity:p> mustnot > <words:n>",
        "total {f} of {f:owner} of {p} mustnot be > {n}",
    ),
    (
        "<entity:c> (of | for | on | in) [1 | single] <entity:p> mustnot add up to <cmp:o> <word:n> <field:f>",
        "total {f} of {c} of {p} mustnot be {o} {n}",
    ),
    (
        "<entity:c> (of | for | on | in) [1 | single] <entity:p> must add up to <cmp:o> <word:n> <field:f>",
        "total {f} of {c} of {p} must be {o} {n}",
    ),
];
