//! Records that must stay as long as others refer to them: `stations with bikes are protected from deletion`.

pub(super) const FRAMES: super::Frames = &[
    // "Scrapped machines stay in the register but cannot be edited"
    (
        "<words:a> (stay | stays | remain | remains) [in] [register | list | system | database] (but | and) mustnot be <words:b>",
        "{a} mustnot be {b}",
    ),
    (
        "<entity:p> mustnot be (deleted | removed) if (1 of | oneof | any of | any) [it | its | their | it 's] <entity:c> be <state:s>",
        "{p} mustnot be deleted if it have {c} that be {s}",
    ),
    (
        "<states:s> [that come to nothing | that be no longer needed | that be abandoned] may be (deleted | removed) , but <entity:e> in other %state mustnot [be] [deleted | removed]",
        "{e} mayonly be deleted in {s}",
    ),
    (
        "<entity:p> <words:x> , and (1 | those | any) that [still] have <entity:c> mustnot be (deleted | removed)",
        "{p} {x} && {p} with {c} mustnot be deleted",
    ),
    (
        "<entity:p> that (hold | holds | own | owns | have held | hold or have held | holds or have held | have or have have | have or have had | have had | have or had) <entity:c> mustnot be (deleted | removed)",
        "{p} with {c} mustnot be deleted",
    ),
    (
        "<entity:p> (that have | with) <entity:c> or <entity:d> mustnot be (deleted | removed)",
        "{p} with {c} mustnot be deleted && {p} with {d} mustnot be deleted",
    ),
    ("<words:x> mustnot be deletable", "{x} mustnot be deleted"),
    (
        "<entity:a> with <entity:b> , <entity:c> with <entity:d> [,] and <entity:f> with <entity:g> mustnot be deleted",
        "{a} with {b} mustnot be deleted && {c} with {d} mustnot be deleted && {f} with {g} mustnot be deleted",
    ),
    (
        "<entity:p> (used | listed | referenced | mentioned | contained | booked) (in | by | on) <entity:c> mustnot be (deleted | removed)",
        "{p} with {c} mustnot be deleted",
    ),
    (
        "<entity:p> (with | that have) <words:c> (be | must be) protected (from | against) (deletion | deleting | removal | removing | be deleted | being deleted)",
        "{p} with {c} mustnot be deleted",
    ),
    ("(deleting | removing | deletion of | removal of) <words:x> mustnot be possible", "{x} mustnot be deleted"),
    ("(%agent | users) mustnot (delete | remove) <entity:p> with <entity:c>", "{p} with {c} mustnot be deleted"),
    ("it be (refused | impossible | forbidden) to <words:v>", "users mustnot {v}"),
    (
        "(trying | attempting | attempt | attempts) to <words:v> (be %refused | must be %refused | fails | fail)",
        "users mustnot {v}",
    ),
    (
        "(system | we | application) (do not | mustnot | never) (allow | permit | let) (deleting | removing | deletion of | removal of) <words:x>",
        "{x} mustnot be deleted",
    ),
    (
        "[we | system] (do not | mustnot | never) (allow | let | permit) <entity:p> (with | that have) <words:c> to be (deleted | removed)",
        "{p} with {c} mustnot be deleted",
    ),
    (
        "<entity:p> that (be referenced | be referred to | be mentioned | appear | appears | occur | occurs | be listed | be named) (by | in | on) [1] <entity:c> mustnot be (deleted | removed)",
        "{p} with {c} mustnot be deleted",
    ),
    (
        "%agent mustnot (delete | remove) <entity:p> if there be <entity:c> (for | in | of | on | with | at) (it | them)",
        "{p} with {c} mustnot be deleted",
    ),
    (
        "%agent mustnot (delete | remove) <entity:p> if (it | they) [still] have <entity:c>",
        "{p} with {c} mustnot be deleted",
    ),
    (
        "%agent mustnot (delete | remove) <entity:p> that [still] (have | contain | contains) <entity:c>",
        "{p} with {c} mustnot be deleted",
    ),
    (
        "%agent mustnot (delete | remove) <entity:p> that be (used in | in use in | used by | used on | part of) <entity:c>",
        "{p} with {c} mustnot be deleted",
    ),
];
