//! Phrases inside of a clause: what they say, shorter. Each table stands for clauses that hold one of its words.

/// The words of which a clause must hold one, and the phrases with what they mean.
pub(super) const TABLES: &[(&[&str], super::Frames)] =
    &[(FILTERS, RANGES), (SORTS, DIRECTIONS), (TELLING, TOLD), (SUMS, SUMMED)];

const FILTERS: &[&str] = &["filter", "filtered", "filtering", "filterable", "narrow", "narrowed", "narrowing"];

/// A filter over a range is one of the field.
const RANGES: super::Frames = &[
    ("%span (of | for | on | over) <moment:f> [dates | values | times]", "{f}"),
    ("%span (of | for | on | over) (dates | days | times | values) (of | for | on) <moment:f>", "{f}"),
    ("%span (of | for | on | over) <field:f> [dates | values | times]", "{f}"),
    ("%span in that <moment:f>", "{f}"),
    ("%span in [that] (it | they) be <moment:f>", "{f}"),
    ("<moment:f> [date | dates] %spanning", "{f}"),
    ("<field:f> %spanning", "{f}"),
    ("if <moment:f>", "{f}"),
    ("(, and | , | and) [1] filter (on | by | for) <field:f>", ", {f}"),
    ("(, and | , | and) (on | by) <field:f>", ", {f}"),
];

const SORTS: &[&str] =
    &["sorted", "sort", "ordered", "order", "list", "listed", "show", "shown", "appear", "first", "top", "see"];

/// Which end comes first.
const DIRECTIONS: super::Frames = &[
    ("[,] [–] %newest [1 | ones] first [[,] and %oldest [1 | ones] last]", "descending"),
    ("[,] [–] with %newest [1 | ones | <entity>] (first | at top | on top)", "descending"),
    ("[,] [–] [from] %newest to %oldest", "descending"),
    ("[,] [–] [with] %newest [1 | ones] (at | on) top", "descending"),
    ("[,] in descending order", "descending"),
    ("[,] [–] %oldest [1 | ones] first [[,] and %newest [1 | ones] last]", "ascending"),
    ("[,] [–] with %oldest [1 | ones | <entity>] (first | at top | on top)", "ascending"),
    ("[,] [–] [from] %oldest to %newest", "ascending"),
    ("[,] in ascending order", "ascending"),
    ("[,] [from] a to z", "ascending"),
    ("[,] [from] z to a", "descending"),
    ("[,] [–] with %newest <field:f> (first | at top | on top)", "by {f} descending"),
    ("[,] [–] with %oldest <field:f> (first | at top | on top)", "by {f} ascending"),
    ("in descending order of <field:f>", "by {f} descending"),
    ("in ascending order of <field:f>", "by {f} ascending"),
    ("in order of <field:f>", "by {f}"),
    ("[,] [–] from %newest <field:f> to %oldest [<field:g>]", "by {f} descending"),
    ("[,] [–] from %oldest <field:f> to %newest [<field:g>]", "by {f} ascending"),
];

const TELLING: &[&str] = &[
    "exist", "exists", "record", "i", "date", "day", "given", "entered", "stated", "recorded", "it", "them", "there",
    "neither", "other",
];

/// Whose field or which record it is, told by a clause.
const TOLD: super::Frames = &[
    ("(date | day) (on | for | at) [that] (it | they) be <moment:f>", "{f}"),
    ("(date | day) [on | for] [that] <entity> be <moment:f>", "{f}"),
    ("(on | for) (date | day) > <moment:f>", "> {f}"),
    ("(on | for) (date | day) < <moment:f>", "< {f}"),
    ("(on | for) (date | day) >= <moment:f>", ">= {f}"),
    ("(on | for) (date | day) <= <moment:f>", "<= {f}"),
    ("(date | day) [on that] <entity:p> [be] <moment:f>", "{f} of {p}"),
    ("(date | day) [on | at] [that] <moment:f>", "{f}"),
    ("<entity:p> [that] (it | they) (belong to | belongs to | refer to | refers to | concern | concerns)", "{p}"),
    ("(record | records | entry | entries) of <entity:e>", "{e}"),
    ("that be <word> , i e have <words:w>", "that have {w}"),
    ("<field:f> (given | entered | stated | recorded) (for | on | of) <entity:e>", "{f} of {e}"),
    ("<entity:p> [that] it be (for | in | on | at)", "{p}"),
    ("with <entity:c> in (it | them)", "with {c}"),
    (
        "<entity:p> or <entity:q> (in | on | for | at | of | to) [that] <entity:c> (exist | exists)",
        "{p} with {c} or {q} with {c}",
    ),
    (
        "<entity:p> or <entity:q> (in | on | for | at | of | to) [that] there be <entity:c>",
        "{p} with {c} or {q} with {c}",
    ),
    ("(in | on | for | at | of | to) [that] there be [still] <entity:c>", "with {c}"),
    ("(in | on | for | at | of | to) [that] [still] <entity:c> (exist | exists)", "with {c}"),
    ("that be neither <state:a> or <state:b>", "that be not {a} or {b}"),
    ("with (status | state) other than <states:s>", "that be not {s}"),
];

const SUMS: &[&str] = &["sum", "total"];

/// "The sum of the amount over its payments".
const SUMMED: super::Frames =
    &[("sum of <field:f> > <entity:c>", "sum of {f} of {c}"), ("total <field:f> > <entity:c>", "total {f} of {c}")];
