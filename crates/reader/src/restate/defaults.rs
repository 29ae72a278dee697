//! What a field holds where nothing is given.

pub(super) const FRAMES: super::Frames = &[
    ("default [value] [of | for] <field:f> be <words:v>", "{f} be {v} by default"),
    ("<words:v> be default [value] (for | of) <field:f>", "{f} be {v} by default"),
    (
        "<entity:e> (gets | get | receives | receive | start with | starts with | be given | have) <field:f> [of] <words:v> [,] %untold",
        "{f} be {v} by default",
    ),
    (
        "if no <field:f> be %supplied , <field:f2> (be | must be | be setto | must be setto) <words:v>",
        "{f2} be {v} by default",
    ),
    (
        "if <entity:e> be created without <field:f> , [system | it] (must set it to | must be setto | be setto | gets | get | be) <words:v>",
        "{f} be {v} by default",
    ),
    (
        "if %agent leave <field:f> (empty | blank | out) , (<entity:e> | it) (must be setto | be setto | be | must be | gets | becomes) <words:v>",
        "{f} be {v} by default",
    ),
    (
        "<entity:e> created (with no | without) <field:f> (receives | gets | get | receive) [<field:f2>] <words:v>",
        "{f} be {v} by default",
    ),
    ("we give <entity:e> <field:f> <words:v> [,] %untold", "{f} be {v} by default"),
    ("system must (assign | set | give) <field:f> <words:v> to <entity:e> [,] %untold", "{f} be {v} by default"),
    ("for <entity:e> , <field:f> <words:v> be used %untold", "{f} be {v} by default"),
];
