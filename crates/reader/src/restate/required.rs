//! What must be given, and when.

pub(super) const FRAMES: super::Frames = &[
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
];
