//! What the rules say of a request: which of them it breaks, and what the record looks like afterwards.

use crate::{
    shape::{self, Shape, Unit},
    value::Val,
    world::{Row, Rows, World},
};
use maestro_artifacts::{Action, Condition, FieldKind, Moment, RuleKind, Test};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Create,
    Patch,
    Delete,
    /// Nothing: stands in for a request that is not decided yet, or for reading.
    Idle,
}

/// In whose name a request is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A role that may do it, or none where nothing is restricted.
    Fitting,
    /// No role is given.
    Nobody,
    /// This role.
    As(String),
}

/// One request about one record of a script.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Request {
    pub(crate) act: Act,
    /// Number of the record in the script.
    pub(crate) rec: usize,
    pub(crate) entity: String,
    /// Fields of the body.
    pub(crate) sets: BTreeMap<String, Val>,
    /// Fields that the search for a valid script may not touch.
    pub(crate) fixed: BTreeSet<String>,
    pub(crate) caller: Caller,
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A rule, by its place in the requirements.
    Rule(usize),
    /// A rule about other records that look at this one, by its place: one of them would no longer fit.
    Onlooker(usize),
    /// A rule, by its place, that it breaks or not by the time of day at which the test runs.
    Unsure(usize),
    /// A value that the field cannot have, or a field that cannot be set.
    Kind,
    /// A new record in another state than the first.
    NotInitial,
    /// A change of state that no rule allows.
    NoTransition,
    /// Others that do not go with it refer to the record, or to one that does.
    Referenced,
    /// The body changes nothing, or there is no such record.
    Pointless,
    /// No single role may do all that the request does.
    NoCommonRole,
}

impl Fault {
    /// The rule that is broken, whichever side the request came from.
    pub(crate) const fn rule(&self) -> Option<usize> {
        match self {
            Self::Rule(index) | Self::Onlooker(index) => Some(*index),
            _ => None,
        }
    }
}

