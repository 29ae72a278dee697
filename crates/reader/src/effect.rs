//! What a clause means: additions to what is named, and rules. Applying them is the only way the lexicon grows.

use crate::keys;
use crate::lexicon::{self, Lexicon, NamedField, STATE_WORDS, name_words};
use maestro_artifacts::{Action, FieldKind, Op, RuleKind};
use maestro_domain::StatementId;

/// One thing that a clause says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    /// Records of this name are kept.
    Entity { name: String },
    /// A record has this field. `kind` where it is stated.
    Field { entity: String, name: String, kind: Option<FieldKind>, read_only: bool },
    /// What a rule needs a field to be; holds unless its type is stated.
    UsedAs { entity: String, field: String, kind: FieldKind },
    /// The record moves through these states. `field` is the epic's name for the state's field.
    States { entity: String, field: Option<String>, states: Vec<String> },
    /// These are all the states there are; told beside the states themselves.
    AllStates { entity: String, states: Vec<String> },
    /// The states in the order in which they are told: each leads to the next, unless the epic tells the ways themselves.
    Steps { entity: String, ways: Vec<(String, String)> },
    /// One allowed change of state.
    Transition { entity: String, from: String, to: String },
    /// The state of a new record.
    Initial { entity: String, state: String },
    /// Who does this to a record (a participle) brings it to this state, whatever the state is called.
    Deed { entity: String, done: String, to: String },
    /// Somebody acts in this role.
    Role { name: String },
    /// Somebody in this role brings records to this state; restricts nobody by itself.
    Actor { entity: String, to: String, role: String },
    /// The epic may speak of this field (by name) under another name too.
    Alias { entity: String, field: String, alias: String },
    /// A field (by name) notes this unit.
    Unit { entity: String, field: String, unit: String },
    /// A rule.
    Rule(RuleKind),
}

impl Effect {
    pub(crate) fn capability(entity: &str, action: Action) -> Self {
        Self::Rule(RuleKind::Capability { entity: entity.to_owned(), action })
    }

    pub(crate) fn has_field(entity: &str, field: &str) -> Self {
        Self::Rule(RuleKind::HasField { entity: entity.to_owned(), field: field.to_owned() })
    }
}

/// Grows the lexicon by the kind of record that an effect introduces.
pub(crate) fn introduce(lexicon: &mut Lexicon, effect: &Effect, source: &StatementId) {
    if let Effect::Entity { name } | Effect::Field { entity: name, .. } = effect {
        lexicon.add_entity(name, source);
    }
}

