//! Brings a sentence to one wording: modals, comparisons, numbers; articles and filler are dropped.
//!
//! Names that the epic gave (of two or more words) are left alone, so that a field `maximum weight` stays a field.

use crate::lexicon::Lexicon;
use crate::token::{Token, tokens};
use std::collections::HashMap;
use std::sync::LazyLock;

/// First pass, word by word.
const WORDS: &[(&str, &str)] = &[
    ("is", "be"),
    ("are", "be"),
    ("was", "be"),
    ("were", "be"),
    ("been", "be"),
    ("being", "be"),
    ("am", "be"),
    ("has", "have"),
    ("had", "have"),
    ("having", "have"),
    ("does", "do"),
    ("did", "do"),
    ("can't", "cannot"),
    ("isn't", "be not"),
    ("aren't", "be not"),
    ("wasn't", "be not"),
    ("doesn't", "do not"),
    ("don't", "do not"),
    ("didn't", "do not"),
    ("mustn't", "must not"),
    ("shouldn't", "must not"),
    ("won't", "must not"),
    ("hasn't", "have not"),
    ("haven't", "have not"),
    ("couldn't", "cannot"),
    ("should", "must"),
    ("shall", "must"),
    ("will", "must"),
    ("which", "that"),
    ("who", "that"),
    ("whom", "that"),
    ("when", "if"),
    ("whenever", "if"),
    ("while", "if"),
    ("once", "if"),
    ("whilst", "if"),
    ("until", "unless"),
    ("zero", "0"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
    ("thirteen", "13"),
    ("fourteen", "14"),
    ("fifteen", "15"),
    ("sixteen", "16"),
    ("seventeen", "17"),
    ("eighteen", "18"),
    ("nineteen", "19"),
    ("twenty", "20"),
    ("thirty", "30"),
    ("forty", "40"),
    ("fifty", "50"),
    ("sixty", "60"),
    ("seventy", "70"),
    ("eighty", "80"),
    ("ninety", "90"),
    ("hundred", "100"),
    ("thousand", "1000"),
    ("dozen", "12"),
    ("percent", "%"),
    ("avg", "average"),
    ("&", "and"),
    ("another", "other"),
    ("others", "other"),
    ("maximal", "<="),
    ("not", "not"),
    ("could", "can"),
    ("needs", "need"),
    ("and/or", "or"),
    ("nor", "or"),
    ("deletable", "deleted"),
    ("whichever", "that"),
    // No filler: what is so only as a rule is a default, or no rule at all.
    ("usually", "normally"),
    ("typically", "normally"),
    ("generally", "normally"),
    ("ordinarily", "normally"),
];

/// Second pass, phrases of the first pass's words; the longest wins.
const PHRASES: &[(&str, &str)] = &[
    // Modals
    ("can neither", "mustnot"),
    ("may neither", "mustnot"),
    ("must neither", "mustnot"),
    ("can be neither", "mustnot be"),
    ("may be neither", "mustnot be"),
    ("must be neither", "mustnot be"),
    ("must not", "mustnot"),
    ("may not", "mustnot"),
    ("can not", "mustnot"),
    ("cannot", "mustnot"),
    ("can never", "mustnot"),
    ("may never", "mustnot"),
    ("must never", "mustnot"),
    ("never be", "mustnot be"),
    ("be never", "mustnot be"),
    ("be not allowed to", "mustnot"),
    ("be not permitted to", "mustnot"),
    ("be not able to", "mustnot"),
    ("be never allowed to", "mustnot"),
    ("be forbidden to", "mustnot"),
    ("be prohibited from", "mustnot"),
    ("be prevented from", "mustnot"),
    ("be no longer allowed to", "mustnot"),
    ("can no longer", "mustnot"),
    ("must no longer", "mustnot"),
    ("may no longer", "mustnot"),
    ("be forbidden from", "mustnot"),
    ("must not be able to", "mustnot"),
    ("must not be allowed to", "mustnot"),
    ("never can", "mustnot"),
    ("never may", "mustnot"),
    ("must at no time", "mustnot"),
    ("must only", "mayonly"),
    ("may only", "mayonly"),
    ("can only", "mayonly"),
    ("be only allowed to", "mayonly"),
    ("be allowed to only", "mayonly"),
    ("must only be able to", "mayonly"),
    ("may be only", "mayonly be"),
    ("can be only", "mayonly be"),
    ("be allowed only to", "mayonly"),
    ("have to", "must"),
    ("need to", "must"),
    ("be to be", "must be"),
    ("be required to", "must"),
    ("be obliged to", "must"),
    ("be supposed to", "must"),
    ("ought to", "must"),
    ("must always", "must"),
    ("must be able to", "may"),
    ("must be allowed to", "may"),
    ("can", "may"),
    ("be allowed to", "may"),
    ("be able to", "may"),
    ("be permitted to", "may"),
    ("be entitled to", "may"),
    ("be authorised to", "may"),
    ("be authorized to", "may"),
    ("have right to", "may"),
    ("have the right to", "may"),
    ("have permission to", "may"),
    ("have the permission to", "may"),
    ("can also", "may"),
    ("may also", "may"),
    // Refusals
    ("not accepted", "refused"),
    ("not possible", "refused"),
    ("not allowed", "refused"),
    ("not permitted", "refused"),
    ("no longer possible", "refused"),
    ("no longer allowed", "refused"),
    ("mustnot accepted", "be refused"),
    ("get refused", "be refused"),
    ("return 409", "be refused"),
    ("returns 409", "be refused"),
    ("return 422", "be refused"),
    ("returns 422", "be refused"),
    ("returns 403", "be forbidden"),
    ("results in 403", "be forbidden"),
    ("results in 409", "be refused"),
    ("results in 422", "be refused"),
    ("results in error", "be refused"),
    ("results in an error", "be refused"),
    ("results in conflict", "be refused"),
    ("results in a conflict", "be refused"),
    ("leads to an error", "be refused"),
    ("leads to a conflict", "be refused"),
    ("fails with", "be refused with"),
    ("turned down", "refused"),
    ("turned away", "refused"),
    ("not valid", "refused"),
    ("not acceptable", "refused"),
    // Comparisons
    ("at least", ">="),
    ("not less than", ">="),
    ("no less than", ">="),
    ("no fewer than", ">="),
    ("not fewer than", ">="),
    ("a minimum of", ">="),
    ("minimum of", ">="),
    ("minimum", ">="),
    ("min", ">="),
    ("greater than or equal to", ">="),
    ("more than or equal to", ">="),
    ("equal to or greater than", ">="),
    ("greater or equal", ">="),
    ("not below", ">="),
    ("not under", ">="),
    ("no earlier than", ">="),
    ("not earlier than", ">="),
    ("on or after", ">="),
    ("not before", ">="),
    ("not smaller than", ">="),
    ("not lower than", ">="),
    ("no lower than", ">="),
    ("no smaller than", ">="),
    ("same day as or after", ">="),
    ("on or later than", ">="),
    ("equal to or after", ">="),
    ("equal to or later than", ">="),
    ("later than or equal to", ">="),
    ("not shorter than", ">="),
    ("the same as or after", ">="),
    ("the same as or later than", ">="),
    ("at most", "<="),
    ("no more than", "<="),
    ("not more than", "<="),
    ("up to", "<="),
    ("a maximum of", "<="),
    ("maximum of", "<="),
    ("maximum", "<="),
    ("max", "<="),
    ("not exceed", "<="),
    ("not exceeding", "<="),
    ("less than or equal to", "<="),
    ("equal to or less than", "<="),
    ("smaller or equal", "<="),
    ("no later than", "<="),
    ("not later than", "<="),
    ("on or before", "<="),
    ("not after", "<="),
    ("not above", "<="),
    ("not over", "<="),
    ("no longer than", "<="),
    ("not longer than", "<="),
    ("not greater than", "<="),
    ("no greater than", "<="),
    ("not higher than", "<="),
    ("no higher than", "<="),
    ("not larger than", "<="),
    ("no larger than", "<="),
    ("equal to or before", "<="),
    ("earlier than or equal to", "<="),
    ("at the latest", "atlatest"),
    ("fewer than or equal to", "<="),
    ("more than", ">"),
    ("greater than", ">"),
    ("larger than", ">"),
    ("bigger than", ">"),
    ("higher than", ">"),
    ("above", ">"),
    ("over", ">"),
    ("exceed", ">"),
    ("exceeds", ">"),
    ("exceeded", ">"),
    ("exceeding", ">"),
    ("later than", ">"),
    ("after", ">"),
    ("longer than", ">"),
    ("older than", "olderthan"),
    ("beyond", ">"),
    // What somebody does with a thing, and no comparison.
    ("hand over", "hand over"),
    ("add up to", "add up to"),
    ("adds up to", "add up to"),
    ("adding up to", "adding up to"),
    ("sum up to", "sum up to"),
    ("taken together", "together"),
    ("hands over", "hands over"),
    ("handed over", "handed over"),
    ("handing over", "handing over"),
    ("take over", "take over"),
    ("taken over", "taken over"),
    ("turn over", "turn over"),
    ("turned over", "turned over"),
    ("carried over", "carried over"),
    ("passed over", "passed over"),
    ("rolled over", "rolled over"),
    ("past", "past"),
    ("strictly after", ">"),
    ("strictly greater than", ">"),
    ("go over", ">"),
    ("go above", ">"),
    ("go beyond", ">"),
    ("be > ", "be >"),
    ("less than", "<"),
    ("fewer than", "<"),
    ("smaller than", "<"),
    ("lower than", "<"),
    ("below", "<"),
    ("under way", "underway"),
    ("under", "<"),
    ("earlier than", "<"),
    ("before", "<"),
    ("shorter than", "<"),
    ("strictly before", "<"),
    ("before or at", "<="),
    ("at or before", "<="),
    ("after or at", ">="),
    ("at or after", ">="),
    ("strictly less than", "<"),
    ("ahead of", "<"),
    ("ahead of today", "> today"),
    ("ahead of now", "> now"),
    ("prior to", "<"),
    ("go below", "<"),
    ("fall below", "<"),
    ("drop below", "<"),
    ("equal to", "="),
    ("equals", "="),
    ("equal", "="),
    ("identical to", "="),
    ("the same as", "="),
    ("the same as or earlier than", "<="),
    ("the same as or before", "<="),
    ("the same as or less than", "<="),
    ("the same as or more than", ">="),
    ("a date in the future", "in future"),
    ("a day in the future", "in future"),
    ("a time in the future", "in future"),
    ("a future date", "in future"),
    ("a date in the past", "in past"),
    ("a day in the past", "in past"),
    ("a time in the past", "in past"),
    ("a past date", "in past"),
    ("today's date", "today"),
    ("today 's date", "today"),
    ("or an earlier one", "orless"),
    ("or a later one", "ormore"),
    ("be neither", "be not"),
    ("add up to", "add up to"),
    ("adds up to", "add up to"),
    ("added up to", "add up to"),
    ("sum up to", "add up to"),
    ("sums up to", "add up to"),
    ("amount to", "add up to"),
    ("can become", "may be"),
    ("may become", "may be"),
    ("can only become", "mayonly be"),
    ("may only become", "mayonly be"),
    ("more than one", "> 1"),
    ("nobody else", "noone"),
    ("be supported", "be possible"),
    ("or more", "ormore"),
    ("or older", "ormore"),
    ("and older", "ormore"),
    ("or longer", "ormore"),
    ("or younger", "orless"),
    ("no shorter than", ">="),
    ("not younger than", ">="),
    ("younger than", "<"),
    ("same moment", "sametime"),
    ("or later", "ormore"),
    ("or higher", "ormore"),
    ("or above", "ormore"),
    ("or over", "ormore"),
    ("or greater", "ormore"),
    ("and above", "ormore"),
    ("or after", "ormore"),
    ("and over", "ormore"),
    ("or less", "orless"),
    ("or fewer", "orless"),
    ("or earlier", "orless"),
    ("or lower", "orless"),
    ("or below", "orless"),
    ("or before", "orless"),
    ("or under", "orless"),
    ("or shorter", "orless"),
    ("as a rule", "normally"),
    // Conditions
    ("only if", "onlyif"),
    ("if and only if", "onlyif"),
    ("provided that", "onlyif"),
    ("provided", "onlyif"),
    ("as long as", "if"),
    ("as soon as", "if"),
    ("in case", "if"),
    ("so long as", "if"),
    ("only as long as", "onlyif"),
    ("only after", "onlyafter"),
    ("only unless", "onlyuntil"),
    ("in the event that", "if"),
    ("given that", "if"),
    ("except if", "unless"),
    ("during the time", "if"),
    ("at the moment that", "if"),
    // Relations
    ("for each", "per"),
    ("for every", "per"),
    ("for any", "per"),
    ("for any given", "per"),
    ("for the same", "for same"),
    ("within the same", "per"),
    ("within one", "per"),
    ("unique within a", "unique within"),
    ("unique within an", "unique within"),
    ("unique within 1", "unique within"),
    ("within a", "within 1"),
    ("within each", "per"),
    ("in the same", "per"),
    ("per single", "per"),
    ("each other", "other"),
    ("one another", "other"),
    ("of each", "of"),
    ("at the same time", "sametime"),
    ("at a time", "sametime"),
    ("at once", "sametime"),
    ("simultaneously", "sametime"),
    ("at any one time", "sametime"),
    ("at any time", "sametime"),
    ("at one time", "sametime"),
    ("in parallel", "sametime"),
    ("concurrently", "sametime"),
    ("as well as", "and"),
    ("along with", "and"),
    ("together with", "and"),
    ("combined with", "and"),
    ("in combination with", "and"),
    ("in addition to", "and"),
    ("plus an optional", "and optional"),
    ("followed by", "and"),
    ("solely", "only"),
    ("spreadsheet ( csv )", "csv"),
    ("csv spreadsheet", "csv"),
    ("spreadsheet", "csv"),
    ("everyone else", "other user"),
    ("everybody else", "other user"),
    ("anyone else", "other user"),
    ("anybody else", "other user"),
    ("read only", "read-only"),
    ("have be", "be"),
    ("have not be", "be not"),
    ("number of", "numberof"),
    ("the number of", "numberof"),
    ("count of", "numberof"),
    ("the count of", "numberof"),
    ("amount of", "amount of"),
    ("the total number of", "numberof"),
    ("total number of", "numberof"),
    ("how many", "numberof"),
    ("e.g", "eg"),
    ("i.e", "ie"),
    ("set to", "setto"),
    ("be set to", "be setto"),
    ("in the past", "in past"),
    ("lie in", "be in"),
    ("a day of", "day of"),
    ("of course", ""),
    ("at all times", ""),
    ("in order to", "sothat"),
    ("in order to be", "to be"),
    ("so that", "sothat"),
    ("such that", "sothat"),
    ("so as to", "sothat"),
    ("no one", "noone"),
    ("nobody", "noone"),
    ("no-one", "noone"),
    ("one of", "oneof"),
    ("any of", "oneof"),
    ("exactly one", "exactly 1"),
    ("a single", "1"),
    ("only one", "only 1"),
    ("one", "1"),
    ("there be", "there be"),
    ("all of", ""),
    ("e-mail", "email"),
    ("greater or equal to", ">="),
    ("equal to or <", "<="),
    ("equal to or less than", "<="),
    ("equal to or lower than", "<="),
    ("equal to or smaller than", "<="),
    ("equal to or greater than", ">="),
    ("equal to or higher than", ">="),
    ("equal to or more than", ">="),
    ("same as or later than", ">="),
    ("same as or earlier than", "<="),
    ("same as or after", ">="),
    ("same as or before", "<="),
    ("current day", "today"),
    ("current time", "now"),
    ("the current time", "now"),
    ("current moment", "now"),
    ("the current moment", "now"),
    ("current date", "today"),
    ("none of", "noneof"),
    ("not yet", "not"),
    ("no longer", "not"),
    ("have not", "have not"),
    ("without any", "without"),
    ("do no longer", "do not"),
    ("either", "oneof"),
    ("whether or not", "whether"),
    ("whatever the case", "whatever case"),
    (", whatever the case", "whatever case"),
    (", ignoring case", "ignoring case"),
    (", regardless of case", "regardless of case"),
];

/// Words that change nothing; remembered on the next token.
const ARTICLES: &[&str] = &[
    "a", "an", "the", "each", "every", "all", "any", "its", "their", "his", "her", "our", "my", "your", "this",
    "these", "those", "that",
];
/// Words that add nothing.
const FILLER: &[&str] = &[
    "also",
    "always",
    "just",
    "simply",
    "currently",
    "already",
    "still",
    "therefore",
    "however",
    "thus",
    "both",
    "too",
    "itself",
    "themselves",
    "obviously",
    "automatically",
    "please",
    "actually",
    "yet",
    "naturally",
    "even",
    "ever",
    "immediately",
    "directly",
];
/// Words that add nothing in front of an entity, but may be part of a field's name (`given name`).
const BEFORE_ENTITY: &[&str] = &[
    "new",
    "existing",
    "given",
    "individual",
    "particular",
    "certain",
    "respective",
    "corresponding",
    "own",
    "single",
    "whole",
    "entire",
];
const TIME_UNITS: &[&str] = &["day", "week", "month", "year", "hour", "minute"];

type Phrase = (Vec<&'static str>, Vec<&'static str>);
static BY_FIRST: LazyLock<HashMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| {
    let mut map: HashMap<&'static str, Vec<Phrase>> = HashMap::new();
    for (from, to) in PHRASES {
        let from: Vec<&str> = from.split_whitespace().collect();
        if let Some(first) = from.first() {
            map.entry(first).or_default().push((from, to.split_whitespace().collect()));
        }
    }
    for list in map.values_mut() {
        list.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
    }
    map
});
static BY_WORD: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| WORDS.iter().copied().collect());

