//! Records that may not overlap in time.

pub(super) const FRAMES: super::Frames = &[
    (
        "[no] 2 <entity:e> (of | for | in) same <entity:p> (mustnot | may) (cover | share | include) same day",
        "there be no 2 {e} of same {p} on same day",
    ),
    (
        "double (booking | bookings) of <entity:p> be %refused (: | ; | , | –) <entity:e> mustnot <words:rest>",
        "{e} of same {p} mustnot {rest}",
    ),
    (
        "(within | in | for | on | at | per) [1 | same] <entity:p> , <records:r> mustnot (overlap [in time] | be sametime)",
        "{r} of same {p} mustnot overlap",
    ),
    (
        "per <entity:p> , (periods | times | period | time) from <field:a> to <field:b> of <entity:e> mustnot overlap",
        "{e} of same {p} mustnot overlap",
    ),
    (
        "<entity:e> that overlap [with] other [<entity:e2>] (of | for | in | on | at) same <entity:p> %nosave",
        "{e} of same {p} mustnot overlap",
    ),
    (
        "if <entity:e> overlap [with] other [<entity:e2>] (of | for | in | on | at) [same] <entity:p> , (it | <entity:e3>) %nosave",
        "{e} of same {p} mustnot overlap",
    ),
    (
        "[1 | same] <entity:p> mustnot be (in | on | part of | used in | used for) 2 <entity:e> that (overlap [in time] | be sametime)",
        "{e} of same {p} mustnot overlap",
    ),
    (
        "<entity:e> mustnot overlap [with] (other | different) <entity:e2> of same <entity:p>",
        "{e} of same {p} mustnot overlap",
    ),
    (
        "<entity:p> mustnot be (used for | used in | booked for | assigned to | in | on) 2 <entity:c> sametime",
        "{p} mustnot have 2 {c} sametime",
    ),
];
