//! Tables: of fields, of changes of state, of who may do what.

use super::lists::{entity_name, finished};
use super::{Partly, gap, lower_first, nothing};
use crate::effect::Effect;
use crate::engine::{Engine, Gap, Reading};
use crate::fields::table;
use crate::lexicon::{name_words, one_role};
use crate::normal;
use maestro_artifacts::RuleKind;
use maestro_domain::Statement;

pub(super) fn of_table(engine: &Engine<'_>, statement: &Statement) -> Result<Vec<Effect>, Partly> {
    let Some((header, data)) = statement.table.split_first() else {
        return Err(nothing(gap(&statement.text, "the table is empty")));
    };
    let lower: Vec<String> = header.iter().map(|cell| cell.to_lowercase()).collect();
    let at = |names: &[&str], taken: Option<usize>| {
        lower.iter().enumerate().position(|(at, cell)| {
            Some(at) != taken && cell.split(|c: char| !c.is_alphanumeric()).any(|word| names.contains(&word))
        })
    };
    // "State | Can become | By"
    let to = at(&["to", "next", "new", "become", "becomes", "then", "successor", "successors"], None);
    let from = at(&["from", "current"], to).or_else(|| at(crate::lexicon::STATE_WORDS, to));
    if let (Some(from), Some(to)) = (from, to) {
        return transitions(engine, statement, header, data, from, to).map_err(nothing);
    }
    if let Some(first) = lower.first()
        && ["action", "who", "permission", "operation", "role"].iter().any(|word| first.contains(word))
    {
        return rights(engine, statement, header, data).map_err(nothing);
    }
    let mut effects = Vec::new();
    let entity = match table::owner(header, data) {
        table::Owner::Column => String::new(),
        table::Owner::Header(name) => name,
        table::Owner::Outside => match entity_name(engine, statement) {
            Some(name) => name,
            None => {
                return Err(nothing(gap(
                    &statement.text,
                    "it is not clear which kind of record these fields belong to",
                )));
            }
        },
    };
    if !entity.is_empty() {
        effects.push(Effect::Entity { name: entity.clone() });
    }
    match table::read(&statement.table, &entity, engine) {
        Ok(more) => {
            effects.extend(more);
            Ok(effects)
        }
        Err((more, quote)) => {
            effects.extend(more);
            finished(effects, Some(quote))
        }
    }
}

/// The one kind of record that has a field with all states of a table among its values.
fn whose_states(engine: &Engine<'_>, data: &[Vec<String>], from: usize, to: usize) -> Option<String> {
    let cells = data.iter().flat_map(|row| [row.get(from), row.get(to)]).flatten();
    let states: Vec<Vec<String>> = cells
        .flat_map(|cell| crate::fields::values::split_values(cell))
        .map(|state| name_words(&state))
        .filter(|state| !state.is_empty())
        .collect();
    let mut owners = engine.lexicon.entities.iter().filter(|entity| {
        let values: Vec<Vec<String>> = entity.values().iter().map(|(_, value)| name_words(value)).collect();
        states.len() > 1 && states.iter().filter(|state| values.contains(state)).count() * 4 >= states.len() * 3
    });
    match (owners.next(), owners.next()) {
        (Some(owner), None) => Some(owner.key.clone()),
        _ => None,
    }
}

/// A table `From | To | Role | Needs`.
fn transitions(
    engine: &Engine<'_>,
    statement: &Statement,
    header: &[String],
    data: &[Vec<String>],
    from: usize,
    to: usize,
) -> Result<Vec<Effect>, Gap> {
    let tokens_of = |text: &str| normal::normalise(text, engine.lexicon);
    let text_entity =
        engine.scope(&tokens_of(&statement.text)).mentioned(&tokens_of(&statement.text)).into_iter().next();
    let told = || whose_states(engine, data, from, to);
    let Some(entity) = text_entity.or_else(|| engine.topics.first().cloned()).or_else(told) else {
        return Err(gap(&statement.text, "it is not clear whose changes of state these are"));
    };
    let name = engine.lexicon.entity(&entity).map_or_else(|| entity.clone(), |entity| entity.name.clone());
    let mut effects = Vec::new();
    let field = crate::lexicon::STATE_WORDS.iter().take(3).find(|word| {
        name_words(&statement.text).contains(&(**word).to_owned())
            || header.iter().any(|cell| name_words(cell).contains(&(**word).to_owned()))
    });
    let split = |text: &str| crate::fields::values::split_values(text);
    let mut states: Vec<String> = Vec::new();
    for row in data {
        let (Some(a), Some(b)) = (row.get(from), row.get(to)) else { continue };
        let starts = matches!(
            a.trim().to_lowercase().as_str(),
            "" | "-" | "–" | "—" | "(new)" | "none" | "(none)" | "(start)" | "start" | "*"
        );
        let (sources, targets) = (if starts { Vec::new() } else { split(a) }, split(b));
        for state in sources.iter().chain(&targets) {
            if !states.contains(state) && !starts {
                states.push(state.clone());
            }
        }
        if starts {
            effects
                .extend(targets.iter().map(|state| Effect::Initial { entity: entity.clone(), state: state.clone() }));
        }
        for (a, b) in sources.iter().flat_map(|a| targets.iter().map(move |b| (a, b))) {
            effects.push(Effect::Transition { entity: entity.clone(), from: a.clone(), to: b.clone() });
        }
        for (column, title) in header.iter().enumerate().filter(|(column, _)| *column != from && *column != to) {
            let cell = row.get(column).map(|cell| cell.trim()).unwrap_or_default();
            if cell.is_empty() || matches!(cell, "-" | "–" | "—") || sources.is_empty() {
                continue;
            }
            let title = title.to_lowercase();
            let who = ["role", "who", "by", "actor", "allowed", "permission"]
                .iter()
                .any(|word| title.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word));
            let anyone = matches!(cell.to_lowercase().as_str(), "anyone" | "any" | "everyone" | "all" | "anybody");
            for (a, b) in sources.iter().flat_map(|a| targets.iter().map(move |b| (a, b))) {
                if who && anyone {
                } else if who {
                    let roles: Vec<String> = split(cell).iter().map(|role| one_role(role)).collect();
                    effects.extend(roles.iter().map(|role| Effect::Role { name: role.clone() }));
                    effects.push(Effect::Rule(RuleKind::TransitionRole {
                        entity: entity.clone(),
                        from: Some(a.clone()),
                        to: b.clone(),
                        roles,
                    }));
                } else if engine.lexicon.flow_field(&entity).is_some() {
                    effects.extend(condition_of(engine, &entity, &name, a, b, cell, &title).ok_or_else(|| {
                        gap(cell, "this condition of a change of state is not among those that are known")
                    })?);
                }
            }
        }
    }
    if states.is_empty() {
        return Err(gap(&statement.text, "the table names no states"));
    }
    effects.insert(0, Effect::States { entity: entity.clone(), field: field.map(|field| (*field).to_owned()), states });
    effects.push(Effect::Rule(RuleKind::Transitions { entity }));
    Ok(effects)
}