/// A number in words as digits: `twelve` as `12`.
pub(crate) fn digits(word: &str) -> Option<&'static str> {
    BY_WORD.get(word).copied().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The tokens of a sentence in one wording.
pub(crate) fn normalise(text: &str, lexicon: &Lexicon) -> Vec<Token> {
    normalise_tokens(&tokens(text), lexicon)
}

/// The same for tokens.
pub(crate) fn normalise_tokens(raw: &[Token], lexicon: &Lexicon) -> Vec<Token> {
    let raw = &with_heads(&unhyphenated(raw, lexicon), lexicon);
    // Names first: they pass through untouched, marked by `true`.
    let mut words: Vec<(Token, bool)> = Vec::new();
    let mut i = 0;
    while let Some(token) = raw.get(i) {
        let length = lexicon.name_length(raw, i);
        if length >= 2 {
            for named in raw.iter().skip(i).take(length) {
                if !ARTICLES.contains(&named.word.as_str()) {
                    words.push((named.clone(), true));
                }
            }
            i += length;
            continue;
        }
        // "A valid until date" is a name, whatever `until` means elsewhere.
        let dated = matches!(token.word.as_str(), "until" | "till")
            && i > 0
            && raw.get(i + 1).is_some_and(|next| matches!(next.word.as_str(), "date" | "time" | "day"));
        if token.quoted || token.field.is_some() || dated || names_field(raw, i, lexicon) {
            words.push((token.clone(), true));
        } else if token.word == "once"
            && (raw.get(i + 1).is_none_or(|next| next.word == "," || next.word == "per")
                || (i > 0
                    && raw.get(i - 1).is_some_and(|before| {
                        before.word == "at"
                            || matches!(before.word.as_str(), "only" | "than" | "exactly" | "most")
                                && raw.get(i + 1).is_some_and(|next| {
                                    matches!(next.word.as_str(), "in" | "on" | "for" | "within" | "by" | "to" | "at")
                                })
                    })))
        {
            // "only once", "at once": a count, not a condition.
            words.push((token.clone(), false));
        } else if let Some(mapped) = BY_WORD.get(token.word.as_str()) {
            let of_next = token.word == "one" && raw.get(i + 1).is_some_and(|next| next.word == "of");
            for part in mapped.split(' ') {
                words.push((if of_next { token.clone() } else { token.renamed(part) }, false));
            }
        } else if token.word.len() > 1 && token.word.contains(',') {
            words.push((token.renamed(&token.word.replace(',', "")), false));
        } else {
            words.push((token.clone(), false));
        }
        i += 1;
    }
    phrases(&words, lexicon)
}