/// Grows the lexicon by one effect. Rules do not touch it.
pub(crate) fn apply(lexicon: &mut Lexicon, effect: &Effect, source: &StatementId) {
    match effect {
        Effect::Entity { name } => {
            lexicon.add_entity(name, source);
        }
        Effect::Field { entity, name, kind, read_only } => {
            let key = lexicon.add_entity(entity, source);
            field(lexicon, &key, name, kind.as_ref(), *read_only, source);
            if let Some(FieldKind::Enum { values }) = kind
                && let Some(at) = lexicon.entity(&key).and_then(|named| named.find(name)).map(|field| field.key.clone())
                && let Some(field) =
                    lexicon.entity_mut(&key).and_then(|named| named.fields.iter_mut().find(|known| known.key == at))
            {
                list(field, values, source);
            }
        }
        Effect::UsedAs { entity, field: name, kind } => {
            let key = lexicon.add_entity(entity, source);
            field(lexicon, &key, name, None, false, source);
            if let Some(named) = lexicon.entity_mut(&key)
                && let Some(at) = named.find(name).map(|field| field.key.clone())
                && let Some(field) = named.fields.iter_mut().find(|field| field.key == at)
            {
                // One bound with a point makes a decimal of it, one time of day an instant.
                let wider = matches!(
                    (&field.used, kind),
                    (Some(FieldKind::Integer), FieldKind::Decimal | FieldKind::Money)
                        | (Some(FieldKind::Decimal), FieldKind::Money)
                        | (Some(FieldKind::Date), FieldKind::DateTime)
                );
                if field.used.is_none() || wider {
                    field.used = Some(kind.clone());
                }
            }
        }
        Effect::States { entity, field: name, states } => flow_states(lexicon, entity, name.as_deref(), states, source),
        Effect::AllStates { entity, states } => {
            let field = lexicon.flow_field(entity);
            if let Some(field) = lexicon
                .entity_mut(entity)
                .and_then(|named| named.fields.iter_mut().find(|known| Some(&known.key) == field.as_ref()))
            {
                list(field, states, source);
            }
        }
        Effect::Transition { entity, from, to } => {
            let (from, to) = (&bare(from).to_owned(), &bare(to).to_owned());
            flow_states(lexicon, entity, None, &[from.clone(), to.clone()], source);
            if let Some(named) = lexicon.entity_mut(entity) {
                let known = |text: &str| {
                    named.flow.states.iter().find(|state| same(state, text)).cloned().unwrap_or_else(|| text.to_owned())
                };
                let (from, to) = (known(from), known(to));
                if let Some((_, _, sources)) =
                    named.flow.transitions.iter_mut().find(|(a, b, _)| *a == from && *b == to)
                {
                    lexicon::add(sources, source);
                } else {
                    named.flow.transitions.push((from, to, vec![source.clone()]));
                }
            }
        }
        Effect::Steps { entity, ways } => {
            if let Some(named) = lexicon.entity_mut(entity) {
                let known =
                    |text: &String| named.flow.states.iter().find(|state| same(state, text)).unwrap_or(text).clone();
                let ways: Vec<_> = ways.iter().map(|(from, to)| (known(from), known(to))).collect();
                named.flow.steps.push((ways, source.clone()));
            }
        }
        Effect::Initial { entity, state } => {
            let state = &bare(state).to_owned();
            flow_states(lexicon, entity, None, std::slice::from_ref(state), source);
            let mut clash = None;
            if let Some(named) = lexicon.entity_mut(entity) {
                let state =
                    named.flow.states.iter().find(|known| same(known, state)).cloned().unwrap_or_else(|| state.clone());
                match &mut named.flow.initial {
                    None => named.flow.initial = Some((state, vec![source.clone()])),
                    Some((known, sources)) if *known == state => lexicon::add(sources, source),
                    Some((known, sources)) => {
                        let mut both = sources.clone();
                        lexicon::add(&mut both, source);
                        clash = Some((format!("a new {} starts as `{known}` and as `{state}`", named.name), both));
                    }
                }
            }
            lexicon.contradictions.extend(clash);
        }
        Effect::Alias { entity, field, alias } => {
            let key = lexicon.add_entity(entity, source);
            let words = name_words(alias);
            let known = lexicon.entity(&key).is_some_and(|named| named.find(alias).is_some());
            if let Some(named) = lexicon.entity_mut(&key)
                && let Some(at) = named.find(field).map(|field| field.key.clone())
                && let Some(field) = named.fields.iter_mut().find(|field| field.key == at)
                && !known
                && !field.aliases.contains(&words)
            {
                field.aliases.push(words);
            }
        }
        Effect::Deed { entity, done, to } => {
            let deed = (done.clone(), to.clone());
            if let Some(named) = lexicon.entity_mut(entity)
                && !named.flow.deeds.contains(&deed)
            {
                named.flow.deeds.push(deed);
            }
        }
        Effect::Role { name } => lexicon.add_role(name),
        Effect::Actor { entity, to, role } => {
            let actor = (entity.clone(), to.clone(), role.clone());
            if !lexicon.actors.contains(&actor) {
                lexicon.actors.push(actor);
            }
        }
        Effect::Unit { entity, field, unit } => {
            let unit = lexicon::lemma(unit);
            if !lexicon.units.contains(&unit) {
                lexicon.units.push(unit.clone());
            }
            let key = lexicon.add_entity(entity, source);
            if let Some(named) = lexicon.entity_mut(&key)
                && let Some(at) = named.find(field).map(|field| field.key.clone())
                && let Some(field) = named.fields.iter_mut().find(|field| field.key == at)
            {
                field.unit.get_or_insert(unit);
            }
        }
        Effect::Rule(_) => {}
    }
}

