//! What text looks like: addresses and patterns in words.

pub(super) const FRAMES: super::Frames = &[
    (
        "<field:f> must (have format of | have form of | look like | be in format of) (email address | email)",
        "{f} must be valid email address",
    ),
    ("<field:f> must (be in | have) [valid | correct] email format", "{f} must be valid email address"),
    (
        "<field:f> must be (correctly formed | well-formed | properly formatted | correctly formatted | properly formed) email address",
        "{f} must be valid email address",
    ),
    ("only <words:x> (be | must be) accepted as <field:f>", "{f} must be {x}"),
    ("%agent mustnot enter anything (but | except | other than) <words:x> as <field:f>", "{f} must be {x}"),
    ("<field:f> mustnot be anything (but | except | other than) <words:x>", "{f} must be {x}"),
    ("%agent must enter <words:x> as <field:f>", "{f} must be {x}"),
    ("%agent must enter <field:f> as <words:x>", "{f} must be {x}"),
    ("we check <field:f> be <words:x> [,] and refuse it otherwise", "{f} must be {x}"),
    ("<field:f> must be <words:x> ; anything else be refused", "{f} must be {x}"),
    ("<field:f> must look like email address ; anything else be refused", "{f} must be valid email address"),
    ("<entity:e> must have <words:x> as <field:f> , if 1 be %supplied", "{f} must be {x}"),
    ("<entity:e> must have valid email address if 1 be %supplied in <field:f>", "{f} must be valid email address"),
    ("<words:a> , and nothing else", "{a}"),
    ("system must only accept <field:f> in form of <words:x>", "{f} must consist of {x}"),
    ("<field:f> that be not <words:c> (be | must be) %refused [(on | for | of) <entity:e>]", "{f} must be {c}"),
    ("format of <field:f> (be | must be) <words:x>", "{f} must consist of {x}"),
    ("if <field:f> do not consist of <words:x> , (<entity:e> | it) %nosave", "{f} must consist of {x}"),
    ("<field:f> must (follow | match | have) [following] (pattern | format) [:] <words:x>", "{f} must consist of {x}"),
    ("<field:f> must look like (this | so) : <words:x>", "{f} must consist of {x}"),
    (
        "we write <field:f> (with | as) <words:x> [, in order] ; (other formats be refused | anything else be refused)",
        "{f} must consist of {x}",
    ),
    ("only <field:f> of <words:x> be accepted", "{f} must consist of {x}"),
    (
        "(on | for) <entity:e> , <field:f> (starts with | start with | begins with) <words:a> , and (ends with | end with) <words:b>",
        "{f} must consist of {a} and {b}",
    ),
    ("system mayonly accept <field:f> in form of <words:x>", "{f} must consist of {x}"),
    (
        "(on | for) <entity:e> , <field:f> (starts with | start with | begins with) <words:a> , and <words:m> , and (ends with | end with) <words:b>",
        "{f} must consist of {a} , {m} and {b}",
    ),
    ("<words:x> (make up | makes up | form | forms) <field:f>", "{f} must consist of {x}"),
    ("<field:f> must be (written | entered | given | built) as <words:x>", "{f} must consist of {x}"),
    ("<words:x> , in order", "{x}"),
    (
        "<field:f> must (begin | start) with <words:a> , [and] [then] (have | contain) <words:m> , and (end | ends) with <words:b>",
        "{f} must consist of {a} , {m} and {b}",
    ),
    ("(no | 0) <field:f> may have (form | format) other than <words:x>", "{f} must consist of {x}"),
    (
        "(format of <field:f> | <field:f>) must be <words:a> and <words:b> with <words:m> between them",
        "{f} must consist of {a} , {m} and {b}",
    ),
    ("invalid (email address | email) be %refused (as | for | in) <field:f>", "{f} must be valid email address"),
    ("<field:f> must look like (email address | email)", "{f} must be valid email address"),
    ("<entity:e> with (invalid | malformed | badly formed) <field:f> %nosave", "{f} must be valid"),
    (
        "if <field:f> be not valid (address | email address) , (<entity:e> | it) %nosave",
        "{f} must be valid email address",
    ),
];
