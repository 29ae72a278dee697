//! What a deed needs: `to confirm a booking, a number must have been assigned`.

pub(super) const FRAMES: super::Frames = &[
    // "The delivered date shall be required to set an order to delivered"
    ("<field:f> must (set | move | change | bring) <entity:e> to <states:s>", "if {e} be {s} , {f} must be given"),
    (
        "<words:f> (must be | be) (required | needed | given | entered) to (set | move | change | bring) <entity:e> to <states:s>",
        "if {e} be {s} , {f} must be given",
    ),
    (
        "<words:f> must be (entered | given | recorded | stated | filled in | set | noted) < <entity:e> (go | goes | go to | goes to) <states:s>",
        "if {e} be {s} , {f} must be given",
    ),
    // "For a declined booking a reason has to be recorded"
    (
        "for <states:s> <entity:e> [,] <words:f> must be (recorded | given | stated | entered | filled in | noted | supplied | set)",
        "if {e} be {s} , {f} must be given",
    ),
    // "At least one line is required before an invoice can go from draft to sent"
    (
        "[system | service | we] [must] (require | requires | need | needs) <words:x> < <entity:e> (may %move | may be | %move | be) [to] <states:s>",
        "{e} need {x} to be {s}",
    ),
    (
        "[system | service | we] [must] (require | requires | need | needs) <words:x> < <entity:e> (may %move | %move) from <states:a> to <states:s>",
        "{e} need {x} to be {s} && {a} {e} may be {s}",
    ),
    ("<words:deed> be %refused unless <fields:f> be %supplied", "{deed} be refused without {f}"),
    (
        "if <states:s> <entity:e> be <state:t> [,] <fields:f> must be %supplied",
        "moving {e} from {s} to {t} requires {f}",
    ),
    (
        "if <entity:e> (goes | go | moves | be moved | changes | be changed) from <state:s> to <state:t> [,] <fields:f> must be %supplied",
        "moving {e} from {s} to {t} requires {f}",
    ),
    (
        "<states:s> <entity:e> (need | must have | require) <fields:f> to (be | become) <state:t>",
        "moving {e} from {s} to {t} requires {f}",
    ),
    (
        "(change | transition | step | move) from <state:s> to <state:t> (must require | require | requires | need | needs) <fields:f>",
        "moving {s:owner} from {s} to {t} requires {f}",
    ),
    (
        "to (go | move | get | pass | change) from <state:a> to <state:b> [,] <entity:e> (need | must have | require) [both] <fields:f>",
        "moving {e} from {a} to {b} requires {f}",
    ),
    (
        "whoever <word:v> <states:s> <entity:e> (must | need to) (state | give | enter | provide | add | record) <fields:f>",
        "if {s} {e} be {v:ed} , {f} must be given",
    ),
    // "Planned screenings can be dropped if a reason is given"
    (
        "<states:s> <entity:e> may be <word:v> (if | onlyif) <fields:f> be %supplied",
        "{s} {e} may be {v} && {e} mustnot be {v} without {f}",
    ),
    // "When cancelling an appointment, a cancellation reason has to be entered"
    (
        "(if | > | for | on | upon) <word:v> <entity:e> [,] <words:x> (must be | be) (%supplied | required | mandatory | compulsory | needed | noted | stated | obligatory)",
        "{e} mayonly be {v:ged} with {x}",
    ),
    (
        "(if | > | for | on | upon) <word:v> [it | they | them] [,] <words:x> (must be | be) (%supplied | required | mandatory | compulsory | needed | noted | stated | obligatory)",
        "{topic} mayonly be {v:ged} with {x}",
    ),
    (
        "<words:x> (must be | be) (%supplied | required | mandatory | compulsory | needed | noted | stated | obligatory) (if | > | on | upon) <word:v> [it | they | them]",
        "{topic} mayonly be {v:ged} with {x}",
    ),
    (
        "(change | transition | move) to <state:s> (must require | require | requires | need | needs) <fields:x>",
        "{s:owner} need {x} to become {s}",
    ),
    (
        "<entity:e> mayonly be (setto | set to | moved to | changed to) <state:s> if <words:x> be (%supplied | noted)",
        "{e} need {x} to become {s}",
    ),
    (
        "<entity:e> mustnot be <word:v> unless <words:x> be (%supplied | assigned | noted)",
        "{e} mayonly be {v} with {x}",
    ),
    (
        "<entity:e> must have <words:x> (< | before) (it | they) may (move to | be moved to | go to | become | be set to | be setto) <state:s>",
        "{e} need {x} to become {s}",
    ),
    (
        "for <entity:e> to (be | become) <state:s> , <words:x> (be | must be) (required | needed | mandatory | %supplied)",
        "{e} need {x} to become {s}",
    ),
    (
        "to (mark <entity:e> as | set <entity:e> to | setto <entity:e>) <state:s> , <words:x> must be (%supplied | noted | set)",
        "{e} need {x} to become {s}",
    ),
    ("to get to <state:s> , <fields:x> must be (%supplied | noted | set)", "{s:owner} need {x} to become {s}"),
    // "Taken on must be present for the status taken"
    (
        "<fields:f> (must be | be) (%supplied | filled | needed | mandatory | present) (for | in | with) (status | state | stage) <states:s>",
        "{f} must be given if {s:owner} be {s}",
    ),
    ("<field:f> must be <cmp:o> <qty:n> for <state:s>", "{s:owner} mayonly be setto {s} if {f} be {o} {n}"),
    ("<entity:e> mayonly be (%made | planned | scheduled) for <entity:p>", "{e} must have {p}"),
    (
        "(trying | attempting | attempt | attempts) to (%make | plan | schedule | arrange) <entity:e> (for | with | in | on | of) <entity:p> that do not exist (be %refused | must be %refused | fails | fail)",
        "{e} for {p} that do not exist be refused",
    ),
    (
        "[making | creating | adding | recording | registering | entering | booking | planning | scheduling] <entity:e> (for | with | in | on | of) (unknown | nonexistent | non-existent | non-existing | missing) <entity:p> (be %refused | must be %refused | fails | fail)",
        "{e} for {p} that do not exist be refused",
    ),
    (
        "<fields:f> (be required | must be required | be needed | be mandatory | must be given) (for | on | at) (change | transition | move) to <state:s>",
        "{s:owner} need {f} to become {s}",
    ),
    (
        "(for | on | at) (change | transition | move) to <state:s> [,] <fields:f> (be required | must be required | be needed | be mandatory | must be given)",
        "{s:owner} need {f} to become {s}",
    ),
    (
        "<entity:e> mustnot be %made (for | with | in | on | of) <entity:p> that do not exist",
        "{e} for {p} that do not exist be refused",
    ),
    // Of a field that nothing else names: "can only be cancelled if a cancellation reason has been entered"
    (
        "<entity:e> mayonly be <word:v> if <words:x> [have] be (%supplied | noted | stated | specified)",
        "{e} mayonly be {v} with {x}",
    ),
    (
        "<words:x> (be | must be) (required | needed | mandatory) to <word:v> <entity:e>",
        "{e} mayonly be {v:ed} with {x}",
    ),
    // "A closing date is needed before a household can be closed"
    (
        "<words:x> (be | must be) (required | needed | necessary | mandatory) (before | <) <entity:e> may be <word:v>",
        "{e} mayonly be {v} with {x}",
    ),
    (
        "<words:a> (need | require | requires | must require) <field:f> [of] <cmp:o> <qty:n>",
        "{a} need {f} && {f} must be {o} {n}",
    ),
    (
        "<words:a> , <field:f> [of] <cmp:o> <qty:n> (must [have] be %supplied | be (needed | necessary | required))",
        "{a} , {f} must be given && {f} must be {o} {n}",
    ),
    (
        "<field:f> [of] <cmp:o> <qty:n> (must be %supplied | be (needed | necessary | required)) (if | to) <words:a>",
        "{f} must be given if {a} && {f} must be {o} {n}",
    ),
    (
        "<entity:e> (mustnot | mustnot be) (become | set to | moved to | marked as | put) <states:s> without <fields:f>",
        "{f} must be given if {e} be {s}",
    ),
    (
        "[in order] to <words:deed> , <words:what> must [have] be (%supplied | assigned | there | noted | in place | available)",
        "{what} be needed to {deed}",
    ),
    (
        "<words:what> must [have] be (%supplied | assigned | there | noted | in place | available) (before | <) <words:deed>",
        "{what} be needed if {deed}",
    ),
    (
        "(before | <) <words:deed> , <words:what> must [have] be (%supplied | assigned | there | noted | in place | available)",
        "{what} be needed if {deed}",
    ),
    (
        "<words:what> must [have] be (%supplied | assigned | there | noted | in place | available) (before | <) <words:e> may be [%move] [to | as | into] <words:s>",
        "{what} must be given if {e} be {s}",
    ),
    (
        "(before | <) <words:e> may be [%move] [to | as | into] <words:s> , <words:what> must [have] be (%supplied | assigned | there | noted | in place | available)",
        "{what} must be given if {e} be {s}",
    ),
    (
        "(changing | setting | moving) [status of | state of] <entity:e> ['s (status | state)] to <states:s> be (possible | allowed | permitted) onlyif <fields:f> be %supplied",
        "{f} must be given if {e} be {s}",
    ),
    (
        "to <words:deed> (1 | you | we | users | people | somebody | someone) (must | have to | need to) (give | enter | state | provide | supply | record) <words:what>",
        "{what} be needed to {deed}",
    ),
    ("unless <fields:f> be %supplied , <words:x> mustnot <words:v>", "{x} mustnot {v} unless {f} be given"),
    (
        "<entity:e> mayonly be (marked as | marked | setto | moved to) <states:s> if <fields:f> be %supplied",
        "{f} must be given if {e} be {s}",
    ),
    (
        "for <entity:e> to be (marked as | marked | setto | moved to) <states:s> , <fields:f> must be %supplied",
        "{f} must be given if {e} be {s}",
    ),
    (
        "<words:a> (need | needs | require | requires) <field:f> (from | between) <qty:x> (to | and) <qty:y>",
        "{a} need {f} && {f} must be between {x} and {y}",
    ),
    // "A reason is required to reject a trip": no reason rejects anything.
    ("<fields:f> must <word:v> <entity:e>", "{f} be needed to {v} {e}"),
    ("<word:n> of <entity:e> be only possible with <words:f>", "{n} need {f}"),
    // "When the status changes to collected, the pickup date must be filled in"
    (
        "if (status | state | stage) [of <entity:e>] (be | become | becomes | change to | changes to | be changed to | move to | moves to | go to | goes to | switch to | switches to | turn to | turns to | be setto) <states:s> , <words:x>",
        "if {s:owner} be {s} , {x}",
    ),
    (
        "<words:x> if (status | state | stage) [of <entity:e>] (become | becomes | change to | changes to | be changed to | move to | moves to | go to | goes to | switch to | switches to | turn to | turns to | be setto) <states:s>",
        "{x} if {s:owner} be {s}",
    ),
    // "When a member leaves (status former), ..."
    ("if <entity:e> <word:v> (status | state) <states:s> , <words:x>", "if {e} be {s} , {x}"),
    // "If a claim is rejected, the team lead must state a reason"
    ("if <words:c> , <words:r> must %enter <fields:f>", "{f} must be given if {c}"),
    ("<words:r> must %enter <fields:f> if <words:c>", "{f} must be given if {c}"),
    // "Trip start and trip end must be filled before submission", "the number of guests must be entered at check-in"
    (
        "<fields:f> (must be | be) (%supplied | filled | needed | mandatory) (at | on | upon | during | <) <word:n>",
        "{f} be needed to {n}",
    ),
    (
        "<entity:e> (mustnot | mustnot be) (setto | %move to) <states:s> without <fields:f>",
        "{f} must be given if {e} be {s}",
    ),
    // "Orders without tasks cannot be started, i.e. moved to in repair": told once more in the words of the workflow
    ("<words:x> mustnot be <words:v> , (i e | ie | that be) [,] [be] <words:w>", "{x} mustnot be {w}"),
    // "If and only if" demands and forbids.
    ("<fields:f> (must be | be) %supplied iff <words:c>", "{f} must be given if {c} && {f} must be empty unless {c}"),
    ("<words:x> iff <words:c>", "{x} onlyif {c}"),
    ("if <entity:e> (get | gets) <word:v> , <words:x>", "if {e} be {v} , {x}"),
    // "Payment reference: mandatory for paid claims, otherwise empty"
    (
        "<fields:f> (must be | be) (mandatory | required | needed | given) for <records:r> , [but] otherwise [it | they] [must | be | must be | must stay | stays | must remain] [left] %blank",
        "{f} be required for {r} && {f} mayonly be given for {r}",
    ),
    (
        "<fields:f> (must be | be) (mandatory | required | needed | given) if <words:c> , [but] otherwise [it | they] [must | be | must be | must stay | stays | must remain] [left] %blank",
        "{f} must be given if {c} && {f} mayonly be given if {c}",
    ),
    // "At check-in, the number of guests must be entered"
    (
        "(at | on | upon | during) <word:n> [,] <fields:f> (must be | be) (%supplied | needed | mandatory)",
        "{f} be needed to {n}",
    ),
    // "When a booking is checked in, the host enters the number of guests"
    (
        "if <entity:e> be <states:s> , <words:r> (enter | enters | record | records | provide | provides | give | gives | state | states | fill in | fills in) <fields:f>",
        "{f} must be given if {e} be {s}",
    ),
    // "A confirmed booking can be cancelled; the cancellation reason is then required"
    (
        "<states:a> <entity:e> may be <states:v> (; | ,) [and] <fields:f> (be then (required | needed | mandatory) | must then be %supplied | then must be %supplied)",
        "{a} {e} may be {v} && {f} must be given if {e} be {v}",
    ),
    // "A booking can be confirmed as soon as the purpose is filled in"
    (
        "<entity:e> may be <states:v> (if | > | once) <fields:f> (be | have been) %supplied",
        "{f} must be given if {e} be {v}",
    ),
];
