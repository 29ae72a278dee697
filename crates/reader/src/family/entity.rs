//! What is recorded: sentences that introduce records, their fields and how they belong together.

use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::fields::item;
use crate::fields::note::{self, Notes};
use crate::fields::phrase;
use crate::fields::values::{made_of, split_values, tells_first};
use crate::lexicon::{Lexicon, name_words, one_of};
use crate::pattern::Bound;
use crate::token::{Token, with_articles, written};
use crate::words;
use maestro_artifacts::{Action, FieldKind, RuleKind};
use std::ops::Range;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "(we | system | service | application | app | i | staff | register) [must | may] (keep | maintain | hold | have | manage | run | keep track of) [up-to-date] (register | list | record | records | catalogue | catalog | inventory | log | overview | directory | file | track | database) of <words:list>",
        keeps,
    ),
    (
        "(we | it | system | service | application | app | register | they | you | i | staff | team) [must | may] %record [following] [of] <words:list> (per | of | about | for) <words:e>",
        fields_of,
    ),
    (
        "(we | it | system | service | application | app | i | staff) [must | may] (%record | manage | manages) <words:e> (with | and their | and its | : | by) [their] [following] [attributes | properties | fields] [:] <words:list>",
        fields_of,
    ),
    (
        "(register | list | catalogue | catalog | inventory | log | directory) of <words:list> (be kept | must be kept | be maintained | must be maintained)",
        keeps,
    ),
    (
        "(i | we) (want | need | would like) [1] [simple | small | single | new] [web] (place | home | tool | system | service | app | application | register) for <words:list>",
        keeps,
    ),
    ("[1] (place | home | tool | system | service | app | application | register) for <words:list>", keeps),
    (
        "(we | system | service | application | app | i | staff) [must | may] (%record | manage | have) <words:list>",
        keeps,
    ),
    (
        "(we | it | they | system | service | application | app | i | staff) [must | may] (%record | know | see) whether <words:flags>",
        flags,
    ),
    ("it (be | must be) %recorded whether <words:flags>", flags),
    ("whether <words:flags> (be | must be) %recorded [as well]", flags),
    ("(we | it | they | system) [must | may] %record [following] [:] <words:list>", of_topic),
    ("<words:list> (be | must be) (%recorded | managed)", keeps),
    (
        "per <words:e> [,] (we | it | system | service | application | app | they | you | i) [must | may] %record [following] [fields | data | information | details] [:] <words:list>",
        fields_of,
    ),
    ("per <words:e> [,] <words:list> (be | must be) (%recorded)", fields_of),
    (
        "per <words:e> [,] (we | i) (need | want | collect | ask for) [to know | to have | following] [:] <words:list>",
        fields_of,
    ),
    (
        "<words:e> (be | must be) (%recorded [with | by | as] | (created | added) [with | by]) [following] [:] <words:list>",
        fields_of,
    ),
    ("<words:e> [must | may | optionally] (belong | belongs) to [exactly] [1] <words:p>", belongs),
    (
        "<words:e> (be | must be | may be) [always | optionally] (for | of | part of | linked to | assigned to | attached to | made for | made by | made on | made at | placed by | placed for | placed in | about | related to | given to | booked by | kept in | kept at | placed at | parked in | installed in | mounted in | shelved in | filed in | held by | taken by | issued to | booked for | held in | stored in | stored at | located in | located at | owned by | filed by | reported by | recorded for | recorded by | written by | led by | run by | taught by) [exactly] [1] <words:p>",
        belongs,
    ),
    ("<entity:e> may have [atmost] [1] <entity:p>", may_have),
    ("<words:e> (come | comes) from [exactly] 1 <words:p>", belongs),
    ("<words:e> (link | links | connect | connects) [exactly] 1 <words:p>", belongs),
    (
        "<words:e> [must | may | optionally] (refer | refers | relate | relates | be connected) to [exactly] [1] <words:p>",
        belongs,
    ),
    ("<words:e> [must] (concern | concerns | reference | references) [exactly] [1] <words:p>", belongs),
    (
        "<words:p> (have | may have | must have | own | owns | may own | contain | contains | may contain | comprise | comprises | hold | holds | cover | covers | consist of | include | includes) [0 or more | 1 or more | 1 ormore | any numberof | many | several | multiple | numberof] <words:c>",
        has_many,
    ),
    (
        "<words:e> (information | data | details | record | fields | attributes) [must] (include | includes | contain | contains | be | consist of | consists of | have | :) [following] [:] <words:list>",
        fields_of,
    ),
    (
        "<words:e> [must | may] %contain [following] [fields | data | information | details | attributes | properties | characteristics] [:] <words:list>",
        fields_of,
    ),
    ("<words:e> (must | may) (also) %contain <words:list>", fields_of),
    ("<words:e> (need | needs | require | requires) <words:list>", needs),
    (
        "(data | fields | details | information) [recorded | kept | stored] (of | per | for | about) <words:e> [be | :] [:] <words:list>",
        fields_of,
    ),
    (
        "<words:e> (say | says | tell | tells | state | states | note | notes | record | records) that <words:which>",
        relates,
    ),
    ("there (be | may be | must be) [<qty>] <field> [:] [,] [namely] <words:values>", values),
    (
        "<field> (must be | be | may be | mayonly be | must have value | must have values | have values | take value | must have 1 of values) (oneof | oneof following [values] | :) [:] <words:values>",
        values,
    ),
    (
        "<field> (must have | have | may have | may take) [following | possible | these] values [:] <words:values>",
        values,
    ),
    ("<words:name> of <words:e> (be | may be | must be) oneof [:] <words:values>", new_values),
    ("<words:name> of <words:e> (: | may be | be | must be) <words:values>", told_values),
    (
        "<words:e> be <word:v> [out | up | in | over | after | off | down] (for | to | by | in | at | on | from | with) [exactly] [1] <words:p>",
        belongs_by,
    ),
    ("(possible | allowed | valid) [values of | values for] <field> [values] (be | :) [:] <words:values>", values),
    ("<field> (must be | be | may be | mayonly be) <words:values>", loose_values),
    ("<field> [values] : <words:values>", values),
    (
        "<field> (be | must be) [stored as | stored in | recorded in | recorded as | given as | given in | measured in | in | expressed in | kept as] <words:type>",
        typed,
    ),
    (
        "<field> (be set | be setto | default | defaults | must default | be | must be | be initially) [to] <words:value> (by default | unless other value be given | unless stated otherwise | if not given | if none be given | if nothing be given | if nothing be entered | if left empty)",
        default,
    ),
    ("<field> (default | defaults | must default) to <words:value>", default),
    ("(default | default value) (of | for) <field> be <words:value>", default),
    ("<field> be <words:value> by default", default),
    ("<field> [:] default [:] <words:value>", default),
    (
        "[new] <entity> (be | have | get | start as | starts as) <words:value> unless (other | another | different) <field> be (given | stated | chosen | set | specified | entered)",
        default,
    ),
    ("<field> (be | must be) (read-only | calculated by system)", read_only),
    (
        "<field> [of <entity>] (be | must be) (calculated | computed | worked out | determined | filled in) by (system | service | application | software) [(and | , | , and | ;) [it] mustnot be (entered | typed in | given | set | %changed | overwritten) [by hand | manually | by user | by users | by anyone | directly]]",
        read_only,
    ),
    (
        "<field> [of <entity>] (be | must be) (calculated | computed | worked out | determined) (and | , and | ;) [it] mustnot be (entered | typed in | given | set | %changed | overwritten) [by hand | manually | by user | by users | by anyone | directly]",
        read_only,
    ),
    (
        "<field> [of <entity>] mustnot be (entered | typed in | given | set | overwritten) (manually | by user | by users | by anyone | directly)",
        read_only,
    ),
    ("<words:name> (be | may be | must be | mayonly be) oneof [:] <words:values>", topic_values),
    ("<words:name> (be | may be | must be | mayonly be) <words:values>", several_values),
];

