//! States and the ways between them.

pub(super) const FRAMES: super::Frames = &[
    ("<words:e> have <words:f> with values <words:v>", "{f} of {e} be oneof {v}"),
    (
        "[following] (change | changes | transition | transitions | move | moves) [of | in | between] [status | state | stage | statuses | states] (be | must be | may be) (possible | allowed | permitted) : <words:list>",
        "allowed changes : {list}",
    ),
    ("<words:e> be <word:m> %prep <words:p> only", "{e} mayonly be {m} for {p}"),
    (
        "from <word:s> [,] (it | they) may [then] (become | be | move to | go to | change to | be set to | be setto) <words:t>",
        "{topic} moves from {s} to {t}",
    ),
    (
        "(allowed | permitted | possible) [<word:f>] (change | changes | transition | transitions | move | moves) (be | :) <words:list>",
        "allowed changes : {list}",
    ),
    (
        "no other [<word:f>] (change | changes | transition | transitions | move | moves) be (possible | allowed | permitted) than <words:list>",
        "allowed changes : {list}",
    ),
    ("<words:a> to <states:s> or to <states:t>", "{a} to {s} or {t}"),
];
