//! Words by which a heading or a sentence shows what it is.

use crate::narrative;

/// What a section is for, by its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Narrative,
    Deferred,
    Quality,
    Criteria,
    Rules,
    Stories,
    Data,
    Roles,
    Other,
}

const NARRATIVE: &[&str] = &[
    "background",
    "context",
    "motivation",
    "goal",
    "goals",
    "why",
    "overview",
    "introduction",
    "vision",
    "summary",
    "purpose",
    "about",
    "problem",
    "objective",
    "objectives",
    "benefits",
    "business value",
    "success metrics",
    "intro",
    "problem statement",
    "history",
    "glossary",
    "definitions",
    "definition of terms",
    "terminology",
    "terms used",
    "terms and definitions",
    "notes",
    "preface",
];
const DEFERRED: &[&str] = &[
    "out of scope",
    "not in this release",
    "not in scope",
    "phase 2",
    "phase two",
    "phase ii",
    "non-goals",
    "non goals",
    "won't",
    "won’t",
    "wont have",
    "not now",
    "next release",
    "parking lot",
    "not in this epic",
    "not in this version",
    "not part of this",
    "won't do",
    "won’t do",
    "will not do",
    "what we will not",
    "what we won't",
    "beyond scope",
    "outside the scope",
];
/// "Later", "Ideas for the future", "Future releases": words of a heading that only defers. "No dates in the future" and
/// "Later changes" say something.
const DEFERRING: &[&str] = &[
    "later",
    "future",
    "for",
    "the",
    "in",
    "a",
    "an",
    "on",
    "and",
    "or",
    "of",
    "to",
    "not",
    "now",
    "out",
    "scope",
    "ideas",
    "idea",
    "plans",
    "plan",
    "planned",
    "phases",
    "phase",
    "releases",
    "release",
    "versions",
    "version",
    "work",
    "features",
    "feature",
    "extensions",
    "extension",
    "improvements",
    "enhancements",
    "iterations",
    "iteration",
    "stages",
    "stage",
    "wishes",
    "wish",
    "list",
    "possible",
    "maybe",
    "perhaps",
    "next",
    "stories",
    "requirements",
    "steps",
    "things",
    "items",
    "topics",
    "development",
    "considerations",
    "backlog",
    "roadmap",
    "postponed",
    "deferred",
    "nice",
    "have",
    "us",
    "we",
    "left",
    "leave",
    "what",
    "comes",
    "come",
    "could",
    "might",
    "some",
    "time",
    "day",
    "one",
    "until",
    "than",
    "this",
    "these",
    "wait",
    "can",
    "follow",
    "follows",
    "increments",
    "increment",
    "sprints",
];
/// Headings that defer only as a whole: "Excluded days" may be a kind of record.
const DEFERRED_WHOLE: &[&str] = &[
    "not included",
    "not planned",
    "excluded",
    "exclusions",
    "nongoals",
    "what is not included",
    "explicitly excluded",
];
const QUALITY: &[&str] = &[
    "non-functional",
    "nonfunctional",
    "non functional",
    "quality requirements",
    "quality attributes",
    "nfr",
    "nfrs",
    "technical requirements",
    "qualities",
    "quality goals",
];
/// Qualities that are also things people keep records of: they head qualities only among their like.
const QUALITY_WHOLE: &[&str] = &[
    "performance",
    "availability",
    "reliability",
    "security",
    "usability",
    "scalability",
    "and",
    "requirements",
    "goals",
    "targets",
    "of",
    "the",
    "system",
    "service",
];
const CRITERIA: &[&str] = &["acceptance", "criteria", "scenario", "scenarios", "examples", "definition of done"];
/// Short for the criteria where it is all that a heading says: "AC units" may be a kind of record.
const CRITERIA_WHOLE: &[&str] = &["ac", "acs", "a/c", "dod"];
const RULES: &[&str] = &[
    "rule",
    "rules",
    "constraint",
    "constraints",
    "policy",
    "policies",
    "invariants",
    "validation",
    "validations",
    "permissions",
    "restrictions",
    "access",
];
const RULES_WHOLE: &[&str] = &[
    "calculated",
    "calculation",
    "calculations",
    "calculated values",
    "computed",
    "computed values",
    "derived values",
    "formulas",
    "formulae",
];
const STORIES: &[&str] = &["stories", "user stories", "story", "use cases"];
const DATA: &[&str] = &[
    "data",
    "fields",
    "field",
    "attributes",
    "entities",
    "records",
    "data model",
    "functional",
    "features",
    "functions",
    "requirements",
    "register",
    "model",
    "information",
    "lists",
    "reports",
    "domain",
    "entity",
    "objects",
    "resources",
    "data dictionary",
];
const ROLES: &[&str] = &[
    "roles",
    "users",
    "actors",
    "personas",
    "people",
    "stakeholders",
    "who uses it",
    "user roles",
    "roles and people",
    "user groups",
    "groups of users",
    "who works with it",
    "who works with this",
    "who will use it",
    "who is involved",
    "people involved",
    "participants",
];