/// The name of the subject: known, or introduced with `a`, `each`, or as a plural; `the village has ...` introduces nothing.
fn subject(reading: &Reading<'_>, range: &Range<usize>) -> Option<String> {
    const NEVER: &[&str] = &[
        "must", "mustnot", "may", "mayonly", "be", "have", "if", "only", "that", ",", "no", "not", "per", "with",
        "from", "to", ":", "refused", "who", "unless", "it", "we", "they", "there", "oneof", "by", "than", ">=", "<=",
        ">", "<", "within", "without", "and", "or",
    ];
    // "A new claim has ...": that it is new is no part of its name.
    let fresh = reading.part(range).first().is_some_and(|first| first.is("new") || first.is("existing"));
    let range = &(range.start + usize::from(fresh && range.len() > 1)..range.end);
    let part = reading.part(range);
    let first = part.first()?;
    const ADVERBS: &[&str] = &["optionally", "possibly", "always", "usually", "normally"];
    if part.last().is_some_and(|last| ADVERBS.contains(&last.word.as_str())) {
        return None;
    }
    if part.len() > 4
        || part.iter().any(|token| {
            token.quoted || token.field.is_some() || NEVER.contains(&token.word.as_str()) || token.is_number()
        })
    {
        return None;
    }
    // "A boat's owner has a name": the owner is the kind of record.
    if let Some(of) = part.iter().rposition(|token| token.word == "'s") {
        let own = range.start + of + 1..range.end;
        let name = reading.name(&own);
        let plain = of > 0 && !own.is_empty() && reading.scope.field_at(reading.tokens, own.start).is_empty();
        return plain
            .then(|| reading.scope.lexicon.find(&name).map_or_else(|| one_of(&name), |known| known.name.clone()));
    }
    // "A passed calibration has ...": records in a state are no kind of their own.
    let stated = reading
        .scope
        .states_at(reading.tokens, range.start)
        .into_iter()
        .any(|(end, _)| reading.scope.entity_at(reading.tokens, end).iter().any(|(stop, _)| *stop == range.end));
    if stated {
        return None;
    }
    let name = reading.name(range);
    if reading.scope.lexicon.describes(&name) {
        return None;
    }
    if reading.scope.lexicon.find(&name).is_some() {
        return Some(name);
    }
    // The head alone ("batch" for `concrete batch`), or a field, is no new kind of record.
    if let Some((end, key)) = reading.scope.entity_at(reading.tokens, range.start).into_iter().next()
        && end == range.end
    {
        return reading.scope.lexicon.entity(&key).map(|entity| entity.name.clone());
    }
    // "Every object in the collection": where they are is no part of what they are.
    if part.windows(2).any(|pair| matches!(pair, [place, next] if place.is("in") && next.article.is_some())) {
        return None;
    }
    // "Plan a lesson for a pupil": records for others are no kind of their own.
    let led =
        part.iter().any(|token| matches!(token.word.as_str(), "for" | "at" | "in" | "on" | "to" | "about" | "of"));
    if led && !reading.scope.mentioned(part).is_empty() {
        return None;
    }
    let last = part.last()?;
    let many = words::singular(&last.word) != last.word;
    let introduced = matches!(first.article, Some("a" | "an" | "each" | "every" | "all"))
        || (first.article.is_none() && many)
        || reading.tokens.first().is_some_and(|token| token.is("per"));
    // Lists of states, options and the like are no records.
    const LISTS: &[&str] =
        &["state", "status", "statuse", "stage", "option", "value", "pattern", "level", "priority", "type"];
    if part.len() > 1 && LISTS.contains(&last.lemma.as_str()) {
        return None;
    }
    // `order` may be short for a field `order date`; an `order line` is none the less a name of its own.
    // "An apiary keeps hives. Each hive has ...": a field of the very name gives way to the kind of record.
    let words = name_words(&name);
    let known_field = reading.scope.field_at(reading.tokens, range.start).iter().any(|(end, field)| {
        *end >= range.end && reading.scope.lexicon.field(field).is_some_and(|field| field.words != words)
    });
    const NOBODY: &[&str] = &[
        "system",
        "service",
        "application",
        "app",
        "user",
        "page",
        "list",
        "form",
        "value",
        "field",
        "date",
        "change",
        "transition",
        "rule",
        "error",
        "message",
        "request",
        "everyone",
        "everything",
        "request",
        "thing",
        "name",
        "number",
        "code",
        "time",
        "day",
        "state",
        "status",
        "story",
    ];
    (introduced && !known_field && !(part.len() == 1 && NOBODY.contains(&last.lemma.as_str()))).then(|| one_of(&name))
}

