//! Sentences that tell a story and demand nothing: who somebody is, how it is today, what the whole is for.

use crate::signal;

/// "A small workshop makes soap in batches": who somebody is and what they do, as an epic opens with it.
pub(crate) fn introduces(sentence: &str) -> bool {
    // Words of sentences that tell what records are like.
    const STATE: &[&str] =
        &["is", "are", "has", "have", "holds", "needs", "gets", "starts", "begins", "costs", "lasts", "takes"];
    // "... sails between the mainland and the islands": places, and no bounds.
    let bounded = sentence.chars().any(|c| c.is_ascii_digit());
    let sentence = &if bounded { sentence.to_owned() } else { sentence.replace(" between the ", " from the ") };
    let lower = signal::plain(sentence);
    let says = |terms: &[&str]| terms.iter().any(|term| signal::has(&lower, term));
    signal::starts(&lower, &["a ", "an "]) && !signal::strong(sentence) && !signal::weak_word(&lower) && !says(STATE)
}

/// A sentence of the story "how it is today": past, habit or complaint, not demand.
pub(crate) fn tells_today(sentence: &str) -> bool {
    let lower = signal::plain(sentence);
    // "Visits are noted in a spreadsheet today, and nobody can say what they cost."
    const MEDIA: &[&str] = &[
        "spreadsheet",
        "spreadsheets",
        "whiteboard",
        "logbook",
        "notebook",
        "paper",
        "excel",
        "card index",
        "by hand",
        "clipboard",
        "index cards",
    ];
    // "... and at the last audit we could not show the certificate"
    const FAILED: &[&str] =
        &["we could not", "nobody could", "no one could", "no-one could", "we couldn't", "we were not able"];
    const COMPLAINTS: &[&str] =
        &["today", "currently", "nobody can", "nobody knows", "no one can", "get lost", "gets lost"];
    let told = |terms: &[&str]| terms.iter().any(|term| signal::has(&lower, term));
    // "If a roast turns out badly, we cannot tell which lot it came from"
    const LOST: &[&str] =
        &["we cannot tell ", "we can't tell ", "nobody can tell ", "no one can tell ", "we cannot say "];
    if LOST.iter().any(|lost| lower.contains(lost)) {
        return true;
    }
    // "We have three machines and may buy more"
    if of_ours(&lower) {
        return true;
    }
    // "Her card index should become a service."
    if told(MEDIA) && told(&["should become a", "shall become a", "is to become a"]) {
        return true;
    }
    if told(MEDIA)
        && (told(COMPLAINTS) || told(FAILED))
        && !["must", "shall", "should", "want", "may"].iter().any(|term| signal::has(&lower, term))
    {
        return true;
    }
    // "The ledger is an old desktop database that only one colleague can still open"
    if !["must", "shall", "should", "cannot"].iter().any(|term| signal::has(&lower, term)) && worn(&lower) {
        return true;
    }
    // "The kitchen must know what to cook on which day"
    let knows = [" must know ", " needs to know ", " need to know ", " has to know ", " have to know "];
    let asked = ["what ", "who ", "when ", "where ", "which ", "whose ", "how "];
    if let Some((who, what)) = knows.iter().find_map(|verb| lower.split_once(verb))
        && asked.iter().any(|word| what.starts_with(word))
        && !["system", "service", "application", "software"].iter().any(|term| signal::has(who, term))
        && !lower.chars().any(|c| c.is_ascii_digit())
    {
        return true;
    }
    signal::starts(
        &lower,
        &[
            "today",
            "currently",
            // "At the moment an order is placed" tells when, not how it is today.
            "at the moment,",
            "at the moment we",
            "at the moment all",
            "at the moment every",
            "at the moment this",
            "at the moment it",
            "at the moment they",
            "at the moment there",
            "at the moment people",
            "at the moment our",
            "at the moment nobody",
            "right now",
            "so far",
            "until now",
            "this epic",
            "this document",
            "this page",
            "the goal of this",
            "the goal is to",
            "the following describes",
            "as agreed in",
            "the goal of the",
            "the aim of the",
            "the purpose of the",
            "our goal",
            "the aim of this",
            "the aim is to",
            "at present",
            "in the past",
            "last year",
            "these days",
            "the purpose of this",
            "the purpose is to",
        ],
    )
}