/// What a heading announces.
pub(crate) fn purpose(heading: &str) -> Purpose {
    let lower = plain(heading);
    let any = |list: &[&str]| list.iter().any(|term| has(&lower, term));
    let is = |list: &[&str]| list.contains(&lower.trim_end_matches(['?', ':', ' ']));
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    // "Later: a mobile app" says what is put off.
    let led = starts(&lower, &["later:", "later (", "later –", "later —", "later -", "later,", "future:", "for later"]);
    let defers = led || any(&["later", "future"]) && words.all(|word| DEFERRING.contains(&word));
    if (any(DEFERRED) || is(DEFERRED_WHOLE) || defers) && !lower.contains("no later") {
        Purpose::Deferred
    } else if any(QUALITY) || qualities(&lower) {
        Purpose::Quality
    } else if any(CRITERIA) || is(CRITERIA_WHOLE) {
        Purpose::Criteria
    } else if is(ROLES) {
        Purpose::Roles
    } else if any(RULES) || is(RULES_WHOLE) {
        Purpose::Rules
    } else if any(STORIES) {
        Purpose::Stories
    } else if is(NARRATIVE) || starts(&lower, &["why ", "background ", "about ", "goals ", "context ", "the problem"]) {
        Purpose::Narrative
    } else if any(DATA) || starts(&lower, &["what we ", "things we ", "what is ", "what the system ", "what to "]) {
        Purpose::Data
    } else {
        Purpose::Other
    }
}

/// "Performance", "Performance and availability": no "Performance planning", no "Book a performance".
fn qualities(lower: &str) -> bool {
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    (has(lower, "performance") || has(lower, "availability")) && words.all(|word| QUALITY_WHOLE.contains(&word))
}

/// The words that put a statement off, if it says so itself.
pub(crate) fn deferral(sentence: &str) -> Option<&'static str> {
    let lower = plain(sentence);
    let lower = lower.trim_end_matches(['.', '!', ')']);
    const ANYWHERE: &[&str] = &[
        "out of scope",
        "not in scope",
        "not in this release",
        "not in this version",
        "not in this epic",
        "not part of this epic",
        "not part of this release",
        "not part of this version",
        "later release",
        "later version",
        "later phase",
        "later iteration",
        "later stage",
        "future release",
        "future version",
        "future phase",
        "future iteration",
        "future work",
        "next release",
        "next version",
        "next phase",
        "phase 2",
        "phase two",
        "phase ii",
        "won't have",
        "won't be built",
        "won't be part",
        "for later",
        "not for now",
        "second phase",
    ];
    const START: &[&str] = &["later:", "later,", "later ", "in the future,", "future:", "some day", "out of scope:"];
    const END: &[&str] = &[" come later", " comes later", " (later", " follow later"];
    ANYWHERE
        .iter()
        .chain(START.iter().filter(|start| lower.starts_with(**start)))
        .find(|words| has(lower, words.trim_matches([':', ',', ' '])) || lower.starts_with(**words))
        .copied()
        .or_else(|| END.iter().find(|end| lower.ends_with(**end)).copied())
        .map(|words| words.trim_matches([':', ',', ' ', '(']))
}

/// Words that forbid, oblige or limit: such a sentence is a rule wherever it stands.
const STRONG: &[&str] = &[
    "must",
    "mustn't",
    "shall",
    "should",
    "shouldn't",
    "may not",
    "may only",
    "can only",
    "cannot",
    "can't",
    "can not",
    "not allowed",
    "never",
    "has to",
    "have to",
    "is required",
    "are required",
    "requires",
    "require",
    "mandatory",
    "not possible",
    "refused",
    "rejected",
    "forbidden",
    "only if",
    "only when",
    "only one",
    "at most",
    "at least",
    "no more than",
    "unique",
    "no two",
    "not be",
    "is not",
    "are not",
    "optional",
    "exactly one",
    "prohibited",
    "not permitted",
    "up to",
    "between",
    "immutable",
    "read-only",
    "disallowed",
    "does not",
    "do not",
];

