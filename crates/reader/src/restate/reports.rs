//! Totals.

pub(super) const FRAMES: super::Frames =
    &[("<words:a> (per | by) <words:x> [,] and (per | by) <words:y>", "{a} per {x} && {a} per {y}")];
