//! What must hold of the record that another refers to.

pub(super) const FRAMES: super::Frames = &[
    // "Volunteers can only be assigned to shifts that are published"
    (
        "<entity:q> (mayonly be | mayonly only be) <word:v> (to | in | into | for | on) <records:r>",
        "{v:made} mayonly be created for {r}",
    ),
    // "The system shall only let an order be submitted if it has at least one line"
    (
        "(system | service | we) (mayonly | must | may) [only] let <entity:e> be <words:v> if <words:c>",
        "{e} mayonly be {v} if {c}",
    ),
    // "A patient must have an insurance number before an appointment can be made for them"
    (
        "<entity:p> must have <fields:g> < <entity:c> may be (%made | <word:made>) [%prep (it | them)]",
        "{c} mayonly be created if {p} have {g}",
    ),
    (
        "< <entity:c> may be (%made | <word:made>) %prep <entity:p> , (it | they | <entity:p2>) must have <fields:g>",
        "{c} mayonly be created if {p} have {g}",
    ),
    ("unless <entity:p> be <words:c> , <entity:e> mustnot be %made", "{e} mayonly be created if {p} be {c}"),
    ("unless <entity:p> be <words:c> , no <entity:e> may be %made", "{e} mayonly be created if {p} be {c}"),
    (
        "[we | system | service] [must] (accept | accepts | allow | allows | permit | permits | take | takes) [new] <entity:e> onlyif <entity:p> <words:c>",
        "{e} mayonly be created if {p} {c}",
    ),
    ("<entity:e> may be <states:v> onlyif <entity:p> <words:c>", "{e} mayonly be {v} if {p} {c}"),
    ("<entity:c> of <entity:p> may be <words:v> onlyif <entity:p2> <words:x>", "{c} may be {v} onlyif {p} {x}"),
    ("<entity:c> of <entity:p> mayonly be <words:v> if <entity:p2> <words:x>", "{c} may be {v} onlyif {p} {x}"),
    (
        "unless <entity:p> have <field:f> [,] no <entity:c> may be %made [for [that | this | it] [<entity:p2>]]",
        "{c} mayonly be created if {f} of {p} be given",
    ),
    // "Once the screening has begun, no more reservations are accepted"
    (
        "(if | >) <entity:p> have (begun | started) , no [more | further | new] <entity:e> (may be %made | be %made | be accepted | be allowed)",
        "no {e} may be made > {p} have begun",
    ),
    // "A wheel set with a tread depth under 1.6 mm cannot be set to ready"
    (
        "<entity:e> with <field:f> [of] <cmp:o> <qty:n> mustnot (be setto | be set to | become | be moved to | move to | go to | change to | be changed to) <states:s>",
        "{e} mustnot be setto {s} if {f} be {o} {n}",
    ),
    (
        "<entity:e> may (go to | move to | be | become) <states:s> onlyif it have <cmp:o> <qty:n> <entity:c>",
        "{e} mayonly be {s} if it have {o} {n} {c}",
    ),
    (
        "<entity:e> mustnot be <words:v> unless <fields:f> (be | have been) (assigned | attached | linked | given | chosen | set | added | entered) to it",
        "{e} mustnot be {v} without {f}",
    ),
    (
        "<entity:p> with <entity:c> (on | in | at | under | for | against) it mustnot be deleted",
        "{p} that have {c} mustnot be deleted",
    ),
    (
        "<states:a> <entity:e> mustnot be <words:v> ; neither may <states:b> [1 | <entity:e2>]",
        "{a} {e} mustnot be {v} && {b} {e} mustnot be {v}",
    ),
    (
        "changes to <entity:e> that be <states:a> or be <states:b> be refused",
        "{a} {e} mustnot be changed && {b} {e} mustnot be changed",
    ),
    ("there be no other (transitions | transition | changes)", "other transitions be not allowed"),
    (
        "if <entity:p> be not <words:c> , no <entity:e> may be %made [%prep (it | them)]",
        "{e} mayonly be created if {p} be {c}",
    ),
    (
        "if <entity:p> be <words:c> , no [more | further | new] <entity:e> may be %made [%prep (it | them)]",
        "{e} mayonly be created if {p} be not {c}",
    ),
    ("for <records:r> , <entity:e> (must be | be) %refused", "{e} for {r} be refused"),
    ("<entity:e> only %prep <records:r>", "{e} mayonly be created for {r}"),
    (
        "if (creating | adding | making | entering) <entity:e> , <entity:p> mustnot be <words:c>",
        "{e} mayonly be created if {p} be not {c}",
    ),
    (
        "if (creating | adding | making | entering) <entity:e> , <entity:p> must be <words:c>",
        "{e} mayonly be created if {p} be {c}",
    ),
    (
        "if <entity:e> be (created | added | made | entered) , <entity:p> mustnot be <words:c>",
        "{e} mayonly be created if {p} be not {c}",
    ),
    (
        "if <entity:e> be (created | added | made | entered) , <entity:p> must be <words:c>",
        "{e} mayonly be created if {p} be {c}",
    ),
    (
        "(creating | adding | making | entering) <entity:e> require [that] <entity:p> be <words:c>",
        "{e} mayonly be created if {p} be {c}",
    ),
    ("<entity:e> be (accepted | possible | allowed) onlyif <words:c>", "{e} mayonly be created if {c}"),
    (
        "no changes (to | of) <words:x> be (allowed | possible | permitted) if <words:c>",
        "{x} mustnot be changed if {c}",
    ),
    ("<words:a> in [status | state] <word:s> or in [status | state] <word:t>", "{a} in status {s} or {t}"),
    ("if <words:c> , <words:x> mustnot be <words:v>", "{x} mustnot be {v} if {c}"),
    (
        "<words:a> in [status | state | stage] <states:s> or in [status | state | stage] <states:t>",
        "{a} in status {s} or {t}",
    ),
    ("<words:a> whose (status | state | stage) be anything other than <words:c>", "{a} that be not {c}"),
    (
        "<entity:p> (for | on | in | to | of) that <words:c> (exist | exists | be recorded | be booked | be stored) <words:rest>",
        "{p} with {c} {rest}",
    ),
    (
        "to (create | add | make | record | enter | book | register) <entity:e> , <entity:p> must be <words:c>",
        "{e} mayonly be created if {p} be {c}",
    ),
    (
        "(creating | adding | making | entering | recording) <entity:e> be (allowed | possible | permitted) (onlyif | only if) <words:c>",
        "{e} mayonly be created if {c}",
    ),
    ("<entity:e> %nosave unless <entity:p> be <words:c>", "{e} mayonly be created if {p} be {c}"),
    (
        "<entity:p> must be <words:c> < <entity:e> may be (created | added | made | recorded | entered | booked) [%prep it]",
        "{e} mayonly be created if {p} be {c}",
    ),
    (
        "<records:r> mustnot be (chosen | selected | used | set | entered | named | picked) as <entity:p> [if <entity:e> be created]",
        "{e} for {r} be refused",
    ),
    ("<entity:e> must have no <words:c> < it may be <word:v>", "{e} mustnot be {v} if {e} have {c}"),
    (
        "(creating | adding | making | entering | recording) <entity:e> whose <words:c> be %refused",
        "{e} mustnot be created if {c}",
    ),
    ("> <entity:e> be <words:s> , <words:rule>", "if {e} be {s} , {rule}"),
    ("<words:r> be frozen [completely | entirely | fully]", "{r} mustnot be changed"),
    (
        "to %bring <entity:e> , <entity:p> must [have status | have state | be | be in status] <states:c>",
        "{e} mayonly be created if {p} be {c}",
    ),
    ("to %bring <entity:e> , <entity:p> must be <words:c>", "{e} mayonly be created if {p} be {c}"),
    (
        "<entity:p> must be <words:c> (< | before) (%agent may %bring <entity:e> | <entity:e> may be %made) %prep (it | them)",
        "{e} mayonly be created if {p} be {c}",
    ),
    ("%bring <entity:e> require <entity:p> to be <words:c>", "{e} mayonly be created if {p} be {c}"),
    (
        "<entity:p> must be <words:c> (at moment | at time | if) <entity:e> %prep it be %made",
        "{e} mayonly be created if {p} be {c}",
    ),
    (
        "no (change | changes) (may | be (allowed | made | permitted | possible) (to | on | of)) <records:r>",
        "{r} mustnot be changed",
    ),
    // "Once a booking has been cancelled, no changes are possible"
    (
        "(if | > | once | after) <entity:o> (be | have been | have be) <states:s> , no [further | more | other] (change | changes | edit | edits) [(to | of | on) (it | them)] (be | may be | must be) (possible | allowed | permitted | made)",
        "{o} mustnot be changed if {o} be {s}",
    ),
    (
        "> <entity:o> have been <states:s> , (noone may | %agent mustnot) <word:v> (it | them)",
        "{o} mustnot be {v:ed} if {o} be {s}",
    ),
    (
        "> <entity:o> be <states:s> , (noone may | %agent mustnot) <word:v> (it | them)",
        "{o} mustnot be {v:ed} if {o} be {s}",
    ),
    (
        "(deleting | removing) <entity:e> be (allowed | possible | permitted) onlyif no <entity:c> (belong to | refer to | exist for | be linked to) (it | them)",
        "{e} that have {c} mustnot be deleted",
    ),
    (
        "(< | before) <entity:e> may be <word:v> , <entity:c> must be (gone | deleted | removed)",
        "{e} that have {c} mustnot be {v}",
    ),
    (
        "<records:r> (take | takes | get | gets | accept | accepts | receive | receives) no [more | new | further] <entity:c>",
        "{c} for {r} be refused",
    ),
    (
        "<entity:e> (need | needs | require | requires) <entity:p> that be <words:c>",
        "{e} mayonly be created if {p} be {c}",
    ),
    (
        "<entity:e> may be (added | made | created | entered) or (removed | deleted) onlyif <words:c>",
        "{e} mayonly be created if {c} && {e} mayonly be deleted if {c}",
    ),
    (
        "<entity:e> may be (added | made | created | entered) , (changed | edited | modified | updated) or (removed | deleted) onlyif <words:c>",
        "{e} mayonly be created if {c} && {e} mayonly be changed if {c} && {e} mayonly be deleted if {c}",
    ),
    ("<entity:e> mayonly be (put | placed | written | loaded) %prep <records:r>", "{e} mayonly be created for {r}"),
    ("<entity:e> may be %made only %prep <records:r>", "{e} mayonly be created for {r}"),
    (
        "no [more | further] <entity:e> may be %made %prep <entity:p> (if | >) (it | they | <entity:p2>) be <words:c>",
        "{e} mayonly be created if {p} be not {c}",
    ),
    (
        "<entity:p> that be <words:s> (take | takes | get | gets | accept | accepts | receive | receives) no [more | new | further] <entity:c>",
        "{c} for {p} that be {s} be refused",
    ),
    (
        "no [more | new | further] <entity:e> be (taken | accepted | sold | possible | allowed) %prep <records:r>",
        "{e} for {r} be refused",
    ),
    ("<entity:e> %prep <word:c> <entity:p> mustnot be <states:s>", "{e} mustnot be {s} if {p} be {c}"),
    ("<entity:e> may be <states:s> only >= <field:f>", "{e} mayonly be {s} if {f} be <= today"),
    (
        "<entity:e> mayonly be (written | left | given | %made) if (status | state | stage) of <entity:p> be <words:c>",
        "{e} mayonly be created if {p} be {c}",
    ),
    ("(it | there | system | <entity:t>) mustnot be possible to <word:v> <words:o>", "{o} mustnot be {v:ed}"),
    ("only <records:r> must be <words:v>", "only {r} may be {v}"),
    ("<words:o> mustnot be (editable | changeable | modifiable) <words:c>", "{o} mustnot be changed {c}"),
    ("<words:o> mustnot be (editable | changeable | modifiable)", "{o} mustnot be changed"),
    ("<words:o> mustnot be deletable", "{o} mustnot be deleted"),
    (
        "<entity:p> mustnot be %deleted (if | as long as) there be <entity:c> of (theirs | his | hers | it | them)",
        "{p} that have {c} mustnot be deleted",
    ),
    ("<entity:e> mayonly be %made (with | from) <records:r>", "{e} mayonly be created for {r}"),
    (
        "<entity:e> may be (sold | rented | hired | lent | issued | taken | %made) %prep <records:r> only",
        "{e} mayonly be created for {r}",
    ),
    (
        "<entity:e> mayonly be <word:v> by <words:r> , and onlyif <words:c>",
        "{e} mayonly be {v} by {r} && {e} mayonly be {v} if {c}",
    ),
    ("system must (accept | allow) [new] <entity:e> only %prep <records:r>", "{e} mayonly be created for {r}"),
    ("(change | changes) (to | of) <records:r> be %refused", "{r} mustnot be changed"),
    ("<words:a> that have [be] <state:s> or have [be] <state:t> <words:c>", "{a} that be {s} or {t} {c}"),
    (
        "<entity:p> must be <words:c> (sothat | to) [be able to] (%bring | book | request | place | submit | open | start) <entity:e>",
        "{e} mayonly be created if {p} be {c}",
    ),
    // "Booking a room requires the room to be open", "when a booking is made, check that the room is open"
    (
        "if (%bring | booking | placing | submitting) <entity:e> , [system] must (check | ensure | verify | make sure) [that] <entity:p> be <words:c>",
        "{e} mayonly be created if {p} be {c}",
    ),
    (
        "if <entity:e> be %made , [system] must (check | ensure | verify | make sure) [that] <entity:p> be <words:c>",
        "{e} mayonly be created if {p} be {c}",
    ),
    (
        "[system] must (check | ensure | verify | make sure) [that] <entity:p> be <words:c> if (%bring | booking | placing | submitting) <entity:e>",
        "{e} mayonly be created if {p} be {c}",
    ),
    ("if <entity:p> be not <words:c> , <entity:e> (be | must be) %refused", "{e} mayonly be created if {p} be {c}"),
    ("if <entity:p> be <words:c> , <entity:e> (be | must be) %refused", "{e} mayonly be created if {p} be not {c}"),
    ("<word:v> <entity:e> be %possible onlyif <words:c>", "{e} mayonly be {v:ged} if {c}"),
    (
        "<words:x> be %refused with (conflict | error | message | error message | 409 | 422 | error 409)",
        "{x} be refused",
    ),
    (
        "<word:v> <entity:e> be (only possible | possible only | only allowed | allowed only | only permitted | permitted only) if <words:c>",
        "{e} mayonly be {v:ged} if {c}",
    ),
    // "Before a member becomes former, all of their bookings must be completed"
    (
        "< <entity:e> (be | become | becomes | may be | may become | may %move to | %move to | be marked as | be marked | may be marked as | may be marked) <states:s> , <entity:c> must (be | have be) <words:d>",
        "{e} mayonly be {s} if {c} be {d}",
    ),
    (
        "<entity:c> must (be | have be) <words:d> < <entity:e> (be | become | becomes | may be | may become | may %move to | %move to | be marked as | be marked | may be marked as | may be marked) <states:s>",
        "{e} mayonly be {s} if {c} be {d}",
    ),
    (
        "<entity:c> must have <words:d> < <entity:e> (be | become | becomes | may be | may become | may %move to | %move to | be marked as | be marked | may be marked as | may be marked) <states:s>",
        "{e} mayonly be {s} if {c} have {d}",
    ),
    ("for <records:r> , no <entity:e> may be <word:v>", "no {e} may be {v} for {r}"),
    (
        "<entity:c> of <entity:e> must (be | have be) <words:d> < (it | they | <entity:e2>) (be | become | becomes | may be | may become | may %move to | %move to | be marked as | be marked | may be marked as | may be marked) <states:s>",
        "{e} mayonly be {s} if {c} be {d}",
    ),
    // "The room of a booking must be open": when it is made
    ("<entity:p> of <entity:e> must be <states:c>", "{e} mayonly be created if {p} be {c}"),
    (
        "<entity:e> (require | requires | need | needs) [that] <entity:p> [must] [to] be <states:c>",
        "{e} mayonly be created if {p} be {c}",
    ),
    // "It is only possible to book open rooms"
    (
        "it be (only possible | possible only) to <word:v> <states:s> <entity:p>",
        "{v:made} mayonly be created for {s} {p}",
    ),
    // "No bookings for suspended members or closed rooms"
    (
        "no <entity:e> (for | by | of) <records:a> or [for | by | of | in] <records:b>",
        "{e} for {a} be refused && {e} for {b} be refused",
    ),
    (
        "<entity:e> mustnot be %made (for | by | in | of) <records:a> or [for | by | of | in] <records:b>",
        "{e} for {a} be refused && {e} for {b} be refused",
    ),
    // "A booking can only be confirmed for an active member"
    ("<entity:e> mayonly be <states:v> (for | in | of | by) <states:s> <entity:p>", "{e} mayonly be {v} if {p} be {s}"),
];