/// "Until must be later than from": a word that joins clauses elsewhere is a field's name where a name must stand.
fn names_field(raw: &[Token], at: usize, lexicon: &Lexicon) -> bool {
    const VERBS: &[&str] = &["must", "may", "is", "are", "can", "cannot", "has", "should", "shall", "can't", "needs"];
    let Some(token) = raw.get(at).filter(|token| BY_WORD.contains_key(token.word.as_str()) && !token.is_number())
    else {
        return false;
    };
    let named =
        lexicon.entities.iter().flat_map(|entity| &entity.fields).any(|field| *field.words == [token.lemma.clone()]);
    let next = raw.get(at + 1).map(|next| next.word.as_str());
    let before = at.checked_sub(1).and_then(|at| raw.get(at)).map(|before| before.word.as_str());
    let ends = next.is_none_or(|next| VERBS.contains(&next) || matches!(next, "," | ";" | ")" | "and" | "or"));
    let begins = before.is_none_or(|before| {
        matches!(before, "than" | "after" | "before" | "the" | "its" | "and" | "or" | "," | "both" | ":" | "of" | "by")
    });
    named && ends && begins
}

/// "the wanted-by date" of a field `wanted by`: apart where a field's name has the parts apart.
fn unhyphenated(raw: &[Token], lexicon: &Lexicon) -> Vec<Token> {
    let known = |parts: &[&str]| {
        lexicon.entities.iter().flat_map(|entity| &entity.fields).any(|field| {
            field.words.len() >= parts.len()
                && field
                    .words
                    .iter()
                    .zip(parts)
                    .all(|(word, part)| word == part || *word == crate::words::singular(part))
        })
    };
    // "A flight must not take off": the verb of a field `take-off time`.
    let particle = |token: &Token| ["off", "out", "up", "in", "on", "down", "over"].contains(&token.word.as_str());
    let joined = |verb: &Token, particle: &Token| {
        let name = format!("{}{}", verb.lemma, particle.lemma);
        lexicon.entities.iter().flat_map(|entity| &entity.fields).any(|field| field.words.contains(&name))
    };
    let mut out: Vec<Token> = Vec::with_capacity(raw.len());
    for token in raw {
        if particle(token)
            && !token.quoted
            && let Some(verb) = out.last_mut().filter(|verb| !verb.quoted && joined(verb, token))
        {
            *verb = Token::new(&format!("{}-{}", verb.raw, token.raw), verb.start, token.end);
            continue;
        }
        let parts: Vec<&str> = token.word.split('-').collect();
        if parts.len() > 1 && !token.quoted && parts.iter().all(|part| !part.is_empty()) && known(&parts) {
            out.extend(parts.iter().map(|part| Token::new(part, token.start, token.end)));
        } else {
            out.push(token.clone());
        }
    }
    out
}

