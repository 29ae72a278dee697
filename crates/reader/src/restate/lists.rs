//! Lists, their order, pages, filters and exports.

pub(super) const FRAMES: super::Frames = &[
    (
        "[list of] <words:e> [list] (must be | be) (available | obtainable | offered | downloadable | exportable) (as | in) <words:form>",
        "{e} may be exported as {form}",
    ),
    (
        "list of <words:e> (shows | show | starts with | begin with | begins with | puts) <words:order> first",
        "{e} be shown {order} first",
    ),
    (
        "list of <words:e> (shows | show | starts with | begin with | begins with | puts) <words:order> first , <qty:n> [<words:e2>] per page",
        "{e} be shown {order} first and {e} be shown {n} per page",
    ),
    (
        "<words:e> be (listed | sorted | ordered | shown) by <words:f> (in alphabetical order | alphabetically | in ascending order | from a to z)",
        "{e} be sorted by {f}",
    ),
    (
        "<words:e> be (listed | sorted | ordered | shown) by <words:f> (in alphabetical order | alphabetically | in ascending order | from a to z) , <qty:n> (on | to | per) [1] page",
        "{e} be sorted by {f} && {e} be shown {n} per page",
    ),
    ("<words:rule> , <qty:n> (on | to) [1] page", "{rule} , {n} per page"),
    ("<words:a> [,] (using | with) [same] (filter | filters) (as | of | > | from) list", "{a}"),
];
