//! Tables: of fields, of changes of state, of who may do what.

use super::lists::{entity_name, finished};
use super::{Partly, gap, lower_first, nothing};
use crate::effect::Effect;
use crate::engine::{Engine, Gap, Reading};
use crate::fields::table;
use crate::lexicon::{name_words, one_role};
use crate::normal;
use maestro_artifacts::{Condition, RuleKind, Test};
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
        return transitions(engine, statement, header, data, from, to);
    }
    if let Some((header, data)) = drawn(header, data) {
        return transitions(engine, statement, &header, &data, 0, 1);
    }
    if let Some(columns) = listing(&lower) {
        return lists(engine, data, &columns);
    }
    let corner = lower.first().map(|cell| cell.trim()).unwrap_or_default();
    let titled = ["right", "rights", "task", "activity", "function", "feature", "what", ""].contains(&corner);
    if let Some((header, data)) = crossed(engine, header, data) {
        return transitions(engine, statement, &header, &data, 0, 1);
    }
    if let Some(columns) = locking(&lower, data) {
        return locks(engine, statement, data, &columns).map_err(nothing);
    }
    if titled && marked(header, data) {
        return rights(engine, statement, header, data).map_err(nothing);
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

/// What stands in a cell of a table of rights.
const YES: &[&str] = &["yes", "x", "✓", "✔", "✅", "y"];
const NO: &[&str] = &["", "no", "n", "-", "–", "—", "✗", "✘", "❌"];

fn among(marks: &[&str], cell: &str) -> bool {
    marks.contains(&cell.trim().to_lowercase().as_str())
}

/// A table with people in its header and nothing but marks below them.
fn marked(header: &[String], data: &[Vec<String>]) -> bool {
    let marks = |row: &Vec<String>| row.iter().skip(1).all(|cell| among(YES, cell) || among(NO, cell));
    let yes = |row: &Vec<String>| row.iter().skip(1).any(|cell| among(YES, cell));
    header.len() >= 3 && data.iter().all(marks) && data.iter().any(yes)
}

/// "draft → submitted" in a column: where each way begins and ends, in front of the other columns.
fn drawn(header: &[String], data: &[Vec<String>]) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    let ends = |cell: &String| {
        let (from, to) = ["->", "→", "=>"].iter().find_map(|arrow| cell.split_once(arrow))?;
        let plain = [from, to].iter().all(|state| !state.contains(['→', '>']) && !state.trim().is_empty());
        plain.then(|| [from.trim().to_owned(), to.trim().to_owned()])
    };
    let at = (0..header.len())
        .find(|at| !data.is_empty() && data.iter().all(|row| row.get(*at).is_some_and(|cell| ends(cell).is_some())))?;
    let behind = |row: &[String], ends: [String; 2]| -> Vec<String> {
        let others = row.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, cell)| cell.clone());
        ends.into_iter().chain(others).collect()
    };
    let rows = data.iter().map(|row| Some(behind(row, ends(row.get(at)?)?)));
    Some((behind(header, ["from".to_owned(), "to".to_owned()]), rows.collect::<Option<Vec<_>>>()?))
}

/// States in the first column and in the header, with a mark where the one leads to the other: each way as a row.
fn crossed(engine: &Engine<'_>, header: &[String], data: &[Vec<String>]) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    let to = header.get(1..)?;
    let head = |row: &Vec<String>| row.first().map(|cell| cell.trim().to_lowercase()).filter(|cell| !cell.is_empty());
    let heads = data.iter().map(head).collect::<Option<Vec<String>>>()?;
    let among_heads = |cell: &&String| heads.contains(&cell.trim().to_lowercase());
    let people = to.iter().any(|cell| super::rights::known_role(engine, cell));
    if !marked(header, data) || people || to.iter().filter(among_heads).count() * 2 < to.len() {
        return None;
    }
    let ways = |row: &Vec<String>| -> Vec<String> {
        let led = to.iter().zip(row.iter().skip(1)).filter(|(_, cell)| among(YES, cell));
        let led: Vec<&str> = led.map(|(state, _)| state.trim()).collect();
        vec![row.first().cloned().unwrap_or_default(), led.join(", ")]
    };
    Some((vec!["from".to_owned(), "to".to_owned()], data.iter().map(ways).collect()))
}

