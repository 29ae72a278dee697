//! Records that may not overlap in time.

pub(super) const FRAMES: super::Frames = &[
    (
        "1 <entity:p> mustnot (do | run | take | hold | handle | perform | host | serve) 2 <entity:c> sametime",
        "{c} of same {p} mustnot overlap",
    ),
    (
        "1 <entity:p> mustnot (do | run | take | hold | handle | perform | host | serve) 2 <entity:c> sametime , so <words:x>",
        "{x}",
    ),
    (
        "(no <entity:p> may | <entity:p> mustnot) be (%occupied | put | entered | assigned | scheduled) (into | for | in | on | to | with) [2] overlapping <entity:c>",
        "{c} of same {p} mustnot overlap",
    ),
    // "While a room is occupied by one appointment, no other appointment can be booked into it for that period"
    (
        "if <entity:p> be (%occupied | in use) [by] [1 | other] [<entity:c2>] , no [other | further | more | new | second] <entity:c> may be %made [(into | in | for | on | to | at) (it | them | <entity:p2>)] (sametime | (for | in | during | at | within) [same] (period | time | hours | slot))",
        "{c} of same {p} mustnot overlap",
    ),
    (
        "(refuse | reject | block | forbid) <entity:e> (whose (time | period | span | slot | hours) overlap | that overlap | overlapping) [with] [other] <states:s> <entity:e2> (of | for | in) same <entity:p>",
        "{s} {e} of same {p} mustnot overlap",
    ),
    (
        "<entity:e> (whose (time | period | span | slot | hours) overlap | that overlap | overlapping) [with] [other] <states:s> <entity:e2> (of | for | in) same <entity:p> %nosave",
        "{s} {e} of same {p} mustnot overlap",
    ),
    (
        "overlapping <entity:c> of (1 | same) <entity:p> (be %refused | must be %refused | be not (allowed | permitted | possible | accepted))",
        "{c} of same {p} mustnot overlap",
    ),
    (
        "(for | on | of | in | per) [1 | same] <entity:p> [,] <entity:c> mustnot (share | cover | include) [single | 1 | same] day",
        "{c} of same {p} mustnot overlap",
    ),
    (
        "users mustnot (double-book | double book) <entity:p> [between <field:a> and <field:b>]",
        "{p} mustnot be double-booked",
    ),
    (
        "<entity:p> (may be %occupied only once | mayonly be %occupied once) (for | on | per) [any | 1 | each] [given | same] day",
        "{p} mustnot be double-booked",
    ),
    (
        "<entity:p> mayonly be %occupied once (for | on | per) [1 | same | given | any] day",
        "{p} mustnot be double-booked",
    ),
    // "Once" stands for "if" elsewhere: "a box can only be booked once at a time".
    (
        "<entity:p> (mayonly be %occupied (once | if) | may be %occupied only (once | if)) sametime",
        "{p} mustnot be double-booked",
    ),
    ("<entity:p> (mayonly | may) be <word:v> (to | by | for) 1 <entity:q> sametime , so <words:x>", "{x}"),
    ("<entity:p> (mayonly | may) be <word:v> (to | by | for) 1 <entity:q> sametime", "{p} mustnot be double-booked"),
    (
        "(periods | times | dates | time spans) of 2 <entity:e> of same <entity:p> mustnot overlap",
        "{e} of same {p} mustnot overlap",
    ),
    (
        "[same] <entity:p> mustnot be (%occupied | hired out | lent out | rented out) (twice | 2 times) (for | on) same day",
        "{p} mustnot be double-booked",
    ),
    (
        "[no] 2 <entity:e> (of | for | in) same <entity:p> (mustnot | may) (cover | share | include) same day",
        "there be no 2 {e} of same {p} on same day",
    ),
    (
        "(in | on | at | for | per) [1 | same] <entity:p> [,] there (mustnot be | may be no) 2 <entity:e> sametime",
        "{p} mustnot have 2 {e} sametime",
    ),
    (
        "<entity:c> be %refused if [same] <entity:p> be (%occupied | in use | hired out | lent out | rented out) [by %agent] (for | during | on | in | at) [overlapping | requested | chosen | selected | same | that | given | desired | wanted | whole] (dates | period | time | days | slot | date | times | hours | day)",
        "{c} of same {p} mustnot overlap",
    ),
    (
        "<entity:c> be %refused if (it | they) overlap [with] other <entity:c2> (of | for | in | on | at) [same] <entity:p>",
        "{c} of same {p} mustnot overlap",
    ),
    ("same <entity:p> mustnot be (double-booked | double booked | booked twice)", "{p} mustnot be double-booked"),
    (
        "[same] <entity:p> mustnot be (%occupied | hired out | lent out | rented out) (twice | 2 times) sametime",
        "{p} mustnot be double-booked",
    ),
    (
        "[no] 2 <entity:e> (for | of | in | on | at) same <entity:p> (mustnot | may) overlap [in time] [from] <field:a> (to | until | – | and) <field:b>",
        "no 2 {e} for same {p} may overlap",
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
    (
        "<entity:p> (mayonly | may) be %occupied [only] by [only] (1 | <= 1) <entity:c> sametime",
        "{p} mustnot have 2 {c} sametime",
    ),
    (
        "if [same] <entity:p> be (%occupied | in use | hired out | lent out | rented out) (for | during | on | in | at) [overlapping | requested | chosen | selected | same | that | given | desired | wanted | whole] (dates | period | time | days | slot | date | times | hours | day) , (request | booking | reservation | it | <entity:c>) %nosave",
        "{p} mustnot be double-booked",
    ),
    (
        "if <entity:p> be (%occupied | in use) (then | sametime) , (request | booking | reservation | it | <entity:c>) %nosave",
        "{p} mustnot be double-booked",
    ),
    (
        "overlapping <entity:c> (for | of | on | in | at | with | per) [1 | same] <entity:p> (rejected | refused | forbidden)",
        "{c} of same {p} mustnot overlap",
    ),
    ("double (bookings | booking) (for | on | in) <entity:p> be %refused", "double bookings of {p} be refused"),
    (
        "(it | system | there) mustnot be possible to <word:v> [same] <entity:o> (twice | 2 times | > once) <words:c>",
        "{o} mustnot be {v:ed} twice {c}",
    ),
    (
        "it be refused to <word:v> [same] <entity:o> (twice | 2 times | > once) <words:c>",
        "{o} mustnot be {v:ed} twice {c}",
    ),
    ("it mustnot <word:v> [same] <entity:o> (twice | 2 times | > once) <words:c>", "{o} mustnot be {v:ed} twice {c}"),
    (
        "double (booking | bookings) (per | on | for | in | of) <entity:p> be %refused",
        "double bookings of {p} be refused",
    ),
    ("double-booking <entity:p> be %refused", "double bookings of {p} be refused"),
    ("no double (bookings | booking) (per | of | on | for | in) <entity:p>", "double bookings of {p} be refused"),
    (
        "no overlapping <entity:c> (per | for | of | on | in | at) [1 | same] <entity:p>",
        "{c} of same {p} mustnot overlap",
    ),
    // "Two overlapping shifts cannot have the same volunteer"
    (
        "[no] 2 overlapping <entity:c> (mustnot | may) (have | share) same <entity:p>",
        "{p} mustnot have 2 overlapping {c}",
    ),
    ("<entity:p> have no overlapping <entity:c>", "{c} of same {p} mustnot overlap"),
    (
        "overlapping <entity:c> (per | for | of | on | in | at) [1 | same] <entity:p> must be (prevented | avoided | blocked)",
        "{c} of same {p} mustnot overlap",
    ),
    (
        "system must prevent double (bookings | booking) (per | of | on | for | in) <entity:p>",
        "double bookings of {p} be refused",
    ),
    (
        "<entity:c> mustnot be %made if <entity:p> be %occupied (in | at | for | during) (that | same | chosen | requested) (period | time | dates | days | slot)",
        "{p} mustnot be double-booked",
    ),
    (
        "<entity:p> mustnot be %occupied if (it | <entity:p2>) be %occupied (in | at | for | during) [that | same | chosen | requested] (period | time | dates | days | slot)",
        "{p} mustnot be double-booked",
    ),
];