/// The words of a range; what is quoted in a note stays so, as a picture of the text or a value.
fn listed(reading: &Reading<'_>, range: &Range<usize>) -> String {
    let mut depth = 0;
    let part = reading.part(range);
    let words = part.iter().zip(with_articles(part)).map(|(token, led)| {
        depth += match token.word.as_str() {
            _ if token.quoted => 0,
            "(" => 1,
            ")" => -1,
            _ => 0,
        };
        let inside = depth > 0;
        let raw = if inside && token.quoted { format!("`{}`", token.raw) } else { token.raw.clone() };
        Token { raw: if inside && !token.quoted { led.raw } else { raw }, ..token.clone() }
    });
    let words: Vec<Token> = words.collect();
    written(&words, |token| token.raw.clone()).replace(" 's", "'s").replace(" ’s", "’s")
}

/// Items of a field list; empty where one of them is no field.
fn items(reading: &Reading<'_>, range: &Range<usize>, entity: &str) -> Option<Vec<Effect>> {
    const NEVER: &[&str] = &[
        "must",
        "mustnot",
        "may",
        "mayonly",
        "if",
        "only",
        "no",
        "refused",
        "unless",
        "onlyif",
        ">",
        "<",
        "<=",
        ">=",
        "calculated",
        "computed",
        "not",
        "=",
        "->",
        "be",
        "except",
        "shown",
        "listed",
        "displayed",
    ];
    let part = reading.part(range);
    // "A station can have any number of bikes" counts nothing that is kept.
    if part.first().is_some_and(|first| first.article == Some("any") || first.is("unlimited") || first.is("arbitrary"))
    {
        return None;
    }
    // "A sale is recorded for a screening": what is led in by a preposition is no field's name.
    if part.first().is_some_and(|first| {
        ["for", "of", "at", "in", "on", "to", "by", "per", "several", "many", "multiple", "various"]
            .iter()
            .any(|word| first.is(word))
    }) {
        return None;
    }
    let mut depth = 0;
    let mut opens = true;
    for (at, token) in part.iter().enumerate() {
        // "... and can be blocked (yes/no)" is a flag.
        let flag = token.is("may")
            && part.get(at + 1).is_some_and(|next| next.is("be"))
            && part.get(at + 3).is_some_and(|next| next.is("("));
        if opens && flag {
            continue;
        }
        // `is active (yes/no)` is a name; elsewhere `is` says something that a list of names cannot.
        let named = std::mem::replace(&mut opens, matches!(token.word.as_str(), "," | "and" | ";")) && token.is("be");
        match token.word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ if named => {}
            word if depth == 0 && !token.quoted && (NEVER.contains(&word) || token.is_number()) => return None,
            _ => {}
        }
    }
    let list = item::list(&listed(reading, range));
    let mut effects = Vec::new();
    for entry in &list {
        // "a label, a colour, and belongs to an apiary"
        if let Some(parent) = ["belongs to ", "belong to ", "refers to ", "is assigned to ", "is linked to "]
            .iter()
            .find_map(|lead| entry.to_lowercase().strip_prefix(lead).map(str::to_owned))
        {
            let parent = ["a ", "an ", "one ", "exactly one "]
                .iter()
                .find_map(|lead| parent.strip_prefix(lead))
                .unwrap_or(&parent);
            let known =
                reading.scope.lexicon.find(parent).map_or_else(|| parent.to_owned(), |known| known.name.clone());
            effects.extend(refers(reading.scope.lexicon, entity, &known));
            continue;
        }
        if let Some(parent) = reading.scope.lexicon.find(entity)
            && let Some(child) = reading.scope.lexicon.find(entry)
            && child.key != parent.key
            && child.plural == entry.to_lowercase()
            && child.name != child.plural
        {
            effects.extend(refers(reading.scope.lexicon, &child.name.clone(), &parent.name.clone()));
            continue;
        }
        if two_records(reading.scope.lexicon, entry) {
            return None;
        }
        effects.extend(item::read(entry, entity, reading.engine).ok()?);
    }
    (!effects.is_empty()).then_some(effects)
}