/// A field that a rule of this pass speaks of stays, even if its sentence was read this time as a rule about a known field.
pub(crate) fn keep_named(next: &mut Lexicon, known: &Lexicon, outcomes: &[crate::statement::Outcome]) {
    for effect in outcomes.iter().flat_map(|outcome| &outcome.effects) {
        let Effect::Rule(rule) = effect else { continue };
        let entity = crate::condition::rule_entity(rule);
        let mut keys = Vec::new();
        serde_json::to_value(rule).iter().for_each(|rule| fields_of(rule, &mut keys));
        for key in keys {
            // "A hut has rooms" names no field, once rooms are known to refer to a hut.
            let children = |field: &&lexicon::NamedField| {
                let other = next.find(&field.name).filter(|other| other.key != entity && !field.stated);
                other.is_some_and(|other| {
                    other.plural == field.name.to_lowercase()
                        && other.name != other.plural
                        && next.reference(&other.key, entity).is_some()
                })
            };
            let named = known.entity(entity).and_then(|entity| entity.field(&key));
            if let Some(kept) = named.filter(|field| !children(field))
                && let Some(named) = next.entity_mut(entity)
                && named.find(&kept.name).is_none()
                && (kept.words.len() > 1 || call_state(named, &kept.name, &kept.words).is_none())
            {
                named.fields.push(kept.clone());
            }
        }
    }
}

