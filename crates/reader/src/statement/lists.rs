//! Fields told in lists: whose they are, and what each item says.

use super::leads::{self, Duty};
use super::{Partly, gap, nothing};
use crate::clauses;
use crate::discover;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::fields::prose::with_note;
use crate::fields::{item, several};
use crate::lexicon::{name_words, one_of};
use crate::normal;
use crate::token::{Token, tokens};
use maestro_artifacts::FieldKind;
use maestro_domain::{Statement, StatementKind};

/// Words of a lead-in or heading that are not the entity's name.
const LEAD_WORDS: &[&str] = &[
    "a",
    "an",
    "the",
    "each",
    "every",
    "all",
    "for",
    "of",
    "about",
    "we",
    "it",
    "have",
    "has",
    "record",
    "records",
    "recorded",
    "store",
    "stores",
    "keep",
    "keeps",
    "kept",
    "with",
    "following",
    "field",
    "fields",
    "data",
    "attribute",
    "attributes",
    "property",
    "properties",
    "information",
    "details",
    "is",
    "are",
    "described",
    "by",
    "contain",
    "contains",
    "include",
    "includes",
    "consists",
    "consist",
    "table",
    "entity",
    "register",
    "list",
    "model",
    "must",
    "should",
    "shall",
    "these",
    "and",
    "its",
    "holds",
    "hold",
    "what",
    "know",
    "track",
    "note",
    "tracks",
    "notes",
    "that",
    "per",
    "one",
    "row",
    "needs",
    "need",
    "recorded:",
    "columns",
    "section",
    "describes",
    "captures",
    "capture",
    "defined",
    "form",
    "definition",
    "to",
    "be",
    "can",
    "may",
    "want",
    "get",
    "gets",
    "form",
    "resource",
    "entities",
    "tables",
    "resources",
    "objects",
    "dictionary",
    "object",
    "there",
    "on",
    "in",
    "system",
    "service",
    "life",
    "attributes:",
    "new",
    "so",
    "stored",
    "saved",
    "noted",
    "captured",
    "collected",
    "entered",
    "filled",
    "provided",
];

