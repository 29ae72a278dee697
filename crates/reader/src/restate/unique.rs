//! What may occur once.

pub(super) const FRAMES: super::Frames = &[
    (
        "<field:f> (may | mayonly) (occur | appear | be used | be entered | be given) [only] (once | if) per <entity:p>",
        "{f} must be unique per {p}",
    ),
    (
        "(we | system | %agent) (never | mustnot | do not) (%make | issues | creates | makes | writes | write) > 1 <entity:c> (for | per | to | on) [same | 1] <entity:p>",
        "no 2 {c} may be for same {p}",
    ),
    // "Within one invoice, the treatments of its lines must differ from each other"
    (
        "(per | in | within) [1 | same | single] <entity:p> [,] <field:f> of <entity:c> must (differ [from other] | all differ | all be different | be different [from other] | be distinct)",
        "{f} must be unique within {p}",
    ),
    (
        "<field:f> of <entity:c> (of | in | within | on | per) [1 | same | single] <entity:p> must (differ [from other] | all differ | all be different | be different [from other] | be distinct)",
        "{f} must be unique within {p}",
    ),
    (
        "<field:f> mayonly (belong to | be used by | be given to | be assigned to | be registered for | be recorded for) 1 <entity:e>",
        "{f} must be unique",
    ),
    (
        "combination of <fields:f> must be unique (among | for | across | in | over) [all] <entity:e>",
        "no 2 {e} may have same {f}",
    ),
    (
        "(prevent | prevents | mustnot allow) second <entity:e> (of | for | by | with) same <entity:p> with same <fields:f>",
        "no 2 {e} of same {p} may have same {f}",
    ),
    (
        "duplicate <field:f> (for | of | in | within) 1 <entity:p> (be not (allowed | permitted | accepted) | be %refused) [in <entity:c>]",
        "{f} must be unique per {p}",
    ),
    (
        "there (mustnot be | may be no | may mustnot be) > 1 <entity:e> (of | for | in) same <entity:p> (on | at | in | for | with) same <field:f>",
        "combination of {p} and {f} must be unique for {e}",
    ),
    (
        "there (mustnot be | may be no | may mustnot be) 2 <entity:e> (of | for | in) same <entity:p> (on | at | in | for | with) same <field:f>",
        "combination of {p} and {f} must be unique for {e}",
    ),
    ("<field:f> (may | mayonly) be used (by | for | on) [only | just] 1 <entity:e> [only]", "{f} must be unique"),
    ("if <entity:e> with same <field:f> (exists | exist) , <entity:e2> be %refused", "{f} must be unique"),
    (
        "same <entity:p> mustnot be (used | booked | taken | assigned) for 2 <entity:e> on same <field:f>",
        "no 2 {e} of same {p} may have same {f}",
    ),
    ("per <entity:p> [,] there mayonly be 1 <entity:e> per day", "there be no 2 {e} of same {p} on same day"),
    ("if (i | %agent) enter <field:f> that other <entity:e> have , (<entity:e2> | it) %nosave", "{f} must be unique"),
    (
        "(within | in | for) [1 | each | same] <entity:p> [,] [1 | each | same] <field:f> be <word> only once",
        "{f} must be unique per {p}",
    ),
    ("[1] <field:f> be (used | given | assigned | issued | taken) only once", "{f} must be unique"),
    ("no <field:f> (in | of | on | for) [1] <entity:p> (be | may be) <word> twice", "{f} must be unique per {p}"),
    (
        "same <entity:a> mustnot <word> twice (in | on | at | for | with) [same] <entity:p>",
        "there mustnot be 2 {topic} with same {a} and {p}",
    ),
    ("1 <entity:a> may <word:v> <entity:b> only once", "{a} may {v} same {b} only once"),
    ("2 <entity:e> mustnot be (%made | set up | kept | used) with same <fields:f>", "no 2 {e} may have same {f}"),
    (
        "(same | 1 | given) <field:f> [of <entity:e>] mayonly be (%made | used | chosen | given) once per <entity:p>",
        "{f} must be unique per {p}",
    ),
    (
        "2 <entity:e> (may | must) not (register | sign up | be %made) with same <fields:f>",
        "no 2 {e} may have same {f}",
    ),
    ("2 <entity:e> mustnot (register | sign up) with same <fields:f>", "no 2 {e} may have same {f}"),
    ("no <field:f> may be (used | shared | taken | given) (by | for | to) > 1 <entity:e>", "{f} must be unique"),
    ("<field:f> (belongs | belong) to (only 1 <entity:e> | 1 <entity:e> only | <= 1 <entity:e>)", "{f} must be unique"),
    (
        "same <field:f> of <entity:e> may be (%made | used | chosen | given) only once (to | for | in | on | per) [per] <entity:p>",
        "{f} must be unique per {p}",
    ),
    (
        "<entity:p> (may | mayonly) have [only] 1 <entity:e> (of | for | per) [per | same | 1 | given] <field:f>",
        "{f} must be unique per {p}",
    ),
    (
        "there (be | may be | mayonly be) [only] 1 <entity:e> (of | per) <field:f> (per | for | in | on) [per] <entity:p>",
        "{f} must be unique per {p}",
    ),
    ("<entity:p> mustnot have 2 <entity:e> of same <words:f>", "no 2 {e} of same {p} may have same {f}"),
    (
        "<field:a> (may | mayonly) (file | make | place | have | enter | submit | register) only 1 <entity:c> (for | per | of | on) same <entity:p>",
        "there must be <= 1 {c} per {a} and {p}",
    ),
    (
        "<field:a> (may | mayonly) (file | make | place | have | enter | submit | register) only 1 <entity:c> (for | per | of | on) [1] <entity:p>",
        "there must be <= 1 {c} per {a} and {p}",
    ),
    (
        "same <entity:a> mustnot have 2 <entity:c> (for | of | on | in) same <entity:p>",
        "there must be <= 1 {c} per {a} and {p}",
    ),
    ("in <entity:p> <field:f> may be <word> only once", "{f} must be unique per {p}"),
    ("<entity:p> may use <field:f> only once", "{f} must be unique per {p}"),
    (
        "[same] <field:f> may (be <word> | occur | appear | exist) only once (per | in | for | on | within) [1 | each | same] <entity:p>",
        "{f} must be unique per {p}",
    ),
    (
        "(within | in | for) [1 | each | same] <entity:p> [,] [1 | each | same] <field:f> may (be <word> | occur | appear | exist) only once",
        "{f} must be unique per {p}",
    ),
    (
        "no <field:f> (occurs | occur | appears | exists | may occur | may appear) twice (in | on | for | within) [1 | same] <entity:p>",
        "{f} must be unique per {p}",
    ),
    (
        "no 2 <entity:e> (of | in | on | for | within) [1] <entity:p> may (have | share) [same] <fields:f>",
        "no 2 {e} of same {p} may have same {f}",
    ),
    ("within [1 | same] <words:p> , <words:f> (must be | be) unique", "{f} must be unique per {p}"),
    (
        "(within | in | on | for | per) [1 | same] <words:p> , <words:f> (may | mayonly | must) be %occupied (only once | <= once | once | only 1)",
        "{f} must be unique per {p}",
    ),
    ("<field:f> may be (used | taken | held | given | assigned) by only 1 <entity:e>", "{f} must be unique"),
    ("<entity:e> whose <field:f> be (taken | used | in use | assigned) be %refused", "{f} must be unique"),
    ("if other <entity:e> have (same | that) <field:f> , <entity:e2> %nosave", "{f} must be unique"),
    ("there (mustnot be | may be no) > 1 <entity:e> with same <field:f>", "{f} must be unique"),
    (
        "%agent mustnot (register | create | add | enter | save) <entity:e> (under | < | with | using) <field:f> that other <entity:e2> (uses | use | have)",
        "{f} must be unique",
    ),
    ("<entity:e> with duplicate <field:f> %nosave", "{f} must be unique"),
    (
        "<entity:e> must have <field:f> (different from | other than | that differs from) (that | those) of [other] <entity:e2>",
        "{f} must be unique",
    ),
    ("[same] <entity:p> mustnot have 2 <entity:e> with same <field:f>", "{f} must be unique per {p}"),
    (
        "(per | within | for) [1 | same] <entity:p> , [no] <field:f> may (be used | occur | appear | exist | be given | be given out | be issued | be assigned | be taken) (twice | > once | only once | once)",
        "{f} must be unique per {p}",
    ),
    ("<entity:e> be refused if <entity:p> have <entity:e2> with (that | same) <field:f>", "{f} must be unique per {p}"),
    (
        "if <entity:e> with same <field:f> (exists | exist) for <entity:p> , <entity:e2> %nosave",
        "{f} must be unique per {p}",
    ),
    (
        "no 2 <entity:e> (with | of | for | in) same <entity:p> may (share [same] | have same) <field:f>",
        "{f} must be unique per {p}",
    ),
    (
        "same <field:f> to be (given | used | assigned) > once (to | for | by) <entity:e> of [1 | same] <entity:p> be %refused",
        "{f} must be unique per {p}",
    ),
    ("<field:f> (may | mayonly) be used (for | by | in | on) [only] 1 <entity:e> [only]", "{f} must be unique"),
    (
        "<fields:f> mustnot (repeat | be repeated | recur) (across | among | between | over) <entity:e>",
        "{f} must be unique",
    ),
    ("if other <entity:e> have [same | that] <field:f> , (<entity:e2> | it) %nosave", "{f} must be unique"),
    ("<field:f> mustnot be same as (that | those) of other <entity:e>", "{f} must be unique"),
    ("we (never | do not) give same <field:f> to (> 1 | 2) <entity:e>", "{f} must be unique"),
    (
        "%agent (mustnot | mustnot be able to) enter <field:f> that other <entity:e> (have | uses | use)",
        "{f} must be unique",
    ),
    ("there (may be | mayonly be | must be) <= 1 <entity:e> with (given | same | 1) <field:f>", "{f} must be unique"),
    ("same <field:f> mustnot (occur | appear | be used | exist) (on | in | for) 2 <entity:e>", "{f} must be unique"),
    (
        "<field:f> mustnot (repeat | be repeated | recur) (within | in) [1 | same] <entity:p>",
        "{f} must be unique per {p}",
    ),
    ("(combination | pair) of <entity:p> and <field:f> must be unique [for <entity:e>]", "{f} must be unique per {p}"),
    (
        "<entity:e> be refused if <entity:p> have other <entity:e2> with (that | same) <field:f>",
        "{f} must be unique per {p}",
    ),
    (
        "<field:f> may (occur | appear | be used) (<= once | once | only once) per <entity:p> [among <entity:e>]",
        "{f} must be unique per {p}",
    ),
    ("<field:f> must differ from <field:f2> of other <entity:e> of [same] <entity:p>", "{f} must be unique per {p}"),
    (
        "duplicate <field:f> [among <entity:e>] (of | in | within | on) [1 | same] <entity:p> be %refused",
        "{f} must be unique per {p}",
    ),
    (
        "if other <entity:e> of <entity:p> have (that | same) <field:f> , (<entity:e2> | it) %nosave",
        "{f} must be unique per {p}",
    ),
    (
        "%agent mustnot (give | use) same <field:f> (to | for | on) 2 <entity:e> of [1 | same] <entity:p>",
        "{f} must be unique per {p}",
    ),
    ("we do not allow <entity:p> to have 2 <entity:e> with same <field:f>", "{f} must be unique per {p}"),
    (
        "<entity:e> must have (different | own | other) <field:f> (from | than) [that of | those of] other [<entity:e2>]",
        "{f} must be unique",
    ),
    ("duplicate <field:f> be %refused [%prep <entity:e>]", "{f} must be unique"),
    ("<field:f> mustnot be (= | same as) (that | those | <field:g>) of other [<entity:e>]", "{f} must be unique"),
    (
        "<words:x> of [1 | same] <entity:p> <words:y> , but <entity:e> of (different | other) <entity:p2> may [do so]",
        "{x} of {p} {y}",
    ),
    (
        "same <field:f> may be used again (in | on | for) other <entity:p> , but not for (second | 2 | other) <entity:e> of same <entity:p2>",
        "{f} must be unique per {p}",
    ),
    ("<field:f> (may | mayonly) <word:v> same <entity:p> (only once | once | <= once)", "{f} must be unique per {p}"),
    (
        "(1 | <= 1 | only 1) <entity:e> per <entity:p> and <entity:q>",
        "combination of {p} and {q} must be unique for {e}",
    ),
    ("(1 | <= 1 | only 1) <entity:e> per <field:f> and <entity:p>", "{f} must be unique per {p}"),
    ("(1 | <= 1 | only 1) <entity:e> per <entity:p> and <field:f>", "{f} must be unique per {p}"),
    ("there (mustnot be | may be no | be no) 2 <entity:e> with <words:same>", "no 2 {e} may have {same}"),
    ("<field:f> must (be different from | differ from) other <entity:e> 's [<field:g>]", "{f} must be unique"),
    (
        "<entity:e> whose <field:f> be (taken | used | in use | assigned) by other [<entity:e2>] %nosave",
        "{f} must be unique",
    ),
    (
        "<entity:e> with <field:f> (taken | used | in use) [by (other | different) <entity:e2>] %nosave",
        "{f} must be unique",
    ),
    ("duplicate <field:f> be %refused (among | between | across) <entity:e>", "{f} must be unique"),
    (
        "<entity:e> mustnot (reuse | use | have | share) <field:f> that other <entity:e2> (have | use | uses)",
        "{f} must be unique",
    ),
    (
        "<field:f> (belong to | may belong to) (1 <entity:e> <= | only 1 <entity:e> | <= 1 <entity:e>)",
        "{f} must be unique",
    ),
    (
        "%agent (never | do not) (want to see | want | allow | accept) same <field:f> (on | for) 2 <entity:e>",
        "{f} must be unique",
    ),
    (
        "<field:f> mustnot (occur | appear | be used | exist | be found) (on | for | in | by | with) other <entity:e>",
        "{f} must be unique",
    ),
    ("same <field:f> mustnot be (given | assigned) to (> 1 | 2) <entity:e>", "{f} must be unique"),
    (
        "2 <entity:e> (for | of | in | at) 1 <entity:p> mustnot (share [same] | have same) <field:f>",
        "{f} must be unique per {p}",
    ),
    (
        "(combination | pair) of <fields:f> must be unique (among | across) <entity:e>",
        "combination of {f} must be unique",
    ),
    // "Within one order, every item needs a different description"
    (
        "(within | in | at | on | for | per) [1 | same] <entity:p> [,] <entity:e> (must have | have | need | needs | require | requires) (different | distinct | other) <field:f>",
        "{f} must be unique per {p}",
    ),
    (
        "<entity:e> (of | in | within | on) [1 | same] <entity:p> (must have | need | needs | require | requires) (different | distinct) <field:f>",
        "{f} must be unique per {p}",
    ),
    (
        "<entity:e> (per | of same | in same | for same) <entity:p> must have (different | distinct) <field:f>",
        "{f} must be unique per {p}",
    ),
    (
        "if other <entity:e> of <entity:p> (use | uses) [same | that] <field:f> , (<entity:e2> | it) %nosave",
        "{f} must be unique per {p}",
    ),
    (
        "<field:f> may be used again for other <entity:p> , but (never | not) (twice | again) for same <entity:p2>",
        "{f} must be unique per {p}",
    ),
    (
        "per [1] <entity:p> , <field:f> may be used by (1 <entity:e> <= | <= 1 <entity:e> | only 1 <entity:e>)",
        "{f} must be unique per {p}",
    ),
    ("duplicate <field:f> be %refused (per | within | in) [1 | same] <entity:p>", "{f} must be unique per {p}"),
    (
        "same <field:f> on 2 <entity:e> of [1 | same] <entity:p> be refused [; across different <entity:p2> it may repeat]",
        "{f} must be unique per {p}",
    ),
    ("<fields:f> together must be (different | unique) per <entity:e>", "combination of {f} must be unique"),
    (
        "<field:f> may (occur | appear | be used) only once within [1 | same] <entity:p> [, although different <entity:p2> may use same <field:g>]",
        "{f} must be unique per {p}",
    ),
    ("within 1 <entity:p> [,] <field:f> (occurs | occur | appears | appear) only once", "{f} must be unique per {p}"),
    ("for 1 <entity:p> there mayonly be 1 <entity:c> per <field:f>", "{f} of {c} must be unique per {p}"),
    ("2 <entity:e> with same <field:f> (be %refused | must be %refused | fails | fail)", "{f} must be unique"),
    ("there mayonly be 1 <entity:e> with same <field:f> and [same] <field:g>", "no 2 {e} may share {f} and {g}"),
    ("there mayonly be 1 <entity:e> with same <field:f>", "no 2 {e} may share {f}"),
    ("2 <entity:e> with same <fields:f> be %refused", "no 2 {e} may have same {f}"),
    (
        "<entity:p> [mayonly | may] (get | gets | have | receive | receives | take | takes) <= 1 <entity:e> per <field:f>",
        "{f} must be unique per {p}",
    ),
    (
        "2 <entity:e> with same <fields:f> %prep same <entity:p> be not (allowed | permitted | possible | accepted)",
        "{f} must be unique per {p}",
    ),
    (
        "2 <entity:e> with same <fields:f> be not (allowed | permitted | possible | accepted)",
        "no 2 {e} may have same {f}",
    ),
    (
        "<entity:p> (gets | get | has | have | receives) (only | <= | exactly) 1 <entity:e> per <words:x>",
        "{p} may have only 1 {e} per {x}",
    ),
    (
        "duplicate <field:f> (within | in | per | of) [1 | same] <entity:p> (rejected | refused | forbidden)",
        "{f} must be unique per {p}",
    ),
    ("per day , <words:x>", "{x} per day"),
    ("1 <entity:c> per <words:f> per day", "only 1 {c} per {f} per day"),
    (
        "<entity:p> mustnot <word:v> [in | for | on | to] (same | per) <entity:q> (> once | twice | again | 2 times)",
        "there mustnot be 2 {v:made} with same {p} and {q}",
    ),
    (
        "<entity:p> mustnot <word:v> (> once | twice) (in | for | on | to | per) [same | 1] <entity:q>",
        "there mustnot be 2 {v:made} with same {p} and {q}",
    ),
    (
        "<entity:p> (may | mayonly) (make | place | have | enter | submit | do) only 1 <word:n> per <field:f>",
        "there must be <= 1 {n:made} per {p} and {f}",
    ),
    (
        "same <field:a> mustnot <word:v> [<word:w>] twice (for | in | on | at | with | to) same <words:b> on same day",
        "only 1 {v:made} per {a} , {b} and day",
    ),
    (
        "<entity:p> mustnot be <word:v> [in | for | on | to] (same | per) <entity:q> (> once | twice | 2 times)",
        "there mustnot be 2 {v:made} with same {p} and {q}",
    ),
    (
        "<entity:p> mustnot <word:v> (in | for | on | to) same <entity:q>",
        "there mustnot be 2 {v:made} with same {p} and {q}",
    ),
    ("<entity:p> mustnot <word:v> twice %daily", "{p} may {v} only once per day"),
    (
        "<fields:f> (only must be unique | must be unique only | only must be unique only) (within | in | per) [1 | same] <entity:p>",
        "{f} must be unique per {p}",
    ),
    ("<fields:f> (must be | be) unique (within | in | per) [1 | same] <entity:p> only", "{f} must be unique per {p}"),
    (
        "<field:f> that (be in use | be used | be taken | be registered | be assigned) (by | for | on | in | with) other [<entity:e>] %nosave",
        "{f} must be unique",
    ),
    (
        "<field:bare> that (be in use | be used | be taken | exists | exist | be registered | be assigned | be stored | be recorded) %nosave",
        "{bare} must be unique",
    ),
    // "A code that another bike already has is refused": `has is` stands for `is` by then.
    (
        "<field:f> that other <entity:e> (be refused | uses be refused | use be refused | owns be refused)",
        "{f} must be unique",
    ),
    ("<field:f> (identifies | identify) <entity:e> uniquely", "{f} must be unique"),
    ("<field:f> uniquely (identifies | identify) <entity:e>", "{f} must be unique"),
    ("<field:f> be unique (identifier | key | id) (of | for) <entity:e>", "{f} must be unique"),
    (
        "(creating | adding | saving | registering | entering | recording | storing | making) <entity:e> with (existing | duplicate | used | taken) <field:f> (be %refused | must be %refused | fails | fail)",
        "{f} must be unique",
    ),
    (
        "(creating | adding | saving | registering | entering | recording | storing | making) <entity:e> with <field:f> that (exists | exist | be used | be in use | be taken | be registered | be assigned) [(by | for | on | in | with) other [<entity:e2>]] (be %refused | must be %refused | fails | fail)",
        "{f} must be unique",
    ),
    (
        "(creating | adding | saving | registering | entering | recording | storing | making) <entity:e> with same <fields:f> as (other | existing | other existing) [<entity:e2>] (be %refused | must be %refused | fails | fail)",
        "no 2 {e} may have same {f}",
    ),
    ("<entity:e> with same <fields:f> as [other | existing] <entity:e2> %nosave", "no 2 {e} may have same {f}"),
    ("<entity:e> with same <fields:f> as (other | existing) [1] %nosave", "no 2 {e} may have same {f}"),
    ("<entity:e> with <field:f> that (exists | exist) %nosave", "{f} must be unique"),
    (
        "<fields:f> (must be | be) unique (; | ,) (case | upper and lower case | lower and upper case | capitalisation) (do not matter | be ignored | be not relevant | be irrelevant | must be ignored)",
        "{f} must be unique , ignoring case",
    ),
    (
        "there (mayonly be | may be <= | may be only | be only | must be <=) 1 <entity:e> per <field:f> (in | on | at | for | per | within | of) [1 | same | given] <entity:p>",
        "{f} must be unique per {p}",
    ),
    (
        "there (mayonly be | may be <= | may be only | be only | must be <=) 1 <entity:e> per <entity:p> (in | on | at | for | per) [1 | same | given] <field:f>",
        "{f} must be unique per {p}",
    ),
    (
        "if %agent [tries to | try to | attempts to | wants to] (add | adds | create | creates | enter | enters | register | registers | save | saves) <entity:e> with same <fields:f> (second time | again | twice | > once) , (request | it | <entity:e2>) be %refused",
        "no 2 {e} may have same {f}",
    ),
    (
        "if %agent [tries to | try to | attempts to | wants to] (add | adds | enter | enters | put | puts | book | books | assign | assigns) same <entity:a> (to | into | on | in | for) [same] <entity:b> (second time | again | twice | > once) , (request | it | <entity:a2>) be %refused",
        "same {a} mustnot be added to {b} twice",
    ),
    (
        "if %agent [tries to | try to | attempts to | wants to] (enter | enters | give | gives | type | types | use | uses | choose | chooses | provide | provides) <field:f> that (exists | exist | be in use | be used | be taken) [(by | for | on | in) other [<entity:e>]] , ((error | error message) (be shown | appears) | system shows (error | error message) | (request | it | entry) be %refused)",
        "{f} must be unique",
    ),
    (
        "<field:f> may (repeat | be repeated | recur | be reused | be used again | occur again | be same) (across | in | between | for | among | on) [different | other | several] <entity:p> [,] but not (within | in | on | per | for) [1 | same] <entity:p2>",
        "{f} must be unique per {p}",
    ),
    (
        "(within | in | at | on | for) 1 <entity:p> [,] no 2 <entity:e> may (have | share | use) [same] <fields:f>",
        "no 2 {e} of same {p} may have same {f}",
    ),
    (
        "per <entity:p> [,] no 2 <entity:e> may (have | share | use) [same] <fields:f>",
        "no 2 {e} of same {p} may have same {f}",
    ),
    (
        "<field:f> must (be distinct | be different | differ) [(for | among | across | between) <entity:e>]",
        "{f} must be unique",
    ),
    ("<entity:e> (be | must be) unique by <fields:f>", "no 2 {e} may have same {f}"),
    (
        "only 1 <entity:e> may have (given | certain | particular | same | specific) <fields:f>",
        "no 2 {e} may have same {f}",
    ),
    ("<entity:e> whose <field:f> (exists | exist) %nosave", "{f} must be unique"),
    ("no duplicate <field:bare>", "{bare} must be unique"),
    ("duplicate <field:bare> %refused", "{bare} must be unique"),
    ("duplicates of <field:bare> %nosave", "{bare} must be unique"),
    (
        "same <field:f> mustnot (be used | be entered | occur | appear | exist | be given | be assigned | be registered | be recorded | be stored | be issued) (twice | > once | again)",
        "{f} must be unique",
    ),
    (
        "same <field:f> mustnot be (registered | used | given | assigned | entered | recorded | issued) (for | to | by | on | in) 2 <entity:e>",
        "{f} must be unique",
    ),
    (
        "<field:f> mayonly be (assigned | given | issued | used | registered | held) (to | for | by | on) 1 <entity:e>",
        "{f} must be unique",
    ),
    (
        "(combination | pair) of <fields:f> must be unique (for | of | per) <entity:e>",
        "combination of {f} must be unique",
    ),
    ("<field:f> mustnot be in use (by | for | on) other <entity:e>", "{f} must be unique"),
    (
        "numberof <entity:c> per <entity:p> (and | per) day (be | must be) limited to <qty:n>",
        "there may be <= {n} {c} per {p} per day",
    ),
    ("numberof <entity:c> per day (be | must be) limited to <qty:n>", "there may be <= {n} {c} per day"),
    ("<entity:p> and <field:f> must be unique", "{f} must be unique per {p}"),
    ("<entity:p> and <field:f> unique", "{f} must be unique per {p}"),
];