/// The keys of fields of its records that a rule in its written form names.
fn fields_of(rule: &serde_json::Value, keys: &mut Vec<String>) {
    match rule {
        serde_json::Value::Object(parts) => {
            // The sum over what refers to a record is one of their fields; so is what is reached through a reference.
            let other =
                ["child", "via"].iter().any(|other| parts.get(*other).is_some_and(serde_json::Value::is_string));
            if other && !parts.contains_key("entity") && !parts.contains_key("parent") {
                return;
            }
            for (part, inner) in parts {
                match inner {
                    serde_json::Value::String(key) if part == "field" => keys.push(key.clone()),
                    serde_json::Value::Array(list) if part == "fields" => {
                        keys.extend(list.iter().filter_map(|key| key.as_str().map(str::to_owned)));
                    }
                    _ => fields_of(inner, keys),
                }
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|inner| fields_of(inner, keys)),
        _ => {}
    }
}

/// Once all kinds of records are known, fields named after one refer to it, wherever it was introduced.
pub(crate) fn settle(lexicon: &mut Lexicon) {
    lexicon.name_kinds();
    for named in &mut lexicon.entities {
        // A discount is an amount of money by its name alone.
        for field in named.fields.iter_mut().filter(|field| field.unit.as_deref() == Some("%")) {
            if field.kind == FieldKind::Money {
                field.kind = FieldKind::Decimal;
            }
        }
        for field in named.fields.iter_mut().filter(|field| !field.stated && !field.read_only) {
            if let Some(kind) = &field.used {
                field.kind = kind.clone();
            }
        }
        spoken_names(named);
        take_steps(&mut named.flow);
    }
    let known = lexicon.clone();
    for named in &mut lexicon.entities {
        for at in 0..named.fields.len() {
            let Some(field) =
                named.fields.get(at).filter(|field| !field.stated && !field.read_only && field.used.is_none())
            else {
                continue;
            };
            let kind = crate::fields::infer::kind(&field.name, &named.key, &known);
            if kind == field.kind || !matches!(kind, FieldKind::Reference { .. }) {
                continue;
            }
            let base = if keys::snake(&field.name).ends_with("_id") {
                field.name.clone()
            } else {
                format!("{} id", field.name)
            };
            let key = keys::key(&base, "reference", &|key| named.field(key).is_some());
            if let Some(field) = named.fields.get_mut(at) {
                field.kind = kind;
                field.key = key;
            }
        }
    }
}

/// States in a row are ways where nothing else tells how they are reached.
///
/// "An order goes through these states: draft, sent, received, cancelled" beside arrows is a list of states; beside
/// "draft and sent orders can be cancelled" it is a row whose end the other sentence tells.
fn take_steps(flow: &mut lexicon::Flow) {
    for (ways, source) in std::mem::take(&mut flow.steps) {
        let states: Vec<&String> =
            ways.first().map(|(from, _)| from).into_iter().chain(ways.iter().map(|(_, to)| to)).collect();
        let place = |state: &String| states.iter().position(|known| *known == state);
        let forward = |to: &String| {
            flow.transitions
                .iter()
                .any(|(a, b, _)| b == to && place(a).is_none_or(|a| place(to).is_none_or(|to| a < to)))
        };
        let whole = ways.iter().all(|(_, to)| forward(to));
        let taken: Vec<_> = ways
            .iter()
            .filter(|(_, to)| !(whole || crate::verbs::given_up(to) && forward(to)))
            .filter(|(from, to)| !flow.transitions.iter().any(|(a, b, _)| a == from && b == to))
            .map(|(from, to)| (from.clone(), to.clone(), vec![source.clone()]))
            .collect();
        flow.transitions.extend(taken);
    }
}

/// How a sentence calls fields whose names end in their type: "the from date" is the date `from`, "fragile" is `fragile flag`.
fn spoken_names(named: &mut lexicon::Named) {
    let taken: Vec<Vec<String>> =
        named.fields.iter().flat_map(|field| std::iter::once(&field.words).chain(&field.aliases)).cloned().collect();
    for field in &mut named.fields {
        let mut more: Vec<Vec<String>> = Vec::new();
        // "The instructor" of a lesson is its `instructor_id`.
        if let (FieldKind::Reference { .. }, Some(bare)) =
            (&field.kind, field.name.strip_suffix("_id").or_else(|| field.name.strip_suffix(" id")))
        {
            more.push(name_words(bare));
        }
        match (&field.kind, field.words.as_slice()) {
            (FieldKind::Date, [one]) if one != "date" && one != "day" => {
                more.push(vec![one.clone(), "date".to_owned()])
            }
            (FieldKind::DateTime, [one]) if one != "date" && one != "time" => {
                more.push(vec![one.clone(), "time".to_owned()]);
            }
            // "The start" of what has `started at`
            (FieldKind::Date | FieldKind::DateTime, [_, at]) if matches!(at.as_str(), "at" | "on") => {
                const DONE: &[(&str, &str)] = &[("started ", "start"), ("ended ", "end"), ("finished ", "end")];
                let lower = field.name.to_lowercase();
                more.extend(
                    DONE.iter().find(|(done, _)| lower.starts_with(done)).map(|(_, name)| vec![(*name).to_owned()]),
                );
            }
            (_, [name @ .., last]) if !name.is_empty() && last == "flag" => more.push(name.to_vec()),
            _ => {}
        }
        more.extend(counted_name(&field.name, &field.kind).filter(|_| !field.read_only));
        more.retain(|alias| !alias.is_empty() && !taken.contains(alias) && !field.aliases.contains(alias));
        field.aliases.extend(more);
    }
}

/// What a whole number of several things is called besides: "mites counted" and "mites" are the number of mites.
fn counted_name(name: &str, kind: &FieldKind) -> Option<Vec<String>> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let many = |word: &str| crate::words::singular(word) != word;
    let said = |word: &str| word.ends_with("ed") || crate::words::strong_participle(word);
    let things = match words.as_slice() {
        [.., last] if many(last) => words.as_slice(),
        [things @ .., done] if said(done) && things.last().is_some_and(|last| many(last)) => things,
        _ => return None,
    };
    let counts = *kind == FieldKind::Integer && !things.contains(&"of");
    counts.then(|| name_words(&format!("number of {}", things.join(" "))))
}

/// Remembers a list of values as the epic states it, whatever other statements add.
fn list(field: &mut NamedField, values: &[String], source: &StatementId) {
    let told = (values.to_vec(), source.clone());
    if values.len() > 1 && !field.listed.contains(&told) {
        field.listed.push(told);
    }
}