/// "First and last name are mandatory", of a record that has both: the first name and the last name.
fn with_heads(raw: &[Token], lexicon: &Lexicon) -> Vec<Token> {
    let both = |one: &Token, other: &Token, head: &Token| {
        let is = |field: &crate::lexicon::NamedField, of: &Token| matches!(field.words.as_slice(), [first, last] if *first == of.lemma && *last == head.lemma);
        lexicon.entities.iter().any(|entity| {
            let has = |of: &Token| entity.fields.iter().any(|field| is(field, of));
            has(one) && has(other)
        })
    };
    let mut out: Vec<Token> = Vec::with_capacity(raw.len());
    for (at, token) in raw.iter().enumerate() {
        out.push(token.clone());
        if let [joint, other, head] = raw.get(at + 1..at + 4).unwrap_or_default()
            && matches!(joint.word.as_str(), "and" | "or")
            && !token.quoted
            && both(token, other, head)
        {
            out.push(Token { start: token.start, end: token.end, ..head.clone() });
        }
    }
    out
}

fn phrases(words: &[(Token, bool)], lexicon: &Lexicon) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut article: Option<&'static str> = None;
    let mut i = 0;
    while let Some((token, named)) = words.get(i) {
        if !*named {
            if let Some((from, to)) = phrase_at(words, i, lexicon) {
                let last = words.get(i + from.len() - 1).map_or(token.end, |(last, _)| last.end);
                for (k, part) in to.iter().enumerate() {
                    let mut renamed = token.renamed(part);
                    let covered = words.iter().skip(i).take(if k == 0 { from.len() } else { 0 });
                    renamed.raw = covered.map(|(token, _)| token.raw.as_str()).collect::<Vec<_>>().join(" ");
                    renamed.end = last;
                    renamed.article = if k == 0 { article.take() } else { None };
                    out.push(renamed);
                }
                i += from.len();
                continue;
            }
            if let Some(found) = dropped(words, i, out.last(), lexicon) {
                // That records are new says how they begin, where nothing else needs the word.
                if found == "new" {
                    article = Some(found);
                } else if ARTICLES.contains(&found) {
                    article = Some(found);
                    let unit = words.get(i + 1).is_some_and(|(next, _)| TIME_UNITS.contains(&next.lemma.as_str()));
                    if unit
                        && matches!(found, "a" | "an")
                        && out
                            .last()
                            .is_some_and(|last| matches!(last.word.as_str(), ">=" | "<=" | ">" | "<" | "within"))
                    {
                        out.push(token.renamed("1"));
                    }
                }
                i += 1;
                continue;
            }
        }
        let mut kept = token.clone();
        kept.article = article.take();
        out.push(kept);
        i += 1;
    }
    // "hand it out" is to hand out.
    for at in 1..out.len().saturating_sub(1) {
        let object = out.get(at).is_some_and(|token| !token.quoted && matches!(token.word.as_str(), "it" | "them"));
        let particle = out.get(at + 1).is_some_and(|token| {
            matches!(token.word.as_str(), "in" | "out" | "off" | "up" | "over" | "back" | "down" | "away")
        });
        let ends = out.get(at + 2).is_none_or(|token| matches!(token.word.as_str(), "," | "and" | "or" | ";" | "if"));
        if object && particle && ends {
            out.swap(at, at + 1);
        }
    }
    or_equal(&mut out);
    none_must(&mut out);
    // "must be able to" inside phrases leaves doubled modals: "may may".
    out.dedup_by(|b, a| a.word == b.word && matches!(a.word.as_str(), "may" | "must" | "mustnot" | ","));
    out
}

