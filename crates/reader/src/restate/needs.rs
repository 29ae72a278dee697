//! What a deed needs: `to confirm a booking, a number must have been assigned`.

pub(super) const FRAMES: super::Frames = &[
    ("<words:a> (need | require | requires) <field:f> [of] <cmp:o> <qty:n>", "{a} need {f} && {f} must be {o} {n}"),
    (
        "<words:a> , <field:f> [of] <cmp:o> <qty:n> (must [have] be %supplied | be (needed | necessary | required))",
        "{a} , {f} must be given && {f} must be {o} {n}",
    ),
    (
        "<field:f> [of] <cmp:o> <qty:n> (must be %supplied | be (needed | necessary | required)) (if | to) <words:a>",
        "{f} must be given if {a} && {f} must be {o} {n}",
    ),
    (
        "<entity:e> (mustnot | mustnot be) (become | set to | moved to | marked as | put) <states:s> without <fields:f>",
        "{f} must be given if {e} be {s}",
    ),
    (
        "[in order] to <words:deed> , <words:what> must [have] be (%supplied | assigned | there | noted | in place | available)",
        "{what} be needed to {deed}",
    ),
    (
        "<words:what> must [have] be (%supplied | assigned | there | noted | in place | available) (before | <) <words:deed>",
        "{what} be needed if {deed}",
    ),
    (
        "(before | <) <words:deed> , <words:what> must [have] be (%supplied | assigned | there | noted | in place | available)",
        "{what} be needed if {deed}",
    ),
    (
        "<words:what> must [have] be (%supplied | assigned | there | noted | in place | available) (before | <) <words:e> may be [%move] [to | as | into] <words:s>",
        "{what} must be given if {e} be {s}",
    ),
    (
        "(before | <) <words:e> may be [%move] [to | as | into] <words:s> , <words:what> must [have] be (%supplied | assigned | there | noted | in place | available)",
        "{what} must be given if {e} be {s}",
    ),
    (
        "(changing | setting | moving) [status of | state of] <entity:e> ['s (status | state)] to <states:s> be (possible | allowed | permitted) onlyif <fields:f> be %supplied",
        "{f} must be given if {e} be {s}",
    ),
    (
        "to <words:deed> (1 | you | we | users | people | somebody | someone) (must | have to | need to) (give | enter | state | provide | supply | record) <words:what>",
        "{what} be needed to {deed}",
    ),
    ("unless <fields:f> be %supplied , <words:x> mustnot <words:v>", "{x} mustnot {v} unless {f} be given"),
    (
        "<entity:e> mayonly be (marked as | marked | setto | moved to) <states:s> if <fields:f> be %supplied",
        "{f} must be given if {e} be {s}",
    ),
    (
        "for <entity:e> to be (marked as | marked | setto | moved to) <states:s> , <fields:f> must be %supplied",
        "{f} must be given if {e} be {s}",
    ),
    (
        "<words:a> (need | needs | require | requires) <field:f> (from | between) <qty:x> (to | and) <qty:y>",
        "{a} need {f} && {f} must be between {x} and {y}",
    ),
    // "A reason is required to reject a trip": no reason rejects anything.
    ("<fields:f> must <word:v> <entity:e>", "{f} be needed to {v} {e}"),
    ("<word:n> of <entity:e> be only possible with <words:f>", "{n} need {f}"),
];