pub(crate) fn same(a: &str, b: &str) -> bool {
    name_words(a) == name_words(b)
}

fn field(
    lexicon: &mut Lexicon,
    entity: &str,
    name: &str,
    kind: Option<&FieldKind>,
    read_only: bool,
    source: &StatementId,
) {
    // What a computation yields gives way to a type that the epic states.
    let stated = kind.is_some() && !read_only;
    let computed = kind.is_some() && read_only;
    let kind = kind.cloned().unwrap_or_else(|| crate::fields::infer::kind(name, entity, lexicon));
    let mut clash = None;
    let Some(named) = lexicon.entity_mut(entity) else { return };
    let words = name_words(name);
    if words.is_empty() {
        return;
    }
    // `player` (a reference) and `players` (how many) are two fields.
    let written = lexicon::one_of_field(name);
    let same = |field: &NamedField| {
        field.name == written || (field.words == words && !(stated && field.stated && !compatible(&field.kind, &kind)))
    };
    let at = named.fields.iter().position(|field| field.name == written).or_else(|| named.fields.iter().position(same));
    // "an e-mail address" of a record that says who booked it by an e-mail address is that field.
    let at =
        at.or_else(|| if stated { None } else { named.fields.iter().position(|field| field.aliases.contains(&words)) });
    // "The number of mites" behind "mites counted (whole number)" is that field.
    let numeric = matches!(kind, FieldKind::Integer) || !stated;
    let at = at.or_else(|| {
        let counts =
            |known: &NamedField| !known.read_only && counted_name(&known.name, &known.kind).as_ref() == Some(&words);
        if numeric && !read_only { named.fields.iter().position(counts) } else { None }
    });
    let at = at.or_else(|| if stated { None } else { call_state(named, &written, &words) });
    if let Some(known) = at.and_then(|at| named.fields.get_mut(at)) {
        known.unlisted = false;
        known.read_only |= read_only;
        if computed && !known.stated {
            known.kind = kind.clone();
        }
        if stated && known.stated && !compatible(&known.kind, &kind) {
            let mut sources = known.sources.clone();
            lexicon::add(&mut sources, source);
            clash = Some((
                format!("`{}` of {} is {} and {}", known.name, named.name, kind_name(&known.kind), kind_name(&kind)),
                sources,
            ));
        } else if stated && !known.stated {
            // "The score is a decimal number": what its name alone told gives way.
            let told = known.kind == FieldKind::Integer && kind == FieldKind::Decimal;
            known.kind = if told { kind } else { merged(&known.kind, kind) };
            known.stated = true;
        } else if stated {
            known.kind = merged(&known.kind, kind);
        }
        lexicon::add(&mut known.sources, source);
    } else {
        let base = match &kind {
            FieldKind::Reference { .. } if !keys::snake(name).ends_with("_id") => format!("{name} id"),
            _ => name.to_owned(),
        };
        let key = keys::key(&base, &format!("field_{}", named.fields.len() + 1), &|key| named.field(key).is_some());
        let turned = turned(&words).filter(|turned| !named.fields.iter().any(|field| field.words == *turned));
        named.fields.push(NamedField {
            key,
            name: lexicon::one_of_field(name),
            words,
            kind,
            stated,
            read_only,
            unlisted: false,
            used: None,
            aliases: turned.into_iter().collect(),
            unit: None,
            listed: Vec::new(),
            sources: vec![source.clone()],
        });
    }
    lexicon.contradictions.extend(clash);
}

/// "The taster name" of what is listed as the name of the taster. A number of seats is no seat number.
fn turned(words: &[String]) -> Option<Vec<String>> {
    const COUNTED: &[&str] =
        &["number", "amount", "count", "sum", "total", "date", "day", "time", "place", "end", "start"];
    let of = words.iter().position(|word| word == "of").filter(|of| *of == 1)?;
    let (head, tail) = (words.get(..of)?, words.get(of + 1..)?);
    let plain = (1..=2).contains(&tail.len()) && !tail.iter().any(|word| word == "of");
    let counted = head.iter().any(|word| COUNTED.contains(&word.as_str()));
    (plain && !counted).then(|| [tail, head].concat())
}