/// What a column of a table of lists says of each of them.
#[derive(Debug, Clone, Copy)]
enum Shown {
    Search,
    Filter,
    Order,
    Page,
    Csv,
}

/// "List | Search | Filter | Order | Page size".
fn listing(header: &[String]) -> Option<Vec<Shown>> {
    const COLUMNS: &[(&str, Shown)] = &[
        ("search", Shown::Search),
        ("filter", Shown::Filter),
        ("page", Shown::Page),
        ("paging", Shown::Page),
        ("sort", Shown::Order),
        ("order", Shown::Order),
        ("csv", Shown::Csv),
        ("export", Shown::Csv),
    ];
    let rest = header.get(1..).filter(|rest| !rest.is_empty())?;
    rest.iter().map(|cell| COLUMNS.iter().find(|(word, _)| cell.contains(word)).map(|(_, shown)| *shown)).collect()
}

/// The lists that such a table tells, each cell as the sentence that says it.
fn lists(engine: &Engine<'_>, data: &[Vec<String>], columns: &[Shown]) -> Result<Vec<Effect>, Partly> {
    let (mut effects, mut missed) = (Vec::new(), None);
    for row in data {
        let Some((name, cells)) = row.split_first() else { continue };
        let named = engine.lexicon.find(name.trim()).or_else(|| {
            let bare = name.trim().to_lowercase();
            engine.lexicon.find(bare.strip_prefix("list of ")?)
        });
        let Some(named) = named else {
            missed = missed.or_else(|| Some(name.clone()));
            continue;
        };
        for (shown, cell) in columns.iter().zip(cells) {
            let cell = cell.trim();
            if among(NO, cell) || matches!(cell.to_lowercase().as_str(), "none" | "n/a") {
                continue;
            }
            let plural = &named.plural;
            let names = crate::fields::values::split_values(cell).join(" and ");
            let sentence = match shown {
                Shown::Search => format!("{plural} can be searched by {names}"),
                Shown::Filter => format!("{plural} can be filtered by {names}"),
                Shown::Order => format!("{plural} are sorted by {cell}"),
                Shown::Page => format!("{plural} are listed {} per page", cell.split(' ').next().unwrap_or(cell)),
                Shown::Csv => format!("{plural} can be exported as CSV"),
            };
            match engine.sentence(&sentence) {
                Ok(told) => effects.extend(told),
                Err(_) => missed = missed.or_else(|| Some(cell.to_owned())),
            }
        }
    }
    match missed {
        None => Ok(effects),
        Some(quote) => Err((effects, gap(&quote, "it is not clear what this cell says of the list"))),
    }
}

/// What a column of a table of states says with "yes" and "no".
#[derive(Debug, Clone, Copy, PartialEq)]
enum Lock {
    Change,
    Delete,
}

/// "Status | Editable | Deletable": what may be done to records in each state.
fn locking(header: &[String], data: &[Vec<String>]) -> Option<Vec<Lock>> {
    let (first, rest) = header.split_first()?;
    let column = |cell: &String| {
        let says = |words: &[&str]| words.iter().any(|word| cell.contains(word));
        match (says(&["edit", "change", "chang", "modif"]), says(&["delet", "remov"])) {
            (true, false) => Some(Lock::Change),
            (false, true) => Some(Lock::Delete),
            _ => None,
        }
    };
    let state = name_words(first).iter().any(|word| crate::lexicon::STATE_WORDS.contains(&word.as_str()));
    let plain = |row: &Vec<String>| row.iter().skip(1).all(|cell| among(YES, cell) || among(NO, cell));
    (state && !rest.is_empty() && data.iter().all(plain)).then_some(())?;
    rest.iter().map(column).collect()
}