/// The name of the entity that a field table or list describes.
pub(super) fn entity_name(engine: &Engine<'_>, statement: &Statement) -> Option<String> {
    // "Fields:" below a story: those of the record that it speaks of.
    let bare = tokens(&statement.text).iter().all(|word| LEAD_WORDS.contains(&word.word.as_str()) || word.word == ":");
    if bare
        && statement.story.is_some()
        && let Some(topic) = engine.topics.first().and_then(|topic| engine.lexicon.entity(topic))
    {
        return Some(topic.name.clone());
    }
    let titles = std::iter::once(&statement.text).chain(statement.section.iter().rev());
    let titles: Vec<String> = titles.map(|text| of_story(&leads::plain(text).0)).collect();
    // "Mandatory fields" below "Maintain media": those of a medium, which nothing else may have named yet.
    if bare_duty(&statement.text)
        && let Some(named) = titles.iter().find_map(|title| done_to(title))
    {
        let last = named.rsplit(' ').next().unwrap_or_default();
        let known = engine.lexicon.find(&named).or_else(|| engine.lexicon.find(last));
        return Some(known.map_or(named.clone(), |known| known.name.clone()));
    }
    // "Register a bike": what it is done to, once that is known.
    if let Some(told) = titles.iter().find_map(|title| acted_on(engine, title)) {
        return told;
    }
    let named = titles.iter().find_map(|text| {
        let text = text.split('(').next().unwrap_or_default();
        if engine.lexicon.titles.contains(&name_words(text)) {
            return Some(one_of(text));
        }
        let words = tokens(text);
        // "Customer master data" is about customers, a "game master" is somebody.
        let of_data = |at: usize| {
            let (word, next) = (words.get(at), words.get(at + 1));
            word.is_some_and(|word| word.word == "master")
                && next.is_some_and(|next| LEAD_WORDS.contains(&next.word.as_str()))
        };
        let lead = |at: Option<usize>| {
            let word = at.and_then(|at| words.get(at));
            word.is_none_or(|word| LEAD_WORDS.contains(&word.word.as_str()))
        };
        // "Right of use"
        let within = |at: usize| {
            words.get(at).is_some_and(|word| word.word == "of") && !lead(at.checked_sub(1)) && !lead(Some(at + 1))
        };
        // "Service item", "System user"; "Data of the service" names none.
        let leads = |at: usize| {
            let next = words.get(at + 1).is_some_and(|next| next.word.chars().all(char::is_alphabetic));
            words.get(at).is_some_and(|word| matches!(word.word.as_str(), "service" | "system"))
                && next
                && !lead(Some(at + 1))
        };
        let said = |(at, token): (usize, &Token)| {
            let names = within(at)
                || leads(at)
                || !LEAD_WORDS.contains(&token.word.as_str()) && token.word.chars().any(char::is_alphanumeric);
            (names && !of_data(at)).then(|| token.raw.clone())
        };
        let words: Vec<String> = words.iter().enumerate().filter_map(said).collect();
        let name = words.join(" ");
        if words.is_empty() || name.is_empty() {
            return None;
        }
        if let Some(known) = engine.lexicon.find(&name) {
            return Some(known.name.clone());
        }
        // "Further rules", "Acceptance criteria"
        let rules = words.last().is_some_and(|last| {
            ["rules", "rule", "requirements", "criteria", "criterion", "stories", "constraints"]
                .contains(&last.to_lowercase().as_str())
        });
        let generic = rules
            || crate::lexicon::STATE_WORDS.contains(&name_words(&name).last()?.as_str())
            || matches!(
                name.to_lowercase().as_str(),
                "data model"
                    | "domain"
                    | "requirements"
                    | "functional requirements"
                    | "domain model"
                    | "records"
                    | "functional"
                    | "scope"
                    | "features"
                    | "overview"
            );
        (words.len() <= 4 && !generic).then(|| one_of(&name))
    });
    // Nothing else names the records: then "Table" or "Status" is what they are.
    named.or_else(|| {
        const NOUNS: &[&str] = &[
            "table", "object", "list", "form", "record", "register", "section", "model", "status", "master", "note",
            "property", "resource", "service", "system", "row",
        ];
        let mut titles = std::iter::once(&statement.text).chain(statement.section.last()).map(|title| one_of(title));
        titles.find(|name| NOUNS.contains(&name.as_str()))
    })
}

/// "Story: Register a bike": what the title of a story says.
fn of_story(title: &str) -> String {
    let lower = title.to_lowercase();
    let lead = ["story: ", "user story: ", "story – ", "story - ", "feature: ", "use case: "];
    let rest = lead.iter().find_map(|lead| lower.strip_prefix(lead));
    rest.and_then(|rest| title.get(title.len() - rest.len()..)).unwrap_or(title).to_owned()
}

/// "Mandatory fields", "Optional": whoever the heading names.
fn bare_duty(lead: &str) -> bool {
    let (plain, duty) = leads::plain(lead);
    duty.is_some()
        && matches!(plain.to_lowercase().as_str(), "fields" | "data" | "attributes" | "information" | "details")
}

/// "Maintain media": what many of them are called, where a title says what is done to them.
fn done_to(title: &str) -> Option<String> {
    let words = tokens(title);
    let (verb, rest) = words.split_first()?;
    let last = rest.last()?;
    let many = crate::words::singular(&last.word) != last.word;
    let plain = rest.iter().all(|word| word.word.chars().all(|c| c.is_alphabetic() || c == '-'));
    let acts = !crate::verbs::actions(&verb.word).is_empty() && verb.word == verb.lemma;
    (acts && many && plain && rest.len() <= 3)
        .then(|| one_of(&rest.iter().map(|word| word.raw.as_str()).collect::<Vec<_>>().join(" ")))
}

