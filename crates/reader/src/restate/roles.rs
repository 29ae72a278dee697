//! Who alone may do it.

pub(super) const FRAMES: super::Frames = &[
    // "Only a curator can set a damaged box back to good"
    (
        "only <words:who> may (set | change | move | put | bring) <states:a> <entity:e> [back] to <states:b>",
        "{a} {e} mayonly be set back to {b} by {who}",
    ),
    (
        "<states:a> <entity:e> may be (set | changed | moved | put | brought) [back] to <states:b> by <words:who> (only | alone)",
        "{a} {e} mayonly be set back to {b} by {who}",
    ),
    (
        "(system | we | service | application) [must] (let | lets | allow | allows | permit | permits) only <words:r> [to] <words:do>",
        "only {r} may {do}",
    ),
    (
        "[system | we | service] [must] (restrict | restricts | limit | limits | reserve | reserves) %changing <entity:o> (to | for) <words:r>",
        "only {r} may change {o}",
    ),
    (
        "[system | we | service] [must] (restrict | restricts | limit | limits | reserve | reserves) %deleting <entity:o> (to | for) <words:r>",
        "only {r} may delete {o}",
    ),
    (
        "[system | we | service] [must] (restrict | restricts | limit | limits | reserve | reserves) (creation of | creating | adding | entering | adding of | creating of) <entity:o> (to | for) <words:r>",
        "only {r} may create {o}",
    ),
    ("without role [of] <words:who> , (it | system) mustnot be possible to <words:do>", "only {who} may {do}"),
    ("without role [of] <words:who> , %agent mustnot <words:do>", "only {who} may {do}"),
    (
        "setting <field:f> [(on | for | in | of) <entity:e>] (be | must be) [1] (privilege | right | prerogative | task | job | matter) (of | for) <words:r>",
        "only {r} may set {f}",
    ),
    ("<words:d> be up to <words:r>", "{d} be reserved for {r}"),
    ("<words:d> be up to <words:r> (; | , | –) [and | but] %others (mustnot | may not) %so", "{d} be reserved for {r}"),
    (
        "<entity:e> be (maintained | managed | kept | administered | looked after) by <words:r> (: | ; | – | ,) [and] noone [else] may <words:v> them",
        "only {r} may {v} {e}",
    ),
    ("only <words:r> <word:v> or <word:w> <entity:e>", "only {r} may {v} {e} && only {r} may {w} {e}"),
    (
        "<words:x> mayonly be <words:v> if <words:c> , and only by <words:r>",
        "{x} mayonly be {v} if {c} && {x} mayonly be {v} by {r}",
    ),
    // "Only a vet can complete an appointment, and only when it is checked in"
    (
        "only <words:r> may <word:v> <entity:e> [,] [and] onlyif (it | they) be [in] [%state] <states:s>",
        "{s} {e} mayonly be {v:ed} by {r}",
    ),
    (
        "only <words:r> may <word:v> <entity:e> if (it | they) be [in] [%state] <states:s>",
        "{s} {e} mayonly be {v:ed} by {r}",
    ),
    (
        "<words:r> (looks > | look > | be responsible for | be in charge of | takes care of | take care of) <entity:e> and be only 1 that may <words:do> (they | them | it)",
        "only {r} may {do} {e}",
    ),
    ("<words:r> be only 1 that may <words:do>", "only {r} may {do}"),
    (
        "<entity:e> (may be | mayonly be) %deleted [only] by <words:r> and (onlyif | only if | only unless) (they | it) be <states:s>",
        "only {r} may delete {e} && {e} mayonly be deleted in {s}",
    ),
    ("<entity:e> : (delete | deletion | deleting) only by <words:r>", "only {r} may delete {e}"),
    ("<entity:e> : (change | changes | edit | editing | changing) only by <words:r>", "only {r} may change {e}"),
    (
        "<states:s> mayonly be (setto | set | chosen | given | reached) by <words:r>",
        "only {r} may set {s:owner} to {s}",
    ),
    (
        "(change | transition | move | step) from <states:a> to <states:b> (must be | be) (restricted to | reserved for | limited to | only allowed for | allowed only for) <words:r>",
        "only {r} may move {b:owner} from {a} to {b}",
    ),
    (
        "<entity:e> may be <word:v> from <states:a> to <states:b> only by <words:r>",
        "only {r} may move {e} from {a} to {b}",
    ),
    (
        "%state <states:s> mayonly be (setto | set | chosen | assigned | given) by <words:r>",
        "only {r} may set {s:owner} to {s}",
    ),
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
    ("<words:o> may be <words:v> by <words:r> only", "{o} mayonly be {v} by {r}"),
    (
        "<word:v> <entity:o> and <word:w> it <words:x> (must be | be) (reserved for | left to | restricted to | <=) <words:r>",
        "{v} {o} must be reserved for {r} && {w} {o} {x} must be reserved for {r}",
    ),
    (
        "<words:a> and <words:b> (must be | be) (reserved for | left to | restricted to | <=) <words:r>",
        "{a} must be reserved for {r} && {b} must be reserved for {r}",
    ),
    (
        "<words:a> (be | must be) (left to | <= | task of | job of | matter for) <words:r>",
        "{a} must be reserved for {r}",
    ),
    ("<word:v> <entity:o> as <states:s> must be reserved for <words:r>", "only {r} may set {o} to {s}"),
    ("<word:v> must be reserved for <words:r>", "{topic} mayonly be {v:ged} by {r}"),
    (
        "(deletion | removal | deleting | removing) of <entity:e> be (allowed | permitted | possible | reserved) (for | to) <words:r> (only | and noone [else] | , and noone [else])",
        "only {r} may delete {e}",
    ),
    ("(you | user | users | person | people | 1) must be <words:r> to <words:do>", "only {r} may {do}"),
    ("we let <words:r> , and (no other role | noone [else]) , <words:do>", "only {r} may {do}"),
    (
        "to <words:do> , (user | users | you | 1 | person | people) (need | must have) [role of] <words:r> role",
        "only {r} may {do}",
    ),
    (
        "if (someone | somebody | user | person | anyone) that be not <words:r> (try | want | attempt) to <words:do> , (it | this | system) be %refused",
        "only {r} may {do}",
    ),
    (
        "<words:o> mustnot be <words:v> by (anyone | anybody | users | other user) (except | but | other than | besides) <words:r>",
        "{o} mayonly be {v} by {r}",
    ),
    ("we allow no (role | user | 1) (but | except | other than) <words:r> to <words:do>", "only {r} may {do}"),
    ("only <words:r> may <words:do> ; <word:s> (mustnot | may not)", "only {r} may {do}"),
    ("only <words:r> may <words:do> , not <word:s>", "only {r} may {do}"),
    (
        "only <words:r> may <words:do> , and (they | he | she) must %enter <fields:f>",
        "only {r} may {do} && to {do} , {f} must be given",
    ),
    // "It is the accountant who marks claims as paid"
    ("it be <words:r> that <words:do>", "only {r} may {do}"),
    ("it be only <words:r> that <words:do>", "only {r} may {do}"),
    // "Check-in has to be done by a host", "approving a claim is done by team leads only"
    ("<words:a> must be (done | performed | made | carried out) by <words:r>", "{a} must be reserved for {r}"),
    (
        "<words:a> (be | must be) (done | performed | made | carried out) (only by | by only | exclusively by) <words:r>",
        "{a} must be reserved for {r}",
    ),
    (
        "<words:r> have (sole right | exclusive right | sole permission | exclusive permission) to <words:do>",
        "only {r} may {do}",
    ),
    ("only <words:r> have (right | permission | power | authority) to <words:do>", "only {r} may {do}"),
    ("<words:x> mustnot be <words:v> by (anyone | anybody | users | user | noone | people)", "{x} mustnot be {v}"),
    ("it be only <words:r> that may <words:do>", "only {r} may {do}"),
    // "Hosts have permission to suspend members": as if they may
    ("<words:r> have (permission | right | authority | power | privilege) to <words:do>", "{r} may {do}"),
    ("(permission | right | authority) to <words:do> (: | –) [only] <words:r> [only]", "only {r} may {do}"),
    (
        "only following [role | roles | user | users | people] (may | be allowed to) <words:do> : <words:who>",
        "only {who} may {do}",
    ),
    // "Customers are visible to receptionists only"
    (
        "<entity:o> (be | must be | mayonly be) [only] (visible | accessible | available | shown | displayed) (to | for) <words:r> only",
        "only {r} may view {o}",
    ),
    (
        "<entity:o> (be only | must be only | mayonly be | must only be) (visible | accessible | available | shown | displayed) (to | for) <words:r>",
        "only {r} may view {o}",
    ),
    // "Managers can delete bikes; others get a 403"
    (
        "<words:who> may <words:do> (; | ,) [and | but] [all] (other | others | other user | other role | everyone else | everybody else | anyone else | anybody else) (get | receive | see) [1] (403 | error | error message | forbidden | 403 error | message)",
        "only {who} may {do}",
    ),
    ("<words:x> mustnot be <words:v> (, | –) [even] not [even] by <words:r>", "{x} mustnot be {v}"),
    ("<words:x> may be <words:v> by <words:r> [,] (and | but) noone", "{x} mayonly be {v} by {r}"),
    ("no (role | user | person) may <words:v>", "users mustnot {v}"),
];
