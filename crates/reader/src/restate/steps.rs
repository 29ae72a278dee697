//! Examples in steps that say what a list, a search, a total or an export does.

pub(super) const FRAMES: super::Frames = &[
    (
        "if [%agent | <word:who>] (open | look at | view | see | list | show | visit | call up) [list of] <entity:e> [list | overview] [without choosing (order | sorting)] , (it | they | list | <entity:e2>) <words:t>",
        "{e} {t}",
    ),
    (
        "if [%agent | <word:who>] (open | look at | view | see | list | show | visit | call up) [list of] <entity:e> [list | overview] , (%agent | they | he | she) may (filter | narrow | narrow down) (it | them | list) by <words:f>",
        "{e} may be filtered by {f}",
    ),
    (
        "if [%agent | <word:who>] search [list of] <entity:e> [list] [for <words:x>] , [only] (those | they | 1 | <entity:e2>) be (shown | listed | found | returned) whose <fields:f> (contain | contains | match | matches | include | includes) (it | that | text | them | search text | word | term | search term | piece of text)",
        "{e} may be searched by {f}",
    ),
    (
        "if [%agent | <word:who>] (ask for | request | look at | open | call up | see) (total | totals | sum | sums) of <words:x> , [(%agent | they) (get | see | receive)] (it | they | them) [be] grouped by <words:a> or by <words:b>",
        "show total {x} by {a} && show total {x} by {b}",
    ),
    (
        "if [%agent | <word:who>] (ask for | request | look at | open | call up | see) (total | totals | sum | sums) of <words:x> , [(%agent | they) (get | see | receive)] (it | they | them) [be] grouped by <words:a>",
        "show total {x} by {a}",
    ),
    (
        "if [%agent | <word:who>] (export | download | ask for | request) [list of] <entity:e> [list] [as csv] , [(%agent | they | he | she) (receive | get | have)] [it | them | [matching] <entity:e2>] [as] csv [file | format]",
        "{e} may be exported as csv",
    ),
    (
        "if [%agent | <word:who>] search [list of] <entity:e> [list] [for <words:x>] , [only] (those | they | 1 | <entity:e2>) whose <fields:f> (contain | match | include) (it | that | text | them | search text | word | term | search term | piece of text) be (shown | listed | found | returned)",
        "{e} may be searched by {f}",
    ),
];