/// "... is an old desktop database", "... was an outdated spreadsheet": what is to be replaced.
fn worn(lower: &str) -> bool {
    const WORN: &[&str] = &["old", "outdated", "ageing", "aging", "legacy", "home-made", "home-grown", "worn-out"];
    const MEDIA: &[&str] = &[
        "database",
        "program",
        "programme",
        "software",
        "spreadsheet",
        "system",
        "application",
        "file",
        "ledger",
        "list",
        "macro",
    ];
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    (0..words.len()).any(|at| {
        let near = words.get(at..words.len().min(at + 6)).unwrap_or_default();
        let [verb, article, how, rest @ ..] = near else { return false };
        ["is", "are", "was", "were"].contains(verb)
            && ["a", "an", "the"].contains(article)
            && WORN.contains(how)
            && rest.iter().any(|word| MEDIA.contains(word))
    })
}

/// "Otherwise an error message is shown", "the system rejects the entry": what a breach comes to, and nothing of what is one.
#[must_use]
pub fn tells_outcome(sentence: &str) -> bool {
    const REFUSED: &[&str] = &["error", "errors", "rejected", "rejects", "refused", "refuses", "declined", "denied"];
    const BESIDE: &[&str] = &[
        "otherwise",
        "or",
        "else",
        "if",
        "not",
        "a",
        "an",
        "the",
        "clear",
        "meaningful",
        "helpful",
        "validation",
        "conflict",
        "message",
        "messages",
        "is",
        "are",
        "be",
        "must",
        "should",
        "shall",
        "will",
        "shown",
        "displayed",
        "returned",
        "given",
        "appears",
        "shows",
        "displays",
        "returns",
        "gives",
        "gets",
        "sees",
        "receives",
        "user",
        "system",
        "service",
        "application",
        "request",
        "entry",
        "input",
        "change",
        "form",
        "it",
        "with",
        "as",
        "and",
        "does",
        "save",
        "saved",
        "accepted",
        "invalid",
        "forbidden",
        "403",
        "409",
        "422",
        "400",
    ];
    let lower = signal::plain(sentence);
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let told = lower.split(|c: char| !c.is_alphanumeric()).any(|word| REFUSED.contains(&word));
    told && words.all(|word| REFUSED.contains(&word) || BESIDE.contains(&word))
}

