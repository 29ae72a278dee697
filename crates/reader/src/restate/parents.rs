//! Which records one belongs to, and which it may have.

pub(super) const FRAMES: super::Frames = &[
    ("<entity:e> (may belong to | optionally belong to | may have 1) [1] <entity:p>", "{e} may have {p}"),
    ("<entity:e> may [optionally] be (for | of | linked to | assigned to) [1] <entity:p>", "{e} may have {p}"),
    (
        "<entity:e> (belong | belongs) to [1] <entity:p> (and | , | , and) [,] optionally [,] [to] [1] <entity:q>",
        "{e} belong to {p} && {e} may have {q}",
    ),
    (
        "<entity:e> (belong | belongs) to [1] <entity:p> (and | , | , and) (may have | may belong to) [1] <entity:q>",
        "{e} belong to {p} && {e} may have {q}",
    ),
];
