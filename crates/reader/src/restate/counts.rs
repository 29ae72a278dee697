//! How many there may be.

pub(super) const FRAMES: super::Frames = &[
    (
        "numberof <entity:c> %prep [1 | same] <entity:p> (per day | on 1 day | on same day | in 1 day | on day) (be | must be) limited to <qty:n>",
        "{p} may have <= {n} {c} per day",
    ),
    (
        "numberof <entity:c> %prep [1 | same] <entity:p> (per day | on 1 day | on same day | in 1 day | on day) (must be | be | may be) <cmp:o> <qty:n>",
        "{p} may have {o} {n} {c} per day",
    ),
    (
        "(per day | on 1 day | on same day | in 1 day) [,] <entity:p> (may | mayonly) (have | make | get | take | be given | be (%occupied | <word:v>) (for | in | on | with | to)) <cmp:o> <qty:n> <words:c>",
        "{p} may have {o} {n} {c} per day",
    ),
    (
        "<entity:p> (may | mayonly) have <cmp:o> <qty:n> <entity:c> per day that be <words:w>",
        "{p} may have {o} {n} {c} that be {w} per day",
    ),
    (
        "[system] (allow | allows | permit | permits) (<= | maximum of) <qty:n> <records:c> per <entity:p>",
        "{p} may have <= {n} {c}",
    ),
    (
        "<field:f> of all <entity:c> of <entity:p> that be <state:s> must together (be | stay | remain) <cmp:o> <qty:n>",
        "sum of {f} of {s} {c} of {p} must be {o} {n}",
    ),
    // "A parcel contains at most 15 lines"
    (
        "<entity:p> (contains | contain | holds | includes | carries | comprises) <cmp:o> <word:n> <entity:c>",
        "{p} have {o} {n} {c}",
    ),
    (
        "[1] <entity:p> (may | mustnot) (cover | hold | contain | include | take | carry | comprise) <cmp:o> <qty:n> <entity:c>",
        "{p} may have <= {n} {c}",
    ),
    (
        "> <qty:n> <words:c> (for | per | of) [1 | same] <entity:p> (be not allowed | mustnot be %made | be not possible)",
        "{p} may have <= {n} {c}",
    ),
    (
        "<entity:e> (show | shows | display | displays | tell | tells | have) numberof <words:c> (it | they | he | she | 1) (have | has | contain | contains | hold | holds | do | does)",
        "{e} shows numberof {c}",
    ),
    (
        "<cmp> <qty:n> <words:c> (must be | may be | be) %recorded (for | in | on | per | of | with) [1] <words:p>",
        "{p} may have {cmp} {n} {c}",
    ),
    (
        "<cmp:o> <qty:n> <entity:c> may be (assigned to | added to | attached to | signed up for | booked for | booked on | allotted to | allocated to | linked to | put in) [1 | same] <entity:p>",
        "{p} may have {o} {n} {c}",
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
        "{p} with {n} {s} {c} mustnot have other",
    ),
    ("<= be <qty:n> <states:s> <entity:c> per <entity:p>", "{p} may have <= {n} {c} that be {s}"),
    ("<entity:p> mustnot be <field:r> of <cmp:o> <qty:n> <words:c>", "{p} mustnot have {o} {n} {c}"),
    ("<entity:p> may be <field:r> of <cmp:o> <qty:n> <words:c>", "{p} may have {o} {n} {c}"),
    ("<entity:p> mustnot be <entity:same> of <cmp:o> <qty:n> <words:c>", "{p} mustnot have {o} {n} {c}"),
    ("<entity:p> (may | mustnot) have <cmp:o> <qty:n> <words:c> as <entity:same>", "{p} may have {o} {n} {c}"),
    (
        "<cmp:o> <qty:n> <entity:c> (with | of | for) same <entity:p> may be <states:s>",
        "{p} may have {o} {n} {c} that be {s}",
    ),
    ("we limit <entity:p> to <qty:n> <words:c>", "{p} may have <= {n} {c}"),
    ("> <qty:n> <words:c> be %refused (for | per | of) [1 | same] <entity:p>", "{p} may have <= {n} {c}"),
    ("counting only <words:c> , no <entity:p> may have > <qty:n> of them", "{p} may have <= {n} {c}"),
    ("counting only <words:c> , <entity:p> mustnot have > <qty:n> of them", "{p} may have <= {n} {c}"),
    (
        "if <entity:p> have <qty:n> <words:c> , (other | further | next | new | second | third | fourth | fifth | sixth) [1 | <entity:e>] %nosave",
        "{p} may have <= {n} {c}",
    ),
    ("numberof <words:a> , (together | in total) , <words:b>", "numberof {a} {b}"),
    ("(<= | maximum | limit) be <qty:n> <records:c> (per | for) <entity:p>", "{p} may have <= {n} {c}"),
    ("we allow <entity:p> <qty:n> <records:c> [sametime] and no more", "{p} may have <= {n} {c}"),
    ("only <qty:n> of <entity:p> 's <entity:c> may be <states:s> [sametime]", "{p} may have <= {n} {c} that be {s}"),
    ("<words:a> , counted together", "{a}"),
    ("<entity:e> (lies | lie | stands | sits | hangs | be) in exactly 1 <words:p>", "{e} belong to exactly 1 {p}"),
    ("[1] <entity:p> may have <qty:n> <entity:c> <=", "{p} may have <= {n} {c}"),
    ("numberof <words:x> (be | must be) limited to <words:y>", "numberof {x} must be <= {y}"),
    (
        "if <field:f> of <entity:p> be (taken | full | used up | filled | booked) , [further | more] <entity:c> (be | must be) %refused",
        "numberof {c} of {p} must be <= {f}",
    ),
    ("<cmp:o> <qty:n> <entity:c> may be <word:v> %prep [1 | same] <entity:p>", "{p} may have {o} {n} {c}"),
    (
        "no <entity:p> (gets | get | have | take | takes | book | books | hold | holds | make | makes) > <qty:n> <entity:c>",
        "{p} may have <= {n} {c}",
    ),
    ("there must be <cmp:o> <qty:n> <field:f>", "{f} must be {o} {n}"),
    ("only 1 <entity:c> per <entity:p> may be <states:s> [sametime]", "{p} may have <= 1 {c} that be {s}"),
    ("<entity:p> mayonly have <qty:n> <states:s> <entity:c>", "{p} may have <= {n} {c} that be {s}"),
    ("duplicate <entity:c> [with | of] same <words:f> be %refused", "no 2 {c} may have same {f}"),
    (
        "if <field:f> [of <entity:q>] be (reached | exhausted | used up) , no [further | more | other | additional | new] <entity:c> (be (accepted | possible | allowed | taken) | may be %made) [for (it | <entity:p>)]",
        "numberof {c} of {p} must be <= {f}",
    ),
    (
        "if <entity:p> be full <qty:n> <entity:c> , [further | more | other | additional | new | no further | no more] <entity:c2> %nosave",
        "{p} may have <= {n} {c}",
    ),
    (
        "<entity:p> (be full | counts as full | be booked out | be fully booked) if it have <qty:n> <entity:c>",
        "{p} may have <= {n} {c}",
    ),
    (
        "<entity:p> with <qty:n> <entity:c> (be full | counts as full | be booked out | be fully booked)",
        "{p} may have <= {n} {c}",
    ),
    (
        "<entity:p> (takes | take | accepts | accept | allows | allow | admits | admit | fits | fit) <cmp:o> <qty:n> <entity:c>",
        "{p} may have {o} {n} {c}",
    ),
    (
        "<entity:p> with > <qty:n> <entity:c> (be %refused | mustnot be %made | mustnot exist)",
        "{p} may have <= {n} {c}",
    ),
    (
        "<entity:p> mustnot have > <qty:n> %ongoing <entity:c> [ie | i e | ,] <states:s> [sametime]",
        "{p} may have <= {n} {c} that be {s}",
    ),
    (
        "<entity:p> may have <cmp:o> <qty:n> %ongoing <entity:c> [ie | i e | ,] <states:s> [sametime]",
        "{p} may have {o} {n} {c} that be {s}",
    ),
    (
        "if <field:f> [of <entity:q>] be (reached | exhausted | used up) , no [further | more | other | additional | new] <entity:c> (be (accepted | possible | allowed | taken) | may be %made)",
        "numberof {c} must be <= {f}",
    ),
    (
        "if <entity:p> be full <qty:n> <entity:c> , (no [further | more] | further | more) <entity:c2> (be (accepted | possible | allowed | taken) | may be %made)",
        "{p} may have <= {n} {c}",
    ),
];