/// "We want a small service for booking meeting rooms": what the whole is for, and nothing that could be broken.
pub(crate) fn tells_purpose(sentence: &str) -> bool {
    let lower = signal::plain(sentence);
    let lower = lower.trim_end_matches(['.', '!', ' ']);
    let lower = ["with this epic, ", "with this epic ", "in this epic, ", "in this epic "]
        .iter()
        .find_map(|lead| lower.strip_prefix(lead))
        .unwrap_or(lower);
    const WANTS: &[&str] = &[
        "we want ",
        "we need ",
        "we would like ",
        "we'd like ",
        "we are looking for ",
        "i want ",
        "i need ",
        "i would like ",
        "i'd like ",
        "what we need is ",
        "what i need is ",
        "what we want is ",
        "what i want is ",
    ];
    const WHOLES: &[&str] = &[
        "service",
        "system",
        "tool",
        "application",
        "app",
        "software",
        "solution",
        "program",
        "web app",
        "web application",
        "website",
        "register",
        "database",
        "replacement",
        "record",
        "overview",
        "place",
    ];
    // "... a small register that every volunteer can use"
    let whole = |what: &str| {
        let (what, used_by) = what.split_once(" that ").unwrap_or((what, ""));
        let used = used_by.is_empty()
            || used_by.split(' ').count() <= 5
                && [" can use", " can see", " can reach"].iter().any(|end| used_by.ends_with(end));
        if !used || signal::has(used_by, "only") {
            return false;
        }
        ["a ", "an ", "one "].iter().find_map(|article| what.strip_prefix(article)).is_some_and(|what| {
            what.split(' ').count() <= 4
                && WHOLES.iter().any(|whole| what == *whole || what.ends_with(&format!(" {whole}")))
        })
    };
    // "This service should replace them."
    let replaces = ["this new ", "the new ", "this ", "the "]
        .iter()
        .find_map(|lead| lower.strip_prefix(lead))
        .and_then(|rest| rest.split_once(' '))
        .is_some_and(|(what, does)| {
            let does = does.trim_start_matches("should ").trim_start_matches("shall ").trim_start_matches("will ");
            WHOLES.contains(&what) && ["replace ", "replaces "].iter().any(|verb| does.starts_with(verb))
        });
    if replaces || keeps_all_told(lower) {
        return true;
    }
    // "We have outgrown the spreadsheet and would like a register"
    let own = WANTS.iter().find_map(|want| lower.strip_prefix(want)).or_else(|| {
        let outgrown = lower.strip_prefix("we have outgrown ")?;
        [" and would like ", " and want ", " and need "]
            .iter()
            .find_map(|want| outgrown.split_once(want))
            .map(|(_, what)| what)
    });
    let Some(rest) = own.or_else(|| organisation_wants(lower)) else { return false };
    // "We want to replace the whiteboard": what shall be no more, and no demand on records.
    const ENDS: &[&str] =
        &["replace", "get rid of", "move away from", "stop using", "digitise", "digitize", "modernise", "modernize"];
    if ENDS.iter().any(|end| rest.strip_prefix("to ").unwrap_or(rest).starts_with(&format!("{end} ")))
        && !signal::strong(rest)
    {
        return true;
    }
    // "We want to plan that in one place"
    if rest.starts_with("to ")
        && rest.ends_with(" in one place")
        && rest.split(' ').count() <= 12
        && !signal::strong(rest)
    {
        return true;
    }
    // "We want to bring plots, members and tenancies into one service that the secretary can use"
    const GATHER: &[&str] = &["to bring ", "to put ", "to keep ", "to have ", "to collect ", "to combine ", "to move "];
    if let Some(kept) = GATHER.iter().find_map(|verb| rest.strip_prefix(verb))
        && let Some((kept, what)) = [" into one ", " in one ", " together in a ", " into a single "]
            .iter()
            .find_map(|mark| kept.split_once(mark))
    {
        let (what, used) = what.split_once(" that ").unwrap_or((what, " can use"));
        let whole = WHOLES.iter().any(|whole| what == *whole || what.ends_with(&format!(" {whole}")));
        return whole && used.ends_with(" can use") && !signal::strong(kept) && !signal::has(used, "only");
    }
    let rest = rest.trim_start_matches("to have ").trim_start_matches("to build ");
    // "... one place where everybody can look things up"
    if let Some((what, does)) = rest.split_once(" where ").or_else(|| rest.split_once(" in which "))
        && let Some((who, does)) = does.split_once(" can ")
        && ["everybody", "everyone", "we", "all of us", "we all", "the whole team"].contains(&who)
    {
        let vague = ["things", "everything", "it all", "them all"].iter().any(|thing| signal::has(does, thing));
        return whole(what) && vague && does.split(' ').count() <= 14 && !signal::strong(does);
    }
    // "... a service that keeps our recipes, batches and shelves, so that nothing is sold too early"
    const KEEPS: &[&str] =
        &["keeps", "manages", "tracks", "records", "holds", "stores", "organises", "organizes", "handles"];
    let (rest, reason) = rest.split_once(", so that ").or_else(|| rest.split_once(" so that ")).unwrap_or((rest, ""));
    if let Some((what, does)) = rest.split_once(" that ")
        && let Some((verb, kept)) = does.split_once(' ')
        && KEEPS.contains(&verb)
    {
        let short = reason.split(' ').count() <= 14 && kept.split(' ').count() <= 10;
        return whole(what) && short && !signal::strong(kept);
    }
    let (what, purpose) =
        [": ", " for ", " in which ", " where ", " instead of ", " in place of ", " replacing ", " of "]
            .iter()
            .find_map(|mark| rest.split_once(mark))
            .unwrap_or((rest, ""));
    // "A simple register: suppliers, tenders, and who won": what it is about.
    let listed = rest.contains(": ");
    whole(what)
        && purpose.split(' ').count() <= 22
        && !signal::strong(purpose)
        && !["which", "where", "who", "with", "per", "if", "when", "only", "can", "unique", "required"]
            .iter()
            .any(|word| signal::has(purpose, word) && !(listed && *word == "who"))
}

