//! How old somebody must be.

pub(super) const FRAMES: super::Frames = &[
    ("noone [that be] < <qty:n> [old] may be %made [as <entity:e>]", "{e} must be >= {n} old"),
    (
        "<entity:e> must be between <qty:a> and <qty:b> (old | of age)",
        "{e} must be >= {a} years old && {e} must be <= {b} old",
    ),
    ("<entity:e> that be < <qty:n> [old] [today | now] %nosave", "{e} must be >= {n} old"),
    ("<entity:e> that be not <qty:n> [old] %nosave", "{e} must be >= {n} old"),
    (
        "if <entity:e> be < <qty:n> [old] [according to <field:f>] , (it | <entity:e2>) %nosave",
        "{e} must be >= {n} old",
    ),
    ("[according to <field:f> ,] <entity:e> must be >= <qty:n> (old | of age) [today | now]", "{e} must be >= {n} old"),
    (
        "[according to <field:f> ,] <entity:e> must be <qty:n> [old | of age] ormore [today | now]",
        "{e} must be >= {n} old",
    ),
    ("<entity:e> mustnot be < (age of | age) <qty:n> [today | now]", "{e} must be >= {n} old"),
    ("only (people | persons | those) aged (<qty:n> ormore | >= <qty:n>) may be <entity:e>", "{e} must be >= {n} old"),
    ("(minimum | lowest | >=) age of <entity:e> be <qty:n>", "{e} must be >= {n} old"),
    ("[by today ,] <entity:e> must have reached (age of | age) <qty:n>", "{e} must be >= {n} old"),
    ("<field:f> must be <qty:n> ormore < today", "{f} must be >= {n} ago"),
    ("<entity:e> must have turned <qty:n>", "{e} must be >= {n} old"),
    (
        "<entity:e> must be of (full | legal | adult) age [, | ; | :] [ie | i e | that be] [,] <cmp:o> <qty:n> [old]",
        "{e} must be {o} {n} old",
    ),
    ("<entity:e> must be of (full | legal | adult) age [,] <qty:n> ormore [old]", "{e} must be >= {n} old"),
    (
        "<entity:e> must be of (full | legal | adult) age [,] <qty:n> ormore [old] on <moment:m>",
        "{e} must be >= {n} old on {m}",
    ),
    (
        "<entity:e> must be of (full | legal | adult) age [,] [ie | i e] [,] <cmp:o> <qty:n> [old] on <moment:m>",
        "{e} must be {o} {n} old on {m}",
    ),
    (
        "<entity:e> must be (adult | adults | grown up) [,] [ie | i e] [,] <cmp:o> <qty:n> [old]",
        "{e} must be {o} {n} old",
    ),
    ("<entity:e> must be (adult | adults | grown up) [,] <qty:n> ormore [old]", "{e} must be >= {n} old"),
    // "A child must be at least 4 years old when it is enrolled": for what is made of them.
    (
        "<entity:e> must be >= <qty:n> old (if [<entity:e2> | it | they] be | to be) <word:v>",
        "{e} mayonly be {v} if {e} be >= {n} old",
    ),
    (
        "<entity:e> must be >= <qty:n> old (if [<entity:e2> | it | they] be | to be) <word:v> (in | for | on | into | to) <entity:o>",
        "{e} mayonly be {v} if {e} be >= {n} old",
    ),
    ("<entity:e> < <qty:n> [old] mustnot be <word:v>", "{e} mustnot be {v} if {e} be < {n} old"),
    (
        "<entity:e> < <qty:n> [old] mustnot be <word:v> (in | for | on | into | to) <entity:o>",
        "{e} mustnot be {v} if {e} be < {n} old",
    ),
    ("<entity:e> of <entity:c> must be >= <qty:n> old", "{c} mayonly be created if {e} be >= {n} old"),
];
