//! Bounds, lengths and comparisons.

pub(super) const FRAMES: super::Frames = &[
    ("(at creation | on creation) , <words:e>", "{e} at creation"),
    (
        "<field:f> (range | ranges | must range | may range | go | goes | run | runs) from <qty:a> to <qty:b> [, [both] (included | inclusive)]",
        "{f} must be between {a} and {b}",
    ),
    (
        "<field:f> must be (in | within) range [of | from] <qty:a> (to | and | –) <qty:b>",
        "{f} must be between {a} and {b}",
    ),
    (
        "<field:f> mustnot be outside [range] [of | from] <qty:a> (to | and | –) <qty:b>",
        "{f} must be between {a} and {b}",
    ),
    ("<field:f> mustnot be <cmp:a> <qty:x> or <cmp:b> <qty:y>", "{f} mustnot be {a} {x} && {f} mustnot be {b} {y}"),
    (
        "(lowest | minimum | smallest) [allowed | possible] <field:f> be <qty:a> [,] and (highest | maximum | largest) [allowed | possible] [1 | <field:f2>] be <qty:b>",
        "{f} must be between {a} and {b}",
    ),
    ("<entity:e> (need | needs | must have | have) <field:f> <cmp:o> <words:x>", "{f} must be {o} {x}"),
    ("<= length of <field:f> be <qty:n>", "{f} must be <= {n}"),
    ("length of <field:f> must be <words:x>", "{f} must be {x}"),
    ("<field:f> mustnot > <qty:n> in length", "{f} mustnot > {n}"),
    ("<field:f> (may | must | mayonly) (contain | have) <qty:n> at most", "{f} must be <= {n}"),
    ("<field:f> must be today atlatest", "{f} must be <= today"),
    ("between <field:a> and <field:b> there (may | must | mayonly) be <cmp:o> <qty:n>", "{b} must be {o} {n} > {a}"),
    ("<field:f> mustnot > <field:g> by > <qty:n>", "{f} must be <= {n} > {g}"),
    ("<entity:e> with > <qty:n> (from | between) <field:g> (to | and) <field:f> %nosave", "{f} must be <= {n} > {g}"),
    ("<field:f> be (upper limit | limit | maximum) (for | of) <field:g>", "{g} must be <= {f}"),
    ("<field:f> be (lower limit | minimum) (for | of) <field:g>", "{g} must be >= {f}"),
    ("<words:e> (at creation | if created | at time <words:e2> be created | on creation)", "{e} at creation"),
    (
        "<cmp:o> <qty:n> may be (entered | written | typed | used | stored) (in | for | as) <field:f>",
        "{f} must be {o} {n}",
    ),
    ("%agent may (write | enter | give) <field:f> of <cmp:o> <qty:n> %prep <entity:e>", "{f} must be {o} {n}"),
    ("<field:f> may be <cmp:o> <words:x>", "{f} must be {o} {x}"),
    ("(latest | latest possible) <field:f> [of <entity:e>] be <words:x>", "{f} must be <= {x}"),
    ("(earliest | earliest possible) <field:f> [of <entity:e>] [allowed] be <words:x>", "{f} must be >= {x}"),
    ("<field:f> mustnot be = or <cmp:o> <words:x>", "{f} mustnot be {o} {x} && {f} mustnot be = {x}"),
    ("(date | day | time) <field:f> must (lie | be | come) <words:x>", "{f} must be {x}"),
    ("if <field:f> be %supplied , (it | they) <words:rest>", "{f} {rest}"),
    ("<words:a> , decimals [be] (allowed | accepted | possible)", "{a}"),
    ("(at time of creation | at moment of creation) , <words:e>", "{e} at creation"),
    ("<words:e> ; this applies only (at creation | on creation)", "{e} at creation"),
];
