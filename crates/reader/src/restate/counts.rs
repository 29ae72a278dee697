//! How many there may be.

pub(super) const FRAMES: super::Frames = &[(
    "<cmp> <qty:n> <words:c> (must be | may be | be) %recorded (for | in | on | per | of | with) [1] <words:p>",
    "{p} may have {cmp} {n} {c}",
)];
