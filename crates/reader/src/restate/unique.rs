//! What may occur once.

pub(super) const FRAMES: super::Frames = &[
    ("within [1 | same] <words:p> , <words:f> (must be | be) unique", "{f} must be unique per {p}"),
    (
        "(within | in | on | for | per) [1 | same] <words:p> , <words:f> (may | mayonly | must) be %occupied (only once | <= once | once | only 1)",
        "{f} must be unique per {p}",
    ),
];
