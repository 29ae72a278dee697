//! What nobody may do and no record may be: `no booking may start in the past`, `do not allow a room to be removed`.

pub(super) const FRAMES: super::Frames = &[
    (
        "<entity:p> that (be | have be | have been) (part of | in | on | used in | used by | used on | used for) [any | 1] <entity:c> (must be kept | must stay | mustnot be %deleted)",
        "{p} with {c} mustnot be deleted",
    ),
    (
        "<records:r> (stay | stays | be kept | must be kept | remain | remains) [on file | on record] (for good | forever | for ever | permanently | indefinitely)",
        "{r} mustnot be deleted",
    ),
    ("<records:r> be (final | closed | settled | done with) and mustnot be <words:v>", "{r} mustnot be {v}"),
    (
        "<states:s> may be deleted , but (any other | every other | all other | other) <entity:e> (must be kept | mustnot be deleted | mustnot)",
        "only {s} {e} may be deleted",
    ),
    ("<entity:p> that have <entity:c> (on file | on record | on books) <words:v>", "{p} that have {c} {v}"),
    ("<entity:p> with <words:c> (be kept | must be kept | stay | stays)", "{p} with {c} mustnot be deleted"),
    ("neither <field:f> (nor | or) <field:g> may <words:x>", "{f} mustnot {x} && {g} mustnot {x}"),
    ("<entity:e> mustnot be changed (if | > | once) (entered | recorded | saved | stored)", "{e} mustnot be changed"),
    ("noone may <words:v>", "users mustnot {v}"),
    ("<words:c> , noone may <words:v>", "{c} , users mustnot {v}"),
    ("it must be impossible to <words:v>", "users mustnot {v}"),
    ("(we | system) (do not | mustnot | never) (let | allow | permit) %agent [to] <words:v>", "users mustnot {v}"),
    ("do not (let | allow | permit) %agent [to] <words:v>", "users mustnot {v}"),
    ("[we | system] (do not | mustnot | never) (allow | let | permit) <entity:e> to <words:v>", "{e} mustnot {v}"),
    ("we never <word:v> <entity:o> <words:c>", "users mustnot {v} {o} {c}"),
    (
        "no <entity:e> may be %made %prep <entity:p> unless <entity:p2> be <words:c>",
        "{e} mayonly be created if {p} be {c}",
    ),
    ("no <records:r> may <words:v>", "{r} mustnot {v}"),
    ("(refuse | reject | block | forbid) to <word:v> <words:x>", "{x} mustnot be {v:ed}"),
    ("(refuse | reject | block | forbid) <entity:e> if <words:c>", "{e} be refused if {c}"),
    ("(refuse | reject | block | forbid) <words:x>", "{x} be refused"),
    (
        "(apart from | except for | other than | besides | not counting | ignoring | excluding | leaving out) <words:x> , <words:rest>",
        "{rest} , except for {x}",
    ),
    // From the first moment on is always.
    (
        "<records:r> mustnot be <words:v> (if | >) [(it | they | <entity:e>)] (be | have been) (stored | saved | created | recorded | entered | registered | added | made)",
        "{r} mustnot be {v}",
    ),
    ("<entity:p> 's <entity:c> <words:rest>", "{c} of {p} {rest}"),
    ("<words:a> oneof", "{a}"),
    ("(user | users | we | you | one | i) mustnot <words:v> <entity:e> in past", "{e} mustnot be {v:ed} in past"),
    (
        "(if | after | >) <entity:e> <words:c> [,] (none | nothing) (about | of | in) (it | them) may be %changed",
        "if {e} {c} , {e} mustnot be changed",
    ),
    (
        "<entity:p> that have (placed | made | booked | taken | bought | rented | signed | written | ordered | borrowed | hosted) <entity:c> <words:v>",
        "{p} that have {c} {v}",
    ),
    ("we (do not | never) want <entity:e> to be <words:v>", "{e} mustnot be {v}"),
    (
        "<entity:p> mustnot be (deleted | removed) unless <entity:c> be (gone | deleted | removed)",
        "{p} that have {c} mustnot be deleted",
    ),
    (
        "if <entity:e> be <states:s> , neither <entity:e2> or <entity:c> may be <words:v>",
        "{e} mustnot be {v} if {e} be {s} && {c} mustnot be {v} if {e} be {s}",
    ),
    (
        "<field:f> mustnot be changed (if | >) (set | entered | given | saved | stored | chosen)",
        "{f} mustnot be changed",
    ),
    ("<states:s> <entity:e> mustnot change <fields:f>", "{f} of {s} {e} mustnot be changed"),
];