/// "Register a bike", "Adding bikes": the kind of record that a title does something with, if that is known.
fn acted_on(engine: &Engine<'_>, title: &str) -> Option<Option<String>> {
    let words = tokens(title);
    let (verb, rest) = words.split_first()?;
    let (next, last) = (rest.first()?, rest.last()?);
    let article = matches!(next.word.as_str(), "a" | "an" | "new");
    let many = crate::words::singular(&last.word) != last.word && verb.word.ends_with("ing");
    let acts = !crate::verbs::actions(&verb.word).is_empty()
        && (article || many)
        && rest.len() <= 4
        && !LEAD_WORDS.contains(&last.word.as_str());
    let name = rest.iter().skip_while(|word| matches!(word.word.as_str(), "a" | "an" | "new"));
    let name = name.map(|word| word.raw.as_str()).collect::<Vec<_>>().join(" ");
    // "Register residents": "Issue types" may be types of an issue.
    if !acts && !crate::verbs::actions(&verb.word).is_empty() && last.word != last.lemma {
        let known = engine.lexicon.find(&name).or_else(|| engine.lexicon.find(&last.word))?;
        return (engine.lexicon.find(title).is_none()).then(|| Some(known.name.clone()));
    }
    acts.then(|| engine.lexicon.find(&name).map(|known| known.name.clone()))
}

/// The entries with what the lead-in says of all of them, unless one says it itself.
fn with_duty(entries: Vec<String>, duty: Option<Duty>) -> Vec<String> {
    let note = match duty {
        Some(Duty::Required) => "required",
        Some(Duty::Optional) => "optional",
        None => return entries,
    };
    let told = |entry: &String| ["required", "mandatory", "optional"].iter().any(|word| entry.contains(word));
    entries.into_iter().map(|entry| if told(&entry) { entry } else { with_note(&entry, note) }).collect()
}

