//! Lists, their order, pages, filters and exports.

pub(super) const FRAMES: super::Frames = &[
    (
        "<entity:e> be (listed | sorted | ordered | shown) <words:x> , and <qty:n> [of them | of these] (fit | be shown | be placed | go | appear) (on | per | to) [1 | each] page",
        "{e} be sorted {x} && {e} be shown {n} per page",
    ),
    // "The default sort is pick-up date ascending; page size 50"
    (
        "default (sort | sorting | order | ordering | sort order | list order) of <entity:e> (be | :) [by] <words:x>",
        "{e} be sorted by {x}",
    ),
    (
        "[<entity:e> :] default (sort | sorting | order | ordering | sort order | list order) [be] [:] [by] <words:x>",
        "{topic} be sorted by {x}",
    ),
    ("[default] page size [of list] [be] [:] <qty:n> [<entity:e> | entries | rows]", "{topic} be shown {n} per page"),
    (
        "<entity:e> may be (found | searched | looked up) (by | for) (words | words or parts of words | text | part) (in | from | of) [they] <fields:f>",
        "{e} may be searched by {f}",
    ),
    // "Filtering permits by car park returns only the permits of that car park"
    (
        "(filter | filtering) [list of] <entity:e> (by | on) [1 | certain | given] <fields:f> (return | returns | show | shows | list | lists | give | gives | yields | finds | leaves) only [matching] <entity:e2> [(of | with | for | in | from | at) [that | this | given | chosen] [<fields:g>]]",
        "{e} may be filtered by {f}",
    ),
    (
        "(sort | sorting | order | ordering) [list of] <entity:e> by <fields:f> (works | work | be possible | succeeds) [in directions | in both directions | both ways | in either direction | ascending and descending]",
        "{e} may be sorted by {f}",
    ),
    (
        "(request | requesting | download | downloading | export | exporting | fetch | fetching | get | getting) [list of] <entity:e> [list] as (csv | csv file) (return | returns | gives | yields | contains | has | have | delivers) [header | header line | header row] [and] [1 (line | row) per <entity:e2>]",
        "{e} may be exported as csv",
    ),
    (
        "(list of <entity:e> | <entity:e> list) (show | shows | display | displays | list | lists | put | puts | begin with | begins with | start with | starts with) %newest <entity:e2> [first | at top]",
        "newest {e} come first",
    ),
    // "List only the appointments between two dates"
    ("%agent may (list | see | show | view | get) [only] <entity:e> %spanning", "{e} may be filtered by {e:start}"),
    ("<entity:e> %spanning may be (listed | shown | seen | viewed | displayed)", "{e} may be filtered by {e:start}"),
    (
        "[it must be possible to | it may be possible to | %agent may] (list | see | show | view | display) only <entity:c> (that (belong to | belongs to | be for | be of | be on | be in) | of | for | in | on) [1 | certain | given | particular | chosen | specific] <entity:p>",
        "{c} may be filtered by {p}",
    ),
    (
        "(see | list | view | show) <entity:c> (of | for | in) (1 | certain | given | particular | chosen | specific) <entity:p>",
        "{c} may be filtered by {p}",
    ),
    (
        "(search | searching) (for | by) <field:f> (returns | return | finds | find | shows | gives | yields | delivers) <entity:e> [[that] (it | they) (belong to | belongs to | be of)]",
        "{e} may be searched by {f}",
    ),
    (
        "[we | system | service] [must] (list | show | display | sort) <entity:e> by <field:f> and (put | show | display | list | place | fit | have) <qty:n> [of them | of these | <entity:e2>] (on | per | to) [1] page",
        "{e} be sorted by {f} && {e} be shown {n} per page",
    ),
    (
        "(page | browse | leaf | scroll | flip) through [list of] <entity:e> [list] [,] [with | in steps of] <qty:n> [<entity:e2>] (sametime | per page | on page | on 1 page)",
        "{e} be shown {n} per page",
    ),
    (
        "[long] (list | lists) of <entity:e> (be | must be) (split | divided | broken | cut) [up] into pages (with | of) <qty:n> [<entity:e2> | entry | item | row | record]",
        "{e} be shown {n} per page",
    ),
    (
        "<words:x> (as csv | in csv format | in csv | as csv file) with (header | header line | header row | heading | heading line | row of headings)",
        "{x} as csv",
    ),
    ("<entity:e> list (have | must have | uses | use) page size of <qty:n>", "{e} be shown {n} per page"),
    ("list of <entity:e> (have | must have | uses | use) page size of <qty:n>", "{e} be shown {n} per page"),
    ("(page | leaf | browse) through [list of] <entity:e> [,] <qty:n> at a time", "{e} be shown {n} per page"),
    (
        "[offer | provide | there must be] csv export of <entity:e> [with header | with header line]",
        "{e} may be exported as csv",
    ),
    (
        "%agent may search <fields:f> for (word | words | text | term | part of them)",
        "{f:owner} may be searched by {f}",
    ),
    (
        "(full | partial | full or partial | part of) <field:f> entered in search finds [matching] <entity:e>",
        "{e} may be searched by {f}",
    ),
    (
        "%newest <entity:e> [,] (going by | judged by | by) <field:f> [,] (come | comes | be shown | be listed | appear) first [in list]",
        "{e} be sorted by {f} descending",
    ),
    // "... list only the plots in a certain condition or only those with a water tap"
    (
        "[to] (list | show | see) only <entity:e> (in | of | with) (certain | given | particular | chosen | specific) <field:f> or [only] (with | of | in) [certain | given | particular] <field:g>",
        "{e} may be filtered by {f} && {e} may be filtered by {g}",
    ),
    (
        "[to] (list | show | see) only <entity:e> (in | of | with) (certain | given | particular | chosen | specific) <field:f>",
        "{e} may be filtered by {f}",
    ),
    (
        "[all | long | longer] (lists | list) be (shown | displayed | split up) (in | into) pages of <qty:n> [<word>]",
        "lists show {n} records per page",
    ),
    (
        "[%agent | users] may sort <entity:e> by <fields:f> ; this (be | must be) default (order | sorting | sort order)",
        "{e} be sorted by {f}",
    ),
    (
        "<qty:n> <entity:e> be (shown | listed | displayed) (on 1 page | on page | per page)",
        "{e} be shown {n} per page",
    ),
    // "Vacancies: default sort closing date ascending, page size 25, filters: client, status"
    (
        "<entity:e> : [default] (sort | sorted | order | ordered) [by] <field:f> (ascending | descending) , page size [:] <qty:n> , (filter | filterable by) [:] <fields:g>",
        "{e} be sorted by {f} && {e} be shown {n} per page && {e} may be filtered by {g}",
    ),
    ("<entity:e> : (filter | filterable by) : <fields:f>", "{e} may be filtered by {f}"),
    (
        "<entity:e> : (full-text | free-text | text) search (> | in | for | across) <fields:f>",
        "{e} may be searched by {f}",
    ),
    (
        "<entity:e> may be filtered by <fields:f> , and [be] searched by <fields:g>",
        "{e} may be filtered by {f} && {e} may be searched by {g}",
    ),
    (
        "(they | it) may be filtered by <fields:f> , and [be] searched by <fields:g>",
        "{topic} may be filtered by {f} && {topic} may be searched by {g}",
    ),
    (
        "(provide | offer | support) (export | download) of <words:x> (as | in) (csv | csv file | csv format)",
        "csv export of {x} be possible",
    ),
    (
        "<entity:e> may be (searched | found | filtered | looked up) by (part of | parts of | beginning of | fragment of) <fields:f>",
        "{e} may be searched by {f}",
    ),
    (
        "(result | results | entry | record) (come | comes | be shown | be delivered | must come) in pages of <qty:n>",
        "lists show {n} records per page",
    ),
    ("[list of] <entity:e> [list] may be (listed | shown | viewed | seen) by <fields:f>", "{e} may be filtered by {f}"),
    (
        "(spreadsheet | file | table | export | csv) [csv] [file] of <entity:e> [as csv] (may be | must be) (downloaded | exported | fetched | had | saved)",
        "{e} may be exported as csv",
    ),
    ("list may be <words:x>", "list of {topic} may be {x}"),
    ("list must be <words:x>", "list of {topic} must be {x}"),
    ("list be <words:x>", "list of {topic} be {x}"),
    ("list (shows | show) <words:x>", "list of {topic} shows {x}"),
    ("[%agent may] filter list by <words:x>", "list of {topic} may be filtered by {x}"),
    ("[%agent may] sort list by <words:x>", "list of {topic} may be sorted by {x}"),
    ("[%agent may] (search | search in) list (by | for) <words:x>", "list of {topic} may be searched by {x}"),
    ("[%agent may] (export | download) list (as | to) <words:x>", "list of {topic} may be exported as {x}"),
    ("%agent may find <entity:e> by searching in <field:f> and in <field:g>", "{e} may be searched by {f} , {g}"),
    (
        "page (hold | holds | contain | contains | show | shows) <qty:n> (record | entry | item)",
        "lists show {n} records per page",
    ),
    (
        "[list of] <entity:e> [list] (be | must be) (shown | delivered | listed) <qty:n> sametime",
        "{e} be shown {n} per page",
    ),
    ("page size (be | must be) <qty:n>", "{topic} be shown {n} per page"),
    ("page (shows | has | holds | contains) <qty:n> <entity:e>", "{e} be shown {n} per page"),
    ("page (shows | has | holds | contains) <qty:n> [of them]", "{topic} be shown {n} per page"),
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
    (
        "[list of] <entity:e> [list] (may be | must be) filtered (by | on) <words:l> [, | and | , and] (by | on) <words:m>",
        "{e} may be filtered by {l} , {m}",
    ),
    (
        "[list of] <entity:e> [list] (may be | must be) filtered (by | on) <words:l> (, | and | , and) [by | on] (date range of | date range on | date range for | range of dates for | range of dates on | range of dates of | period of | period for) <field:f>",
        "{e} may be filtered by {l} , {f}",
    ),
    (
        "[list of] <entity:e> [list] (may be | must be) filtered (by | on) <words:l> (, | and | , and) [by | on] <field:f> (date range | range of dates | between 2 dates | between 2 chosen dates | from date to date | from date until other | from – to | with from date and to date | within range of dates | within date range | between from date and to date)",
        "{e} may be filtered by {l} , {f}",
    ),
    (
        "[list of] <entity:e> [list] (may be | must be) filtered (by | on) <words:l> (, | and | , and) [by | on] range of <field:f> dates",
        "{e} may be filtered by {l} , {f}",
    ),
    ("[list of] <entity:e> [list] (may be | must be) filtered on <words:l>", "{e} may be filtered by {l}"),
    (
        "(%agent | it) (may | must | must be possible to | want to | need to) filter [list of] <entity:e> [list] (by | on) <words:l>",
        "{e} may be filtered by {l}",
    ),
    (
        "[system must (let | allow) %agent [to]] filter [list of] <entity:e> [list] (by | on) <words:l>",
        "{e} may be filtered by {l}",
    ),
    (
        "[allow] filtering [of] [list of] <entity:e> [list] (by | on) <words:l> [(may | must) be possible]",
        "{e} may be filtered by {l}",
    ),
    (
        "[list of] <entity:e> [list] (have | must have | offers | must offer | offer) (filter | filters) (by | on | for | of) <words:l>",
        "{e} may be filtered by {l}",
    ),
    (
        "[there be | provide | offer] (filter | filters) (on | for) [list of] <entity:e> [list] (for | by) <words:l>",
        "{e} may be filtered by {l}",
    ),
    (
        "[in list of <entity:e> ,] %agent may (narrow | narrow down) list [down] (by | on) <words:l>",
        "{e} may be filtered by {l}",
    ),
    (
        "%agent may (narrow | narrow down | limit) list of <entity:e> [down] (by | on | to) <words:l>",
        "{e} may be filtered by {l}",
    ),
    (
        "in list of <entity:e> , %agent may (filter | narrow list down | narrow down list) (by | on) <words:l>",
        "{e} may be filtered by {l}",
    ),
    ("[list of] <entity:e> [list] (may | must) be filterable (by | on) <words:l>", "{e} may be filtered by {l}"),
    // What holds where nothing else is asked for is what a list's own order is.
    ("%unsorted [,] <words:x>", "{x}"),
    ("<words:x> [,] %unsorted", "{x}"),
    ("unless %agent (choose | choose otherwise | pick | select) , <words:x>", "{x}"),
    (
        "[list of] <entity:e> [list] (be | must be) [sorted | listed | shown | ordered | displayed] in order of <field:f> [,] %falling",
        "{e} be sorted by {f} descending",
    ),
    (
        "[list of] <entity:e> [list] (be | must be) [sorted | listed | shown | ordered | displayed] in order of <words:l>",
        "{e} be sorted by {l}",
    ),
    ("(list | overview) (shows | show | displays) <entity:e> in order of <words:l>", "{e} be sorted in order of {l}"),
    (
        "default (sort | sort order | order | sorting) of [list of] <entity:e> [list] (be | must be) [by] <field:f> [,] %falling",
        "{e} be sorted by {f} descending",
    ),
    (
        "<entity:e> [list] : default (sort | sort order | order | sorting) [be] [by] <field:f> [,] %falling",
        "{e} be sorted by {f} descending",
    ),
    (
        "[by default ,] [(we | %agent see | system must | %agent) [by default]] (show | sort | list | see) [list of] <entity:e> [list] [by default] [sorted] by <field:f> [,] %falling [, by default | by default]",
        "{e} be sorted by {f} descending",
    ),
    (
        "%agent see [list of] <entity:e> [list] (sorted | listed | ordered) by <field:f> [,] %falling [, by default | by default]",
        "{e} be sorted by {f} descending",
    ),
    (
        "[by default ,] [list of] <entity:e> [list] (be | must be | appear | appears) [by default] [sorted | shown | listed | ordered] [by default] (by | on | in descending order of | in order of) <field:f> [,] %falling [, by default | by default]",
        "{e} be sorted by {f} descending",
    ),
    (
        "[by default ,] [list of] <entity:e> [list] (be | must be | appear | appears) [by default] [sorted | shown | listed | ordered] [by default] in descending order of <field:f> [by default]",
        "{e} be sorted by {f} descending",
    ),
    (
        "[by default ,] <entity:e> with (latest | newest | most recent) <field:f> (come | comes | be shown | be listed | must come) first [in list] [by default]",
        "{e} be sorted by {f} descending",
    ),
    ("page size of [list of] <entity:e> [list] (be | must be) <qty:n>", "{e} be shown {n} per page"),
    (
        "(page | pages) of [list of] <entity:e> [list] (shows | show | have | contain | contains | must contain | must show | must have | hold | holds) <qty:n> [entry | entries | item | items | row | rows | <entity:e2>]",
        "{e} be shown {n} per page",
    ),
    (
        "[list of] <entity:e> [list] (be | must be) (split | divided) into pages of <qty:n> [entry | entries | item | items | row | rows]",
        "{e} be shown {n} per page",
    ),
    (
        "[list of] <entity:e> [list] (be | must be) (paged | paginated) , with <qty:n> (entry | entries | item | items | row | rows) (on | per | to) [1] page",
        "{e} be shown {n} per page",
    ),
    ("%agent see <qty:n> <entity:e> sametime , 1 page > other", "{e} be shown {n} per page"),
    (
        "(we | system | %agent) (list | show) [list of] <entity:e> [list] page by page , <qty:n> (on | per | to) page",
        "{e} be shown {n} per page",
    ),
    (
        "with page size of <qty:n> , [list of] <entity:e> [list] (be | must be) shown in pages",
        "{e} be shown {n} per page",
    ),
    (
        "(search | searching) (for | of | over | > | in | through) [list of] <entity:e> [list] (look in | look at | look through | cover) <words:l>",
        "{e} may be searched by {l}",
    ),
    (
        "there be search (for | of | over | >) <entity:e> that (looks in | looks at | looks through | covers) <words:l>",
        "{e} may be searched by {l}",
    ),
    ("searching <entity:e> finds search text in <field:f> or in <field:g>", "{e} may be searched by {f} , {g}"),
    (
        "%agent (may | must be able to) find <entity:e> by searching (in | by | for) <words:l>",
        "{e} may be searched by {l}",
    ),
    ("if %agent search [for] <entity:e> , <words:l> be searched", "{e} may be searched by {l}"),
    ("system must let %agent search [for] <entity:e> by <words:l>", "{e} may be searched by {l}"),
    ("<entity:e> list have search (over | > | in | for) <words:l>", "{e} may be searched by {l}"),
    ("<words:a> may be searched by <words:l> and in <words:m>", "{a} may be searched by {l} and {m}"),
    ("search box on list of <entity:e> searches <words:l>", "{e} may be searched by {l}"),
    (
        "exporting [list of] <entity:e> [list] (as | to | in) (csv | csv file | csv format) (may | must) be possible",
        "{e} may be exported as csv",
    ),
    (
        "[list of] <entity:e> [list] (must have | have | offers | must offer) (export | download) (as | to | in) (csv | csv file | csv format)",
        "{e} may be exported as csv",
    ),
    (
        "[there be | provide | offer] (export | download) of [list of] <entity:e> [list] (as | to | in) (csv | csv file | csv format)",
        "{e} may be exported as csv",
    ),
    (
        "%agent (may | must | need to | must be able to) [be able to] get [list of] <entity:e> [list] (out | out of system) (as | to | in) (csv | csv file | csv format)",
        "{e} may be exported as csv",
    ),
    (
        "system must let %agent (download | export) [list of] <entity:e> [list] (as | to | in) (csv | csv file | csv format)",
        "{e} may be exported as csv",
    ),
    ("csv file of <entity:e> may be (downloaded | exported)", "{e} may be exported as csv"),
    ("(export | download) [list of] <entity:e> (as | to | in) csv for <words:w>", "{e} may be exported as csv"),
    (
        "[full-text] search > <field:f> of <entity:e> and <field:g> of <entity:h>",
        "{e} may be searched by {f} && {h} may be searched by {g}",
    ),
    (
        "([list] (shows | show | displays) | %agent (see | sees)) %newest <entity:e> (first | at top | on top)",
        "list of {e} be sorted newest first",
    ),
    ("<qty:n> (appear | be shown | be listed | fit | go) (on | per) [1] page", "page size be {n}"),
    ("%agent may <word:a> , <word:b> and (search | find) <entity:e> by <words:f>", "{e} may be searched by {f}"),
    ("%agent may <word:a> and (search | find) <entity:e> by <words:f>", "{e} may be searched by {f}"),
    (
        "filter on <words:l> (must be | be) (available | possible | offered | provided) (for | on) <entity:e>",
        "{e} may be filtered by {l}",
    ),
    ("%agent may choose <words:l> to filter [list of] <entity:e>", "{e} may be filtered by {l}"),
    (
        "[list of] <entity:e> [list] (offers | offer | supports | support | must offer | must support) filtering (by | on) <words:l>",
        "{e} may be filtered by {l}",
    ),
    (
        "filtering [list of] <entity:e> (by | on) <words:l> must be (supported | possible | available)",
        "{e} may be filtered by {l}",
    ),
    ("%agent must be able to filter <entity:e> (by | on) <words:l>", "{e} may be filtered by {l}"),
    ("(unless | if) [user | %agent] (sorts | sort) them (differently | otherwise) , <words:x>", "{x}"),
    ("<words:x> (unless %agent (chooses | choose | picks | pick) other order)", "{x}"),
    (
        "(we | system | system must) (show | list | display) <entity:e> (ordered | sorted) by <words:x>",
        "{e} be sorted by {x}",
    ),
    ("[list of] <entity:e> [list] must be by <words:x>", "{e} be sorted by {x}"),
    ("if [list of] <entity:e> be listed , those by <words:x> [come | comes]", "{e} be sorted by {x}"),
    (
        "%newest <field:f> comes first in list of <entity:e> [, and %oldest comes last]",
        "{e} be sorted by {f} descending",
    ),
    (
        "if <entity:e> be listed , those with %newest <field:f> (come | comes | be | be shown) first",
        "{e} be sorted by {f} descending",
    ),
    (
        "if <entity:e> be listed , those with %oldest <field:f> (come | comes | be | be shown) first",
        "{e} be sorted by {f} ascending",
    ),
    (
        "[list of] <entity:e> [list] (show | shows | put | puts) %newest <field:f> first [by default]",
        "{e} be sorted by {f} descending",
    ),
    ("page size (for | of) <entity:e> (be | must be) <qty:n>", "{e} be shown {n} per page"),
    ("there be <qty:n> <entity:e> (on | per) page of list", "{e} be shown {n} per page"),
    ("(we | system | system must) (show | list | display) <entity:e> in pages of <qty:n>", "{e} be shown {n} per page"),
    (
        "if <entity:e> be listed , page (holds | has | shows | have | contains) <qty:n> [of them]",
        "{e} be shown {n} per page",
    ),
    (
        "[list of] <entity:e> [list] (be | must be) (paged | paginated) , with <qty:n> <entity:e2> (on | per | to) page",
        "{e} be shown {n} per page",
    ),
    (
        "page (in | of) [list of] <entity:e> [list] must (contain | show | hold | have) <qty:n> [<entity:e2>]",
        "{e} be shown {n} per page",
    ),
    (
        "paginate [list of] <entity:e> [list] with (page size of <qty:n> | <qty:n> per page)",
        "{e} be shown {n} per page",
    ),
    ("(search | searching) <entity:e> (covers | cover | looks in | looks at) <words:l>", "{e} may be searched by {l}"),
    ("[list of] <entity:e> [list] have search (over | in | on) <words:l>", "{e} may be searched by {l}"),
    (
        "search (over | of | for | in) <entity:e> must (look in | look at | cover | use) <words:l>",
        "{e} may be searched by {l}",
    ),
    ("if %agent search for <entity:e> , search text be looked up in <words:l>", "{e} may be searched by {l}"),
    (
        "<entity:e> be found if search text (occurs | appears | be contained) in <field:f> or in <field:g>",
        "{e} may be searched by {f} , {g}",
    ),
    (
        "csv (export | download | file) of <entity:e> must be (available | possible | offered)",
        "{e} may be exported as csv",
    ),
    ("<entity:e> be available as csv (download | file | export)", "{e} may be exported as csv"),
    ("exporting <entity:e> to csv [file] must be (supported | possible | available)", "{e} may be exported as csv"),
    (
        "(show | list) ones <word:v> (soonest | earliest | first) [first | at top | on top] , <qty:n> per page",
        "{topic} be sorted by {v} date && {topic} be shown {n} per page",
    ),
    (
        "(show | list) ones <word:v> (soonest | earliest | first) [first | at top | on top]",
        "{topic} be sorted by {v} date",
    ),
    (
        "%newest <moment:f> (come | comes | be shown | be listed) first , <qty:n> (per | to | on) page",
        "{topic} be sorted by {f} descending && {topic} be shown {n} per page",
    ),
    ("%newest <moment:f> (come | comes | be shown | be listed) first", "{topic} be sorted by {f} descending"),
    ("%oldest <moment:f> (come | comes | be shown | be listed) first", "{topic} be sorted by {f} ascending"),
    ("let (us | me | them | users) <words:x>", "users may {x}"),
    (
        "%agent may (export | download) <words:l> (as | to | in) (csv | csv file | csv files)",
        "{l} may be exported as csv",
    ),
    (
        "<words:rule> [,] and (show | shows | have | has | hold | holds | contain | contains) <qty:n> [<entity:e> | entry | item | record | row | of them] (on | per | to) [1] page",
        "{rule} , {n} per page",
    ),
    // "... by machine and status, and by a span of start times"
    (
        "<entity:e> may be (filtered | narrowed | narrowed down) by <words:x> [,] and by <words:y>",
        "{e} may be filtered by {x} && {e} may be filtered by {y}",
    ),
    ("<entity:e> may be filtered by (span | period | interval) of <words:f>", "{e} may be filtered by range of {f}"),
    ("<words:rule> and <qty:n> (on | per | to) [1] page", "{rule} , {n} per page"),
    ("list of <entity:e> have pages of <qty:n>", "{e} be shown {n} per page"),
    (
        "<entity:e> may be found by [text | word | words | term | piece of text] in <field:f> or [in] <field:g>",
        "{e} may be searched by {f} , {g}",
    ),
    (
        "<entity:e> be found if (search text | search term | text | term) (occur | appear | be | stand) in <field:f> or [in] <field:g>",
        "{e} may be searched by {f} , {g}",
    ),
    ("[%agent may] filter (it | them) by <words:x>", "list of {topic} may be filtered by {x}"),
    ("<words:a> may page through <entity:e> , <qty:n> sametime", "{e} be shown {n} per page"),
    (
        "<words:a> (go | goes) through [long] list page by page , <qty:n> [entry | item | row | record] sametime",
        "lists show {n} records per page",
    ),
    ("<entity:e> may be (downloaded | exported) (as | to) csv for <words:w>", "{e} may be exported as csv"),
    (
        "%newest <entity:e> , judged by <field:f> , (must come | come | comes | be listed | be shown | must be listed) first",
        "{e} be sorted by {f} descending",
    ),
    (
        "[list of] <entity:e> [list] (be | must be) (delivered | given | returned) in pages of <qty:n>",
        "{e} be shown {n} per page",
    ),
    ("1 may search <words:x>", "users may search {x}"),
    ("1 may filter <words:x>", "users may filter {x}"),
    ("1 may sort <words:x>", "users may sort {x}"),
    (
        "<entity:e> be (listed | sorted | ordered | shown) by <field:f> [,] [and] then [by] <field:g>",
        "{e} be sorted by {f} and {g}",
    ),
    ("(default %sorting | %sorting) (of | for) <entity:e> be [by] [default] <words:x>", "{e} be sorted by {x}"),
    (
        "<entity:e> may be (searched | found | looked up) by (words | word | part | parts | text) (in | of) <fields:f>",
        "{e} may be searched by {f}",
    ),
    (
        "(full-text search | full text search | text search | search) (over | in | across) <fields:f> be (available | possible | offered) [for <entity:e>]",
        "{e} may be searched by {f}",
    ),
    ("[show | list] <entity:e> in order of <words:x>", "{e} be sorted by {x}"),
    (
        "(result | results | hits | list | entries | rows) [be | must be | come] (sorted | ordered) by <words:x>",
        "{topic} be sorted by {x}",
    ),
    (
        "[list of] <entity:e> [list] (may be | must be) (narrowed down | narrowed | filtered | restricted | limited | reduced) to [single | certain | given | particular | specific | 1] <words:x>",
        "{e} may be filtered by {x}",
    ),
    (
        "search (field | box | bar | function | form) (lets | let | allows | allow | enables | enable | helps) <word:w> [to] (find | search | look up) <entity:e> (by | in | with | for) <words:x>",
        "{e} may be searched by {x}",
    ),
    ("csv (export | download) (of | for) <entity:e> for <words:r>", "{e} may be exported as csv"),
    ("(rule | rules | demands | requirements) for lists be <words:x>", "{x}"),
    ("%agent may filter (on | by) <fields:f>", "{f:owner} may be filtered by {f}"),
    ("%agent may search (on | by | in) <fields:f>", "{f:owner} may be searched by {f}"),
    ("%agent may sort (on | by) <fields:f>", "{f:owner} may be sorted by {f}"),
    (
        "if [%agent] (open | look at | view | see | show | visit) [list of] <entity:e> [list | overview] , %newest [<entity:e2> | ones] (come | comes | be shown | be listed | be | appear) (first | at top | on top)",
        "list of {e} be sorted newest first",
    ),
    (
        "if [%agent] (open | look at | view | see | show | visit) [list of] <entity:e> [list | overview] , %oldest [<entity:e2> | ones] (come | comes | be shown | be listed | be | appear) (first | at top | on top)",
        "list of {e} be sorted oldest first",
    ),
    ("<words:x> ; search (ignores | ignore | disregards) (case | upper and lower case | capitalisation)", "{x}"),
    ("<words:x> , and search (ignores | ignore | disregards) (case | upper and lower case | capitalisation)", "{x}"),
    (
        "(export | download) <entity:c> (of | for) [1] <entity:p> (as | to | in) csv [file | format]",
        "export {c} as csv && {c} may be filtered by {p}",
    ),
    (
        "<words:w> may (export | download) <entity:c> (of | for) [1] <entity:p> (as | to | in) csv [file | format]",
        "export {c} as csv && {c} may be filtered by {p}",
    ),
];