/// "At or before", "before or at", "equal to or above": one comparison.
fn or_equal(out: &mut Vec<Token>) {
    let found = |out: &[Token], at: usize| {
        let word = |at: usize| out.get(at).filter(|token| !token.quoted).map(|token| token.word.as_str());
        let equal = |word: Option<&str>| matches!(word, Some("at" | "on" | "="));
        let op = |word: Option<&str>| matches!(word, Some("<" | ">")).then_some(());
        let or = word(at + 1) == Some("or");
        let first = or && equal(word(at)) && op(word(at + 2)).is_some();
        let last = or && op(word(at)).is_some() && equal(word(at + 2));
        (first || last).then_some(if first { at + 2 } else { at })
    };
    let mut at = 0;
    while at + 2 < out.len() {
        if let Some(op) = found(out, at).and_then(|op| out.get(op).cloned()) {
            let joined = op.renamed(&format!("{}=", op.word));
            out.splice(at..at + 3, [joined]);
        }
        at += 1;
    }
}

/// "No bookings shall be accepted": none may be.
fn none_must(out: &mut [Token]) {
    let starts = |at: usize| {
        at.checked_sub(1)
            .and_then(|at| out.get(at))
            .is_none_or(|before| matches!(before.word.as_str(), "," | ":" | ";"))
    };
    let Some(no) = (0..out.len()).find(|at| out.get(*at).is_some_and(|token| token.is("no")) && starts(*at)) else {
        return;
    };
    const MODALS: &[&str] = &["must", "may", "mustnot", "mayonly", "be", "have"];
    let modal = out.iter_mut().skip(no + 1).find(|token| !token.quoted && MODALS.contains(&token.word.as_str()));
    if let Some(modal) = modal.filter(|modal| modal.word == "must") {
        *modal = modal.renamed("may");
    }
}

