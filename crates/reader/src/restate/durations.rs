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
    ("numberof <word:u> of <entity:e> must be <cmp:o> <word:n>", "{e} must last {o} {n} {u}"),
    ("numberof <word:u> of <entity:e> must be between <word:a> and <word:n>", "{e} must last between {a} and {n} {u}"),
    ("<entity:e> may be <word:a> (to | –) <qty:n> long", "{e} must last between {a} and {n}"),
    ("(duration | length) of <entity:e> (be | must be) limited to <qty:n>", "{e} must last <= {n}"),
    ("<entity:e> last between <word:a> and <qty:n>", "{e} must last between {a} and {n}"),
];
