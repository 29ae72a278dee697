//! How long something may last.

pub(super) const FRAMES: super::Frames = &[
    ("(minimum | >= | shortest) <entity:e> be <qty:n>", "{e} must last >= {n}"),
    ("(maximum | <= | longest) <entity:e> be <qty:n>", "{e} must last <= {n}"),
    (
        "(minimum | >= | shortest) (duration | length | period | time) (of | for) <entity:e> be <qty:n>",
        "{e} must last >= {n}",
    ),
    (
        "(maximum | <= | longest) (duration | length | period | time) (of | for) <entity:e> be <qty:n>",
        "{e} must last <= {n}",
    ),
    ("<entity:e> have (minimum | >=) (duration | length) of <qty:n>", "{e} must last >= {n}"),
    ("<entity:e> have (maximum | <=) (duration | length) of <qty:n>", "{e} must last <= {n}"),
    ("<cmp:o> <word:n> (night | nights)", "{topic} must last {o} {n} nights"),
];
