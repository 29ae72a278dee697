//! When something is made.

pub(super) const FRAMES: super::Frames = &[
    ("<entity:e> (dated | lying) in past %nosave", "{e} mustnot be dated in past"),
    ("<entity:e> (dated | lying) in future %nosave", "{e} mustnot be dated in future"),
    (
        "noone (may | mayonly) (%bring | book | plan | schedule | reserve | place | order | arrange | request) <entity:e> in past",
        "{e} mustnot be in past at creation",
    ),
    ("if <entity:e> be (saved | stored) , <words:rule>", "{rule}"),
    (
        "(whoever | anyone that | user that | person that) (creates | create | adds | add | makes | make | enters | enter | books | book | records | record) <entity:e> must (choose | enter | give | pick | set) <field:f> that <words:c>",
        "{f} {c:must} if {e} be created",
    ),
    ("<entity:e> whose <field:f> have passed mustnot be created", "{f} mustnot be in past at creation"),
    ("<field:f> must be >= (moment | time) <entity:e> be created", "{f} must be >= now at creation"),
    (
        "(if | > | on) <words:e> be (created | made | added | recorded | entered | registered | announced) , <words:rule>",
        "{rule} if {e} be created",
    ),
    (
        "(if | > | on) (creating | adding | recording | entering | registering | making) <words:e> , <words:rule>",
        "{rule} if {e} be created",
    ),
    (
        "(if | >) (i | we | you | they) (create | add | record | enter | register | make) <entity:e> [,] <words:rule>",
        "{rule} if {e} be created",
    ),
    ("<entity:e> that (start | starts | begin | begins | take place) <words:c> %nosave", "{e} mustnot start {c}"),
    (
        "%agent (mustnot | mustnot be able to | do not) (create | add | make | enter) <entity:e> that (start | starts | begin | begins) <words:c>",
        "{e} mustnot start {c}",
    ),
    (
        "new <entity:e> whose <field:f> (be past | (be | lie) in past | have passed) %nosave",
        "{f} mustnot be in past at creation",
    ),
    (
        "(refuse | reject) (creation | creating) of <entity:e> if <field:f> (lie | be) in past",
        "{f} mustnot be in past at creation",
    ),
    (
        "%agent (mustnot | do not) %bring <entity:e> (with | whose) <field:f> (in past | be in past | < now | < today | have passed)",
        "{f} mustnot be in past at creation",
    ),
    ("<entity:e> mayonly be %made if <field:f> be not in past", "{f} mustnot be in past at creation"),
    ("<field:f> mustnot be < (moment | time) <entity:e> be %made", "{f} mustnot be in past at creation"),
];