/// The one reference of a record to another, those left out that are none.
fn own_reference(lexicon: &Lexicon, from: &str, to: &str) -> Option<String> {
    let references = lexicon.references(from, to);
    let mut own = references.iter().filter(|field| !two_records(lexicon, &field.name));
    match (own.next(), own.next()) {
        (Some(one), None) => Some(one.key.clone()),
        _ => None,
    }
}

/// "Recorded by a lawyer on a matter": a record and another one, and no field of both their names.
fn two_records(lexicon: &Lexicon, entry: &str) -> bool {
    const BETWEEN: &[&str] =
        &[" on ", " for ", " to ", " at ", " with ", " in ", " by ", " from ", " against ", " during "];
    let known = |name: &str| {
        let one = ["exactly one ", "one "].iter().find_map(|lead| name.strip_prefix(lead)).unwrap_or(name);
        lexicon.find(one).is_some()
    };
    let both = |(first, second): (&str, &str)| known(first) && known(second);
    BETWEEN.iter().any(|between| entry.split_once(between).is_some_and(both))
}

fn fields_of(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // "A job is created as new" tells how it begins.
    let begins = bound.words("list").and_then(|range| reading.part(&range).first()).is_some_and(|first| first.is("as"));
    if begins {
        return None;
    }
    // "A new hire must have a deposit" demands it.
    let demands = reading.tokens.first().is_some_and(|first| first.is("new"))
        && reading.tokens.windows(2).any(|pair| matches!(pair, [must, have] if must.is("must") && have.is("have")));
    if demands {
        return None;
    }
    let entity = subject(reading, &bound.words("e")?)?;
    // "Enrolments of children in courses": no kind of record is called "children in courses".
    let placed = |token: &Token| !token.quoted && matches!(token.word.as_str(), "in" | "at" | "on" | "to");
    if reading.part(&bound.words("e")?).iter().any(placed) && reading.scope.lexicon.find(&entity).is_none() {
        return None;
    }
    let mut range = bound.words("list")?;
    // "A new claim has the status open" tells how it begins, too.
    if reading.scope.lexicon.find(&entity).is_some_and(|known| known.tells_value(reading.part(&range))) {
        return None;
    }
    // "A flight is logged afterwards: ...": when it is done is no field.
    const WHEN: &[&str] = &["afterwards", "later", "then", "immediately", "daily", "so", "online"];
    if reading.part(&range).first().is_some_and(|first| WHEN.contains(&first.word.as_str()))
        && reading.tokens.get(range.start + 1).is_some_and(|mark| mark.is(":"))
    {
        range.start += 2;
    }
    let mut effects = vec![Effect::Entity { name: entity.clone() }];
    effects.extend(items(reading, &range, &entity)?);
    Some(effects)
}

/// "A sale is recorded for a screening. We note the number of tickets, the payment method and ...": of what was spoken of.
fn of_topic(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("list")?;
    let several = reading.part(&range).iter().any(|token| matches!(token.word.as_str(), "," | "and"));
    let led = reading.part(&range).iter().any(|token| matches!(token.word.as_str(), "that" | "per" | "whether"));
    let strange = reading.scope.mentioned(reading.part(&range)).is_empty()
        && reading.part(&range).first().is_some_and(|first| {
            first.is("numberof") || matches!(first.article, Some("the" | "its" | "their" | "a" | "an"))
        });
    let topic = reading.engine.topics.first().filter(|_| several && strange && !led)?;
    let entity = reading.scope.lexicon.entity(topic)?.name.clone();
    items(reading, &range, &entity)
}