/// Words with which people say what is recorded, shown or done.
const WEAK: &[&str] = &[
    "may",
    "can",
    "could",
    "need to",
    "needs to",
    "able to",
    "has a",
    "has an",
    "have a",
    "have an",
    "has the",
    "has its",
    "i keep",
    "i note",
    "i record",
    "i store",
    "i register",
    "i need to know",
    "each with",
    "we keep",
    "we note",
    "we log",
    "we capture",
    "we hold",
    "we collect",
    "we want to know",
    "we need to know",
    "we record",
    "we store",
    "we track",
    "we register",
    "we want",
    "we need",
    "records",
    "belongs to",
    "belong to",
    "consists of",
    "contains",
    "includes",
    "include",
    "is recorded",
    "are recorded",
    "recorded",
    "is stored",
    "are stored",
    "stored",
    "is calculated",
    "is computed",
    "calculated",
    "starts as",
    "starts out",
    "start out",
    "begins out",
    "begin out",
    "=",
    "×",
    "start as",
    "begin as",
    "begins as",
    "begin in",
    "begins in",
    "go from",
    "move from",
    "refers to",
    "needs",
    "needs a",
    "need a",
    "need an",
    "need the",
    "listed",
    "is shown",
    "are shown",
    "->",
    "→",
    "=>",
    "→",
    "possible to",
    "described by",
    "per",
    "starts in",
    "moves from",
    "goes from",
    "is one of",
    "are one of",
    "is either",
    "defaults to",
    "default",
    "sorted",
    "ordered",
    "filter",
    "search",
    "per page",
    "on a page",
    "to a page",
    "newest first",
    "latest first",
    "oldest first",
    "earliest first",
    "filters",
    "sorts",
    "csv",
    "export",
    "totals",
    "total",
    "shows",
    "show",
    "the system",
    "the service",
    "the application",
    "the app",
    "support",
    "supports",
    "send",
    "sends",
    "automatically",
];

/// Whether a sentence obliges, forbids or limits.
pub(crate) fn strong(sentence: &str) -> bool {
    let lower = plain(sentence);
    // "Cancelled bookings don't count" forbids like "do not count".
    let full = lower.replace("n't", " not");
    STRONG.iter().any(|term| has(&lower, term) || has(&full, term))
        || starts(&lower, &["only ", "no ", "if ", "when ", "while ", "once "])
}

/// Whether a sentence that stands among those that only tell a story limits something all the same.
pub(crate) fn limits(sentence: &str) -> bool {
    const TERMS: &[&str] = &[
        "longer than",
        "shorter than",
        "nothing else",
        "sole right",
        "reads only",
        "no access",
        "changes nothing",
        "but not change",
        "but not edit",
        "but not modify",
        "but not delete",
        "across the board",
    ];
    let lower = plain(sentence);
    starts(&lower, &["nobody "]) || TERMS.iter().any(|term| has(&lower, term))
}

/// Whether a sentence says what is recorded, shown or done.
pub(crate) fn weak(sentence: &str) -> bool {
    let lower = plain(sentence).replace("we also ", "we ");
    WEAK.iter().any(|term| has(&lower, term)) || states_a_fact_of_each(&lower) || enumerates(&lower)
}

/// Whether it has one of the words with which people say what is recorded, shown or done.
pub(crate) fn weak_word(lower: &str) -> bool {
    WEAK.iter().any(|term| has(lower, term))
}

/// "Guests register with name, e-mail and number of persons (1 to 6)": three things or more that belong to something.
fn enumerates(lower: &str) -> bool {
    let Some((_, list)) = lower.split_once(" with ") else { return false };
    let noted = list.contains('(') && list.contains(|c: char| c.is_ascii_digit());
    noted && list.contains(',') && list.contains(" and ")
}

/// "Each plot ...", "A booking ...", "Every lot ...": a sentence about one of many is about records.
fn states_a_fact_of_each(lower: &str) -> bool {
    starts(lower, &["each ", "every ", "a ", "an ", "all "])
}

