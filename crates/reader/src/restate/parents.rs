//! Which records one belongs to, and which it may have.

pub(super) const FRAMES: super::Frames = &[
    (
        "<entity:e> that (refer to | refers to | point to | points to | concern | concerns | belong to | belongs to | reference | references | name | names | be for) (unknown | nonexistent | non-existent | non-existing | missing) <entity:p> %nosave",
        "{e} may have {p}",
    ),
    (
        "<entity:e> that (point to | points to | reference | references | name | names) <entity:p> that (do not exist | be unknown | be not there) %nosave",
        "{e} may have {p}",
    ),
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
    ("<entity:e> must have [exactly] 1 <entity:p>", "{e} must belong to {p}"),
    (
        "<entity:p> (may have | have | may make | may own | may hold) (0 ormore | unlimited numberof | arbitrary numberof | as many | numberof) <entity:c> [as (it | they) (want | wants | like | likes | need | needs)]",
        "{p} may have many {c}",
    ),
    (
        "there may be (numberof | many | several | unlimited numberof | arbitrary numberof) <entity:c> (at | in | on | for | per | of | from) <entity:p>",
        "{p} may have many {c}",
    ),
    ("numberof <entity:c> may belong to <entity:p>", "{p} may have many {c}"),
    // A reference that leads nowhere is always refused.
    (
        "<entity:e> that (refer to | refers to | concern | concerns | belong to | belongs to | be for) <entity:p> that (do not exist | be unknown | be not there) %nosave",
        "{e} may have {p}",
    ),
    ("<entity:e> (for | of | on | with) <entity:p> that (do not exist | be unknown) %nosave", "{e} may have {p}"),
];