fn phrase_at(words: &[(Token, bool)], at: usize, lexicon: &Lexicon) -> Option<&'static Phrase> {
    let (first, _) = words.get(at)?;
    BY_FIRST.get(first.word.as_str())?.iter().find(|(from, to)| {
        // `maximum 5` compares, `maximum stock` is a name.
        let bare = matches!(from.as_slice(), ["max" | "maximum" | "min" | "minimum"]);
        let number = words.get(at + 1).is_some_and(|(next, _)| {
            next.is_number()
                || ["€", "$", "£"].contains(&next.word.as_str())
                || next.word == "length"
                    && words.get(at + 2).is_some_and(|(after, _)| {
                        after.is_number() || matches!(after.word.as_str(), "of" | "is" | "be" | ":" | "=")
                    })
                || crate::scope::is_date(&next.word)
        });
        if bare && !number {
            return false;
        }
        // "must be provided, and": what is given, no condition.
        let given = from.as_slice() == ["provided"]
            && at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|(before, _)| before.word == "be");
        if given {
            return false;
        }
        // "the number of a booking" is its number, where it has one: what is counted is many.
        if matches!(to.as_slice(), ["numberof"])
            && from.contains(&"number")
            && numbered(words, at + from.len(), lexicon)
        {
            return false;
        }
        // "above 14 or below 0" joins two bounds, "0 or below" is one.
        let joins = from.len() == 2 && from.first() == Some(&"or") && matches!(to.as_slice(), ["ormore" | "orless"]);
        if joins && words.get(at + 2).is_some_and(|(next, _)| next.is_number() || next.word == "than") {
            return false;
        }
        from.iter()
            .enumerate()
            .all(|(k, word)| words.get(at + k).is_some_and(|(token, named)| !*named && token.word == *word))
    })
}

