//! How many there may be.

pub(super) const FRAMES: super::Frames = &[
    (
        "<cmp> <qty:n> <words:c> (must be | may be | be) %recorded (for | in | on | per | of | with) [1] <words:p>",
        "{p} may have {cmp} {n} {c}",
    ),
    ("<cmp:o> <qty:n> <entity:c> per <entity:p> may be <states:s> [sametime]", "{p} may have {o} {n} {c} that be {s}"),
    (
        "per <entity:p> , <cmp:o> <qty:n> <entity:c> may be in [status | state] <states:s> [, and no more]",
        "{p} may have {o} {n} {c} that be {s}",
    ),
    (
        "per <entity:p> , <cmp:o> <qty:n> <entity:c> may be <states:s> [, and no more]",
        "{p} may have {o} {n} {c} that be {s}",
    ),
    (
        "there mustnot be > <qty:n> <entity:c> (for | of | per) [1] <entity:p> (whose | that have) (status | state) [be] <states:s>",
        "{p} may have <= {n} {c} that be {s}",
    ),
    (
        "<entity:p> mustnot have > <qty:n> <entity:c> whose (status | state) be <states:s>",
        "{p} may have <= {n} {c} that be {s}",
    ),
    (
        "<entity:c> (in | with) (status | state) <states:s> (be | must be) limited to <qty:n> per <entity:p>",
        "{p} may have <= {n} {c} that be {s}",
    ),
    (
        "<= numberof <entity:c> (in | with) (status | state) <states:s> (be | must be) <qty:n> (per | of | for) <entity:p>",
        "{p} may have <= {n} {c} that be {s}",
    ),
    (
        "only <qty:n> <entity:c> at most may be <states:s> (for | per) [same] <entity:p>",
        "{p} may have <= {n} {c} that be {s}",
    ),
    (
        "if <entity:p> have <qty:n> <states:s> <entity:c> , other [1] (be | must be) refused",
        "{p} may have <= {n} {c} that be {s}",
    ),
    ("<= be <qty:n> <states:s> <entity:c> per <entity:p>", "{p} may have <= {n} {c} that be {s}"),
];
