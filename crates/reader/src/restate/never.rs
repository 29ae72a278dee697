//! What nobody may do and no record may be: `no booking may start in the past`, `do not allow a room to be removed`.

pub(super) const FRAMES: super::Frames = &[
    // "No repair cost may exceed the deposit of the hire it belongs to", "... after its own end date"
    ("<words:x> of <entity:p> [that] (it | they) (belong | belongs) to", "{x} of {p}"),
    ("<words:x> own <field:f>", "{x} {f}"),
    (
        "<words:x> [,] and no other (initial | first | starting) (status | state | stage | value) be (accepted | allowed | possible | permitted)",
        "{x}",
    ),
    (
        "<fields:f> [of <entity:e>] be %frozen (if | > | once) (it | they | <entity:e2>) be (%made | saved | stored)",
        "{f} mustnot be changed",
    ),
    ("<words:x> must (stay | remain | be kept) (same | unchanged | as it be | as they be)", "{x} mustnot be changed"),
    (
        "no (change | changes | edit | edits) (to | of | in) <states:s> <entity:e> (be | may be) (%possible | made) [,] %but [to | of | in | for] <fields:f>",
        "if {e} be {s} , only {f} may be changed",
    ),
    (
        "(of | in | on | for) <states:s> <entity:e> [,] only <fields:f> may [still] be %changed",
        "if {e} be {s} , only {f} may be changed",
    ),
    ("it mustnot be possible to <words:v>", "users mustnot {v}"),
    (
        "<entity:c> mustnot be (moved | assigned | transferred | reassigned | given | switched) to (other | different) <entity:p>",
        "{p} of {c} mustnot be changed",
    ),
    (
        "no <entity:c> may be (moved | assigned | transferred | reassigned) to (other | different) <entity:p>",
        "{p} of {c} mustnot be changed",
    ),
    (
        "<records:r> be (read-only | frozen | locked | fixed | final | closed) [,] (except for | except | apart from | save for | but for | with exception of) <fields:f>",
        "{r} mustnot be changed , except for {f}",
    ),
    ("<records:r> : no delete", "{r} mustnot be deleted"),
    ("<records:r> : (never deleted | never delete | mustnot be deleted)", "{r} mustnot be deleted"),
    ("<entity:c> mustnot be added to <records:r>", "no {c} may be added to {r}"),
    // "Packages must not be added, changed or deleted after the consignment has been booked"
    (
        "<entity:c> mustnot be %made , %changed [,] (or | and) %deleted (> | if | once | after) <words:w>",
        "{c} mustnot be created once {w} && {c} mustnot be changed once {w}",
    ),
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
        "<records:r> be (final | closed | settled | locked | frozen | read-only) (: | ; | , | – | and | , and) (no (field | fields | detail | value) | nothing) [of them | of it | in them] may be %changed",
        "{r} mustnot be changed",
    ),
    ("no (field | fields | detail | value) of <records:r> may be %changed", "{r} mustnot be changed"),
    ("<entity:p> never (have | has) more <words:x>", "{p} mustnot have more {x}"),
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
    ("<field:f> mustnot be changed (if | >) (saved | stored)", "{f} mustnot be changed"),
    ("<states:s> <entity:e> mustnot change <fields:f>", "{f} of {s} {e} mustnot be changed"),
    // "The intake date is set when the order is created and never changes afterwards"
    (
        "<fields:f> be (set | given | entered | recorded | fixed | chosen | assigned) (if <entity:e> be %made | at creation | on creation | upon creation) and <words:n>",
        "{f} {n}",
    ),
    (
        "<fields:f> [of <entity:e>] mustnot be changed (if | >) (it | they | <entity:e2>) (be | have been) (saved | stored | created | recorded | registered)",
        "{f} mustnot be changed",
    ),
    (
        "<fields:f> [of <entity:e>] mustnot be changed (if | >) (saved | stored | created | recorded | registered)",
        "{f} mustnot be changed",
    ),
    ("<words:x> mustnot be changed > creation", "{x} mustnot be changed"),
    // "The system shall reject any attempt to change the bike of an order"
    (
        "(refuse | reject | block | forbid | prevent) (attempts | attempt | attempting | trying) to <words:v>",
        "users mustnot {v}",
    ),
    ("(refuse | refuses | decline | declines) to <words:v>", "users mustnot {v}"),
    // "Tasks can be added, changed and removed only while the order is open"
    (
        "<entity:e> mayonly be %made [,] [and | or] %changed [,] [and | or] [%deleted] (if | onlyif) <words:c>",
        "{e} mayonly be created if {c} && {e} mayonly be changed if {c}",
    ),
    (
        "<entity:e> may be %made [,] [and | or] %changed [,] [and | or] [%deleted] (only if | onlyif) <words:c>",
        "{e} mayonly be created if {c} && {e} mayonly be changed if {c}",
    ),
    (
        "<entity:e> mayonly be %made [,] [and | or] %changed [,] [and | or] [%deleted] unless <words:c>",
        "{e} mustnot be created once {c} && {e} mustnot be changed once {c}",
    ),
    (
        "<entity:e> may be %made [,] [and | or] %changed [,] [and | or] [%deleted] (only unless | onlyuntil) <words:c>",
        "{e} mustnot be created once {c} && {e} mustnot be changed once {c}",
    ),
    ("%agent mustnot %change <words:x> > (creation | %made | it be %made)", "{x} mustnot be changed"),
    // "Staff can edit the description only while the order is received"
    ("%agent may %change <words:x> onlyif <words:c>", "{x} mayonly be changed if {c}"),
    ("%agent mayonly %change <words:x> if <words:c>", "{x} mayonly be changed if {c}"),
    // "Completed bookings cannot be cancelled (error)": what comes of it
    ("<words:x> mustnot <words:v> (error | conflict)", "{x} mustnot {v}"),
    // "Paid claims: no changes, no deletion"
    (
        "<records:r> : no (change | changes | edit | edits | editing | changing) [[,] [and] no (deletion | deleting)]",
        "{r} mustnot be changed",
    ),
    ("<records:r> : no (deletion | deleting)", "{r} mustnot be deleted"),
    (
        "<records:r> : no (deletion | deleting) [,] [and] no (change | changes | edit | edits | editing | changing)",
        "{r} mustnot be changed",
    ),
    // "Deletion is only possible in draft"
    (
        "(deletion | deleting | removal) [of <entity:e>] be (only %possible | %possible only) (in | if | for) [it be] [%state] <states:s>",
        "{s:owner} mayonly be deleted in {s}",
    ),
    (
        "(editing | changing | change | changes) [of <entity:e>] be (only %possible | %possible only) (in | if | for) [it be] [%state] <states:s>",
        "{s:owner} mayonly be changed in {s}",
    ),
    // "An empty claim (no items) must not be submitted"
    ("empty <entity:e> [with] no <entity:c> mustnot be <words:v>", "{e} without {c} mustnot be {v}"),
    (
        "(attempts | attempt | trying) to %change <words:x> > (creation | %made | it be %made) (be | must be) %refused",
        "{x} mustnot be changed",
    ),
    // "Collected orders - no edit, no delete"
    (
        "<records:r> (: | –) no (change | changes | edit | edits | editing | changing | update | updates) [,] [and] no (deletion | deleting | delete | removal)",
        "{r} mustnot be changed",
    ),
    // "Attempts to change a collected order result in an error", "trying to edit it leads to an error (409 conflict)"
    (
        "(attempts | attempt | attempting | trying | try) to <words:v> (result in | results in | lead to | leads to | end in | ends in | end with | ends with | cause | causes | give | gives | return | returns | produce | produces) [1] (error | conflict | error message | 409 | 403 | 422) [409 | 403 | 422] [conflict | error | response]",
        "users mustnot {v}",
    ),
    ("<words:x> be %refused (409 | 403 | 422 | 400) [conflict | error | forbidden]", "{x} be refused"),
    (
        "<records:r> (be | must be) protected (against | from) (change | changes | editing | modification | modifications) and (deletion | deleting | removal)",
        "{r} mustnot be changed",
    ),
    // "Collected orders are archived and can't be modified"
    ("<records:r> be (archived | kept | stored | retained | history) and mustnot be <words:v>", "{r} mustnot be {v}"),
    (
        "<records:r> (stay | stays | remain | remains | be kept | must be kept) in (system | database | archive | history) and mustnot be <words:v>",
        "{r} mustnot be {v}",
    ),
    // "A booking can be changed as long as it is tentative", "bookings are editable while tentative"
    ("<entity:e> may be %changed if [it | they] [be] [in] [%state] <states:s>", "{e} mayonly be changed if it be {s}"),
    (
        "<entity:e> (be | stay | stays | remain | remains) (editable | changeable | modifiable) if <states:s>",
        "{e} mayonly be changed if it be {s}",
    ),
    (
        "<entity:e> (be | stay | stays | remain | remains) (editable | changeable | modifiable) <word:until> <words:c>",
        "{e} may be changed {until} {c}",
    ),
    (
        "<fields:f> (be only | mayonly be | be) (editable | changeable | modifiable) (onlyif | if) <words:c>",
        "{f} mayonly be changed if {c}",
    ),
    ("<fields:f> may be (%changed | moved) (onlyif | only if) <words:c>", "{f} mayonly be changed if {c}"),
    // "Tentative and confirmed bookings can be edited, all others are locked"
    (
        "<records:r> may be %changed (, | ;) [and | but] [all] (other | others | other 1 | rest | all other <entity:o>) (be | must be) (locked | frozen | readonly | read only | fixed)",
        "only {r} may be changed",
    ),
];