/// "This service keeps the records of all three, so that ...": what was spoken of, and nothing more of it.
fn keeps_all_told(lower: &str) -> bool {
    const WHOLES: &[&str] = &["service", "system", "tool", "application", "app", "software", "register", "database"];
    const KEEPS: &[&str] =
        &["keeps", "manages", "tracks", "records", "holds", "stores", "covers", "handles", "documents"];
    const VAGUE: &[&str] = &[
        "all",
        "of",
        "the",
        "these",
        "this",
        "them",
        "those",
        "that",
        "both",
        "two",
        "three",
        "four",
        "five",
        "record",
        "records",
        "data",
        "a",
        "track",
        "in",
        "one",
        "place",
        "everything",
        "information",
        "about",
        "on",
    ];
    let told = ["this new ", "the new ", "this ", "the ", "our "].iter().find_map(|lead| lower.strip_prefix(lead));
    let Some((what, rest)) = told.and_then(|rest| rest.split_once(' ')) else { return false };
    let Some((verb, rest)) = rest.split_once(' ') else { return false };
    let (kept, reason) = rest.split_once(", so that ").or_else(|| rest.split_once(" so that ")).unwrap_or((rest, ""));
    WHOLES.contains(&what)
        && KEEPS.contains(&verb)
        && kept.split(' ').all(|word| VAGUE.contains(&word))
        && ["all", "both", "them", "these", "those", "everything", "this", "that"]
            .iter()
            .any(|word| signal::has(kept, word))
        && !signal::strong(reason)
}

/// "The donation service needs a record of ...": what an organisation as a whole wants.
fn organisation_wants(lower: &str) -> Option<&str> {
    let (who, rest) = [" needs ", " wants ", " would like "].iter().find_map(|verb| lower.split_once(verb))?;
    let organisation = ["the ", "our ", "a "].iter().find_map(|article| who.strip_prefix(article))?;
    // "A loan needs a return date" speaks of records; an organisation is told with what makes it one.
    let told = who.starts_with("a ") && !organisation.contains(" with ");
    (!told && organisation.split(' ').count() <= 6).then_some(rest)
}

/// "We must stop losing tools": about the authors, not about the software.
/// "We have three machines", "we own about 60 boxes": how many of something there are today.
fn of_ours(lower: &str) -> bool {
    const NUMBERS: &[&str] = &[
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "about", "around",
        "several", "many", "some", "over", "roughly",
    ];
    const DEMANDS: &[&str] =
        &["must", "shall", "should", "each", "every", "cannot", "only", "never", "kinds of", "types of", ":"];
    let rest = ["we have ", "we own ", "we run ", "we keep "].iter().find_map(|lead| lower.strip_prefix(lead));
    let counted = rest
        .and_then(|rest| rest.split(' ').next())
        .is_some_and(|word| NUMBERS.contains(&word) || word.chars().all(|c| c.is_ascii_digit()) && !word.is_empty());
    counted && !DEMANDS.iter().any(|word| if *word == ":" { lower.contains(':') } else { signal::has(lower, word) })
}

pub(crate) fn is_about_us(text: &str) -> bool {
    let lower = signal::plain(text);
    // "Nobody stays longer than 28 nights" bounds what is recorded.
    let bounded = lower.starts_with("nobody ") && (lower.chars().any(|c| c.is_ascii_digit()) || begins(&lower));
    ["we ", "our ", "i ", "volunteers ", "people ", "nobody ", "it is hard", "it takes"]
        .iter()
        .any(|start| lower.starts_with(start))
        && !lower.contains("the system")
        && !bounded
}