impl World<'_> {
    /// Judges a request and gives the record as it would be stored (`None` when it would be gone).
    pub(crate) fn judge(&self, rows: &Rows, request: &Request) -> (Vec<Fault>, Option<Rc<Row>>) {
        let before = rows.get(&request.rec).map(Rc::as_ref);
        let mut faults = Vec::new();
        if (request.act == Act::Create) != before.is_none() {
            return (vec![Fault::Pointless], None);
        }
        if request.act == Act::Idle {
            return (Vec::new(), rows.get(&request.rec).cloned());
        }
        if request.act == Act::Delete {
            let Some(before) = before else { return (vec![Fault::Pointless], None) };
            self.judge_delete(rows, before, request, &mut faults);
            return (faults, None);
        }
        let after = Rc::new(self.stored(before, request));
        let mut next = rows.clone();
        next.insert(request.rec, after.clone());
        self.judge_values(before, request, &mut faults);
        let change = Change { before, after: &after, rows, next: &next, request };
        for (index, rule) in self.rules_of(&request.entity) {
            if self.breaks(&change, &rule.demand) {
                faults.push(Fault::Rule(index));
            }
            if self.unsure(&change, &rule.demand) {
                faults.push(Fault::Unsure(index));
            }
        }
        self.judge_onlookers(&change, &request.entity, &mut faults);
        self.judge_roles(&change, &mut faults);
        (faults, Some(after))
    }

    /// Other records that look at the changed one and no longer fit; what did not fit before is no fault of the change.
    pub(crate) fn judge_onlookers(&self, change: &Change<'_>, entity: &str, faults: &mut Vec<Fault>) {
        let request = change.request;
        for (index, reach) in self.looking_at(entity) {
            if faults.contains(&Fault::Onlooker(*index)) || request.act != Act::Patch && !reach.counts_children() {
                continue;
            }
            let Some(rule) = self.model.rules.get(*index).map(|rule| &rule.demand) else { continue };
            let misfits = |rows: &Rows, rec: usize, row: &Row| {
                let (request, next) = (&Request { rec, ..request.clone() }, rows);
                self.breaks(&Change { before: Some(row), after: row, rows, next, request }, rule)
            };
            let broken = change.next.iter().any(|(rec, row)| {
                let before = change.rows.get(rec);
                *rec != request.rec
                    && row.entity == reach.entity
                    && misfits(change.next, *rec, row)
                    && !before.is_some_and(|before| misfits(change.rows, *rec, before))
            });
            if broken {
                faults.push(Fault::Onlooker(*index));
            }
        }
    }

    /// The record after the request, with defaults and stamps.
    pub(crate) fn stored(&self, before: Option<&Row>, request: &Request) -> Row {
        let mut row =
            before.cloned().unwrap_or_else(|| Row { entity: request.entity.clone(), values: BTreeMap::new() });
        row.values.extend(request.sets.clone());
        let moved_to = self.workflow(&request.entity).and_then(|workflow| {
            if before.is_none() && !row.values.contains_key(&workflow.field) {
                row.values.insert(workflow.field.clone(), Val::text(&workflow.initial));
            }
            let state = row.values.get(&workflow.field)?.clone();
            (before.and_then(|b| b.values.get(&workflow.field)) != Some(&state)).then_some(state)
        });
        for (_, rule) in self.rules_of(&request.entity) {
            match &rule.demand {
                RuleKind::Default { entity, field, value } if *entity == row.entity && before.is_none() => {
                    if row.values.get(field).is_none_or(Val::is_null)
                        && let Some(kind) = self.field(entity, field).map(|f| &f.kind)
                    {
                        row.values.insert(field.clone(), Val::constant(kind, value));
                    }
                }
                RuleKind::Stamp { entity, to, field, value } if *entity == row.entity => {
                    let due = match to {
                        None => before.is_none(),
                        Some(to) => before.is_some() && moved_to == Some(Val::text(to)),
                    };
                    if due && request.sets.get(field).is_none_or(Val::is_null) {
                        let kind = self.field(entity, field).map(|f| &f.kind);
                        let value = self.operand(&Rows::new(), &row, request.rec, value, kind);
                        row.values.insert(field.clone(), value);
                    }
                }
                _ => {}
            }
        }
        row
    }

    fn judge_values(&self, before: Option<&Row>, request: &Request, faults: &mut Vec<Fault>) {
        if request.act == Act::Patch
            && request.sets.iter().all(|(key, value)| before.and_then(|b| b.values.get(key)) == Some(value))
        {
            faults.push(Fault::Pointless);
        }
        let state = self.workflow(&request.entity).map(|workflow| &workflow.field);
        for (key, value) in &request.sets {
            let Some(field) = self.field(&request.entity, key) else {
                faults.push(Fault::Kind);
                continue;
            };
            let fits = match (&field.kind, value) {
                _ if field.read_only => false,
                // A record is always in some state.
                (_, Val::Null) => state != Some(key),
                (kind, Val::Fresh(_, Shape::Count { unit, .. })) => Unit::of(kind) == Some(*unit),
                (FieldKind::Text { .. }, Val::Text(_) | Val::Fresh(..) | Val::Swapped(..))
                | (FieldKind::Decimal | FieldKind::Money, Val::Number(_))
                | (FieldKind::Date, Val::Day(..))
                | (FieldKind::DateTime, Val::Time(..))
                | (FieldKind::Boolean, Val::Bool(_))
                | (FieldKind::Reference { .. }, Val::Ref(_)) => true,
                (FieldKind::Integer, Val::Number(number)) => number.is_whole(),
                (FieldKind::Integer, Val::Year(_)) => true,
                (FieldKind::Enum { values }, Val::Text(text)) => values.contains(text),
                _ => false,
            };
            if !fits {
                faults.push(Fault::Kind);
            }
        }
        let Some(workflow) = self.workflow(&request.entity) else { return };
        let Some(Val::Text(to)) = request.sets.get(&workflow.field) else { return };
        match before.and_then(|row| row.values.get(&workflow.field)) {
            None if *to != workflow.initial => faults.push(Fault::NotInitial),
            Some(Val::Text(from))
                if from != to && !workflow.transitions.iter().any(|t| t.from == *from && t.to == *to) =>
            {
                faults.push(Fault::NoTransition);
            }
            _ => {}
        }
    }

    /// The state that a request leaves and the one it enters, if it changes the state.
    pub(crate) fn transition(&self, before: Option<&Row>, after: &Row) -> Option<(String, String)> {
        let workflow = self.workflow(&after.entity)?;
        match (before?.values.get(&workflow.field), after.values.get(&workflow.field)) {
            (Some(Val::Text(from)), Some(Val::Text(to))) if from != to => Some((from.clone(), to.clone())),
            _ => None,
        }
    }

    /// The same, where a record that is entered in a later state has come there from the first; where the changes are
    /// ruled, no record starts so.
    pub(crate) fn reached(&self, before: Option<&Row>, after: &Row) -> Option<(String, String)> {
        let workflow = self.workflow(&after.entity)?;
        if before.is_some() {
            return self.transition(before, after);
        }
        let ruled = self.is_ruled(&after.entity);
        match after.values.get(&workflow.field) {
            Some(Val::Text(to)) if !ruled && *to != workflow.initial => Some((workflow.initial.clone(), to.clone())),
            _ => None,
        }
    }

    /// Whether a record stands where it came only by a change of state.
    fn is_behind(&self, row: &Row, from: Option<&str>, to: &str) -> bool {
        let Some(workflow) = self.workflow(&row.entity) else { return false };
        let behind = workflow.behind(from, to, self.is_ruled(&row.entity));
        matches!(row.values.get(&workflow.field), Some(Val::Text(state)) if behind.contains(state.as_str()))
    }

    /// Whether the changes of state that are allowed are the only ones.
    pub(crate) fn is_ruled(&self, entity: &str) -> bool {
        self.rules_of(entity).any(|(_, rule)| matches!(rule.demand, RuleKind::Transitions { .. }))
    }

    /// The rules about who may do one of these things with records as a whole.
    pub(crate) fn restricting(&self, key: &str, of: &[Action]) -> Vec<Restriction> {
        let rules = self.model.rules.iter().enumerate().filter_map(|(index, rule)| match &rule.demand {
            RuleKind::ActionRole { entity, action, fields, .. }
            | RuleKind::ActionBarred { entity, action, fields, .. }
                if entity == key && fields.is_empty() && of.contains(action) =>
            {
                Restriction::of(index, &rule.demand)
            }
            _ => None,
        });
        rules.collect()
    }

    /// The rules about who may make this request.
    pub(crate) fn restrictions(&self, before: Option<&Row>, after: &Row, request: &Request) -> Vec<Restriction> {
        let action = match request.act {
            Act::Create => Action::Create,
            Act::Patch => Action::Update,
            Act::Delete => Action::Delete,
            Act::Idle => Action::Read,
        };
        let transition = self.reached(before, after);
        let mut found = Vec::new();
        for (index, rule) in self.rules_of(&request.entity) {
            let found_here = match &rule.demand {
                RuleKind::TransitionRole { entity, from, to, roles } if *entity == request.entity => transition
                    .as_ref()
                    .filter(|(f, t)| t == to && from.as_ref().is_none_or(|from| from == f))
                    .map(|_| Restriction::only(index, roles)),
                RuleKind::ActionRole { entity, action: a, fields, .. }
                | RuleKind::ActionBarred { entity, action: a, fields, .. }
                    if *entity == request.entity && *a == action =>
                {
                    if fields.is_empty() && self.is_restricted_transition(transition.as_ref(), request) {
                        continue;
                    }
                    let touches = |field: &String| {
                        request.sets.get(field).is_some_and(|value| {
                            let old = before.and_then(|b| b.values.get(field)).unwrap_or(&Val::Null);
                            !value.same(old)
                        })
                    };
                    let about = fields.is_empty() || fields.iter().any(touches);
                    about.then(|| Restriction::of(index, &rule.demand)).flatten()
                }
                _ => None,
            };
            found.extend(found_here);
        }
        found
    }

    /// The fields that a change of state requires.
    fn needed(&self, of: &str, way: &(String, String)) -> Vec<&String> {
        let rules = self.model.rules.iter().filter_map(|rule| match &rule.demand {
            RuleKind::TransitionRequires { entity, from, to, fields }
                if entity == of && *to == way.1 && from.as_ref().is_none_or(|from| *from == way.0) =>
            {
                Some(fields)
            }
            _ => None,
        });
        rules.flatten().collect()
    }

    /// Whether a request does nothing but a change of state that has roles of its own: they decide, not those that
    /// may change the record otherwise.
    fn is_restricted_transition(&self, way: Option<&(String, String)>, request: &Request) -> bool {
        if request.act == Act::Create {
            return false;
        }
        let Some(way) = way else { return false };
        let named = self.model.rules.iter().any(|rule| {
            matches!(&rule.demand, RuleKind::TransitionRole { entity, from, to, .. }
                if *entity == request.entity && *to == way.1 && from.as_ref().is_none_or(|from| *from == way.0))
        });
        let state = self.workflow(&request.entity).map(|workflow| &workflow.field);
        let needed = self.needed(&request.entity, way);
        named && request.sets.keys().all(|key| Some(key) == state || needed.contains(&key))
    }

    pub(crate) fn judge_roles(&self, change: &Change<'_>, faults: &mut Vec<Fault>) {
        let restrictions = self.restrictions(change.before, change.after, change.request);
        match &change.request.caller {
            Caller::Fitting => {
                if fitting_role(&restrictions).is_none() {
                    faults.push(Fault::NoCommonRole);
                }
            }
            Caller::Nobody => faults.extend(refusing(&restrictions, None)),
            Caller::As(role) => faults.extend(refusing(&restrictions, Some(role))),
        }
    }

    fn breaks(&self, change: &Change<'_>, demand: &RuleKind) -> bool {
        let Change { before, after, next, request, .. } = change;
        let rec = request.rec;
        let mine = |entity: &String| *entity == after.entity;
        let value = |field: &str| self.read(next, after, rec, field);
        let text = |field: &str| value(field).sample().filter(|text| !text.is_empty());
        match demand {
            RuleKind::Required { entity, field } => mine(entity) && value(field).is_null(),
            RuleKind::RequiredWhen { entity, field, when } => {
                mine(entity) && value(field).is_null() && self.holds(next, after, rec, when)
            }
            RuleKind::EmptyWhen { entity, field, when } => {
                mine(entity) && !value(field).is_null() && self.holds(next, after, rec, when)
            }
            RuleKind::Range { entity, field, min, max, above_min, below_max } if mine(entity) => {
                let Some(kind) = self.field(entity, field).map(|f| &f.kind) else { return false };
                let order = |bound: &Option<String>| value(field).order(&Val::parse(kind, bound.as_deref()?));
                use std::cmp::Ordering::{Equal, Greater, Less};
                let low = order(min).is_some_and(|o| o == Less || (*above_min && o == Equal));
                let high = order(max).is_some_and(|o| o == Greater || (*below_max && o == Equal));
                low || high
            }
            RuleKind::Places { entity, field, places } if mine(entity) => {
                matches!(value(field), Val::Number(number) if number.places() > *places)
            }
            RuleKind::Length { entity, field, min, max } if mine(entity) => {
                // An empty text has a length, though it is no value.
                let text = if value(field) == Val::text("") { Some(String::new()) } else { text(field) };
                text.is_some_and(|text| {
                    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                    min.is_some_and(|min| length < min) || max.is_some_and(|max| length > max)
                })
            }
            RuleKind::Pattern { entity, field, regex } if mine(entity) => {
                text(field).is_some_and(|text| !self.matches(regex, &text))
            }
            RuleKind::Format { entity, field, format } if mine(entity) => {
                text(field).is_some_and(|text| !shape::has_format(*format, &text))
            }
            RuleKind::Compare { entity, field, op, to, when, on_create } if mine(entity) => {
                let kind = self.field(entity, field).map(|f| &f.kind);
                (!on_create || before.is_none())
                    && self.holds(next, after, rec, when)
                    && self.compare(next, after, rec, &value(field), *op, to, kind) == Some(false)
            }
            RuleKind::Requires { entity, at, condition } if mine(entity) => {
                // Where nothing is referred to, there is nothing that would have to meet the condition.
                let void = |test: &Test| test.via().is_some_and(|via| Self::follow(next, after, via).is_none());
                let broken = |test: &Test| !void(test) && !self.passes(next, after, rec, test);
                condition.0.iter().any(|test| self.asked(change, at, test) && broken(test))
            }
            RuleKind::TransitionRequires { entity, from, to, fields } if mine(entity) => {
                let made = self
                    .reached(*before, after)
                    .is_some_and(|(f, t)| t == *to && from.as_ref().is_none_or(|from| *from == f));
                let kept = || self.is_behind(after, from.as_deref(), to);
                let emptied = |field: &String| {
                    before.and_then(|old| old.values.get(field)).is_some_and(|old| !old.is_null()) && kept()
                };
                fields.iter().any(|field| value(field).is_null() && (made || emptied(field)))
            }
            _ => self.clashes(change, demand),
        }
    }

    /// Whether a change is of the kind at which a condition is asked for.
    fn due(&self, before: Option<&Row>, after: &Row, at: &Moment) -> bool {
        match at {
            Moment::Create => before.is_none(),
            Moment::Save => true,
            Moment::Transition { to } => self.reached(before, after).is_some_and(|(_, t)| t == *to),
        }
    }

    /// Whether a change is of the kind at which a test is asked: what is demanded of a referenced record at creation is
    /// demanded of another one when the record comes to refer to that.
    fn asked(&self, change: &Change<'_>, at: &Moment, test: &Test) -> bool {
        let Change { before, after, rows, next, request } = change;
        let moved = |via: &String| {
            let (own, _) = maestro_artifacts::first_step(via);
            let old = before.map(|old| self.read(rows, old, request.rec, own));
            old.is_some_and(|old| old != self.read(next, after, request.rec, own))
        };
        self.due(*before, after, at) || *at == Moment::Create && test.via().is_some_and(moved)
    }

    /// Whether a condition compares two moments so near to each other that the day or the time of day decides.
    pub(crate) fn wavers(&self, rows: &Rows, row: &Row, rec: usize, condition: &Condition) -> bool {
        condition.0.iter().any(|test| {
            let Test::Compare { via, field, to, .. } = test else { return false };
            let kind = self.kind_through(&row.entity, via.as_deref(), field);
            let value = self.reach(rows, row, rec, via.as_deref(), field);
            value.is_near_by_chance(&self.operand(rows, row, rec, to, kind))
        })
    }

    /// Whether it depends on the day or the time of day on which the test runs what a rule says of a change.
    fn unsure(&self, change: &Change<'_>, demand: &RuleKind) -> bool {
        let Change { before, after, rows, next, request } = change;
        let rec = request.rec;
        let value = |row: &Row, rec: usize, field: &str| self.read(next, row, rec, field);
        match demand {
            RuleKind::Compare { entity, field, to, when, .. } if *entity == after.entity => {
                let kind = self.field(entity, field).map(|f| &f.kind);
                value(after, rec, field).is_near_by_chance(&self.operand(next, after, rec, to, kind))
                    || self.wavers(next, after, rec, when)
            }
            // Some day the year in which a test runs is beyond a bound that stands.
            RuleKind::Range { entity, field, min, max, .. } if *entity == after.entity => {
                let kind = self.field(entity, field).map(|f| &f.kind);
                let bounds = min.iter().chain(max).filter_map(|bound| Some(Val::parse(kind?, bound)));
                let value = value(after, rec, field);
                bounds.into_iter().any(|bound| value.is_near_by_chance(&bound))
            }
            RuleKind::Requires { entity, at, condition } if *entity == after.entity => {
                condition.0.iter().any(|test| self.asked(change, at, test)) && self.wavers(next, after, rec, condition)
            }
            RuleKind::Immutable { entity, when, .. } if *entity == after.entity => {
                before.is_some_and(|old| self.wavers(rows, old, rec, when))
            }
            RuleKind::RequiredWhen { entity, when, .. }
            | RuleKind::EmptyWhen { entity, when, .. }
            | RuleKind::Unique { entity, when, .. }
            | RuleKind::Capacity { child: entity, when, .. }
                if *entity == after.entity =>
            {
                self.wavers(next, after, rec, when)
            }
            RuleKind::Quota { entity, by, when, .. } if *entity == after.entity => {
                let same = next.iter().filter(|(other, row)| **other != rec && row.entity == *entity);
                let near = |row: &Row, other: usize| {
                    by.iter().any(|field| value(after, rec, field).may_share_day(&value(row, other, field)))
                };
                same.into_iter().any(|(other, row)| near(row, *other)) || self.wavers(next, after, rec, when)
            }
            RuleKind::NoOverlap { entity, via, start, end, .. } if *entity == after.entity => {
                let same = next.iter().filter(|(other, row)| **other != rec && row.entity == *entity);
                let span = |row: &Row, rec| self.span(next, row, rec, (via.as_deref(), start, end));
                let own = span(after, rec);
                same.into_iter().any(|(other, row)| {
                    let theirs = span(row, *other);
                    own.iter().any(|one| theirs.iter().any(|other| one.is_near_by_chance(other)))
                })
            }
            _ => false,
        }
    }

    /// From when until when a record lasts, or what it refers to.
    fn span(&self, rows: &Rows, row: &Row, rec: usize, (via, start, end): (Option<&str>, &str, &str)) -> [Val; 2] {
        [start, end].map(|field| self.reach(rows, row, rec, via, field))
    }

    /// Rules that look at other records, or at the record as it was.
    fn clashes(&self, change: &Change<'_>, demand: &RuleKind) -> bool {
        let Change { before, after, rows, next, request } = change;
        let rec = request.rec;
        let mine = |entity: &String| *entity == after.entity;
        let others = || next.iter().filter(|(other, row)| **other != rec && row.entity == after.entity);
        match demand {
            RuleKind::Immutable { entity, when, fields } if mine(entity) => before.is_some_and(|old| {
                let state = self.workflow(entity).map(|workflow| &workflow.field);
                // What a change of state requires may come along with it.
                let along = self.transition(Some(old), after).map_or_else(Vec::new, |way| self.needed(entity, &way));
                let changed = request.sets.iter().filter(|(key, value)| {
                    let same = old.values.get(*key).unwrap_or(&Val::Null).same(value);
                    !same && Some(*key) != state && !along.contains(key)
                });
                self.holds(rows, old, rec, when)
                    && changed.into_iter().any(|(key, _)| fields.is_empty() || fields.contains(key))
            }),
            RuleKind::Unique { entity, fields, when, ignore_case } if mine(entity) => {
                self.holds(next, after, rec, when)
                    && others().any(|(other, row)| {
                        self.holds(next, row, *other, when)
                            && fields.iter().all(|field| {
                                let (a, b) = (self.read(next, after, rec, field), self.read(next, row, *other, field));
                                !a.is_null() && if *ignore_case { a.same_ignoring_case(&b) } else { a.same(&b) }
                            })
                    })
            }
            RuleKind::NoOverlap { entity, via, start, end, by, when } if mine(entity) => {
                let span = |row: &Row, rec| self.span(next, row, rec, (via.as_deref(), start, end));
                let own = span(after, rec);
                self.holds(next, after, rec, when)
                    && others().any(|(other, row)| {
                        self.holds(next, row, *other, when)
                            && by.iter().all(|field| {
                                let a = self.read(next, after, rec, field);
                                !a.is_null() && a.same(&self.read(next, row, *other, field))
                            })
                            && overlap(&own, &span(row, *other))
                    })
            }
            RuleKind::Quota { entity, by, most, when } if mine(entity) => {
                let day = |row: &Row, rec: usize, field: &String| self.read(next, row, rec, field).its_day();
                let own: Vec<Val> = by.iter().map(|field| day(after, rec, field)).collect();
                let agrees = |other: usize, row: &Row| {
                    by.iter().zip(&own).all(|(field, own)| !own.is_null() && own.same(&day(row, other, field)))
                };
                let counted = |(other, row): &(&usize, &std::rc::Rc<Row>)| {
                    agrees(**other, row) && self.holds(next, row, **other, when)
                };
                self.holds(next, after, rec, when) && others().filter(counted).count() >= *most as usize
            }
            RuleKind::Capacity { parent, child, via, measure, op, limit, when } => {
                let over = |parent_rec: usize| {
                    let Some(row) = next.get(&parent_rec) else { return false };
                    let sum = self.measure(next, parent_rec, child, via, when, measure).unwrap_or(Val::Null);
                    self.compare(next, row, parent_rec, &sum, *op, limit, Some(&FieldKind::Decimal)) == Some(false)
                };
                let as_child = mine(child)
                    && self.holds(next, after, rec, when)
                    && matches!(after.values.get(via), Some(Val::Ref(parent)) if over(*parent));
                as_child || (mine(parent) && over(rec))
            }
            _ => false,
        }
    }
}