pub(super) fn of_items(engine: &Engine<'_>, statement: &Statement) -> Result<Vec<Effect>, Partly> {
    if statement.kind == StatementKind::NonFunctional {
        return Err(nothing(gap(&statement.text, "a quality of the whole is no rule about records")));
    }
    let lead = statement.text.trim().trim_end_matches([':', ' ']);
    let lower = lead.to_lowercase();
    let bare =
        statement.items.iter().all(|item| !item.contains(['(', ':', '–', ',']) && item.split_whitespace().count() <= 4);
    let last = lower.rsplit(' ').next().unwrap_or_default();
    let values = [
        "one of",
        "either",
        "statuses",
        "states",
        "stages",
        "values",
        "status",
        "state",
        "stage",
        "one of the following",
        "options",
    ]
    .iter()
    .any(|end| lower.ends_with(end))
        || (bare && last == "of");
    // "draft: the employee is still working on it"
    let named = |item: &String| {
        let name = [": ", " – ", " — ", " - "]
            .iter()
            .find_map(|mark| item.split_once(mark))
            .map_or(item.as_str(), |(name, _)| name);
        let plain = name.split_whitespace().count() <= 3 && !name.contains(['(', ',']);
        plain.then(|| name.trim().to_owned())
    };
    let stated = ["statuses", "states", "stages", "one of the following"].iter().any(|end| lower.ends_with(end));
    if stated
        && !bare
        && let Some(names) = statement.items.iter().map(named).collect::<Option<Vec<String>>>()
    {
        return engine.sentence(&format!("{lead}: {}", names.join(", "))).map_err(nothing);
    }
    // "The following statuses exist": of what is spoken of.
    const EXIST: &[&str] = &[
        "the",
        "following",
        "statuses",
        "states",
        "stages",
        "exist",
        "are",
        "possible",
        "allowed",
        "there",
        "these",
        "available",
        "valid",
    ];
    if stated_alone(&lower, EXIST)
        && let Some(states) = statement.items.iter().map(named).collect::<Option<Vec<String>>>()
        && let Some(topic) = engine.topics.first()
    {
        let (entity, field) = (topic.clone(), None);
        let has = engine.lexicon.flow_field(topic).map(|field| Effect::has_field(topic, &field));
        let told = [
            Effect::States { entity: entity.clone(), field, states: states.clone() },
            Effect::AllStates { entity, states },
        ];
        return Ok(told.into_iter().chain(has).collect());
    }
    if let Some(effects) = ways(engine, statement, &lower) {
        return Ok(effects);
    }
    if values && bare {
        return engine.sentence(&format!("{lead}: {}", statement.items.join(", "))).map_err(nothing);
    }
    // A list of names after "we keep" is a list of entities.
    if bare
        && (lower.starts_with("we ") || lower.contains("the system") || lower.contains("register"))
        && statement.items.iter().all(|item| {
            engine.lexicon.find(item).is_some() || crate::words::singular(&item.to_lowercase()) != item.to_lowercase()
        })
        && let Ok(effects) = engine.sentence(&format!("{lead} {}", statement.items.join(", ")))
    {
        return Ok(effects);
    }
    // "A parcel belongs to a job and has"
    let lead_in = statement.text.trim().trim_end_matches([':', ' ', '.', '\u{2026}']);
    if let Some(clause) =
        [" and has", " and has the following fields", " and has the following", " and records", " and with"]
            .iter()
            .find_map(|has| lead_in.strip_suffix(has))
            .filter(|clause| clause.contains(" belongs to ") || clause.contains(" refers to "))
        && let Ok(mut effects) = engine.sentence(clause)
    {
        let name = clause.split([' ']).take_while(|word| !["belongs", "refers"].contains(word)).collect::<Vec<_>>();
        let fields = Statement { text: format!("{} has", name.join(" ")), ..statement.clone() };
        effects.extend(of_items(engine, &fields)?);
        return Ok(effects);
    }
    // The name is not all that stands before its fields.
    if [" belongs to ", " belong to ", " refers to "].iter().any(|verb| lower.contains(verb)) {
        return Err(nothing(gap(&statement.text, "it says more than whose fields these are")));
    }
    // "Revenue per hall, bookings per hall": worked out of records, and kept of none.
    let per = |item: &String| item.split_once(" per ").is_some_and(|(_, of)| engine.lexicon.find(of).is_some());
    if statement.items.iter().all(per) {
        return Err(nothing(gap(&statement.text, "it is not clear what is worked out here")));
    }
    let Some(entity) = entity_name(engine, statement) else {
        return Err(nothing(gap(&statement.text, "it is not clear which kind of record these fields belong to")));
    };
    // "Condition" over a list of bare words, where `condition` is a known field: its values. Names of dates, numbers and
    // answers are fields of a kind of record that goes by the field's name.
    let fields = statement.items.iter().any(|item| {
        item == "name" || !matches!(crate::fields::infer::kind(item, &entity, engine.lexicon), FieldKind::Text { .. })
    });
    if bare
        && !fields
        && let Some(field) =
            engine.topics.iter().find_map(|topic| engine.lexicon.entity(topic)?.find(lead).map(|_| lead.to_owned()))
        && let Ok(effects) = engine.sentence(&format!("{field} is one of {}", statement.items.join(", ")))
    {
        return Ok(effects);
    }
    // Bare words under a long title may be anything: topics, menu entries, features.
    let noted = statement.items.iter().any(|item| {
        let (_, notes) = item::split(item);
        let mut found = crate::fields::note::Notes::default();
        notes.iter().for_each(|note| crate::fields::note::read(note, engine.lexicon, &mut found));
        found.kind.is_some() || found.required || found.unique || found.optional
    });
    let announced = lower.split(' ').any(|word| {
        ["has", "have", "records", "record", "fields", "with", "following", "contains", "includes", "information"]
            .contains(&word)
    });
    if !noted && !announced && entity.split(' ').count() > 2 {
        return Err(nothing(gap(&statement.text, "it is not clear whether these are fields")));
    }
    let mut effects = vec![Effect::Entity { name: entity.clone() }];
    let mut missed = None;
    let entries = with_duty(statement.items.clone(), leads::plain(&statement.text).1);
    // What is noted of both in one line says nothing of the line before.
    let mut entries: Vec<String> =
        entries.into_iter().flat_map(|entry| several::apart(&entry, engine.lexicon).unwrap_or(vec![entry])).collect();
    item::share_notes(&mut entries);
    for entry in &mut entries {
        // "whether it is in service"
        if entry.to_lowercase().starts_with("whether ")
            && let Some(plain) = crate::fields::phrase::one(entry)
        {
            *entry = plain;
        }
        if let Some(told) = whose(entry).filter(|told| matches!(clauses::of(engine, &entity, told), Some(Some(_)))) {
            *entry = told;
        }
    }
    for entry in &entries {
        if let Some(more) = discover::several(engine, &entity, entry) {
            effects.extend(more);
            continue;
        }
        if let Some(told) = clauses::of(engine, &entity, entry) {
            match told {
                Some(more) => effects.extend(more),
                None => missed = missed.or_else(|| Some(entry.clone())),
            }
            continue;
        }
        match item::read(entry, &entity, engine) {
            Ok(more) => effects.extend(more),
            Err((more, quote)) => {
                // An item of a field list may be a rule: "name is unique".
                let topic = engine.lexicon.find(&entity).map(|entity| entity.key.clone());
                let inner = Engine {
                    lexicon: engine.lexicon,
                    topics: topic.into_iter().chain(engine.topics.iter().cloned()).collect(),
                };
                // "status: open or done (new jobs are open)" lists values; what is noted of them is no way between them.
                let ways = |rules: &Vec<Effect>| rules.iter().any(|rule| matches!(rule, Effect::Transition { .. }));
                match inner.sentence(entry) {
                    Ok(rules) if !(entry.contains('(') && ways(&rules)) => effects.extend(rules),
                    _ => {
                        effects.extend(more.into_iter().filter(|effect| !matches!(effect, Effect::Rule(_))));
                        missed = missed.or(Some(quote));
                    }
                }
            }
        }
    }
    finished(effects, missed)
}