/// "Whether it is insured is noted", "we record whether a stall has electricity": yes/no fields of what is spoken of.
fn flags(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("flags")?;
    let mut effects = Vec::new();
    let mut begin = range.start;
    for at in range.start..=range.end {
        let next = reading.tokens.get(at + 1).is_some_and(|next| next.is("whether"));
        let ends = at == range.end
            || next && reading.tokens.get(at).is_some_and(|token| matches!(token.word.as_str(), "," | "and" | "or"));
        if !ends {
            continue;
        }
        let piece = reading.tokens.get(begin..at)?;
        let pronoun = piece.first().is_some_and(|first| crate::engine::PRONOUNS.contains(&first.word.as_str()));
        let (end, key) = match reading.scope.entity_at(reading.tokens, begin).into_iter().next() {
            Some((end, key)) => (end, key),
            None if pronoun => (begin + 1, reading.engine.topics.first()?.clone()),
            None => return None,
        };
        let entity = reading.scope.lexicon.entity(&key)?.name.clone();
        let asked: Vec<&str> = reading.tokens.get(end..at)?.iter().map(|token| token.raw.as_str()).collect();
        let name = phrase::flag(&asked).filter(|name| name.split(' ').count() <= 4)?;
        effects.extend(item::field(&name, &["yes/no".to_owned()], Notes::default(), &entity, reading.engine).ok()?);
        begin = at + 2;
    }
    (!effects.is_empty()).then_some(effects)
}

/// "A booking needs a room, a member and a start": three things or more are what it consists of, all of them required.
fn needs(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = subject(reading, &bound.words("e")?)?;
    let range = bound.words("list")?;
    let entries = item::list(&listed(reading, &range));
    let plain = |entry: &String| entry.split(' ').count() <= 4 && !entry.contains([':', '(']);
    let clause = reading.part(&range).iter().any(|token| {
        ["if", "to", "before", "<", ">", "unless", "for", "that", "be", "only"].iter().any(|word| token.is(word))
    });
    if entries.len() < 3 || clause || !entries.iter().all(plain) {
        return None;
    }
    let mut effects = vec![Effect::Entity { name: entity.clone() }];
    effects.extend(items(reading, &range, &entity)?);
    Some(effects)
}

/// "We keep a register of members and tools".
fn keeps(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("list")?;
    let part = reading.part(&range);
    if part.len() > 12
        || part.iter().any(|token| {
            matches!(
                token.word.as_str(),
                "be" | "must"
                    | "if"
                    | "that"
                    | "may"
                    | "only"
                    | "of"
                    | "for"
                    | "in"
                    | "with"
                    | "to"
                    | "by"
                    | "at"
                    | "from"
                    | ">"
                    | "<"
                    | ">="
                    | "<="
                    | "*"
                    | "numberof"
                    | "not"
                    | "no"
            )
        })
    {
        return None;
    }
    let mut effects = Vec::new();
    let mut begin = range.start;
    for at in range.start..=range.end {
        let ends = at == range.end
            || reading.tokens.get(at).is_some_and(|token| matches!(token.word.as_str(), "," | "and" | ";"));
        if !ends {
            continue;
        }
        if at > begin {
            let piece = begin..at;
            let part = reading.part(&piece);
            if part.len() > 3 {
                return None;
            }
            let name = one_of(&reading.name(&piece));
            let last = part.last()?;
            let known = reading.scope.lexicon.find(&name).map(|entity| entity.key.clone());
            let many = words::singular(&last.word) != last.word;
            if known.is_none() && (!many || !reading.scope.field_at(reading.tokens, begin).is_empty()) {
                return None;
            }
            effects.push(Effect::Entity { name });
            if let Some(key) = known {
                effects.extend(
                    [Action::Create, Action::Read, Action::List].map(|action| Effect::capability(&key, action)),
                );
            }
        }
        begin = at + 1;
    }
    (!effects.is_empty()).then_some(effects)
}

/// A reference field of the child, named after the parent.
pub(crate) fn refers(lexicon: &Lexicon, child: &str, parent: &str) -> Vec<Effect> {
    let mut effects = vec![Effect::Entity { name: child.to_owned() }];
    let (Some(from), Some(to)) = (lexicon.find(child), lexicon.find(parent)) else {
        effects.push(Effect::Field { entity: child.to_owned(), name: parent.to_owned(), kind: None, read_only: false });
        return effects;
    };
    let kind = Some(FieldKind::Reference { entity: to.key.clone() });
    // "Each booking must have an active member", read before it was known that members can be active, names no other one.
    let by_state = |field: &crate::lexicon::NamedField| {
        let before = field.words.strip_suffix(to.words.as_slice()).filter(|before| !before.is_empty());
        before.is_some_and(|before| to.values().iter().any(|(_, value)| crate::lexicon::name_words(value) == before))
    };
    // "Recorded by a lawyer on a matter", read before it was known that there are lawyers and matters, names none either.
    let of_two = |field: &crate::lexicon::NamedField| two_records(lexicon, &field.name);
    match lexicon.references(&from.key, &to.key).into_iter().find(|field| !by_state(field) && !of_two(field)) {
        Some(field) => {
            effects.push(Effect::Field { entity: child.to_owned(), name: field.name.clone(), kind, read_only: false });
            effects.push(Effect::has_field(&from.key, &field.key));
        }
        None => effects.push(Effect::Field { entity: child.to_owned(), name: to.name.clone(), kind, read_only: false }),
    }
    effects
}