/// Whether one record of a kind that has a number stands at a place: `a booking`.
fn numbered(words: &[(Token, bool)], at: usize, lexicon: &Lexicon) -> bool {
    const ONE: &[&str] = &["a", "an", "the", "each", "every", "its", "this", "that"];
    let article = words.get(at).is_some_and(|(token, _)| ONE.contains(&token.word.as_str()));
    let noun = words.get(at + 1).map(|(token, _)| token).filter(|token| article && token.word == token.lemma);
    noun.is_some_and(|noun| {
        lexicon.entities.iter().any(|entity| {
            entity.words.first() == Some(&noun.lemma) && entity.fields.iter().any(|field| *field.words == ["number"])
        })
    })
}

/// The word, if it is an article or filler where it stands.
fn dropped(words: &[(Token, bool)], at: usize, before: Option<&Token>, lexicon: &Lexicon) -> Option<&'static str> {
    let (token, _) = words.get(at)?;
    let word = token.word.as_str();
    // A grade `A` is no article; a relative or demonstrative `that` is judged by what stands before it.
    if word == "that" {
        let starts = before
            .is_none_or(|before| matches!(before.word.as_str(), "," | "if" | "than" | "for" | "of" | "on" | "in"));
        return (starts && words.get(at + 1).is_some()).then_some("that");
    }
    let listed =
        words.get(at + 1).is_some_and(|(next, _)| matches!(next.word.as_str(), "," | "or" | "and" | "/" | "|"));
    if word == "a" && token.raw == "A" && (at > 0 || listed) {
        return None;
    }
    // "new orders" may be those whose state is called so.
    let state = || lexicon.entities.iter().any(|entity| entity.values().iter().any(|(_, value)| *value == word));
    if word == "new" && at > 0 && state() {
        return None;
    }
    let next = words.get(at + 1).map(|(next, _)| next);
    let next_names = next.is_some();
    // "new orders" are those in the state `new`, where orders have one.
    let state = lexicon.entities.iter().any(|entity| {
        next.is_some_and(|next| entity.words.first() == Some(&next.lemma))
            && entity.values().iter().any(|(_, value)| value.eq_ignore_ascii_case(word))
    });
    if let Some(empty) = BEFORE_ENTITY.iter().find(|empty| **empty == word)
        && !state
        && next.is_some_and(|next| lexicon.entities.iter().any(|entity| entity.words.first() == Some(&next.lemma)))
    {
        return Some(empty);
    }
    ARTICLES
        .iter()
        .chain(FILLER)
        .find(|drop| **drop == word)
        .copied()
        .filter(|_| next_names || !ARTICLES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        normalise(text, &Lexicon::default()).into_iter().map(|token| token.word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_wording() {
        assert_eq!(
            words("A member may not borrow more than three tools at the same time."),
            "member mustnot borrow > 3 tools sametime"
        );
        assert_eq!(words("The due date has to be on or after the start date"), "due date must be >= start date");
        assert_eq!(words("Names can't be longer than 80 characters"), "names mustnot be > 80 characters");
        assert_eq!(words("Status is one of draft, sent"), "status be oneof draft , sent");
        assert_eq!(words("Users should be able to search"), "users may search");
    }
}
