//! What a field holds where nothing is given.

pub(super) const FRAMES: super::Frames = &[
    ("<entity:e> be not <field:f> by default", "{f} be no by default"),
    (
        "<field:f> be <words:v> unless (something else | anything else | other value | other | otherwise) be %supplied",
        "{f} be {v} by default",
    ),
    // "The capacity is set to 2 unless another value is entered"
    (
        "<field:f> (must be | be) (setto | set to | set | filled with | taken as) <words:v> [,] (unless | if) [no | other | different | another] (value | 1 | number | amount | figure | date | something else) be %supplied",
        "{f} be {v} by default",
    ),
    (
        "<field:f> be <words:v> [,] if [it | they] [be] (left out | left empty | left blank | left open | omitted | blank | unset | not given | not entered | not set | not stated)",
        "{f} be {v} by default",
    ),
    (
        "if <entity:e> be %made (without | with no) <field:f> , <words:v> be (used | taken | assumed | applied | entered | filled in | stored | inserted)",
        "{f} be {v} by default",
    ),
    (
        "<field:f> be <states:v> if <entity:e> be %made (; | ,) [and] (later | afterwards) it may be (setto | set to | changed to) <words:w>",
        "{f} be {v} by default && {v} {e} may be setto {w}",
    ),
    ("<field:f> be <states:v> if <entity:e> be %made", "{f} be {v} by default"),
    (
        "if nothing be (entered | given | chosen | selected | stated | set) , <field:f> be <words:v>",
        "{f} defaults to {v}",
    ),
    // "The condition is new, used or damaged, initially new."
    ("<words:f> be <words:list> [, | ;] [and] %first <words:v>", "{f} be {list} && {f} be {v} by default"),
    ("<words:f> be <words:list> [, | ;] with <words:v> as default [value]", "{f} be {list} && {f} be {v} by default"),
    (
        "<field:f> be <words:x> and be <words:v> unless (stated otherwise | otherwise stated | told otherwise | otherwise specified | specified otherwise)",
        "{f} be {x} && {f} be {v} by default",
    ),
    (
        "<entity:e> be <words:v> by default and may be (made | set | switched | set to) <words:w>",
        "{e} be {v} by default",
    ),
    ("by default [,] <entity:e> be <words:v>", "{e} be {v} by default"),
    // "No pitch is closed at first", "nobody is banned to begin with"
    (
        "(no <entity:e> | noneof <entity:e> | noone) be <field:f> (to begin with | to start with | at first | initially | at start | at beginning | in beginning | from start | by default)",
        "{f} be no by default",
    ),
    (
        "(to begin with | to start with | at first | initially | at start | at beginning | in beginning | by default) [,] (no <entity:e> | noneof <entity:e> | noone) be <field:f>",
        "{f} be no by default",
    ),
    ("<field:f> (be | must be | be setto) normally <words:v>", "{f} be {v} by default"),
    ("<field:f> normally (be | must be | be setto) <words:v>", "{f} be {v} by default"),
    ("normally [,] <field:f> (be | must be) <words:v>", "{f} be {v} by default"),
    ("<field:f> (be | must be) <words:v> [,] normally", "{f} be {v} by default"),
    ("<entity:e> (be normally | normally be) not <field:f>", "{f} be no by default"),
    ("<entity:e> (be normally | normally be) <field:f>", "{f} be yes by default"),
    ("normally [,] <entity:e> be not <field:f>", "{f} be no by default"),
    ("normally [,] <entity:e> be <field:f>", "{f} be yes by default"),
    ("<entity:e> normally have <field:f> [of] <words:v>", "{f} be {v} by default"),
    ("default [value] [of | for] <field:f> be <words:v>", "{f} be {v} by default"),
    ("<words:v> be default [value] (for | of) <field:f>", "{f} be {v} by default"),
    (
        "<entity:e> (gets | get | receives | receive | start with | starts with | be given | have) <field:f> [of] <words:v> [,] %untold",
        "{f} be {v} by default",
    ),
    (
        "if no <field:f> be %supplied , <field:f2> (be | must be | be setto | must be setto) <words:v>",
        "{f2} be {v} by default",
    ),
    (
        "if <entity:e> be created without <field:f> , [system | it | <field:f2>] (must set it to | must be setto | be setto | gets | get | be) <words:v>",
        "{f} be {v} by default",
    ),
    (
        "if %agent leave <field:f> (empty | blank | out) , (<entity:e> | it) (must be setto | be setto | be | must be | gets | becomes) <words:v>",
        "{f} be {v} by default",
    ),
    (
        "<entity:e> created (with no | without) <field:f> (become | becomes | receives | gets | get | receive) [<field:f2>] <words:v>",
        "{f} be {v} by default",
    ),
    ("we give <entity:e> <field:f> <words:v> [,] %untold", "{f} be {v} by default"),
    ("system must (assign | set | give) <field:f> <words:v> to <entity:e> [,] %untold", "{f} be {v} by default"),
    ("for <entity:e> , <field:f> <words:v> be used %untold", "{f} be {v} by default"),
    ("by default , <field:f> be <words:v>", "{f} be {v} by default"),
    (
        "unless %agent (enters | enter | chooses | choose | gives | give | picks | pick) (something else | other | other 1 | otherwise | different 1) , <field:f> be <words:v>",
        "{f} be {v} by default",
    ),
    (
        "<field:f> be setto <words:v> if <entity:e> be created and (nothing | none | no value) be (entered | given) [for it]",
        "{f} be {v} by default",
    ),
    (
        "if %agent (leave | leaves) <field:f> (empty | blank | out) , (it | <entity:e>) (become | becomes | be | be setto | must be setto | gets | get) <words:v>",
        "{f} be {v} by default",
    ),
    // "The issue date is set to today when the invoice is created": where the request does not say otherwise.
    (
        "<field:f> (be | must be) [automatically] [setto | set to | filled with | recorded as | stamped with] (today | current date | today 's date | date of day) [automatically] (if (<entity:e> | it) be (%made | saved | recorded) | on creation | at creation)",
        "{f} be today by default",
    ),
    (
        "<field:f> (be | must be) [automatically] (setto | set to | filled with | recorded as | stamped with) (now | current time | current date and time) [automatically] (if (<entity:e> | it) be (%made | saved | recorded) | on creation | at creation)",
        "{f} be now by default",
    ),
    (
        "if <entity:e> be (%made | saved | recorded) , <field:f> (be | must be) [automatically] (setto | set to | filled with | recorded as | stamped with) (today | current date | today 's date | date of day) [automatically]",
        "{f} be today by default",
    ),
    (
        "if <entity:e> be (%made | saved | recorded) , <field:f> (be | must be) [automatically] (setto | set to | filled with | recorded as | stamped with) (now | current time | current date and time) [automatically]",
        "{f} be now by default",
    ),
    ("we use <words:v> as default [value] (for | of) <field:f>", "{f} be {v} by default"),
    (
        "<entity:e> (start | starts) [out] with <field:f> of <words:v> if (none | nothing) be (specified | given | entered | chosen)",
        "{f} be {v} by default",
    ),
    ("default [value] (for | of) <field:f> must be <words:v>", "{f} be {v} by default"),
    ("for <entity:e> , default [value] (for | of) <field:f> (be | must be) <words:v>", "{f} be {v} by default"),
    (
        "if <field:f> be left out on (creating | adding | entering) <entity:e> , <words:v> be used",
        "{f} be {v} by default",
    ),
    (
        "<words:x> unless (stated otherwise | otherwise stated | told otherwise | otherwise specified | specified otherwise | something else be stated | other be stated | said otherwise | otherwise said)",
        "new {x}",
    ),
    (
        "<words:x> unless (stated otherwise | otherwise stated | told otherwise | otherwise specified | specified otherwise | something else be stated | other be stated | said otherwise | otherwise said)",
        "{x} by default",
    ),
    (
        "(if | where) <field:f> be left out [on (creating | adding | entering | making) <entity:e>] , <words:v> be used",
        "{f} be {v} by default",
    ),
    (
        "<words:f> be <words:list> , and <word:v> if (nothing | none | no value) be (chosen | given | entered | specified | selected | picked | set)",
        "{f} be {list} && {f} be {v} by default",
    ),
    ("<words:f> be <words:list> , and <word:v> by default", "{f} be {list} && {f} be {v} by default"),
    ("[system must | service must | we] set <field:f> to <words:v> [,] %untold", "{f} be {v} by default"),
    (
        "unless (specified | stated | given | chosen | set | told) otherwise , <field:f> be <words:v>",
        "{f} be {v} by default",
    ),
    ("unless otherwise (specified | stated | given | chosen | set) , <field:f> be <words:v>", "{f} be {v} by default"),
    (
        "<field:f> : <words:v> if (left (empty | blank | out) | not given) [on creation | at creation]",
        "{f} be {v} by default",
    ),
    ("if %agent leave out <field:f> , <words:v> be used", "{f} be {v} by default"),
    (
        "<field:f> (must be | be) (filled with | setto | preset to) <words:v> if (it be not | nothing be | none be) %supplied [at creation | on creation]",
        "{f} be {v} by default",
    ),
    ("<field:f> be filled in with <words:v> if (left out | missing | left empty | not given)", "{f} be {v} by default"),
    (
        "<field:f> be <words:v> if (noone says anything | nothing be said | noone says otherwise)",
        "{f} be {v} by default",
    ),
    (
        "if no <field:f> be %supplied , <words:v> be (used | taken | assumed | applied | stored)",
        "{f} be {v} by default",
    ),
    (
        "if <field:f> be (empty | missing | blank | left empty | left blank | not %supplied) , <words:v> be (used | taken | assumed | applied | stored)",
        "{f} be {v} by default",
    ),
    (
        "if no <field:f> be %supplied , system (uses | use | takes | take | assumes | must use | must take | must assume) <words:v>",
        "{f} be {v} by default",
    ),
    (
        "if (nothing | none | no value) be %supplied (for | as | in) <field:f> , (<words:v> be (used | taken | assumed | applied | stored) | it be <words:v>)",
        "{f} be {v} by default",
    ),
    (
        "system (sets | must set | set) <field:f> to <words:v> (if (none | nothing | no value) be %supplied | if it be not %supplied)",
        "{f} be {v} by default",
    ),
    (
        "<field:f> [field] be (prefilled | pre-filled | preset | initialised | initialized | pre-set) (with | to) <words:v>",
        "{f} be {v} by default",
    ),
    ("if not %supplied , <field:f> be <words:v>", "{f} be {v} by default"),
    ("[new] <entity:e> have <field:f> [of] <words:v> by default", "{f} be {v} by default"),
    (
        "if <entity:e> be created without <field:f> , (it | <entity:e2>) (gets | get | receives | be given) <field:f2> <words:v>",
        "{f} be {v} by default",
    ),
];