/// "It goes through these states: ..." stood before "... and a status": one field, called as the epic lists it.
fn call_state(named: &mut lexicon::Named, name: &str, words: &[String]) -> Option<usize> {
    words.last().filter(|last| STATE_WORDS.contains(&last.as_str()))?;
    let at = named.fields.iter().position(|field| Some(&field.key) == named.flow.field.as_ref())?;
    let flow = named.fields.get_mut(at).filter(|flow| flow.unlisted)?;
    let key = keys::key(name, "status", &|_| false);
    flow.unlisted = false;
    name.clone_into(&mut flow.name);
    words.clone_into(&mut flow.words);
    flow.key.clone_from(&key);
    named.flow.field = Some(key);
    Some(at)
}

/// Two statements of a type that do not contradict: the same type, or one that says more.
fn compatible(a: &FieldKind, b: &FieldKind) -> bool {
    match (a, b) {
        (FieldKind::Text { .. }, FieldKind::Text { .. } | FieldKind::Enum { .. })
        | (FieldKind::Enum { .. }, FieldKind::Text { .. } | FieldKind::Enum { .. })
        | (FieldKind::Integer | FieldKind::Money, FieldKind::Decimal)
        | (FieldKind::Decimal, FieldKind::Integer | FieldKind::Money) => true,
        (a, b) => a == b,
    }
}

fn merged(known: &FieldKind, more: FieldKind) -> FieldKind {
    match (known, more) {
        (FieldKind::Enum { values }, FieldKind::Enum { values: more }) => {
            let mut values = values.clone();
            for value in more {
                if !values.iter().any(|known| same(known, &value)) {
                    values.push(value);
                }
            }
            FieldKind::Enum { values }
        }
        (FieldKind::Enum { values }, FieldKind::Text { .. }) => FieldKind::Enum { values: values.clone() },
        (known @ (FieldKind::Integer | FieldKind::Money), FieldKind::Decimal) => known.clone(),
        (_, more) => more,
    }
}

/// The type in words, for messages.
pub(crate) fn kind_name(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text { .. } => "a text",
        FieldKind::Integer => "a whole number",
        FieldKind::Decimal => "a number",
        FieldKind::Money => "an amount of money",
        FieldKind::Date => "a date",
        FieldKind::DateTime => "a date and time",
        FieldKind::Boolean => "yes or no",
        FieldKind::Enum { .. } => "one of several values",
        FieldKind::Reference { .. } => "a reference",
    }
}

/// "In state draft" is the state `draft`.
fn bare(state: &str) -> &str {
    let inside = state.strip_prefix("in ").or_else(|| state.strip_prefix("In ")).unwrap_or(state);
    let named = STATE_WORDS.iter().find_map(|word| inside.strip_prefix(word)?.strip_prefix(' '));
    named.map_or(state, |rest| rest.strip_prefix("of ").unwrap_or(rest))
}

/// "Closed or voided" of what is open, closed or `void`: the state by the name that it has already.
fn called(lexicon: &Lexicon, entity: &str, state: &str, beside: &[String]) -> String {
    let known = lexicon.entity(entity).map(|named| named.flow.states.as_slice()).unwrap_or_default();
    let done = |known: &&String| [format!("{known}ed"), format!("{known}d")].iter().any(|done| done == state);
    let other = known.iter().find(done).filter(|known| !beside.contains(known));
    other.filter(|_| !known.iter().any(|known| known == state)).map_or(state, String::as_str).to_owned()
}