fn belongs(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let child = subject(reading, &bound.words("e")?)?;
    let range = bound.words("p")?;
    // What belongs to a record cannot be without it; what is for one, or by one, may be for none.
    let before =
        |words: &[&str]| reading.tokens.iter().take(range.start).any(|token| words.iter().any(|word| token.is(word)));
    const ALWAYS: &[&str] = &[
        "belong",
        "belongs",
        "refer",
        "refers",
        "relate",
        "relates",
        "concern",
        "concerns",
        "reference",
        "references",
        "link",
        "links",
        "connect",
        "connects",
    ];
    // "A bid is placed on a lot by a bidder": what it is made for is there when it is made.
    const MADE: &[&str] = &[
        "made",
        "placed",
        "planned",
        "recorded",
        "booked",
        "registered",
        "filed",
        "issued",
        "written",
        "reported",
        "entered",
        "created",
        "scheduled",
        "requested",
        "submitted",
        "ordered",
        "taken",
    ];
    let belongs =
        before(ALWAYS) && !before(&["may", "optionally"]) || before(MADE) && !before(&["may", "optionally", "or"]);
    let exactly = before(&["1", "exactly"]);
    let mut effects = Vec::new();
    let mut begin = range.start;
    for at in range.start..=range.end {
        // "made by one driver with one vehicle": each preposition leads to one more.
        let ends = reading.tokens.get(at).is_some_and(|token| {
            matches!(token.word.as_str(), "and" | "," | "with" | "for" | "by" | "in" | "at" | "on" | "from" | "to")
        });
        if at < range.end && !ends {
            continue;
        }
        // "to exactly one plot and to exactly one gardener": what stands before a name is no part of it.
        let mut one = belongs || (exactly && begin == range.start);
        while begin < at
            && reading.tokens.get(begin).is_some_and(|token| {
                ["to", "exactly", "1", "for", "by", "from", "with", "in"].contains(&token.word.as_str())
            })
        {
            one |= reading.tokens.get(begin).is_some_and(|token| token.is("1") || token.is("exactly"));
            begin += 1;
        }
        if at > begin {
            let name = one_of(&reading.name(&(begin..at)));
            let parent = reading.scope.lexicon.find(&name)?;
            let (parent_key, parent) = (parent.key.clone(), parent.name.clone());
            effects.extend(refers(reading.scope.lexicon, &child, &parent));
            if one
                && let Some(key) = reading.scope.lexicon.find(&child).map(|child| child.key.clone())
                && let Some(via) = own_reference(reading.scope.lexicon, &key, &parent_key)
            {
                effects.push(Effect::Rule(RuleKind::Required { entity: key, field: via }));
            }
        }
        begin = at + 1;
    }
    Some(effects)
}

/// "A contract says which boat lies in which place": it refers to both; the verb between them adds nothing.
fn relates(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let child = subject(reading, &bound.words("e")?)?;
    let range = bound.words("which")?;
    let mut effects = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let (end, parent) = reading.scope.entity_at(reading.tokens, at).into_iter().next()?;
        let name = reading.scope.lexicon.entity(&parent)?.name.clone();
        effects.extend(refers(reading.scope.lexicon, &child, &name));
        let next = (end..range.end).find(|at| !reading.scope.entity_at(reading.tokens, *at).is_empty());
        let between = end..next.unwrap_or(range.end);
        let idle = reading.part(&between).iter().all(|token| {
            token.word.chars().all(char::is_alphabetic)
                && !matches!(token.word.as_str(), "not" | "no" | "if" | "only" | "must" | "may" | "per" | "unless")
        });
        if between.len() > 4 || !idle || next.is_none() && between.len() > 1 {
            return None;
        }
        at = next.unwrap_or(range.end);
    }
    (effects.len() > 1).then_some(effects)
}

fn has_many(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let parent = reading.scope.lexicon.find(&reading.name(&bound.words("p")?))?.name.clone();
    let name = reading.name(&bound.words("c")?);
    let child = reading.scope.lexicon.find(&name)?;
    if child.plural != name.to_lowercase() && name_words(&child.plural) != name_words(&name)
        || words::singular(&name.to_lowercase()) == name.to_lowercase() && child.plural != name.to_lowercase()
    {
        return None;
    }
    let child = child.name.clone();
    Some(refers(reading.scope.lexicon, &child, &parent))
}

