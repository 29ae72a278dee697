//! States and the ways between them.

pub(super) const FRAMES: super::Frames = &[
    ("<words:e> have <words:f> with values <words:v>", "{f} of {e} be oneof {v}"),
    (
        "[following] (change | changes | transition | transitions | move | moves) [of | in | between] [status | state | stage | statuses | states] (be | must be | may be) (possible | allowed | permitted) : <words:list>",
        "allowed changes : {list}",
    ),
    ("<words:e> be <word:m> %prep <words:p> only", "{e} mayonly be {m} for {p}"),
];