/// The locks that such a table tells.
fn locks(
    engine: &Engine<'_>,
    statement: &Statement,
    data: &[Vec<String>],
    columns: &[Lock],
) -> Result<Vec<Effect>, Gap> {
    let Some(entity) = whose_flow(engine, statement, data, 0, 0) else {
        return Err(gap(&statement.text, "it is not clear whose states these are"));
    };
    let states: Vec<String> = data.iter().filter_map(|row| row.first()).map(|cell| cell.trim().to_owned()).collect();
    let mut effects = vec![Effect::States { entity: entity.clone(), field: None, states }];
    let Some(field) = engine.lexicon.flow_field(&entity) else { return Ok(effects) };
    let closed = |lock: Lock| -> Vec<serde_json::Value> {
        let shut = |row: &&Vec<String>| {
            columns.iter().zip(row.iter().skip(1)).any(|(column, cell)| *column == lock && among(NO, cell))
        };
        let state = |row: &Vec<String>| row.first().map(|cell| serde_json::Value::from(cell.trim()));
        data.iter().filter(shut).filter_map(state).collect()
    };
    let (changed, deleted) = (closed(Lock::Change), closed(Lock::Delete));
    // What cannot be changed cannot be deleted either.
    if columns.contains(&Lock::Delete) && changed.iter().any(|state| !deleted.contains(state)) {
        return Err(gap(&statement.text, "a record that cannot be changed could be deleted"));
    }
    let when = |values| Condition(vec![Test::In { via: None, field: field.clone(), values }]);
    if !changed.is_empty() {
        let (entity, when) = (entity.clone(), when(changed));
        effects.push(Effect::Rule(RuleKind::Immutable { entity, when, fields: Vec::new() }));
    }
    if !deleted.is_empty() {
        effects.push(Effect::Rule(RuleKind::NoDelete { entity, when: when(deleted) }));
    }
    Ok(effects)
}