fn value_list(reading: &Reading<'_>, range: &Range<usize>) -> Option<Vec<String>> {
    let part = reading.part(range);
    const NEVER: &[&str] = &[
        "must",
        "mustnot",
        "may",
        "mayonly",
        "if",
        "only",
        "refused",
        "unless",
        "onlyif",
        ">",
        "<",
        "<=",
        ">=",
        "that",
        "from",
        "to",
        "by",
        "be",
        "have",
        "unique",
        "required",
        "optional",
        "past",
        "future",
        "today",
        "tomorrow",
        "yesterday",
        "between",
        "not",
        "=",
        "->",
        "per",
        "calculated",
        "computed",
        "sum",
        "times",
        "empty",
        "blank",
        "given",
        "default",
        ";",
    ];
    if part.iter().any(|token| !token.quoted && (NEVER.contains(&token.word.as_str()) || token.field.is_some())) {
        return None;
    }
    // "One of the following: red, green": no value begins so.
    if part.first().is_some_and(|first| first.is("following")) {
        return None;
    }
    let text = written(&with_articles(part), |token| format!("\"{}\"", token.raw));
    let values = split_values(&text);
    // "New, used or damaged, initially new": how it begins is told beside the values.
    if values.iter().any(|value| tells_first(value)) {
        return None;
    }
    // "The owner of a bike: a customer or a station" tells which records.
    if values.iter().all(|value| reading.scope.lexicon.find(value).is_some()) {
        return None;
    }
    (values.len() >= 2 && values.iter().all(|value| value.split(' ').count() <= 5 && !made_of(value))).then_some(values)
}

/// "Every car is either available or in repair" says what cars are, not which values a trip's car has.
fn refers_to_record(reading: &Reading<'_>, field: &crate::scope::FieldRef) -> bool {
    let lexicon = reading.scope.lexicon;
    lexicon.field(field).is_some_and(|named| {
        matches!(named.kind, FieldKind::Reference { .. })
            || lexicon.entities.iter().any(|entity| entity.words == named.words)
    })
}

fn values(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let field = bound.field("field")?;
    let values = value_list(reading, &bound.words("values")?)?;
    let kind = reading.scope.kind(&field)?;
    if refers_to_record(reading, &field) {
        return None;
    }
    if !matches!(kind, FieldKind::Text { .. } | FieldKind::Enum { .. }) && reading.scope.lexicon.field(&field)?.stated {
        return None;
    }
    let has = Effect::has_field(&field.entity, &field.field);
    let owner = reading.scope.lexicon.entity(&field.entity)?;
    let name = owner.field(&field.field)?.name.clone();
    Some(vec![
        Effect::Field { entity: owner.name.clone(), name, kind: Some(FieldKind::Enum { values }), read_only: false },
        has,
    ])
}

/// "The condition of a plot is either good or flooded": a field that only this sentence names.
fn new_values(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = subject(reading, &bound.words("e")?)?;
    let name = bound.words("name")?;
    let values = value_list(reading, &bound.words("values")?)?;
    let sane = reading.part(&name).len() <= 3
        && reading.part(&name).iter().all(|token| {
            !token.is_number() && !["must", "may", "no", "numberof", "sum", "if"].contains(&token.word.as_str())
        });
    if !sane {
        return None;
    }
    let name = reading.name(&name);
    let mut effects = vec![Effect::Field {
        entity: entity.clone(),
        name: name.clone(),
        kind: Some(FieldKind::Enum { values }),
        read_only: false,
    }];
    if let Some(named) = reading.scope.lexicon.find(&entity)
        && let Some(field) = named.find(&name)
    {
        effects.push(Effect::has_field(&named.key, &field.key));
    }
    Some(effects)
}

/// "The condition of a bike: new, used or broken": fields would be joined by `and`.
fn told_values(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let led = reading.tokens.first().is_some_and(|first| first.article == Some("the"));
    let values = bound.words("values")?;
    let or = reading.part(&values).iter().any(|token| token.is("or"));
    let strange = (values.start..values.end).all(|at| reading.scope.entity_at(reading.tokens, at).is_empty());
    (led && or && strange && !done_with(reading, &values)).then(|| new_values(bound, reading)).flatten()
}

/// "The licence class is one of B, C and D" behind sentences about drivers: a field that only this sentence names.
fn topic_values(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    const NOT_NAMES: &[&str] = &["there", "it", "they", "result", "answer", "rest", "system", "service", "following"];
    let topic = reading.scope.lexicon.entity(reading.engine.topics.first()?)?;
    let range = bound.words("name")?;
    let part = reading.part(&range);
    let first = part.first()?;
    let named = part.len() <= 3
        && matches!(first.article, Some("the" | "its" | "their" | "his" | "her"))
        && part.iter().enumerate().all(|(at, token)| {
            token.word.chars().all(|c| c.is_alphabetic() || c == '-')
                && !NOT_NAMES.contains(&token.word.as_str())
                && !crate::engine::MODALS.contains(&token.word.as_str())
                && !matches!(
                    token.word.as_str(),
                    "of" | "for" | "in" | "that" | "no" | "if" | "per" | "and" | "numberof"
                )
                && reading.scope.entity_at(part, at).is_empty()
                && reading.scope.field_at(part, at).is_empty()
                && reading.scope.state_at(part, at).is_empty()
        });
    let listed = bound.words("values")?;
    let strange = (listed.start..listed.end).all(|at| reading.scope.entity_at(reading.tokens, at).is_empty());
    let values = value_list(reading, &listed).filter(|_| named && strange)?;
    let name = reading.name(&range);
    let kind = Some(FieldKind::Enum { values });
    let mut effects = vec![Effect::Field { entity: topic.name.clone(), name: name.clone(), kind, read_only: false }];
    effects.extend(topic.find(&name).map(|field| Effect::has_field(&topic.key, &field.key)));
    Some(effects)
}

