//! States and the ways between them.

pub(super) const FRAMES: super::Frames = &[
    // "The stage of a roast is planned at first"
    (
        "stage of <entity:e> be <words:v> (at first | initially | to begin with | at start)",
        "stage of {e} starts as {v}",
    ),
    (
        "state of <entity:e> be <words:v> (at first | initially | to begin with | at start)",
        "state of {e} starts as {v}",
    ),
    (
        "phase of <entity:e> be <words:v> (at first | initially | to begin with | at start)",
        "phase of {e} starts as {v}",
    ),
    (
        "status of <entity:e> be <words:v> (at first | initially | to begin with | at start)",
        "status of {e} starts as {v}",
    ),
    ("there is be no way back", "nothing else be possible"),
    ("there be no way back", "nothing else be possible"),
    ("<entity:e> (may be | mayonly be) setto <state:s> onlyif <words:c>", "{e} mayonly be {s} if {c}"),
    (
        "<entity:e> must be <state:s> < (it | they) (may go | go | goes | may be | be) <state:t>",
        "only {s} {e} may be {t}",
    ),
    ("<entity:e> may go <state:s> <words:c>", "{e} may be {s} {c}"),
    ("<entity:e> mayonly go <state:s> <words:c>", "{e} mayonly be {s} {c}"),
    (
        "<states:s> <entity:e> (mustnot | never) (return | returns | go back | goes back | move back | moves back | revert | reverts | be reset | be set back | be moved back) [to] [any] [earlier | previous | former | other] [%state]",
        "{s} {e} mustnot be reopened",
    ),
    ("<word:t> be (final | terminal) [:] [,] [;] <states:s> <entity:e> <words:x>", "{s} {e} {x}"),
    ("only <entity:e> that be <states:s> may be <words:v>", "only {s} {e} may be {v}"),
    (
        "users mustnot (move | change | set | put | bring | take) <states:s> <entity:e> [directly | straight] to <state:t>",
        "{s} {e} mustnot be moved to {t}",
    ),
    (
        "(if | > | once) [be] <state:s> [,] <entity:e> (stays | stay | remains | remain) <state:t>",
        "{t} {e} mustnot change their status",
    ),
    ("< <entity:e> be <state:s> [,] (it | they) must be <word:f>", "{e} mayonly be {s} if it be {f}"),
    ("< <entity:e> (goes | go) <state:s> [,] (it | they) must be <word:f>", "{e} mayonly be {s} if it be {f}"),
    ("<entity:e> must be <word:f> < (it | they) (may be | be) <state:s>", "{e} mayonly be {s} if it be {f}"),
    (
        "<words:r> may <word:v> <states:s> <entity:e> or (send | return | put | move | set | take) it back (to | into | in) <states:t>",
        "{r} may {v} {s} {e} && {s} {e} may move to {t}",
    ),
    (
        "<words:r> may <word:v> <word:p> <states:s> <entity:e> or <word:w> it",
        "{r} may {v} {p} {s} {e} && {r} may {w} {s} {e}",
    ),
    // "Each tenancy starts as a draft, which the secretary creates"
    (
        "<entity:e> (start | starts | begin | begins) (as | in) <word:s> , <words:r> (creates | create | makes | opens | enters | writes)",
        "{e} start as {s} && {e} be created by {r}",
    ),
    ("<words:r> (turn | turns) <states:a> [<entity:e2>] into <word:b> <entity:e>", "{a} {e} becomes {b:quoted} by {r}"),
    ("<words:r> (make | makes) <states:a> <entity:e> <word:b>", "{a} {e} becomes {b:quoted} by {r}"),
    ("<states:a> <entity:e> may be made <word:b> by <words:r>", "{a} {e} becomes {b:quoted} by {r}"),
    (
        "<states:a> [<entity:e2>] may be (made | turned | converted) into <word:b> <entity:e> by <words:r>",
        "{a} {e} becomes {b:quoted} by {r}",
    ),
    (
        "<states:a> [<entity:e2>] may be (made | turned | converted) into <word:b> <entity:e>",
        "{a} {e} becomes {b:quoted}",
    ),
    ("[new] <entity:e> (start | begin) (with | in | at | as) <field:f> <word:s>", "{f} of new {e} be {s}"),
    ("<entity:e> must be in [%state | <field:f>] <state:s> > it be (%made | saved)", "new {e} be {s}"),
    (
        "[system | service] must (permit | allow) [only] [following] (transitions | changes | change | transition) [only] : <words:w>",
        "allowed transitions : {w}",
    ),
    ("<words:x> be <words:y> in end", "{x} be {y}"),
    ("new <entity:e> (becomes | become) <states:s>", "new {e} be {s}"),
    ("<states:a> <entity:e> (goes | go) into <words:s>", "{a} {e} becomes in {s}"),
    ("<entity:e> <states:a> (becomes | become) <words:s>", "{a} {e} becomes {s}"),
    ("<states:a> <entity:e> be <states:b>", "{a} {e} becomes {b}"),
    (
        "if [it | they | <entity:e2>] (have not be | be not) <states:s> [yet] , <entity:e> may be <words:t>",
        "{e} may be {t} unless it be {s}",
    ),
    ("<entity:e> may be <words:t> if [it | they] have not be <states:s> [yet]", "{e} may be {t} unless it be {s}"),
    ("from <words:s> [,] <entity:e> mayonly (go | move | change) to <words:t>", "from {s} {e} may go to {t}"),
    ("<entity:e> be first <word:s>", "{e} start as {s}"),
    ("<entity:e> be [in] <state:s> (first | at first | initially | to begin with | to start with)", "{e} start as {s}"),
    ("<words:e> have <words:f> with values <words:v>", "{f} of {e} be oneof {v}"),
    (
        "[following] (change | changes | transition | transitions | move | moves) [of | in | between] [status | state | stage | statuses | states] (be | must be | may be) (possible | allowed | permitted) : <words:list>",
        "allowed changes : {list}",
    ),
    ("<words:e> be <word:m> %prep <words:p> only", "{e} mayonly be {m} for {p}"),
    (
        "from <word:s> [,] (it | they) (may | mayonly) [then | only] (become | be | move to | go to | change to | be set to | be setto) <words:t>",
        "{topic} moves from {s} to {t}",
    ),
    (
        "(allowed | permitted | possible) [<word:f>] (change | changes | transition | transitions | move | moves) (be | :) <words:list>",
        "allowed changes : {list}",
    ),
    (
        "no other [<word:f>] (change | changes | transition | transitions | move | moves) be (possible | allowed | permitted) than <words:list>",
        "allowed changes : {list}",
    ),
    ("<words:a> to <states:s> or to <states:t>", "{a} to {s} or {t}"),
    (
        "<entity:e> (that be | in status | in state | in stage | with status | with state) <state:s> may [only] (become | be | move to | go to | change to | be setto | be changed to) <words:t>",
        "{s} {e} may be {t}",
    ),
    (
        "<entity:e> (that be | in status | in state | in stage | with status | with state) <state:s> mayonly (become | be | move to | go to | change to | be setto | be changed to) <words:t>",
        "{s} {e} may be {t}",
    ),
    ("<words:x> , and to no other (status | state | stage)", "{x}"),
    ("<words:x> , but to nothing else", "{x}"),
    (
        "(status | state | stage) of <entity:e> (may | mayonly) (go | change | move | be changed) from <state:s> to <words:t> [only]",
        "{s} {e} may be {t}",
    ),
    ("> <state:s> , (status | state) of <entity:e> may be changed to <words:t>", "{s} {e} may be {t}"),
    ("%agent (may | mayonly) (set | change | move) <state:s> <entity:e> to <words:t>", "{s} {e} may be {t}"),
    ("system must allow <state:s> <entity:e> to (change | move | go) [only] to <words:t>", "{s} {e} may be {t}"),
    (
        "if <entity:e> have (status | state) <state:s> , only next (status | statuses | state | states) be <state:t> and <state:u>",
        "{s} {e} may be {t} or {u}",
    ),
    ("if <entity:e> be <state:s> , next (status | state) be <words:t>", "{s} {e} may be {t}"),
    ("<state:s> <entity:e> : may be <words:t>", "{s} {e} may be {t}"),
    (
        "only (allowed | possible | permitted) (change | changes) of (status | state) from <state:s> be to <state:t> and to <state:u> for <entity:e>",
        "{s} {e} may be {t} or {u}",
    ),
    ("<words:a> to <states:s> , to <states:t> or to <states:u>", "{a} to {s} , {t} or {u}"),
    (
        "only (status | statuses | state | states) [that] may follow <state:s> for <entity:e> be <state:a> , <state:b> and <state:c>",
        "{s} {e} may be {a} , {b} or {c}",
    ),
    (
        "only (status | statuses | state | states) [that] may follow <state:s> for <entity:e> be <state:a> and <state:b>",
        "{s} {e} may be {a} or {b}",
    ),
    (
        "from (status | state | stage) <state:s> , <entity:e> mustnot %move to anything (other than | but | except) <words:t>",
        "{s} {e} may be {t}",
    ),
    (
        "<states:t> be (statuses | status | states | state) [that] <state:s> <entity:e> may %move to",
        "{s} {e} may be {t}",
    ),
    (
        "<entity:e> that (be | have be | have been) <states:s> (stay | stays | remain | remains) <states:t>",
        "{s} {e} mustnot be reopened",
    ),
    ("<states:s> <entity:e> (stay | stays | remain | remains) <states:t>", "{s} {e} mustnot be reopened"),
    ("<entity:e> that (be | have be | have been) <states:s> mustnot be reopened", "{s} {e} mustnot be reopened"),
    (
        "<words:x> may be <words:v> by <words:a> or [be] <words:w> by <words:b>",
        "{x} may be {v} by {a} && {x} may be {w} by {b}",
    ),
    ("<states:s> <entity:e> be (then | later | finally | afterwards | eventually) <words:t>", "{s} {e} may be {t}"),
    ("<states:s> <entity:e> be <words:t> by <words:r>", "{s} {e} may be {t} by {r}"),
    ("(<entity:e> | it) may be made <state:s> <words:c>", "{e} may be {s} {c}"),
    ("<words:r> must <word:v> <entity:e> < (it | they) may be <words:t>", "{e} must be {v:ed} < it may be {t}"),
    ("only way out of <states:s> be [back] (to | into) <words:t>", "from {s} to {t}"),
    ("<words:r> may <word:v> <states:s> <entity:e> or <word:w> it", "{r} may {v} {s} {e} && {r} may {w} {s} {e}"),
    ("from <states:s> [,] (it | they | <entity:e>) be oneof <words:t>", "{s} 1 may be {t}"),
    (
        "<states:s> <entity:e> may (go on to | go to | move on to | move to | become) <states:t> or be <words:v>",
        "{s} {e} may be {t} or {v}",
    ),
    ("<states:s> be <words:t> by <words:r>", "{s} may be {t}"),
    ("<states:s> [<entity:e>] be oneof <words:t>", "{s} 1 may be {t}"),
    ("<states:s> <entity:e> (goes | go) <state:t>", "{s} {e} may be {t}"),
    ("<words:x> may be <words:v> by <words:a> or by <words:b>", "{x} may be {v} by {a} or {b}"),
    (
        "<states:s> <entity:e> (goes | go | returns | return) [back] to <states:t> [if it be <words:w>]",
        "{s} {e} may be {t}",
    ),
    (
        "<words:a> from <states:s> to <states:t> or from <states:u> to <states:v>",
        "{a} from {s} to {t} && {a} from {u} to {v}",
    ),
    (
        "system must (allow | support) [following | these | only these | only following] [status | state | stage] (change | changes | transition | transitions | move | moves) (of | for) <entity:e> : <words:list>",
        "allowed changes of {e} : {list}",
    ),
    (
        "system must (allow | support) [following | these | only these | only following] [status | state | stage] (change | changes | transition | transitions | move | moves) : <words:list>",
        "allowed changes : {list}",
    ),
    (
        "(status | state | stage) of new <entity:e> (be | must be) [in] [status | state | stage] <words:s>",
        "new {e} be {s}",
    ),
    // "A claim is initially a draft", "claims are created as draft"
    ("<entity:e> be (initially | originally | at first) [in] [%state] <words:s>", "{e} start as {s}"),
    ("(initially | originally | at first) [,] <entity:e> be [in] [%state] <words:s>", "{e} start as {s}"),
    ("<entity:e> be [in] [%state] <word:s> (if | directly >) (it | they) be %made", "{e} start as {s}"),
    (
        "<entity:e> be (created | made | opened | registered | recorded | entered | added | saved) (as | in | with) [%state] <words:s>",
        "{e} start as {s}",
    ),
    (
        "<entity:e> (begins | begin | start | starts) (life | its life | their life) (as | in) [%state] <words:s>",
        "{e} start as {s}",
    ),
    (
        "[its | their] (default | initial value | default value | default %state | initial %state | first %state | starting %state) be <state:s>",
        "{s:owner} start as {s}",
    ),
    // "A submitted claim can be withdrawn, which takes it back to draft"
    (
        "<states:s> <entity:e> may be <word:v> , that (takes | brings | sends | puts | moves | returns | sets | resets | take | bring | send | put | move | return) (it | them) [back] (to | into) <states:t>",
        "{s} {e} may move to {t}",
    ),
    (
        "<states:s> <entity:e> mustnot be (reactivated | restored | revived | resumed | reinstated | brought back)",
        "{s} {e} mustnot be reopened",
    ),
    // "Claims can be approved or rejected only when they are submitted"
    (
        "<entity:e> may be <words:v> onlyif (it | they | <entity:same>) be [in] [%state] <states:s>",
        "{s} {e} mayonly be {v}",
    ),
    (
        "<entity:e> mayonly be <words:v> if (it | they | <entity:same>) be [in] [%state] <states:s>",
        "{s} {e} mayonly be {v}",
    ),
];