/// A change of a record: as it was, as it would be, and all the others before and after.
pub(crate) struct Change<'c> {
    pub(crate) before: Option<&'c Row>,
    pub(crate) after: &'c Row,
    pub(crate) rows: &'c Rows,
    pub(crate) next: &'c Rows,
    pub(crate) request: &'c Request,
}

/// Whether two spans, each from its start to its end, share anything.
fn overlap(a: &[Val; 2], b: &[Val; 2]) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let begins_in_time = |[begin, _]: &[Val; 2], [_, stop]: &[Val; 2]| match stop {
        Val::Null => !begin.is_null(),
        stop => match begin.order(stop) {
            Some(Less) => true,
            Some(Equal) => matches!(begin, Val::Day(..)),
            Some(Greater) | None => false,
        },
    };
    // What ends as it begins, or before, shares no time with anything.
    begins_in_time(a, b) && begins_in_time(b, a) && begins_in_time(a, a) && begins_in_time(b, b)
}

/// Role names compare without case, spaces, hyphens and underscores.
pub(crate) fn same_role(a: &str, b: &str) -> bool {
    let plain = |role: &str| -> String {
        role.chars().filter(|c| !c.is_whitespace() && *c != '-' && *c != '_').flat_map(char::to_lowercase).collect()
    };
    plain(a) == plain(b)
}

