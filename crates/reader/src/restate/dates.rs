//! Days and moments: what may be entered for the future or the past, and until when.

pub(super) const FRAMES: super::Frames = &[
    (
        "<entity:e> mustnot be (%made | scheduled | planned | arranged | reserved) to (start | begin | take place) <words:c>",
        "{e} mustnot start {c}",
    ),
    ("<words:x> at time <entity:e> be %made", "{x} if {e} be made"),
    (
        "<entity:e> (mayonly be | must be) (%made | scheduled | planned | arranged | booked | set) (in future | for future | for future dates | for dates in future | for days in future | for [1] <word:d> in future)",
        "{e} must start in future",
    ),
    ("only future <entity:e> may be (%made | scheduled | planned | booked)", "{e} must start in future"),
    ("only <entity:e> in future may be (%made | scheduled | planned | booked)", "{e} must start in future"),
    ("past <entity:e> mustnot be (%made | scheduled | planned | booked)", "{e} mustnot start in past"),
    (
        "<entity:e> (in past | for past | for past dates | for dates in past | for past days | for days in past) (mustnot be (%made | scheduled | planned | booked) | be %refused | be refused)",
        "{e} mustnot start in past",
    ),
    (
        "<entity:e> mustnot be (%made | scheduled | planned | booked) (for past | for past dates | for dates in past | for past days | for days in past)",
        "{e} mustnot start in past",
    ),
    (
        "<entity:e> mustnot be (%recorded | %made) (for future | for future dates | for dates in future | for future days | for days in future)",
        "{e} mustnot be in future",
    ),
    ("it be refused to %enter <field:f> <cmp:o> <words:x>", "{f} mustnot be {o} {x}"),
    ("it be refused to %enter <field:f> (in future | that be in future)", "{f} mustnot be in future"),
    ("it be refused to %enter <field:f> (in past | that be in past)", "{f} mustnot be in past"),
    ("(it | there) mustnot be possible to %enter <field:f> <cmp:o> <words:x>", "{f} mustnot be {o} {x}"),
    (
        "<field:f> mustnot be (changed to | moved to | setto | set to | entered as) in future",
        "{f} mustnot be in future",
    ),
    ("<field:f> (defaults | default) to <words:d> and mustnot <words:x>", "{f} defaults to {d} && {f} mustnot {x}"),
    ("<field:f> (defaults | default) to <words:d> and must <words:x>", "{f} defaults to {d} && {f} must {x}"),
    (
        "<entity:e> mustnot be (back-dated | backdated | predated | antedated) [by] > <qty:n>",
        "date of {e} mustnot be > {n} in past",
    ),
    ("<entity:e> mustnot be (back-dated | backdated | predated | antedated)", "date of {e} mustnot be in past"),
    ("<entity:e> mustnot be (post-dated | postdated)", "date of {e} mustnot be in future"),
    ("<moment:a> be possible <cmp:o> <qty:n> > <moment:b>", "{a} must be {o} {n} > {b}"),
    ("<entity:e> (closes | close) <qty:n> < <moment:m>", "{e} must be made >= {n} < {m}"),
    (
        "<entity:e> be (only possible unless | possible onlyuntil | accepted onlyuntil | allowed onlyuntil) <qty:n> < <moment:m>",
        "{e} must be made >= {n} < {m}",
    ),
    (
        "<entity:e> (may be | be | mayonly be) (possible | accepted | allowed) [only] (unless | <=) <qty:n> < <moment:m> [atlatest]",
        "{e} must be made >= {n} < {m}",
    ),
    (
        "<moment:f> must (fall | lie | be | take place | come) (within | inside | in | during) <entity:p>",
        "{f} must be >= {p:start} && {f} must be <= {p:end}",
    ),
    (
        "<moment:f> must (fall | lie | be | come) within (time | period | dates | duration | span) of <entity:p>",
        "{f} must be >= {p:start} && {f} must be <= {p:end}",
    ),
    // "The planned date must fall between the start date and the end date of the contract"
    (
        "<moment:f> must (fall | lie | be | come) (between | within | from) <field:a> (and | to) <field:b> of <entity:p>",
        "{f} must be >= {a} of {p} && {f} must be <= {b} of {p}",
    ),
    (
        "<moment:f> must (fall | lie | be | come) (between | within | from) <entity:p> 's <field:a> (and | to) [it 's] <field:b>",
        "{f} must be >= {a} of {p} && {f} must be <= {b} of {p}",
    ),
    (
        "<moment:f> must (fall | lie | be | come) (between | within period from | in period from | within | from) <moment:a> (and | to) today",
        "{f} must be >= {a} && {f} must be <= today",
    ),
    (
        "<moment:f> must (fall | lie | be | come) (within period from | in period from) <moment:a> (and | to) <moment:b>",
        "{f} must be >= {a} && {f} must be <= {b}",
    ),
    (
        "<moment:f> mustnot (fall | lie | be | come) < <field:a> (or > | ormore) <field:b> of <entity:p>",
        "{f} must be >= {a} of {p} && {f} must be <= {b} of {p}",
    ),
    ("(%agent | <entity:p>) mustnot <word:v> (for | in | on | to) <records:r>", "{v:made} for {r} be refused"),
    ("(%agent | <entity:p>) mayonly <word:v> (for | in | on | to) <records:r>", "{v:made} mayonly be created for {r}"),
    ("it mustnot %enter <field:f> in future", "{f} mustnot be in future"),
    ("it mustnot %enter <field:f> in past", "{f} mustnot be in past"),
    ("it mustnot %enter <field:f> <cmp:o> <words:x>", "{f} mustnot be {o} {x}"),
];
