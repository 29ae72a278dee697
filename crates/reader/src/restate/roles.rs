//! Who alone may do it.

pub(super) const FRAMES: super::Frames = &[
    ("users that be not <words:r> mustnot <words:do>", "only {r} may {do}"),
    ("to <words:do> , (you | user | users | person | people | 1) must be <words:r>", "only {r} may {do}"),
    (
        "if (user | caller | person) be not <words:r> , <word:v> <words:o> (must be %refused | be %refused | mustnot be possible)",
        "{o} mayonly be {v:ged} by {r}",
    ),
    ("<words:o> mustnot be <words:v> unless (user | caller | person) be <words:r>", "{o} mayonly be {v} by {r}"),
    ("<words:r> may <words:do> (; | , | –) [but | and] noone [else] [may]", "only {r} may {do}"),
    ("(we | system) only (let | lets | allow | allows) <words:r> [to] <words:do>", "only {r} may {do}"),
    (
        "only [user | users | person | people | somebody | someone | staff] (with | in | having | that have) role [of] <words:r> may <words:do>",
        "only {r} may {do}",
    ),
    (
        "<words:o> mustnot be <words:v> if (user | caller | person | someone) be not <words:r>",
        "{o} mayonly be {v} by {r}",
    ),
    ("we let <words:r> <words:do> [,] (and | but) noone [else]", "only {r} may {do}"),
    ("<words:r> may <words:do> ; (no other role | no other user | no other) may", "only {r} may {do}"),
];