/// A rule about who may do something: only these roles, or all but these.
#[derive(Debug, Clone)]
pub(crate) struct Restriction {
    /// Its place.
    rule: usize,
    roles: Vec<String>,
    barred: bool,
}

impl Restriction {
    fn only(rule: usize, roles: &[String]) -> Self {
        Self { rule, roles: roles.to_vec(), barred: false }
    }

    /// What a rule about an action says of roles.
    pub(crate) fn of(rule: usize, demand: &RuleKind) -> Option<Self> {
        match demand {
            RuleKind::ActionRole { roles, .. } => Some(Self::only(rule, roles)),
            RuleKind::ActionBarred { roles, .. } => Some(Self { rule, roles: roles.clone(), barred: true }),
            _ => None,
        }
    }

    pub(crate) fn allows(&self, role: Option<&str>) -> bool {
        role.is_some_and(|role| self.roles.iter().any(|one| same_role(one, role))) != self.barred
    }
}

/// What refuses this role, or a request without one.
fn refusing<'r>(restrictions: &'r [Restriction], role: Option<&'r str>) -> impl Iterator<Item = Fault> + 'r {
    restrictions.iter().filter(move |one| !one.allows(role)).map(|one| Fault::Rule(one.rule))
}

/// A role that all restrictions allow: `Some(None)` where none is needed, `None` where there is no such role.
pub(crate) fn fitting_role(restrictions: &[Restriction]) -> Option<Option<String>> {
    let named = restrictions.iter().find(|one| !one.barred).into_iter().flat_map(|one| &one.roles);
    std::iter::once(None)
        .chain(named.map(Some))
        .find(|role| restrictions.iter().all(|one| one.allows(role.map(String::as_str))))
        .map(Option::<&String>::cloned)
}