/// What a further column of a transition table demands: fields, or a condition.
fn condition_of(
    engine: &Engine<'_>,
    entity: &str,
    name: &str,
    from: &str,
    to: &str,
    cell: &str,
    title: &str,
) -> Option<Vec<Effect>> {
    let inner = Engine {
        lexicon: engine.lexicon,
        topics: std::iter::once(entity.to_owned()).chain(engine.topics.iter().cloned()).collect(),
    };
    let words = normal::normalise(cell, engine.lexicon);
    let words: Vec<_> = words
        .into_iter()
        .skip_while(|token| matches!(token.word.as_str(), "require" | "requires" | "needs" | "need" | "must" | "have"))
        .collect();
    let scope = inner.scope(&words);
    let reading = Reading { tokens: &words, scope: &scope, engine: &inner };
    if let Some((_, fields)) = scope.fields_at(&words, 0).into_iter().find(|(end, fields)| {
        fields.iter().all(|field| field.entity == entity)
            && words.get(*end..).is_some_and(|rest| {
                rest.iter().all(|token| {
                    matches!(
                        token.word.as_str(),
                        "be" | "given" | "filled" | "in" | "set" | "required" | "must" | "present"
                    )
                })
            })
    }) {
        let fields = fields.into_iter().map(|field| field.field).collect();
        return Some(vec![Effect::Rule(RuleKind::TransitionRequires {
            entity: entity.to_owned(),
            from: Some(from.to_owned()),
            to: to.to_owned(),
            fields,
        })]);
    }
    if let Some(condition) = reading.condition(entity, &(0..words.len())) {
        return Some(vec![Effect::Rule(RuleKind::Requires {
            entity: entity.to_owned(),
            at: maestro_artifacts::Moment::Transition { to: to.to_owned() },
            condition,
        })]);
    }
    // A column of remarks ("the member brings it back") demands nothing.
    let remark =
        ["note", "remark", "comment", "meaning", "description", "trigger", "action", "event", "when", "how", "step"]
            .iter()
            .any(|word| title.contains(word));
    let asks = words.iter().any(|token| {
        matches!(token.word.as_str(), "must" | "only" | "if" | "mustnot" | "mayonly" | "required" | "onlyif")
    });
    let _ = name;
    (remark && !asks).then(Vec::new)
}

/// A table of who may do what: `Action | Roles`, or one column a role.
fn rights(
    engine: &Engine<'_>,
    statement: &Statement,
    header: &[String],
    data: &[Vec<String>],
) -> Result<Vec<Effect>, Gap> {
    let first_is_role =
        header.first().is_some_and(|cell| ["role", "who"].iter().any(|word| cell.to_lowercase().contains(word)));
    let mut effects = Vec::new();
    for row in data {
        let Some((head, rest)) = row.split_first() else { continue };
        let mut sentences = Vec::new();
        if header.len() == 2 {
            let cell = rest.first().map(String::as_str).unwrap_or_default();
            if first_is_role {
                return Err(gap(&statement.text, "a role's abilities restrict nobody else; say `only ... may ...`"));
            }
            if matches!(cell.to_lowercase().as_str(), "everyone" | "anyone" | "all" | "anybody") {
                continue;
            }
            sentences.push(format!("Only {} may {}", cell.replace('/', " or "), lower_first(head)));
        } else {
            let yes: Vec<&str> = header
                .iter()
                .skip(1)
                .zip(rest)
                .filter(|(_, cell)| matches!(cell.trim().to_lowercase().as_str(), "yes" | "x" | "✓" | "✔" | "✅" | "y"))
                .map(|(role, _)| role.as_str())
                .collect();
            effects.extend(header.iter().skip(1).map(|role| Effect::Role { name: one_role(role) }));
            if yes.len() == header.len() - 1 {
                continue;
            }
            if yes.is_empty() {
                return Err(gap(head, "nobody is allowed to do this"));
            }
            sentences.push(format!("Only {} may {}", yes.join(" or "), lower_first(head)));
        }
        for sentence in sentences {
            effects.extend(engine.sentence(&sentence).map_err(|_| gap(head, "no action of this kind is known"))?);
        }
    }
    if effects.iter().any(|effect| matches!(effect, Effect::Rule(_))) || engine.lexicon.entities.is_empty() {
        Ok(effects)
    } else {
        Err(gap(&statement.text, "the table restricts nothing that is known"))
    }
}