/// "The licence class is B, C or D": three values can hardly be anything else.
fn several_values(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("values")?;
    let or = reading.part(&range).iter().any(|token| token.is("or"));
    let many = value_list(reading, &range)
        .is_some_and(|values| values.len() >= 3 && values.iter().all(|value| value.split(' ').count() <= 2));
    if or && many { topic_values(bound, reading) } else { None }
}

/// "An order may have a dentist": one of them, or none.
fn may_have(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let lexicon = reading.scope.lexicon;
    let (child, parent) = (lexicon.entity(&bound.entity("e")?)?, lexicon.entity(&bound.entity("p")?)?);
    let one = reading.tokens.last().is_some_and(|last| last.word == last.lemma);
    (one && child.key != parent.key).then(|| refers(lexicon, &child.name.clone(), &parent.name.clone()))
}

/// "A permit is issued for a vehicle": any participle, between two kinds of records.
fn belongs_by(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let verb = reading.part(&bound.words("v")?).first()?.word.clone();
    let participle =
        ["ed", "en", "wn", "ght", "ld", "pt", "id", "un", "st", "made"].iter().any(|end| verb.ends_with(end))
            && crate::verbs::actions(&verb).first() != Some(&Action::Delete);
    participle.then(|| belongs(bound, reading)).flatten()
}

/// "The colour of a bike can be changed or deleted": what is done with it.
fn done_with(reading: &Reading<'_>, values: &Range<usize>) -> bool {
    const DONE: &[&str] =
        &["changed", "edited", "updated", "deleted", "removed", "viewed", "shown", "corrected", "filtered"];
    reading.part(values).iter().any(|token| DONE.contains(&token.word.as_str()))
}

/// "The condition is good, worn or broken": only where it cannot be anything else.
fn loose_values(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let range = bound.words("values")?;
    if done_with(reading, &range) {
        return None;
    }
    let or = reading.part(&range).iter().any(|token| matches!(token.word.as_str(), "or" | "/" | "|"));
    let number = reading.part(&range).iter().any(|token| token.is_number());
    if !or || number {
        return None;
    }
    values(bound, reading)
}

fn typed(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let field = bound.field("field")?;
    let named = reading.scope.lexicon.field(&field)?;
    // "... is required, and the phone number is optional" goes on about another field.
    let verb = |token: &Token| !token.quoted && (token.is("be") || token.is("must") || token.is("mustnot"));
    if reading.part(&bound.words("type")?).iter().any(verb) {
        return None;
    }
    let mut notes = Notes::default();
    note::read(&reading.noted(&bound.words("type")?), reading.scope.lexicon, &mut notes);
    let reference = matches!(notes.kind, Some(FieldKind::Reference { .. }));
    // A list of values is read by the patterns that know where one ends.
    let listed = matches!(notes.kind, Some(FieldKind::Enum { .. }));
    // "must be one of 0, 6 or 12" of a whole number makes it no choice of texts.
    if listed && named.stated && !matches!(named.kind, FieldKind::Text { .. } | FieldKind::Enum { .. }) {
        return None;
    }
    if (refers_to_record(reading, &field) && !reference)
        || (listed && value_list(reading, &bound.words("type")?).is_none())
    {
        return None;
    }
    if notes.kind.is_none() || matches!(&notes.kind, Some(FieldKind::Enum { values }) if values.is_empty()) {
        return None;
    }
    let entity = reading.scope.lexicon.entity(&field.entity)?.name.clone();
    let mut effects = vec![Effect::Field {
        entity: entity.clone(),
        name: named.name.clone(),
        kind: notes.kind.clone(),
        read_only: false,
    }];
    let unit = |unit: &String| Effect::Unit { entity: entity.clone(), field: named.name.clone(), unit: unit.clone() };
    effects.extend(notes.units.iter().map(unit));
    notes.rules(&named.name, &entity, reading.engine, &mut effects).ok()?;
    Some(effects)
}

fn default(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let field = bound.field("field")?;
    let named = reading.scope.lexicon.field(&field)?;
    let range = bound.words("value")?;
    // "at least 5, 5 by default" says two things.
    if reading.part(&range).iter().any(|token| token.is(",") || token.is(">=") || token.is("<=")) {
        return None;
    }
    // "zero" is a number like any other.
    let value = match reading.part(&range) {
        [one] if one.is_number() => one.word.clone(),
        _ => reading.noted(&range),
    };
    let notes = Notes { default: Some(value), ..Notes::default() };
    let entity = reading.scope.lexicon.entity(&field.entity)?.name.clone();
    let mut effects = Vec::new();
    notes.rules(&named.name, &entity, reading.engine, &mut effects).ok()?;
    effects.retain(|effect| !matches!(effect, Effect::Rule(RuleKind::HasField { .. } | RuleKind::Format { .. })));
    (!effects.is_empty()).then_some(effects)
}

fn read_only(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let field = bound.field("field")?;
    let named = reading.scope.lexicon.field(&field)?;
    // Only a field that a rule works out can be refused in requests without losing a value.
    named.read_only.then(|| vec![Effect::has_field(&field.entity, &field.field)])
}
