//! What is refused: `an order whose total is negative must be rejected`, `no order may exist without a number`.

pub(super) const FRAMES: super::Frames = &[
    ("<entity:e> (without | with no | that have no | that do not have) <fields:f> %nosave", "{f} must be given"),
    (
        "no <entity:e> may (exist | be | be saved | be created | be accepted | be stored) (without | with no) <fields:f>",
        "{f} must be given",
    ),
    ("<entity:e> mustnot (exist | be) (without | with no) <fields:f>", "{f} must be given"),
    ("leaving <fields:f> (blank | empty | out) be %refused", "{f} must be given"),
    (
        "if <fields:f> be (missing | empty | not given | blank | not entered) , (<entity:e> | it) %nosave",
        "{f} must be given",
    ),
    (
        "(<entity:e> | it) %nosave if <fields:f> be (missing | empty | not given | blank | not entered)",
        "{f} must be given",
    ),
    ("<entity:e> (whose | where) <field:f> be not <words:c> %nosave", "{f} must be {c}"),
    ("<entity:e> (whose | where) <field:f> be <words:c> %nosave", "{f} mustnot be {c}"),
    (
        "<entity:e> (whose | where) <field:f> (lies | lie | comes | come | falls | fall | be dated) <words:c> %nosave",
        "{f} mustnot be {c}",
    ),
    ("<entity:e> (whose | where) <field:f> <cmp:o> <words:c> %nosave", "{f} mustnot be {o} {c}"),
    ("<entity:e> (with | that have) <field:f> [of] that be not <words:c> %nosave", "{f} must be {c}"),
    ("<entity:e> (with | that have) <field:f> [of | that be | that] <words:c> %nosave", "{f} mustnot be {c}"),
    ("<entity:e> (with | that have) (past) <field:f> %nosave", "{f} mustnot be in past"),
    ("<entity:e> (with | that have) (future) <field:f> %nosave", "{f} mustnot be in future"),
    ("<entity:e> (with | that have) <field:f> that have [already] passed %nosave", "{f} mustnot be in past"),
    ("if <field:f> be not <words:c> , (<entity:e> | it) %nosave", "{f} must be {c}"),
    ("if <field:f> be <words:c> , (<entity:e> | it) %nosave", "{f} mustnot be {c}"),
    ("if <field:f> <cmp:o> <words:c> , (<entity:e> | it) %nosave", "{f} mustnot be {o} {c}"),
    ("(<entity:e> | it) %nosave if <field:f> be not <words:c>", "{f} must be {c}"),
    ("(<entity:e> | it) %nosave if <field:f> be <words:c>", "{f} mustnot be {c}"),
    ("(<entity:e> | it) %nosave if <field:f> <cmp:o> <words:c>", "{f} mustnot be {o} {c}"),
    (
        "no <entity:e> may (have | carry | be given | contain | hold | exist with | be saved with | be created with) <field:f> that (be | lies | comes) not <words:c>",
        "{f} must be {c}",
    ),
    (
        "no <entity:e> may (have | carry | be given | contain | hold | exist with | be saved with | be created with) <field:f> [of | that be | that lies | that comes | that] <words:c>",
        "{f} mustnot be {c}",
    ),
    (
        "<entity:e> mustnot (have | carry | be given | be created with | be saved with | exist with) <field:f> that be not <words:c>",
        "{f} must be {c}",
    ),
    (
        "<entity:e> mustnot (have | carry | be given | be created with | be saved with | exist with) <field:f> [of | that be | that lies | that comes | that] <words:c>",
        "{f} mustnot be {c}",
    ),
    ("<field:f> <cmp:o> <words:c> %prep <entity:e> be %refused", "{f} mustnot be {o} {c}"),
    ("<field:f> that (be | comes | come | lies | lie) <words:c> be %refused", "{f} mustnot be {c}"),
    ("(future | past) <field:f> be %refused", "{f} mustnot be in future"),
    ("(creating | adding | making | entering | recording) <words:x> be %refused", "{x} be refused"),
    ("<field:f> mustnot be left (empty | blank | out) (on | for | of | in) <records:r>", "{r} must have {f}"),
    ("<words:a> whose <field:f> be anything other than <words:c>", "{a} whose {f} be not {c}"),
    (
        "(any | no) <entity:e> mustnot (have | carry) <field:f> <cmp:a> <words:x> or <cmp:b> <words:y>",
        "{f} mustnot be {a} {x} && {f} mustnot be {b} {y}",
    ),
    (
        "<entity:e> mustnot (have | carry) <field:f> <cmp:a> <words:x> or <cmp:b> <words:y>",
        "{f} mustnot be {a} {x} && {f} mustnot be {b} {y}",
    ),
    (
        "<entity:e> mustnot (have | carry | be given | be created with | be saved with) <field:f> <cmp:o> <words:x>",
        "{f} mustnot be {o} {x}",
    ),
    ("<entity:e> mustnot (be created with | be saved with | have) <field:f> in past", "{f} mustnot be in past"),
    ("<entity:e> mustnot (be created with | be saved with | have) <field:f> in future", "{f} mustnot be in future"),
    ("no <entity:e> may be created with <field:f> <cmp:o> <words:x>", "{f} mustnot be {o} {x}"),
    ("<records:r> (that have no | without | with no) <fields:f> %nosave", "{r} must have {f}"),
    ("no <records:r> may (exist | be) without <fields:f>", "{r} must have {f}"),
];