/// "Nobody is banned to begin with": what records are like when they are new.
fn begins(lower: &str) -> bool {
    const FIRST: &[&str] = &["to begin with", "to start with", "at first", "initially", "by default", "from the start"];
    [" is ", " are "].iter().any(|be| lower.contains(be)) && FIRST.iter().any(|first| signal::has(lower, first))
}

/// "A consignor is a person who gives us objects to sell": what a word means.
pub(crate) fn defines(sentence: &str) -> bool {
    const KINDS: &[&str] = &[
        "person",
        "somebody",
        "someone",
        "customer",
        "company",
        "firm",
        "organisation",
        "organization",
        "institution",
        "place",
        "business",
        "employee",
        "member",
        "volunteer",
        "individual",
    ];
    let lower = signal::plain(sentence);
    let Some((what, said)) = lower.split_once(" is ") else { return false };
    let term = signal::starts(what, &["a ", "an ", "the "]) && what.split(' ').count() <= 4;
    let mut words = said.split(' ').skip_while(|word| matches!(*word, "a" | "an" | "any" | "the"));
    let kind = words.next().is_some_and(|word| KINDS.contains(&word));
    let told = words.next().is_some_and(|word| matches!(word, "who" | "that" | "which" | "whom" | "where"));
    term && kind && told && !signal::strong(sentence) && !signal::has(said, "has") && !signal::has(said, "with")
}

/// "Description", "Purpose and scope": a section that says what the others are about.
pub(crate) fn heads(title: &str) -> bool {
    const WORDS: &[&str] = &[
        "description",
        "scope",
        "purpose",
        "situation",
        "introduction",
        "the",
        "and",
        "of",
        "in",
        "epic",
        "project",
        "general",
    ];
    let lower = signal::plain(title);
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(|word| WORDS.contains(&word))
}

/// What only a tracker says of a ticket.
const TRACKED: &[&str] = &[
    "type",
    "issue type",
    "priority",
    "reporter",
    "assignee",
    "component",
    "components",
    "labels",
    "epic link",
    "sprint",
    "fix version",
    "fix versions",
    "story points",
    "estimate",
];

/// "Priority: High", "Reporter: Field director": what a ticket says of itself.
pub(crate) fn of_ticket(line: &str) -> bool {
    const MORE: &[&str] = &[
        "label",
        "epic",
        "epic name",
        "version",
        "author",
        "owner",
        "date",
        "created",
        "updated",
        "project",
        "key",
        "team",
        "product owner",
    ];
    let lower = signal::plain(line);
    summary(line).is_some()
        || lower.split_once(':').is_some_and(|(key, value)| {
            let key = key.trim_matches([' ', '*', '-']);
            (TRACKED.contains(&key) || MORE.contains(&key)) && value.split_whitespace().count() <= 6
        })
}

/// "Priority: High", "Sprint: 12": what only a tracker says, one value each, wherever it stands.
pub(crate) fn of_tracker(line: &str) -> bool {
    let lower = signal::plain(line);
    lower.split_once(':').is_some_and(|(key, value)| {
        let one = !value.contains([',', '/', '→', '(', ';']) && !value.contains("->") && !value.contains(" or ");
        // "Type: text" below the name of a record is a field.
        let typed =
            ["text", "number", "whole number", "integer", "decimal", "date", "money", "hours", "boolean", "yes/no"];
        let told = !typed.contains(&value.trim().trim_end_matches('.'));
        TRACKED.contains(&key.trim_matches([' ', '*', '-']))
            && one
            && told
            && (1..=4).contains(&value.split_whitespace().count())
    })
}

/// "Summary: Rent out storage units": what a ticket calls itself.
pub(crate) fn summary(line: &str) -> Option<&str> {
    let (key, value) = line.split_once(':')?;
    let title = value.trim_matches([' ', '*']);
    (signal::plain(key).trim_matches([' ', '*', '-']) == "summary" && !title.is_empty()).then_some(title)
}