/// Whose states a table names: what its title and what is around it speak of, or the only ones with these states.
fn whose_flow(
    engine: &Engine<'_>,
    statement: &Statement,
    data: &[Vec<String>],
    from: usize,
    to: usize,
) -> Option<String> {
    let title = normal::normalise(&statement.text, engine.lexicon);
    let named = engine.scope(&title).mentioned(&title).into_iter().next();
    named.or_else(|| engine.topics.first().cloned()).or_else(|| whose_states(engine, data, from, to))
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

const UNKNOWN_CONDITION: &str = "this condition of a change of state is not among those that are known";

/// A table `From | To | Role | Needs`.
fn transitions(
    engine: &Engine<'_>,
    statement: &Statement,
    header: &[String],
    data: &[Vec<String>],
    from: usize,
    to: usize,
) -> Result<Vec<Effect>, Partly> {
    let Some(entity) = whose_flow(engine, statement, data, from, to) else {
        return Err(nothing(gap(&statement.text, "it is not clear whose changes of state these are")));
    };
    let name = engine.lexicon.entity(&entity).map_or_else(|| entity.clone(), |entity| entity.name.clone());
    let mut effects = Vec::new();
    let field = crate::lexicon::STATE_WORDS.iter().take(3).find(|word| {
        name_words(&statement.text).contains(&(**word).to_owned())
            || header.iter().any(|cell| name_words(cell).contains(&(**word).to_owned()))
    });
    let split = |text: &str| crate::fields::values::split_values(text);
    let mut states: Vec<String> = Vec::new();
    let mut missed = None;
    for row in data {
        let (Some(a), Some(b)) = (row.get(from), row.get(to)) else { continue };
        let starts = matches!(
            a.trim().to_lowercase().as_str(),
            "" | "-" | "–" | "—" | "(new)" | "none" | "(none)" | "(start)" | "start" | "*"
        );
        // "paid | -": nothing follows.
        let ends = matches!(
            b.trim().to_lowercase().as_str(),
            "" | "-" | "–" | "—" | "none" | "(none)" | "final" | "(final)" | "(end)" | "end" | "nothing"
        );
        let (sources, targets) = (if starts { Vec::new() } else { split(a) }, if ends { Vec::new() } else { split(b) });
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
            let who = ["role", "roles", "who", "by", "actor", "actors", "user", "users", "allowed", "permission"]
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
                    match condition_of(engine, &entity, &name, a, b, cell, &title) {
                        Some(more) => effects.extend(more),
                        None => missed = missed.or_else(|| Some(gap(cell, UNKNOWN_CONDITION))),
                    }
                }
            }
        }
    }
    if states.is_empty() {
        return Err(nothing(gap(&statement.text, "the table names no states")));
    }
    effects.insert(0, Effect::States { entity: entity.clone(), field: field.map(|field| (*field).to_owned()), states });
    effects.push(Effect::Rule(RuleKind::Transitions { entity }));
    // The states are known, whatever one of the changes needs.
    missed.map_or(Ok(()), |gap| Err((effects.clone(), gap)))?;
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
    // "submit" in a column of actions is what is done.
    if ["action", "event", "trigger", "activity"].iter().any(|word| title.trim() == *word) {
        return Some(Vec::new());
    }
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
    // "At least one item": that it has one.
    let having: Vec<_> = words.first().map(|first| first.renamed("have")).into_iter().chain(words.clone()).collect();
    let wider = inner.scope(&having);
    let has = Reading { tokens: &having, scope: &wider, engine: &inner };
    let told = reading.condition(entity, &(0..words.len())).or_else(|| has.condition(entity, &(0..having.len())));
    if let Some(condition) = told {
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

/// "Role | Customer | Order" with "create, read" in the cells: each deed as a row, with those who may do it.
///
/// A deed that no row names is nobody's alone.
fn by_record(engine: &Engine<'_>, header: &[String], data: &[Vec<String>]) -> Option<Vec<Vec<String>>> {
    const DEEDS: &[(&str, &[&str])] = &[
        ("create", &["create", "add"]),
        ("read", &["read", "view", "see", "read-only", "read only"]),
        ("update", &["update", "edit", "change"]),
        ("delete", &["delete", "remove"]),
    ];
    let records = header.get(1..).filter(|records| !records.is_empty())?;
    records.iter().all(|name| engine.lexicon.find(name.trim()).is_some()).then_some(())?;
    let done = |cell: &String| -> Option<Vec<&'static str>> {
        let cell = cell.trim().to_lowercase();
        if among(NO, &cell) || cell == "none" {
            return Some(Vec::new());
        }
        if cell == "crud" {
            return Some(DEEDS.iter().map(|(deed, _)| *deed).collect());
        }
        let deed = |word: &str| DEEDS.iter().find(|(_, words)| words.contains(&word.trim())).map(|(deed, _)| *deed);
        cell.split([',', '/']).map(deed).collect()
    };
    let mut rows = Vec::new();
    for (at, record) in records.iter().enumerate() {
        let mut told: Vec<(&str, Vec<&'static str>)> = Vec::new();
        for row in data {
            told.push((row.first()?.trim(), done(row.get(at + 1)?)?));
        }
        for (deed, _) in DEEDS {
            let may: Vec<&str> = told.iter().filter(|(_, deeds)| deeds.contains(deed)).map(|(role, _)| *role).collect();
            if !may.is_empty() && may.len() < told.len() {
                let name = &engine.lexicon.find(record.trim())?.plural;
                rows.push(vec![format!("{deed} {name}"), may.join(" or ")]);
            }
        }
    }
    (!rows.is_empty()).then_some(rows)
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
    // One row for each role: the same table, turned.
    if first_is_role && header.len() > 2 && marked(header, data) {
        let column = |at: usize| data.iter().map(move |row| row.get(at).cloned().unwrap_or_default());
        let turned =
            |at: usize| std::iter::once(header.get(at).cloned().unwrap_or_default()).chain(column(at)).collect();
        let people: Vec<String> = std::iter::once("action".to_owned()).chain(column(0)).collect();
        return rights(engine, statement, &people, &(1..header.len()).map(turned).collect::<Vec<Vec<String>>>());
    }
    if first_is_role && let Some(rows) = by_record(engine, header, data) {
        return rights(engine, statement, &["action".to_owned(), "roles".to_owned()], &rows);
    }
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
            // "Own bookings only" is neither yes nor no.
            if let Some(cell) = rest.iter().find(|cell| !among(YES, cell) && !among(NO, cell)) {
                return Err(gap(cell, "it is not clear whether this is allowed"));
            }
            let yes: Vec<&str> = header
                .iter()
                .skip(1)
                .zip(rest)
                .filter(|(_, cell)| among(YES, cell))
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
