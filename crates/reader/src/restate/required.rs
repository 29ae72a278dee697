//! What must be given, and when.

pub(super) const FRAMES: super::Frames = &[
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
    ("<fields:f> be mandatory field (on | of | for) <entity:e>", "{f} must be given"),
    (
        "<fields:f> be (mandatory | required) for <field:g> <states:v> ; for other <words:o> it be optional",
        "if {g} be {v} , {f} must be given",
    ),
];