fn flow_states(lexicon: &mut Lexicon, entity: &str, name: Option<&str>, states: &[String], source: &StatementId) {
    let states: Vec<String> = states.iter().map(|state| bare(state).to_owned()).collect();
    let states: Vec<String> = states.iter().map(|state| called(lexicon, entity, state, &states)).collect();
    let states = states.as_slice();
    // "Orders: new -> packed" labels whose states these are, it names no field.
    let name = name.filter(|name| lexicon.entity(entity).is_none_or(|named| named.words != name_words(name)));
    let found = name.and_then(|name| lexicon.entity(entity)?.find(name)).map(|field| field.key.clone());
    // "These states" is what every workflow is called, whatever the epic calls its field: "a status".
    let general = name.is_none_or(|name| STATE_WORDS.contains(&name));
    let at = found.or_else(|| match name {
        None => holds(lexicon, entity, states).or_else(|| lexicon.flow_field(entity)),
        Some(_) if general => state_field(lexicon, entity, states),
        Some(_) => None,
    });
    // "... and a status": the field whose values nothing else tells.
    let at = at.or_else(|| {
        let untold = lexicon.entity(entity)?.fields.iter().find(|field| untold_state(field));
        untold.filter(|_| general).map(|field| field.key.clone())
    });
    let Some(named) = lexicon.entity_mut(entity) else { return };
    let at = match at {
        Some(at) => at,
        None => {
            let name = name.unwrap_or("status");
            let key = keys::key(name, "status", &|key| named.field(key).is_some());
            named.fields.push(NamedField {
                key: key.clone(),
                name: lexicon::one_of_field(name),
                words: name_words(name),
                kind: FieldKind::Enum { values: Vec::new() },
                stated: true,
                read_only: false,
                used: None,
                unlisted: general,
                aliases: Vec::new(),
                unit: None,
                listed: Vec::new(),
                sources: vec![source.clone()],
            });
            key
        }
    };
    named.flow.field = Some(at.clone());
    lexicon::add(&mut named.flow.sources, source);
    if let Some(field) = named.fields.iter_mut().find(|field| field.key == at) {
        field.kind = match &field.kind {
            FieldKind::Enum { .. } => merged(&field.kind.clone(), FieldKind::Enum { values: states.to_vec() }),
            _ => FieldKind::Enum { values: states.to_vec() },
        };
        field.stated = true;
        if let FieldKind::Enum { values } = &field.kind {
            named.flow.states.clone_from(values);
        }
    }
}

/// A field that is called like a state and of which nothing tells the values.
fn untold_state(field: &NamedField) -> bool {
    matches!(field.kind, FieldKind::Text { .. })
        && !field.stated
        && STATE_WORDS.contains(&field.words.last().map_or("", String::as_str))
}

/// The field called by another word for a state that has one of these values already.
fn state_field(lexicon: &Lexicon, entity: &str, states: &[String]) -> Option<String> {
    let fits = |field: &&NamedField| {
        STATE_WORDS.contains(&field.words.last().map_or("", String::as_str))
            && matches!(&field.kind, FieldKind::Enum { values } if values.iter().any(|value| states.iter().any(|state| same(state, value))))
    };
    lexicon.entity(entity)?.fields.iter().find(fits).map(|field| field.key.clone())
}

/// The enum field that already has one of these values.
fn holds(lexicon: &Lexicon, entity: &str, states: &[String]) -> Option<String> {
    let named = lexicon.entity(entity)?;
    if let Some(field) = &named.flow.field {
        return Some(field.clone());
    }
    let fits = |field: &&NamedField| matches!(&field.kind, FieldKind::Enum { values } if values.iter().any(|value| states.iter().any(|state| same(state, value))));
    let mut found: Vec<&NamedField> = named.fields.iter().filter(fits).collect();
    found.sort_by_key(|field| !STATE_WORDS.contains(&field.words.last().map_or("", String::as_str)));
    found.first().map(|field| field.key.clone())
}

/// Not the comparison turned round: the one that holds exactly when this one does not.
pub(crate) const fn negated(op: Op) -> Op {
    match op {
        Op::Eq => Op::Ne,
        Op::Ne => Op::Eq,
        Op::Lt => Op::Ge,
        Op::Le => Op::Gt,
        Op::Gt => Op::Le,
        Op::Ge => Op::Lt,
    }
}
