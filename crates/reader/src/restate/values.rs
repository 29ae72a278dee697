//! Bounds, lengths and comparisons.

pub(super) const FRAMES: super::Frames = &[
    (
        "if <entity:e> be [in] <states:s> [condition] [,] (it | they | <entity:e2>) must be [marked as | flagged as | set to | setto] <word:f>",
        "{s} {e} must be {f}",
    ),
    ("no <field:f> may [be] <cmp:o> <words:x>", "{f} mustnot be {o} {x}"),
    // "A kayak must be at least 4 metres long"
    ("<entity:e> must be <cmp:o> <qty:n> long", "length of {e} must be {o} {n}"),
    ("<entity:e> must be <cmp:o> <qty:n> wide", "width of {e} must be {o} {n}"),
    ("<entity:e> must be <cmp:o> <qty:n> high", "height of {e} must be {o} {n}"),
    ("<entity:e> must be <cmp:o> <qty:n> tall", "height of {e} must be {o} {n}"),
    ("<entity:e> must be <cmp:o> <qty:n> deep", "depth of {e} must be {o} {n}"),
    (
        "no [other] <field:f> %but <words:v> (may be | be) (%supplied | %permitted | used) [(for | on | in | of | as) <entity:e>]",
        "{f} be oneof {v}",
    ),
    // "An invoice is due at least 14 days after it was issued"
    ("<entity:e> be <word:v> <cmp:o> <qty:n> > <words:m>", "{e} must be {v} {o} {n} > {m}"),
    ("<entity:e> mayonly be <word:v> >= <words:m>", "{e} mustnot be {v} < {m}"),
    ("<entity:e> mayonly be <word:v> <= <words:m>", "{e} mustnot be {v} > {m}"),
    ("it be %refused for <entity:e> to <words:v>", "{e} mustnot {v}"),
    (
        "<words:x> between <words:a> and <words:b> [,] (both included | inclusive | both inclusive | both ends included | both ends inclusive)",
        "{x} between {a} and {b}",
    ),
    // "The length of a double kayak must be at least 4"
    ("<field:f> of <states:s> <entity:e> must be <words:x>", "if {e} be {s} , {f} must be {x}"),
    ("<field:f> of <states:s> <entity:e> mustnot be <words:x>", "if {e} be {s} , {f} mustnot be {x}"),
    (
        "<states:s> <entity:e> (must be | mustnot be | may be) <cmp:o> <qty:n> <word:l>",
        "if {e} be {s} , {e} must be {o} {n} {l}",
    ),
    // "The roof area can be given as a decimal" of the records that are spoken of
    (
        "<words:n> may be (given | entered | recorded | stored) as (decimal | decimal number)",
        "{topic} have {n} ( decimal )",
    ),
    (
        "<words:n> may be (given | entered | recorded | stored) as (whole number | integer)",
        "{topic} have {n} ( integer )",
    ),
    ("<words:n> may be (given | entered | recorded | stored) as amount of money", "{topic} have {n} ( money )"),
    ("<words:n> date may be (given | entered | recorded | noted)", "{topic} have {n} date"),
    ("<words:n> note may be (given | entered | recorded | noted | added)", "{topic} have {n} note"),
    // "Hours are a decimal number from 0.25 up to 8 per entry"
    (
        "<field:f> (be | must be) <words:t> (from | between) <qty:a> (<= | to | and) <qty:b> [per <entity:e>]",
        "{f} be {t} && {f} must be between {a} and {b}",
    ),
    (
        "<words:n> (be | must be) (stored | kept | recorded | held | noted) (with | on | for) <entity:e> as <words:t>",
        "{e} have {n} ( {t} )",
    ),
    ("<entity:e> be oneof <words:v> ; we call <words:f>", "{f} of {e} be oneof {v}"),
    (
        "<entity:e> be [oneof] <words:v> (; | , | –) [and] (we call | we call it | we call that | be called | it be called | that be called | that be | that we call | this be) <words:f>",
        "{f} of {e} be oneof {v}",
    ),
    ("<entity:e> be oneof <words:v> , called <words:f>", "{f} of {e} be oneof {v}"),
    (
        "<field:f> and <field:g> be amounts (in euros | in dollars | in pounds | of money) ; neither may <words:x>",
        "{f} be amount of money && {g} be amount of money && {f} mustnot {x} && {g} mustnot {x}",
    ),
    (
        "<field:f> and <field:g> be amounts (in euros | in dollars | in pounds | of money)",
        "{f} be amount of money && {g} be amount of money",
    ),
    ("<field:f> may be <qty:n> but not (less | lower | <)", "{f} must be >= {n}"),
    ("<field:f> may be <qty:n> but not (more | higher | >)", "{f} must be <= {n}"),
    ("<field:f> must be >= tomorrow", "{f} must be > today"),
    ("<field:f> must be < tomorrow", "{f} must be <= today"),
    ("(at creation | on creation) , <words:e>", "{e} at creation"),
    // Whatever else it may be, it is not kept: a rule about every write.
    (
        "<field:f> (mayonly | be only | may only | may) [be] (%made | kept | set | used | valid | possible | allowed) (if | onlyif) (it | they | <field:f2>) <words:c>",
        "{f} {c:must}",
    ),
    (
        "<field:f> (range | ranges | must range | may range | go | goes | run | runs) from <qty:a> to <qty:b> [, [both] (included | inclusive)]",
        "{f} must be between {a} and {b}",
    ),
    (
        "<field:f> must be (in | within) range [of | from] <qty:a> (to | and | –) <qty:b>",
        "{f} must be between {a} and {b}",
    ),
    (
        "<field:f> mustnot be outside [range] [of | from] <qty:a> (to | and | –) <qty:b>",
        "{f} must be between {a} and {b}",
    ),
    ("<field:f> mustnot be <cmp:a> <qty:x> or <cmp:b> <qty:y>", "{f} mustnot be {a} {x} && {f} mustnot be {b} {y}"),
    (
        "(lowest | minimum | smallest) [allowed | possible] <field:f> be <qty:a> [,] and (highest | maximum | largest) [allowed | possible] [1 | <field:f2>] be <qty:b>",
        "{f} must be between {a} and {b}",
    ),
    ("<entity:e> (need | needs | must have | have) <field:f> <cmp:o> <words:x>", "{f} must be {o} {x}"),
    ("<= length of <field:f> be <qty:n>", "{f} must be <= {n}"),
    ("length of <field:f> must be <words:x>", "{f} must be {x}"),
    ("<field:f> mustnot > <qty:n> in length", "{f} mustnot > {n}"),
    ("<field:f> (may | must | mayonly) (contain | have) <qty:n> at most", "{f} must be <= {n}"),
    ("<field:f> must be today atlatest", "{f} must be <= today"),
    ("between <field:a> and <field:b> there (may | must | mayonly) be <cmp:o> <qty:n>", "{b} must be {o} {n} > {a}"),
    ("<field:f> mustnot > <field:g> by > <qty:n>", "{f} must be <= {n} > {g}"),
    ("<entity:e> with > <qty:n> (from | between) <field:g> (to | and) <field:f> %nosave", "{f} must be <= {n} > {g}"),
    ("<words:y> be (upper limit | limit | maximum | upper bound) (for | of | on) <words:x>", "{x} must be <= {y}"),
    ("<words:y> be (lower limit | minimum | lower bound) (for | of | on) <words:x>", "{x} must be >= {y}"),
    ("<words:y> mustnot be > by <words:x>", "{x} mustnot be > {y}"),
    ("<words:e> (at creation | if created | at time <words:e2> be created | on creation)", "{e} at creation"),
    (
        "<cmp:o> <qty:n> may be (entered | written | typed | used | stored) (in | for | as) <field:f>",
        "{f} must be {o} {n}",
    ),
    ("%agent may (write | enter | give) <field:f> of <cmp:o> <qty:n> %prep <entity:e>", "{f} must be {o} {n}"),
    ("<field:f> may be <cmp:o> <words:x>", "{f} must be {o} {x}"),
    ("latest [%permitted] <field:f> [%permitted] [(of | for) <entity:e>] be <words:x>", "{f} must be <= {x}"),
    (
        "earliest [%permitted] <field:f> [%permitted] [(of | for) <entity:e>] [allowed | <entity:e2> may have] be <words:x>",
        "{f} must be >= {x}",
    ),
    ("(last | highest | largest) %permitted <field:f> [(of | for) <entity:e>] be <words:x>", "{f} must be <= {x}"),
    ("(first | lowest | smallest) %permitted <field:f> [(of | for) <entity:e>] be <words:x>", "{f} must be >= {x}"),
    ("(last | highest | largest) <field:f> %permitted [(of | for) <entity:e>] be <words:x>", "{f} must be <= {x}"),
    ("(first | lowest | smallest) <field:f> %permitted [(of | for) <entity:e>] be <words:x>", "{f} must be >= {x}"),
    ("<field:f> (be | must be | lies | must lie) [,] atlatest [,] <words:x>", "{f} must be <= {x}"),
    ("<field:f> (be | must be | lies | must lie) <words:x> [,] atlatest", "{f} must be <= {x}"),
    ("<field:f> (be | must be | lies | must lie) [,] at earliest [,] <words:x>", "{f} must be >= {x}"),
    ("<field:f> (be | must be | lies | must lie) <words:x> [,] at earliest", "{f} must be >= {x}"),
    ("<field:f> mustnot be = or <cmp:o> <words:x>", "{f} mustnot be {o} {x} && {f} mustnot be = {x}"),
    ("(date | day | time) <field:f> must (lie | be | come) <words:x>", "{f} must be {x}"),
    ("if <field:f> be %supplied , (it | they) <words:rest>", "{f} {rest}"),
    ("<words:a> , decimals [be] (allowed | accepted | possible)", "{a}"),
    ("(at time of creation | at moment of creation) , <words:e>", "{e} at creation"),
    ("<words:e> ; this applies only (at creation | on creation)", "{e} at creation"),
    (
        "only <field:f> (from | between) <qty:a> (to | and) <qty:b> be (accepted | allowed | valid | possible | permitted)",
        "{f} must be between {a} and {b}",
    ),
    (
        "<field:f> outside [range] [of | from] <qty:a> (to | and | –) <qty:b> be %refused",
        "{f} must be between {a} and {b}",
    ),
    (
        "(>= | minimum | lowest | smallest) <field:f> be <qty:a> (; | , | and | , and) (<= | maximum | highest | largest) [<field:g>] be <qty:b>",
        "{f} must be between {a} and {b}",
    ),
    ("0 (and | or) negative [values | numbers | amounts] be %refused %prep <field:f>", "{f} must be positive"),
    ("<entity:e> with <field:f> of 0 or negative [<field:g> | value] %nosave", "{f} must be positive"),
    (
        "<cmp:o> <qty:n> be (allowed | possible | permitted | accepted) (in | for | as | on) <field:f>",
        "{f} must be {o} {n}",
    ),
    ("length of <field:f> mustnot [be] <cmp:o> <words:x>", "{f} mustnot be {o} {x}"),
    ("length of <field:f> (must | may) [be] <cmp:o> <words:x>", "{f} must be {o} {x}"),
    (
        "%agent may (enter | write | give | type | have) <cmp:o> <qty:n> (as | in | for | into) <field:f>",
        "{f} must be {o} {n}",
    ),
    ("<field:f> of <cmp:o> <words:c> %nosave", "{f} mustnot be {o} {c}"),
    (
        "(we | system) (keep | keeps | limit | limits | restrict | restricts) <field:f> to <cmp:o> <words:x>",
        "{f} must be {o} {x}",
    ),
    ("(we | system) (limit | limits | restrict | restricts) <field:f> to <words:x>", "{f} must be <= {x}"),
    ("<field:f> must fit (within | in | into) <qty:n>", "{f} must be <= {n}"),
    ("<field:f> (be | must be) limited to <words:x>", "{f} must be <= {x}"),
    ("there may be <cmp:o> <qty:n> between <field:a> and <field:b>", "{b} must be {o} {n} > {a}"),
    ("from <field:a> to <field:b> , <cmp:o> <qty:n> may (pass | lie | elapse | go by)", "{b} must be {o} {n} > {a}"),
    ("<words:x> < <words:y> , or sametime", "{x} <= {y}"),
    ("<entity:e> may <word:v> <cmp:o> <qty:n> <words:x>", "{e} must {v} {o} {n} {x}"),
    ("<entity:e> must <word:v> on <moment:m> ormore", "{e} must {v} >= {m}"),
    ("<entity:e> must <word:v> on <moment:m> orless", "{e} must {v} <= {m}"),
    ("in future be %refused (as | for) <field:f>", "{f} mustnot be in future"),
    ("in past be %refused (as | for) <field:f>", "{f} mustnot be in past"),
    ("future dates be %refused (as | for) <field:f>", "{f} mustnot be in future"),
    ("past dates be %refused (as | for) <field:f>", "{f} mustnot be in past"),
    ("<entity:e> mustnot be dated (> today | > now | in future)", "{e} mustnot be dated in future"),
    ("(keep | limit | restrict) <field:f> to <qty:n> [orless]", "{f} must be <= {n}"),
    ("(keep | limit | restrict) <field:f> to <= <qty:n>", "{f} must be <= {n}"),
    ("length of <field:f> mustnot [be] <cmp:o> <qty:n>", "{f} mustnot be {o} {n}"),
    ("%agent may (type | write | enter) <cmp:o> <qty:n> (in | into | for | as) <field:f>", "{f} must be {o} {n}"),
    (
        "<field:f> have (lower limit of | >= | minimum of) <qty:a> and (upper limit of | <= | maximum of) <qty:b>",
        "{f} must be between {a} and {b}",
    ),
    ("<entity:e> must have <field:f> from <qty:a> to <qty:b>", "{f} must be between {a} and {b}"),
    ("<words:a> , (both included | both inclusive | both ends included)", "{a}"),
    ("<field:f> may be as (many | high | large | much | long | big) as <words:x>", "{f} must be <= {x}"),
    (
        "<cmp:o> <qty:n> (may | must) (lie | be | pass) between <field:a> and <field:b>",
        "there must be {o} {n} between {a} and {b}",
    ),
    ("<entity:e> that (end | finish) <words:c> %nosave", "{e} mustnot end {c}"),
    ("<field:f> may (run | go) to <qty:n>", "{f} must be <= {n}"),
    ("noone may (stay | remain) <cmp:o> <qty:n>", "{topic} mustnot last {o} {n}"),
    (
        "<entity:e> (take | takes | last | lasts | run | runs) <cmp:a> <qty:x> and <cmp:b> <qty:y>",
        "{e} must last {a} {x} && {e} must last {b} {y}",
    ),
    ("<field:f> must be <words:x> if it be %supplied", "{f} must be {x}"),
    (
        "<entity:e> (ends | end | finishes | finish) > (it | they) (starts | start | begins | begin)",
        "{e} must end > it starts",
    ),
    ("there mustnot be more <field:f> than <entity:p> have <field:g>", "{f} mustnot be > {g} of {p}"),
    ("if <entity:e> have <cmp:o> <qty:n> <field:f> , <words:x>", "if {f} be {o} {n} , {x}"),
    ("<entity:e> (be | may be marked as | may be marked) <field:f> or not", "{e} may have {f}"),
    ("<entity:e> must have oneof [following] (state | status | stage) <words:s>", "status of {e} be oneof {s}"),
    ("<entity:e> have <cmp:o> <qty:n> <field:f>", "{f} must be {o} {n}"),
    ("<entity:e> must <word:v> within [next] <qty:n>", "{e} must {v} <= {n} from today"),
    ("<entity:e> must <word:v> >= (day | date | time) [that | on that | if] it <words:w>", "{e} mustnot {v} < it {w}"),
    ("<entity:e> must <word:v> >= it <words:w>", "{e} mustnot {v} < it {w}"),
    // "A bike cannot weigh more than 40 kg", "a bike may cost at most 5000 euros"
    ("<entity:e> mustnot weigh <cmp:o> <qty:n>", "weight of {e} mustnot be {o} {n}"),
    ("<entity:e> (may | must | mayonly) weigh <cmp:o> <qty:n>", "weight of {e} must be {o} {n}"),
    ("<entity:e> mustnot cost <cmp:o> <qty:n>", "price of {e} mustnot be {o} {n}"),
    ("<entity:e> (may | must | mayonly) cost <cmp:o> <qty:n>", "price of {e} must be {o} {n}"),
    ("<field:f> of 0 %nosave", "{f} mustnot be 0"),
    ("0 be refused (as | for) <field:f>", "{f} mustnot be 0"),
    (
        "(maximum | highest | largest | greatest) [allowed | possible | permitted] <field:f> (be | must be | :) <qty:n>",
        "{f} must be <= {n}",
    ),
    (
        "(minimum | lowest | smallest | least) [allowed | possible | permitted] <field:f> (be | must be | :) <qty:n>",
        "{f} must be >= {n}",
    ),
    ("<field:f> <cmp:a> <qty:x> or <cmp:b> <qty:y> %nosave", "{f} mustnot be {a} {x} or {b} {y}"),
    // "The rent is at least 100 and at most 5000 euros per month": what the amount is for.
    (
        "<field:f> (be | must be) <cmp:a> <qty:x> and <cmp:b> <qty:y> per (day | night | week | month | year | hour)",
        "{f} must be {a} {x} and {b} {y}",
    ),
    ("<field:f> [:] [must be] <cmp:o> length [of] [:] <qty:n>", "{f} must be {o} {n} long"),
    ("<field:f> (must have | have) <cmp:o> length of <qty:n>", "{f} must be {o} {n} long"),
    (
        "<field:f> (must have | have) <cmp:a> length of <qty:x> and <cmp:b> length of <qty:y>",
        "{f} must be {a} {x} long && {f} must be {b} {y} long",
    ),
    ("<field:f> (be | must be) limited to length of <qty:n>", "{f} must be <= {n} long"),
    // What lies beyond a bound is refused: that is what the bound says.
    (
        "<words:a> <= <words:b> (; | ,) (longer | higher | larger | greater | bigger | more) [<word>] (be | must be) %refused",
        "{a} <= {b}",
    ),
    (
        "<words:a> >= <words:b> (; | ,) (shorter | lower | smaller | less | fewer) [<word>] (be | must be) %refused",
        "{a} >= {b}",
    ),
    ("<words:a> (; | ,) other (value | values) (be | must be) %refused", "{a}"),
    ("<field:f> may be 0 but [must] not [be] negative", "{f} mustnot be negative"),
    (
        "<field:f> must <words:a> , if (given | known | present | set | entered | provided | any | filled in | there be 1)",
        "{f} must {a}",
    ),
    // The values of a choice
    (
        "%agent (choose | chooses | pick | picks | select | selects) <field:f> from [fixed | given | predefined | short] list [of values] [:] <words:v>",
        "{f} be oneof {v}",
    ),
    (
        "<field:f> be (chosen | selected | picked) from [[fixed | given | predefined | short] list [of values] | values] [:] <words:v>",
        "{f} be oneof {v}",
    ),
    (
        "<field:f> (have | may have | takes | take | may take) [<word:n>] (possible | allowed | valid | permitted) values [:] <words:v>",
        "{f} be oneof {v}",
    ),
    (
        "<field:f> (takes | take | may take | must take | have | must have) oneof [following] values [:] <words:v>",
        "{f} be oneof {v}",
    ),
    ("(permitted | permissible | available | admissible) <field:f> (be | :) <words:v>", "{f} be oneof {v}"),
    // The same of a field that only this sentence names
    (
        "%agent (choose | chooses | pick | picks | select | selects) <words:n> of <entity:e> from [fixed | given | predefined | short] list [of values] [:] <words:v>",
        "{n} of {e} be oneof {v}",
    ),
    (
        "<words:n> of <entity:e> (have | may have | takes | take | may take) [<word:k>] (possible | allowed | valid | permitted) values [:] <words:v>",
        "{n} of {e} be oneof {v}",
    ),
    (
        "(allowed | possible | valid | permitted) values (for | of) <words:n> of <entity:e> [be] [:] <words:v>",
        "{n} of {e} be oneof {v}",
    ),
    // "A visit is of one of the following kinds: check-up, surgery"
    (
        "<entity:e> (be | may be | must be) [of] oneof [following] (kinds | types | categories | sorts) [:] <words:v>",
        "kind of {e} be oneof {v}",
    ),
    ("values other than <words:v> %nosave (for | as | in) <field:f>", "{f} be oneof {v}"),
    ("<field:f> other than <words:v> %nosave", "{f} be oneof {v}"),
    (
        "only <words:v> (be | may be) (allowed | accepted | valid | possible | permitted) (as | for) <field:f>",
        "{f} be oneof {v}",
    ),
    ("<entity:e> 's <words:n> (be | may be | must be | mayonly be) oneof [:] <words:v>", "{n} of {e} be oneof {v}"),
    (
        "<words:n> of <entity:e> (be | may be | must be) <words:v> , with <word:d> as default",
        "{n} of {e} be oneof {v} && {n} of {e} be {d} by default",
    ),
    // "The street is a short text (100 characters at most)"
    ("<field:f> be [short] text [of] <cmp:o> <qty:n>", "{f} must be {o} {n}"),
    ("<field:f> be [short] text [of] <qty:n> (<= | at most | atmost)", "{f} must be <= {n}"),
];
