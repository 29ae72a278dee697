//! When something is made.

pub(super) const FRAMES: super::Frames = &[
    (
        "(if | > | on) <words:e> be (created | made | added | recorded | entered | registered | announced | saved) , <words:rule>",
        "{rule} if {e} be created",
    ),
    (
        "(if | > | on) (creating | adding | recording | entering | registering | making) <words:e> , <words:rule>",
        "{rule} if {e} be created",
    ),
];
