//! What must be given, and when.

pub(super) const FRAMES: super::Frames = &[
    // "A reason may be left out when an appointment is booked"
    (
        "<fields:f> (may be (left out | omitted | left empty | left blank | skipped | missing) | need not be %supplied | do not must be %supplied) (if | > | on) [(creating | adding | booking | entering | recording)] <entity:e> [be %made]",
        "{f} be optional",
    ),
    ("<entity:e> (do not must | do not need) [%enter | have | carry | show | supply] <fields:f>", "{f} be optional"),
    (
        "no <fields:f> (be | must be) (needed | required | necessary) [(for | on | of | in) <entity:e>]",
        "{f} be optional",
    ),
    (
        "(it | there | system) mustnot be possible to (%bring | book | register | store | submit) <entity:e> (without | with no) [entering | giving | stating | specifying | providing | supplying | choosing | filling in | setting | selecting] <fields:f>",
        "{f} must be given",
    ),
    (
        "(it | there | system) mustnot be possible to (%bring | book | register | store | submit) <entity:e> (without | with no) [entering | giving | stating | specifying | providing | supplying | choosing] (date | day | time) [on | at | for] [that] (it | they) be <moment:f>",
        "{f} must be given",
    ),
    // "Customers need not give an e-mail address"
    (
        "<entity:e> (need not | do not need to | do not have to | need no) (give | state | provide | have | enter | name | supply | leave | fill in) <fields:f>",
        "{f} be optional",
    ),
    (
        "(entering | stating | giving | providing | recording | supplying) <fields:f> be (compulsory | mandatory | required | obligatory)",
        "{f} must be given",
    ),
    ("per <entity:e> [,] (we | %agent) must (know | have | record | keep) <fields:f>", "{f} must be given"),
    (
        "%agent mustnot (%bring | register | save | submit) <entity:e> without (stating | giving | entering | providing | specifying | naming) <fields:f>",
        "{f} must be given",
    ),
    ("<words:a> be required , whereas <words:b>", "{a} be required && {b}"),
    // "The name is required, while the phone number can be left empty"
    (
        "<words:a> (be | must be) (required | mandatory | compulsory | obligatory) [,] (if | but | whereas) <fields:f> (be optional | may be left (empty | open | out | blank) | may (be | stay | remain) (empty | open | blank) | may be missing)",
        "{a} be required && {f} be optional",
    ),
    ("<fields:f> may (stay | remain | be left) (open | blank | empty | unknown)", "{f} be optional"),
    (
        "<field:f> <words:x> , but if (it be %supplied | %supplied) [,] (it must be | it must | must be) <words:c>",
        "{f} {x} && {f} must be {c}",
    ),
    ("without <fields:f> [,] <entity:e> (mustnot be %made | be %refused)", "{f} be required"),
    // "A unit without a unit number or without an area cannot be saved"
    (
        "<entity:e> without <field:f> (or | and) [without] <field:g> (mustnot be %made | be %refused | must be %refused)",
        "{f} be required && {g} be required",
    ),
    ("<words:a> must be <words:b> , as must <words:c>", "{a} must be {b} && {c} must be {b}"),
    ("only <fields:f> (be | must be) (required | compulsory | mandatory | obligatory | needed)", "{f} must be given"),
    ("<entity:e> (with | of) <states:v> <field:g> (need | must have) <fields:f>", "{f} must be given if {g} be {v}"),
    ("<fields:f> must be there", "{f} must be given"),
    (
        "<entity:e> (in | of | with | that have | that be of) <field:g> <states:v> (must have | need | needs | require | requires) <fields:f>",
        "if {g} be {v} , {f} must be given",
    ),
    (
        "<entity:e> whose <field:g> be <states:v> mustnot be (saved | stored | created) without <fields:f>",
        "if {g} be {v} , {f} must be given",
    ),
    ("<fields:f> must be given per <entity:e> that have <field:g> <states:v>", "if {g} be {v} , {f} must be given"),
    (
        "no <entity:e> (in | of | with) <field:g> <states:v> may be without <fields:f>",
        "if {g} be {v} , {f} must be given",
    ),
    (
        "<entity:e> (in | of | with) <field:g> <states:v> (that have no | without) <fields:f> %nosave",
        "if {g} be {v} , {f} must be given",
    ),
    (
        "<entity:e> (in | of | with) <field:g> <states:v> (mustnot be without | mustnot exist without) <fields:f>",
        "if {g} be {v} , {f} must be given",
    ),
    (
        "if <entity:e> have <field:g> <states:v> and <fields:f> be missing , it %nosave",
        "if {g} be {v} , {f} must be given",
    ),
    ("<fields:f> be (mandatory | required) for <field:g> <states:v>", "if {g} be {v} , {f} must be given"),
    (
        "if <fields:f> be (missing | empty | not given | blank) , <entity:e> mustnot be <words:s>",
        "{f} must be given if {e} be {s}",
    ),
    (
        "no <entity:e> may be <words:s> if <fields:f> be (missing | empty | not given | blank)",
        "{f} must be given if {e} be {s}",
    ),
    (
        "%agent (never | do not | mustnot) <word:v> <entity:e> unless <fields:f> be %supplied",
        "{e} mustnot be {v:ed} without {f}",
    ),
    (
        "<fields:f> be (mandatory | required) for <field:g> <states:v> ; for other <words:o> it be optional",
        "if {g} be {v} , {f} must be given",
    ),
    (
        "<fields:f> be (mandatory | required | compulsory | obligatory) (field | value | attribute | entry) [%prep <entity:e>]",
        "{f} must be given",
    ),
    (
        "<entity:e> must have <fields:f> < (it | <entity:g>) may be [%move to | setto | marked as] <words:s>",
        "{f} must be given if {e} be {s}",
    ),
    (
        "(setting | moving | changing | bringing) <entity:e> to <words:s> be possible (only with | onlyif it have | only if it have) <fields:f>",
        "{f} must be given if {e} be {s}",
    ),
    (
        "<entity:e> (in | of | with | that have) <field:g> <states:v> be refused if <fields:f> be (missing | empty | not given | blank)",
        "if {g} be {v} , {f} must be given",
    ),
    (
        "<fields:f> must be given (for | on | with) <entity:e> (with | of | in | whose | that have) <field:g> [be] <states:v>",
        "if {g} be {v} , {f} must be given",
    ),
    (
        "<entity:e> (with | of | in | whose | that have) <field:g> [be] <states:v> must have <fields:f> [filled in | given | set]",
        "if {g} be {v} , {f} must be given",
    ),
    (
        "for <entity:e> whose <field:g> be <states:v> , <fields:f> (must be given | be (mandatory | required))",
        "if {g} be {v} , {f} must be given",
    ),
    (
        "<entity:e> (with | of | in) <field:g> <states:v> mustnot be (saved | stored | created | accepted) without <fields:f>",
        "if {g} be {v} , {f} must be given",
    ),
    ("<entity:e> mustnot be <states:v> and have no <fields:f>", "{v} {e} must have {f}"),
    ("<words:x> be refused if <fields:f> be (missing | empty | not given | blank | not entered)", "{x} must have {f}"),
    (
        "<fields:f> be (mandatory | required) for <entity:e> (with | in | of | whose | that have) <field:g> [be | of] <states:v>",
        "if {g} be {v} , {f} must be given",
    ),
    (
        "<entity:e> (without | with no) <fields:f> mustnot (have | be in | get | reach | be given) <field:g> <states:v>",
        "if {g} be {v} , {f} must be given",
    ),
    ("[whereas] <fields:f> may be (added | given | filled in | entered | supplied) later", "{f} be optional"),
    (
        "for <records:r> [,] <field:f> (be | must be) (compulsory | obligatory | mandatory | required | needed)",
        "{f} must be given for {r}",
    ),
    (
        "<field:f> (be | must be) (required | given | mandatory) except for <states:s>",
        "{f} must be given unless it be {s}",
    ),
    ("<words:x> , other fields be optional", "{x}"),
    // "Customer phone mandatory": a telegram.
    ("<fields:f> (required | mandatory | compulsory | obligatory)", "{f} must be given"),
    ("<fields:f> optional", "{f} be optional"),
    // "A note must always be provided when a hire is created": it cannot be taken away later either.
    (
        "<fields:f> must be %supplied (if | on | >) <entity:e> be (created | added | entered | registered | recorded | saved | stored | made)",
        "{f} must be given",
    ),
    (
        "<fields:f> (must be %supplied | be (required | mandatory | needed)) (if | > | on) (creating | adding | entering | registering | recording | saving | storing | making) <entity:e>",
        "{f} must be given",
    ),
    (
        "to (create | add | enter | register | record | save | store | make) <entity:e> , <fields:f> (must be %supplied | be (required | mandatory | needed))",
        "{f} must be given",
    ),
    (
        "<fields:f> (must be %supplied | be (required | mandatory | needed)) to (create | add | enter | register | record | save | store | make) <entity:e>",
        "{f} must be given",
    ),
    (
        "(%agent | noone) (mustnot | may) (create | add | make | enter | record | save | register | store) <entity:e> without [entering | giving | specifying | providing | choosing | filling in | stating | setting | selecting] <fields:f>",
        "{f} must be given",
    ),
    (
        "(saving | storing | registering | creating | adding | entering | recording | making) <entity:e> (without | with no) <fields:f> (be %refused | must be %refused | fails | fail)",
        "{f} must be given",
    ),
    ("<entity:e> must have <fields:f> (at | on) creation", "{f} must be given"),
    ("if no <fields:f> be %supplied , (<entity:e> | it) %nosave", "{f} must be given"),
    (
        "<fields:f> be optional (; | , | , but | but | ; but | and | , and) <fields:g> be not",
        "{f} be optional && {g} must be given",
    ),
    (
        "<fields:f> (be | must be) (required | mandatory | given | compulsory) (; | , | , but | but | ; but | and | , and) <fields:g> be not",
        "{f} must be given && {g} be optional",
    ),
    (
        "<fields:f> be not (required | mandatory) (; | , | , but | but | ; but) <fields:g> be",
        "{f} be optional && {g} must be given",
    ),
    ("<fields:f> be not optional (; | , | , but | but | ; but) <fields:g> be", "{f} must be given && {g} be optional"),
    // "... is optional, while the date is required": no condition.
    (
        "<fields:f> be (required | mandatory | compulsory) [,] (if | whereas) <fields:g> be optional",
        "{f} must be given && {g} be optional",
    ),
    (
        "<fields:f> be optional [,] (if | whereas) <fields:g> (be | must be) (required | mandatory | compulsory | given | filled in)",
        "{f} be optional && {g} must be given",
    ),
];
