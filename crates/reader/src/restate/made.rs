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
    (
        "(if | >) (i | we | you | they) (create | add | record | enter | register | make) <entity:e> [,] <words:rule>",
        "{rule} if {e} be created",
    ),
    ("<entity:e> that (start | starts | begin | begins | take place) <words:c> %nosave", "{e} mustnot start {c}"),
    (
        "%agent (mustnot | mustnot be able to | do not) (create | add | make | enter) <entity:e> that (start | starts | begin | begins) <words:c>",
        "{e} mustnot start {c}",
    ),
];
