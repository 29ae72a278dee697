//! Fields that the service works out.

pub(super) const FRAMES: super::Frames = &[
    (
        "<words:n> of <entity:p> be sum of <word> of <entity:c> , where <word> be <words:x>",
        "{n} of {p} be sum of {x} of {c}",
    ),
    (
        "[system | service | we] [must] (calculate | calculates | compute | computes | work out | works out | determine | determines | derive | derives) <words:n> of <entity:e> in <word:u> from <words:x>",
        "{n} in {u} of {e} be calculated from {x}",
    ),
    (
        "<words:n> of <entity:p> be (percentage | share in % | share) of [it 's] (<entity:c> that (be | have be) <states:s> | <states:s> <entity:c>)",
        "{n} of {p} be 100 times numberof {s} {c} divided by numberof {c}",
    ),
    (
        "<entity:p> 's <words:n> be (percentage | share in % | share) of [it 's] (<entity:c> that (be | have be) <states:s> | <states:s> <entity:c>)",
        "{n} of {p} be 100 times numberof {s} {c} divided by numberof {c}",
    ),
    (
        "<words:x> [,] and noone may (enter | set | change | type | edit | overwrite) it [by hand | manually | directly]",
        "{x}",
    ),
    ("per <entity:p> [,] numberof <records:c> (be | must be) (displayed | shown)", "{p} shows numberof {c}"),
    // "The tenancy shows the total hours worked"
    ("<entity:p> (shows | show) total <field:f> [<word:v>]", "total {f} of {p} be sum of {f} of {f:owner}"),
    (
        "<words:n> of <entity:p> be (largest | highest | greatest | biggest) <field:f> (among | of | over) <entity:c>",
        "{n} of {p} be highest {f} of {c}",
    ),
    ("<words:n> of <entity:p> be sum of <field:f> of <entity:p2> 's <entity:c>", "{n} of {p} be sum of {f} of {c}"),
    (
        "numberof days of <entity:e> be (counted | calculated | computed) from <field:a> to <field:b>",
        "numberof days of {e} be calculated as days from {a} to {b}",
    ),
    ("<words:n> of <entity:p> be maximum [of] <field:f> of <entity:c>", "{n} of {p} be highest {f} of {c}"),
    ("<words:n> of <entity:p> be minimum [of] <field:f> of <entity:c>", "{n} of {p} be lowest {f} of {c}"),
    (
        "<words:n> (be | must be) (calculated | computed | worked out) (by | as) multiplying <words:a> (by | and | with) <words:b>",
        "{n} be calculated as {a} times {b}",
    ),
    (
        "<words:n> (be | must be) (calculated | computed | worked out) by (summing | summing up | adding up | adding together) <words:x>",
        "{n} be calculated as sum of {x}",
    ),
    (
        "[we | system | system must | service must] (calculate | calculates | compute | computes | work out | works out | define) <words:n> as <words:x>",
        "{n} be calculated as {x}",
    ),
    (
        "[we | system | system must | service must] (calculate | calculates | compute | computes | work out | works out) <words:n> by <words:x>",
        "{n} be calculated by {x}",
    ),
    (
        "per <entity:e> , <words:n> (be | must be) (calculated | computed | worked out) <words:x>",
        "{n} of {e} be calculated {x}",
    ),
    ("per <entity:e> , <words:n> = <words:x>", "{n} of {e} be calculated as {x}"),
    ("multiplying <words:a> (by | and | with) <words:b> gives <words:n>", "{n} be calculated as {a} times {b}"),
    (
        "(adding up | adding together | summing | summing up) <words:x> gives <words:n>",
        "{n} be calculated as sum of {x}",
    ),
    ("<words:a> times <words:b> gives <words:n>", "{n} be calculated as {a} times {b}"),
    ("subtracting <field:a> from <field:b> gives <words:n> in days", "{n} be calculated as days from {a} to {b}"),
    ("to get <words:n> , multiply <words:a> (by | with) <words:b>", "{n} be calculated as {a} times {b}"),
    ("to get <words:n> , (add together | add up | sum | sum up) <words:x>", "{n} be calculated as sum of {x}"),
    ("to get <words:n> , count days from <field:a> to <field:b>", "{n} be calculated as days from {a} to {b}"),
    ("<words:n> of <entity:e> must = <words:x>", "{n} of {e} must be {x}"),
    (
        "<words:n> (be not | mustnot be | be never) (entered | typed in | typed | filled in) [by hand | by user | by users | manually] (; | : | ,) [but | rather] it be [calculated as | computed as] <words:x>",
        "{n} be calculated as {x}",
    ),
    (
        "<words:n> of <entity:e> (be not | mustnot be | be never) (entered | typed in | typed | filled in) [by hand | by user | by users | manually] (; | : | ,) [but | rather] it be [calculated as | computed as] <words:x>",
        "{n} of {e} be calculated as {x}",
    ),
    (
        "<words:n> be (calculated | computed) , not (entered | typed in | filled in) ; it be <words:x>",
        "{n} be calculated as {x}",
    ),
    ("<words:n> be (calculated | computed | worked out) : <words:x>", "{n} be calculated as {x}"),
    (
        "<words:n> be [calculated as | computed as] time (between <field:a> and <field:b> | from <field:a> to <field:b>) in <word:u>",
        "{n} be calculated as {u} between {a} and {b}",
    ),
    ("<entity:e> have (calculated | computed) <words:n> : <words:x>", "{n} of {e} be calculated as {x}"),
    ("<words:n> : <words:x> , (calculated | computed | worked out)", "{n} be calculated as {x}"),
    (
        "%agent (see | must see | may see) <words:n> (on | for | of | per) <entity:e> , (calculated | computed | worked out) <words:x>",
        "{n} of {e} be calculated {x}",
    ),
    (
        "%agent (see | must see | may see) (per | for | on) <entity:e> <words:n> , (calculated | computed | worked out) <words:x>",
        "{n} of {e} be calculated {x}",
    ),
    ("show <words:n> (on | for | of | per) <entity:e> : <words:x>", "{n} of {e} be calculated as {x}"),
    ("show <words:n> (on | for | of | per) <entity:e> , that be <words:x>", "{n} of {e} be calculated as {x}"),
    ("<entity:e> (have | shows | show) <words:n> , that = <words:x>", "{n} of {e} be calculated as {x}"),
    ("product of <words:a> and <words:b> be <words:n>", "{n} be calculated as product of {a} and {b}"),
    (
        "<words:n> be [calculated | computed] [as | from] <field:a> (minus | less | –) <field:b> [,] [in] days",
        "{n} be calculated as days from {b} to {a}",
    ),
    (
        "<words:n> be [calculated | computed] [as | from] difference between <field:a> and <field:b> in days",
        "{n} be calculated as difference in days between {a} and {b}",
    ),
    (
        "<words:n> (be | must be) [calculated as | computed as] product of <words:a> and <words:b>",
        "{n} be calculated as {a} times {b}",
    ),
    (
        "[we | system | system must | service must] (calculate | calculates | compute | computes | work out | works out) <words:n> as product of <words:a> and <words:b>",
        "{n} be calculated as {a} times {b}",
    ),
    (
        "<words:n> : product of <words:a> and <words:b> , (calculated | computed | worked out)",
        "{n} be calculated as {a} times {b}",
    ),
    ("<entity:e> (have | shows | show) <words:n> , [that] (be | =) <words:x>", "{n} of {e} be calculated as {x}"),
    ("<words:a> (be | must be) multiplied by <words:b> to get <words:n>", "{n} be calculated as {a} times {b}"),
    ("multiply <words:a> (by | with) <words:b> to get <words:n>", "{n} be calculated as {a} times {b}"),
    (
        "<words:n> be what <words:a> (multiplied by | times) <words:b> (gives | give | makes | make)",
        "{n} be calculated as {a} times {b}",
    ),
    ("<words:n> be what <words:x> (add up to | adds up to)", "{n} be calculated as sum of {x}"),
    ("<words:n> be <words:x> (added up | added together | summed up)", "{n} be calculated as sum of {x}"),
    (
        "<words:x> (be | must be) (added up | added together | summed up | summed) to get <words:n>",
        "{n} be calculated as sum of {x}",
    ),
    ("(add up | add together | sum up | sum) <words:x> to get <words:n>", "{n} be calculated as sum of {x}"),
    (
        "show <words:n> (on | for | of | per) <entity:e> , (computed | calculated | worked out) [as | from] <words:x>",
        "{n} of {e} be calculated as {x}",
    ),
    (
        "per <entity:e> (we | system) (show | shows | display | displays) <words:n> , that be <words:x>",
        "{n} of {e} be calculated as {x}",
    ),
    (
        "<entity:e> have <words:n> , calculated by (multiplying <words:a> (by | and | with) <words:b>)",
        "{n} of {e} be calculated as {a} times {b}",
    ),
    (
        "<entity:e> have <words:n> , calculated by summing <field:f> > <entity:c>",
        "{n} of {e} be calculated as sum of {f} of {c}",
    ),
    (
        "<words:n> (be | must be) (calculated | computed | worked out) [by system] : <words:x>",
        "{n} be calculated as {x}",
    ),
    ("<words:n> = <words:x> (added together | added up | summed up)", "{n} be calculated as sum of {x}"),
    ("<field:f> of [1] <entity:p> 's <entity:c> add up to <cmp:o> <qty:n>", "total {f} of {c} of {p} must be {o} {n}"),
    ("<field:f> of <entity:p> 's <entity:c> add up to <words:n>", "{n} of {p} be calculated as sum of {f} of {c}"),
    (
        "average <words:n> of <entity:e> be calculated from <words:x>",
        "average {n} of {e} be calculated as average of {x}",
    ),
    (
        "numberof <entity:c> of <entity:p> be shown [with | on | for | at] [<entity:p2> | it | them]",
        "{p} shows numberof {c}",
    ),
    (
        "per <entity:e> , (system | service | application | app | we) (shows | show | displays | display | calculates | calculate | computes | compute) <words:n> : <words:x>",
        "{n} of {e} be calculated as {x}",
    ),
    (
        "(system | service | application | app | we) [must] (calculates | calculate | computes | compute | works out | work out | shows | show | displays | display) <words:n> of <entity:e> : <words:x>",
        "{n} of {e} be calculated as {x}",
    ),
    ("<words:n> shows numberof <entity:c> <entity:p> (have | have have | have been)", "{n} of {p} be numberof {c}"),
    (
        "numberof <entity:c> (be | must be | may be) (calculated | computed | worked out | counted | determined) per <entity:p>",
        "{p} shows numberof {c}",
    ),
    (
        "per <entity:p> numberof <entity:c> (be | must be | may be) (shown | visible | displayed | seen | calculated | computed | known)",
        "{p} shows numberof {c}",
    ),
    (
        "numberof <states:s> <entity:c> (per | for | of) <entity:p> (be | must be | may be) (shown | visible | displayed | seen | calculated)",
        "{p} shows numberof {s} {c}",
    ),
    ("(see | show | know) numberof <states:s> <entity:c> (per | for | of) <entity:p>", "{p} shows numberof {s} {c}"),
    // "It is calculated how many days lie between order date and delivery date; this is the lead time of the order"
    (
        "[it] [be | system] (calculated | computed | worked out | calculates | computes | calculate | compute) numberof days (lie | be | pass | there be) (between <field:a> and <field:b> | from <field:a> to <field:b>) (; | , | and) [this | it | that] be <words:n> of <entity:e>",
        "{n} of {e} be calculated as days from {a} to {b}",
    ),
];