/// Whether a lead says nothing but that there are states.
fn stated_alone(lead: &str, known: &[&str]) -> bool {
    lead.split(' ').all(|word| known.contains(&word))
        && ["statuses", "states", "stages"].iter().any(|word| lead.contains(word))
}

/// "of a session", "for one room and one team (both required)" among fields: whose records these are.
fn whose(entry: &str) -> Option<String> {
    let plain =
        ["(required)", "(both required)", "(all required)"].iter().find_map(|note| entry.trim().strip_suffix(note));
    let plain = plain.unwrap_or(entry).trim();
    let (lead, records) = plain.split_once(' ')?;
    let led = matches!(lead.to_lowercase().as_str(), "of" | "for" | "in" | "on")
        && matches!(records.split(' ').next()?, "a" | "an" | "one" | "exactly");
    led.then(|| format!("belongs to {records}"))
}

/// A list under "Allowed transitions": every item is a way from one state to another.
fn ways(engine: &Engine<'_>, statement: &Statement, lead: &str) -> Option<Vec<Effect>> {
    const TELLING: &[&str] = &[
        "transition",
        "workflow",
        "lifecycle",
        "life cycle",
        "state machine",
        "status change",
        "change of status",
        "changes of status",
        "change of state",
        "changes of state",
        "state change",
        "allowed change",
        "flow",
    ];
    let heading = statement.section.last().map(|heading| heading.to_lowercase()).unwrap_or_default();
    // "Status" over arrows
    let arrows = crate::lexicon::STATE_WORDS.contains(&lead.trim())
        && statement.items.iter().any(|item| ["->", "→", "=>"].iter().any(|arrow| item.contains(arrow)));
    if !arrows && !TELLING.iter().any(|word| lead.contains(word) || heading.contains(word)) {
        return None;
    }
    let tokens = normal::normalise(&statement.text, engine.lexicon);
    let mut topics = engine.scope(&tokens).mentioned(&tokens);
    topics.extend(engine.topics.iter().cloned());
    let inner = Engine { lexicon: engine.lexicon, topics };
    let mut effects = Vec::new();
    for item in &statement.items {
        // "received (initial)"
        let begins = ["initial", "initial state", "initial status", "start", "first"]
            .iter()
            .find_map(|note| item.strip_suffix(')')?.strip_suffix(note)?.strip_suffix('(').map(str::trim_end));
        if let (Some(state), Some(entity)) = (begins, inner.topics.first()) {
            effects.push(Effect::Initial { entity: entity.clone(), state: state.to_lowercase() });
            continue;
        }
        let told = inner.sentence(item).or_else(|_| inner.sentence(&format!("from {item}"))).ok()?;
        effects.extend(told);
    }
    effects.iter().any(|effect| matches!(effect, Effect::Transition { .. })).then_some(effects)
}

pub(super) fn finished(effects: Vec<Effect>, missed: Option<String>) -> Result<Vec<Effect>, Partly> {
    match missed {
        None => Ok(effects),
        Some(quote) => Err((effects, gap(&quote, "this note of a field is not among those that are known"))),
    }
}