/// A quality of the whole rather than a rule about records.
pub(crate) fn quality(sentence: &str) -> bool {
    const TERMS: &[&str] = &[
        "response time",
        "respond within",
        "responds within",
        "responses under",
        "milliseconds",
        "ms",
        "uptime",
        "concurrent users",
        "simultaneous users",
        "encrypted",
        "encryption",
        "wcag",
        "gdpr",
        "accessibility",
        "accessible to screen",
        "browsers",
        "backup",
        "backups",
        "throughput",
        "latency",
        "per second",
        "scalable",
        "load in under",
        "loads within",
        "load within",
        "available 24/7",
        "% available",
        "% of the time",
        "penetration",
        "disaster recovery",
        "audit log",
        "page load",
    ];
    let lower = plain(sentence);
    TERMS.iter().any(|term| has(&lower, term))
}

/// "The following rules apply": says that something follows, and nothing else.
pub(crate) fn announces_only(sentence: &str) -> bool {
    let lower = plain(sentence);
    let vague = ["following", "these", "below", "apply", "applies", "as follows"].iter().any(|word| has(&lower, word));
    vague && !["must", "cannot", "only", "unique", "required"].iter().any(|word| has(&lower, word))
}

/// `As a ..., I want ...` in its usual orders.
pub(crate) fn story(sentence: &str) -> bool {
    let lower = plain(sentence);
    // "I would like a simple web application for ..." tells what the whole is for.
    if narrative::tells_purpose(sentence) {
        return false;
    }
    let role = starts(&lower, &["as a ", "as an ", "as the ", "as any ", "as "]) && has(&lower, "i")
        || starts(&lower, &["in order to ", "so that "]) && has(&lower, "as a");
    // "As the manager, only I may ..." is a rule about managers.
    role && !has(&lower, "only i") || first_person(&lower)
}

/// "I can see the number of stays": a story by itself, and a criterion among others.
pub(crate) fn first_person(lower: &str) -> bool {
    starts(lower, &["i want ", "i need ", "i would like ", "i'd like ", "i can ", "i must be able ", "i wish "])
}

/// `Given ... When ... Then ...`, or at least two of them.
pub(crate) fn steps(sentence: &str) -> bool {
    let lower = plain(sentence);
    let then = has(&lower, "then");
    (starts(&lower, &["given "]) && (then || has(&lower, "when"))) || (starts(&lower, &["when "]) && then)
}

/// Lower case, straight quotes.
pub(crate) fn plain(text: &str) -> String {
    text.to_lowercase().replace(['’', '‘'], "'").replace('\n', " ")
}

pub(crate) fn starts(lower: &str, heads: &[&str]) -> bool {
    heads.iter().any(|head| lower.starts_with(head))
}

/// Whether the term stands in the text between word ends.
pub(crate) fn has(lower: &str, term: &str) -> bool {
    lower.match_indices(term).any(|(at, found)| {
        let before = lower.get(..at).and_then(|text| text.chars().next_back());
        let after = lower.get(at + found.len()..).and_then(|text| text.chars().next());
        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let starts_plain = !found.starts_with(char::is_alphanumeric) || !word(before);
        starts_plain && !word(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_oblige_like_long_ones() {
        for text in ["Cancelled bookings don't count.", "A closed file isn't listed.", "Members can’t book twice."] {
            assert!(strong(text), "{text}");
        }
    }

    #[test]
    fn only_the_epics_own_words_defer() {
        assert_eq!(deferral("SMS reminders come later."), Some("come later"));
        assert_eq!(deferral("Payment is out of scope."), Some("out of scope"));
        assert_eq!(deferral("Later: barcode scanning"), Some("later"));
        assert_eq!(deferral("The date may not be in the future."), None);
        assert_eq!(deferral("Return no later than 14 days after the start."), None);
        assert_eq!(deferral("The end must be later than the start."), None);
    }

    #[test]
    fn headings_have_purposes() {
        assert_eq!(purpose("Business rules"), Purpose::Rules);
        assert_eq!(purpose("Why"), Purpose::Narrative);
        for heading in
            ["Out of scope (for now)", "Not in this epic", "Not included", "Won’t do", "Non-goals", "Excluded"]
        {
            assert_eq!(purpose(heading), Purpose::Deferred, "{heading}");
        }
        assert_eq!(purpose("Excluded days"), Purpose::Other);
        assert_eq!(
            (purpose("AC"), purpose("AC:"), purpose("AC units")),
            (Purpose::Criteria, Purpose::Criteria, Purpose::Other)
        );
        assert_eq!(purpose("Non-functional requirements"), Purpose::Quality);
        assert_eq!(purpose("Acceptance criteria"), Purpose::Criteria);
        assert_eq!(purpose("Benches"), Purpose::Other);
    }
}
