//! Who does it: `users must enter a name`, `we do not accept orders without a number`.

pub(super) const FRAMES: super::Frames = &[
    // "Inspectors may record defects only while the inspection is in progress"
    (
        "<words:r> may (record | create | add | enter | make | register) <entity:e> (only if | onlyif) <words:c>",
        "{e} mayonly be created if {c} && {e} be created by {r}",
    ),
    (
        "system must (store | record | keep) <entity:e> <word> (in | on | at | during) [1] <entity:p>",
        "system must store {e} && {e} belongs to {p}",
    ),
    // "The system shall store enrolments of children in courses": each belongs to one of both.
    (
        "(we | system | service | application | app | i | staff) [must | may] %record <entity:e> (of | by) <entity:a> (in | at | on | for | to | with) <entity:b>",
        "system must store {e} && {e} belongs to {a} && {e} belongs to {b}",
    ),
    ("%agent (must | need to | have to) %enter <fields:f>", "{f} must be given"),
    ("%agent (must | need to | have to) %enter <fields:f> (if | for) <words:c>", "{f} must be given if {c}"),
    (
        "if (entering | creating | adding | saving | making | recording) <entity:e> , [%agent] must (%enter <fields:f> | have <fields:f>)",
        "{f} must be given",
    ),
    ("we (want | need | expect) <fields:f> to be <words:c> [per <entity:e>]", "{f} must be {c}"),
    ("(if | for) <words:c> , we need <fields:f> [as well]", "{f} must be given if {c}"),
    ("we (do not | mustnot | never) (accept | allow | permit | want | take) <words:x>", "{x} be refused"),
    (
        "%agent (mustnot | do not | never) (enter | save | create | register | add | record | store | make) <entity:e> with <words:c>",
        "{e} with {c} be refused",
    ),
    (
        "%agent (mustnot | do not | never) (enter | save | create | register | add | record | store | make) <entity:e> without <words:c>",
        "{e} without {c} be refused",
    ),
    (
        "%agent (mustnot | do not | never) (enter | save | create | register | add | record | store | make) <entity:e> whose <words:c>",
        "{e} whose {c} be refused",
    ),
    (
        "%agent (mustnot | do not | never) (enter | save | create | register | add | record | store | make) <entity:e> that <words:c>",
        "{e} that {c} be refused",
    ),
    (
        "%agent (mustnot | do not | never) (enter | choose | set | give | type | pick | select) <field:f> [%prep <entity:e>] that (be | lies | comes) <words:c>",
        "{f} mustnot be {c}",
    ),
    (
        "%agent (mustnot | do not | never) (enter | choose | set | give | type | pick | select) <field:f> <cmp:o> <words:c>",
        "{f} mustnot be {o} {c}",
    ),
    (
        "%agent must (enter | choose | set | give | pick | select) <field:f> [%prep <entity:e>] (that be | that lies | that comes | of) <words:c>",
        "{f} must be {c}",
    ),
    (
        "(we | system) only (accept | accepts | allow | allows) <entity:e> (whose | with | that have) <field:f> [that] [be | of] <words:c>",
        "{f} must be {c}",
    ),
    (
        "(we | system) (accept | accepts | allow | allows) <entity:e> only (with | if) [it 's] <field:f> [that] [be | of] <words:c>",
        "{f} must be {c}",
    ),
    ("(we | system) only (accept | accepts | allow | allows) <field:f> that be <words:c>", "{f} must be {c}"),
    (
        "only (values | numbers | amounts) (from | between) <qty:a> (to | and) <qty:b> be (accepted | allowed | valid | possible) (as | for) <field:f>",
        "{f} must be between {a} and {b}",
    ),
    ("only positive <field:f> may be (entered | saved | given | recorded)", "{f} must be positive"),
    (
        "%agent (may | mayonly) (write | enter | set | give | choose) <field:f> [of] <cmp:o> <words:x>",
        "{f} must be {o} {x}",
    ),
    ("(users | we | people | you | staff) may <word:v> <entity:o> onlyif <words:c>", "{o} mayonly be {v:ed} if {c}"),
    ("(users | we | people | you | staff) mayonly <word:v> <entity:o> if <words:c>", "{o} mayonly be {v:ed} if {c}"),
    (
        "(users | we | people | you | staff) (mustnot | do not | never) <word:v> <entity:o> [more | any more] if <words:c>",
        "{o} mustnot be {v:ed} if {c}",
    ),
    (
        "(users | we | people | you | staff) (mustnot | do not | never) <word:v> <entity:o> [more | any more] unless <words:c>",
        "{o} mustnot be {v:ed} unless {c}",
    ),
    (
        "(users | we | people | you | staff) (mustnot | do not | never) <word:v> <entity:o> [more | any more] < <words:c>",
        "{o} mustnot be {v:ed} < {c}",
    ),
    (
        "(users | we | people | you | staff) (mustnot | do not | never) <word:v> <entity:o> [more | any more] for <words:c>",
        "{o} mustnot be {v:ed} for {c}",
    ),
    ("(users | we | people | you | staff) mayonly <word:v> <entity:o> for <words:c>", "{o} mayonly be {v:ed} for {c}"),
    ("(users | we | people | you | staff) mayonly <word:v> <entity:o> to <words:c>", "{o} mayonly be {v:ed} to {c}"),
    ("(users | we | people | you | staff) mayonly <word:v> <entity:o> on <words:c>", "{o} mayonly be {v:ed} on {c}"),
    ("(users | we | people | you | staff) mayonly <word:v> <entity:o> in <words:c>", "{o} mayonly be {v:ed} in {c}"),
    (
        "(users | we | people | you | staff) may <word:v> <entity:o> (for | to | on | in) <entity:p> onlyif <words:c>",
        "{o} mayonly be {v:ed} if {c}",
    ),
    (
        "if <entity:o> be <words:c> , (users | we | people | you | staff) (mustnot | mustnot be able to) <word:v> (it | them)",
        "{o} mustnot be {v:ed} if {o} be {c}",
    ),
    (
        "if <words:c> , (users | we | people | you | staff) (mustnot | mustnot be able to) <word:v> <entity:o>",
        "{o} mustnot be {v:ed} if {c}",
    ),
    ("(we | system) only (let | allow | allows | lets) <entity:o> to be <words:x>", "{o} mayonly be {x}"),
    (
        "we (give | have | use | allow) <field:f> [of] <cmp:a> <words:x> and <cmp:b> <words:y>",
        "{f} must be {a} {x} && {f} must be {b} {y}",
    ),
    (
        "(we | system) (accept | accepts | allow | allows) <entity:e> only with <field:f> <cmp:o> <words:c>",
        "{f} must be {o} {c}",
    ),
    ("only positive <field:f> may be (entered | saved | given | recorded) %prep <entity:e>", "{f} must be positive"),
    (
        "(it | there | system | <entity:t>) mustnot be possible to <word:v> <entity:o> if <words:c>",
        "{o} mustnot be {v:ed} if {c}",
    ),
    (
        "(it | there | system | <entity:t>) mustnot be possible to <word:v> <entity:o> unless <words:c>",
        "{o} mustnot be {v:ed} unless {c}",
    ),
    ("we mustnot <word:v> <entity:o> < <words:c>", "{o} mustnot be {v:ed} < {c}"),
    ("we (do not | mustnot | never) (allow | let | permit) <words:x> to (be | have) <words:c>", "{x} mustnot be {c}"),
    ("we (do not | mustnot | never) (let | allow) %agent [to] <word:v> <words:x>", "users mustnot {v} {x}"),
    (
        "(we | system) only (let | lets | allow | allows) %agent [to] <word:v> <entity:o> <words:c>",
        "{o} mayonly be {v:ed} {c}",
    ),
    ("(we | system) (accept | accepts | allow | allows) <entity:e> onlyif <field:f> <words:c>", "{f} {c:must}"),
    ("(we | system) only (accept | accepts | allow | allows) <entity:e> onlyif <field:f> <words:c>", "{f} {c:must}"),
    (
        "(we | system) only (accept | accepts | allow | allows) (<entity:e> | <field:h>) if <field:f> <words:c>",
        "{f} {c:must}",
    ),
    ("(we | system) only (accept | accepts | allow | allows) <field:f> if it <words:c>", "{f} {c:must}"),
    ("(we | system) only (accept | accepts) <entity:e> <field:f> <words:c>", "{f} must be {c}"),
    ("<entity:e> may be (saved | stored | accepted | entered) onlyif <field:f> <words:c>", "{f} {c:must}"),
    ("<entity:e> mayonly be (saved | stored | accepted | entered) if <field:f> <words:c>", "{f} {c:must}"),
    ("whoever <word:v> <entity:e> must %enter <fields:f>", "{e} mustnot be {v:ed} without {f}"),
    ("if <entity:e> be <words:c> , noone may <word:v> it", "{e} mustnot be {v:ed} if {e} be {c}"),
    ("%agent (mustnot | do not | never) <word:v> <words:x>", "{x} mustnot be {v:ed}"),
    (
        "if [someone | user | users | anyone | person | somebody | caller] that be not <words:r> (tries | try | wants | attempts | asks) to <words:do> , system must refuse [it]",
        "only {r} may {do}",
    ),
    ("<words:x> be refused if <words:p> would [then] have <words:c>", "{p} mustnot have {c}"),
    ("if <words:x> , (system | service) must refuse [it]", "it be refused if {x}"),
    (
        "(users | we | people | you | staff) (mustnot | do not | never) <word:v> <entity:o> that have <words:c>",
        "{o} that have {c} mustnot be {v:ed}",
    ),
    ("%agent (mustnot | do not | never) %bring <entity:e> %prep <records:r>", "{e} for {r} be refused"),
    ("%agent must %enter <field:f> <cmp:o> <qty:n> [%prep <entity:e>]", "{f} must be {o} {n}"),
    ("%agent mayonly %enter <field:f> in range of <qty:a> (to | and) <qty:b>", "{f} must be between {a} and {b}"),
    (
        "(we | system) only (accept | accepts | allow | allows) <field:f> between <qty:a> and <qty:b> [inclusive]",
        "{f} must be between {a} and {b}",
    ),
    (
        "(we | system) only (accept | accepts | allow | allows) <entity:e> %prep <records:r>",
        "{e} mayonly be created for {r}",
    ),
    (
        "(we | system) (accept | accepts | allow | allows) <field:f> of <cmp:o> <qty:n> [and nothing (more | longer | higher)]",
        "{f} must be {o} {n}",
    ),
    ("%agent mustnot %enter (future date | date in future) (as | for) <field:f>", "{f} mustnot be in future"),
    ("only positive <field:f> be (allowed | accepted | valid | permitted) [%prep <entity:e>]", "{f} must be positive"),
    ("%agent may set <field:f> to <words:x> atlatest", "{f} must be <= {x}"),
    (
        "%agent (do not | mustnot | never) (allow | accept) <cmp:o> <qty:n> (from | between) <field:a> (to | and) <field:b>",
        "time between {a} and {b} mustnot be {o} {n}",
    ),
];
