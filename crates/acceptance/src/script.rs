//! Scripts: the requests that bring a record about, and the search for one in which exactly the wanted thing happens.

use crate::{
    judge::{Act, Caller, Fault, Request},
    value::Val,
    world::{Row, Rows, World},
};
use maestro_artifacts::{RuleKind, Test};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// Requests in order; the last one is the one under test.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    pub(crate) requests: Vec<Request>,
    next_rec: usize,
    next_fresh: u32,
}

/// Something that must be so, besides the expected outcome of the last request.
#[derive(Debug, Clone)]
pub(crate) enum Want {
    /// A test holds (or not) of a record after the last request, had it been accepted.
    After(usize, Test, bool),
    /// A test holds (or not) of a record before the last request.
    Before(usize, Test, bool),
    /// A field of a record (computed ones too) has this value before the last request.
    Value(usize, String, Val),
    /// A field of the record that a reference field leads to has this value after the last request.
    Reached(usize, String, String, Val),
    /// A field of a record (computed ones too) has this value after the last request.
    Worked(usize, String, Val),
    /// A field of a record has a value after the last request.
    Given(usize, String),
}

/// What the last request is meant to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    Accepted,
    /// It breaks this rule and no other.
    Breaks(usize),
    /// It breaks this rule or none; the rule decides.
    Probes(usize),
}

/// How a script goes.
pub(crate) struct Course {
    pub(crate) cost: u32,
    /// Faults by the place of their request.
    pub(crate) faults: Vec<(usize, Fault)>,
    pub(crate) unmet: Vec<Want>,
    /// Records before the last request.
    pub(crate) before: Rows,
    /// Records after it, had it been accepted.
    pub(crate) after: Rows,
    pub(crate) last: Vec<Fault>,
}

/// Makes scripts for one set of requirements.
pub(crate) struct Scripts<'a> {
    pub(crate) world: World<'a>,
    /// The script that creates a record of an entity with as little as possible; `None` where there is none.
    bases: RefCell<BTreeMap<String, Option<Script>>>,
    /// The script that was judged last: most others begin like it.
    judged: RefCell<Vec<(Request, Rc<Step>)>>,
}

/// One request of a script, judged.
pub(crate) struct Step {
    /// The records before it.
    pub(crate) before: Rows,
    /// The records after it, had it been accepted.
    pub(crate) after: Rows,
    pub(crate) faults: Vec<Fault>,
    /// The record as it would be stored.
    pub(crate) row: Option<Rc<Row>>,
}

impl Script {
    pub(crate) fn fresh_id(&mut self) -> u32 {
        self.next_fresh += 1;
        self.next_fresh
    }

    fn new_rec(&mut self) -> usize {
        self.next_rec += 1;
        self.next_rec
    }

    pub(crate) fn last(&self) -> Option<&Request> {
        self.requests.last()
    }

    pub(crate) fn last_mut(&mut self) -> Option<&mut Request> {
        self.requests.last_mut()
    }

    /// Gives fields of the last request values that the search may not change.
    pub(crate) fn pin<'v>(&mut self, values: impl IntoIterator<Item = (&'v str, Val)>) {
        if let Some(last) = self.requests.last_mut() {
            for (field, value) in values {
                last.sets.insert(field.to_owned(), value);
                last.fixed.insert(field.to_owned());
            }
        }
    }

    /// Gives fields of a new record values that the search may not change, whatever later changes gave them.
    pub(crate) fn pin_new<'v>(&mut self, rec: usize, values: impl IntoIterator<Item = (&'v str, Val)>) {
        for (field, value) in values {
            for request in self.requests.iter_mut().filter(|request| request.rec == rec) {
                if request.act == Act::Create {
                    request.sets.insert(field.to_owned(), value.clone());
                    request.fixed.insert(field.to_owned());
                } else {
                    request.sets.remove(field);
                }
            }
        }
    }

    /// Leaves a field out of a new record for good.
    pub(crate) fn omit_new(&mut self, rec: usize, field: &str) {
        let made = self.requests.iter_mut().find(|request| request.rec == rec && request.act == Act::Create);
        if let Some(made) = made {
            made.sets.remove(field);
            made.fixed.insert(field.to_owned());
        }
    }

    /// Marks the last request as one that must not be taken out, though nothing in it is fixed.
    pub(crate) fn keep(&mut self) {
        if let Some(last) = self.requests.last_mut() {
            last.fixed.insert(String::new());
        }
    }

    /// Leaves a field out of the last request for good.
    pub(crate) fn omit(&mut self, field: &str) {
        if let Some(last) = self.requests.last_mut() {
            last.sets.remove(field);
            last.fixed.insert(field.to_owned());
        }
    }

    /// Adds a request about an existing record.
    pub(crate) fn then(&mut self, act: Act, rec: usize, entity: &str) {
        self.requests.push(Request {
            act,
            rec,
            entity: entity.to_owned(),
            sets: BTreeMap::new(),
            fixed: BTreeSet::new(),
            caller: Caller::Fitting,
        });
    }

    /// The script with its last request made once more, as another record with the same values.
    pub(crate) fn again(&self) -> Option<Self> {
        let mut twice = self.clone();
        let mut last = self.last()?.clone();
        last.rec = twice.new_rec();
        twice.requests.push(last);
        Some(twice)
    }

    /// Adds the requests of another script before place `at`, under new numbers, and gives its last record's number.
    pub(crate) fn splice(&mut self, at: usize, other: &[Request]) -> Option<usize> {
        let mut recs: BTreeMap<usize, usize> = BTreeMap::new();
        let mut texts: BTreeMap<u32, u32> = BTreeMap::new();
        let mut last = None;
        for (offset, request) in other.iter().enumerate() {
            let mut request = request.clone();
            if request.act == Act::Create {
                recs.insert(request.rec, self.new_rec());
            }
            request.rec = recs.get(&request.rec).copied().unwrap_or(request.rec);
            for value in request.sets.values_mut() {
                match value {
                    Val::Ref(rec) => *rec = recs.get(rec).copied().unwrap_or(*rec),
                    Val::Fresh(id, _) | Val::Swapped(id, _) => {
                        *id = *texts.entry(*id).or_insert_with(|| {
                            self.next_fresh += 1;
                            self.next_fresh
                        });
                    }
                    _ => {}
                }
            }
            last = Some(request.rec);
            self.requests.insert(at + offset, request);
        }
        last
    }
}

impl<'a> Scripts<'a> {
    pub(crate) fn new(world: World<'a>) -> Self {
        Self { world, bases: RefCell::default(), judged: RefCell::default() }
    }

    /// The script that creates a record with as little as possible.
    pub(crate) fn base(&self, entity: &str) -> Option<Script> {
        if let Some(known) = self.bases.borrow().get(entity) {
            return known.clone();
        }
        // Until it is known, there is none: records that need each other first cannot be made at all.
        self.bases.borrow_mut().insert(entity.to_owned(), None);
        let found = self.plain(entity).and_then(|script| self.solve(script, Expect::Accepted, &[]));
        self.bases.borrow_mut().insert(entity.to_owned(), found.clone());
        found
    }

    /// A first try at creating a record: what is required, and one field at least.
    fn plain(&self, entity: &str) -> Option<Script> {
        let meta = self.world.entity(entity)?;
        let required = |field: &str| {
            self.world.model.rules.iter().any(
                |rule| matches!(&rule.demand, RuleKind::Required { entity: e, field: f } if e == entity && f == field),
            )
        };
        let given = |field: &str| {
            self.world.model.rules.iter().any(
                |rule| matches!(&rule.demand, RuleKind::Default { entity: e, field: f, .. } if e == entity && f == field),
            )
        };
        let state = meta.workflow.as_ref().map(|workflow| workflow.field.as_str());
        let open: Vec<_> = meta.fields.iter().filter(|f| !f.read_only && Some(f.key.as_str()) != state).collect();
        let mut chosen: Vec<_> = open.iter().filter(|f| required(&f.key) && !given(&f.key)).collect();
        if chosen.is_empty() {
            let simple = |f: &&&maestro_artifacts::Field| self.world.target(entity, &f.key).is_none();
            chosen.extend(open.iter().find(simple));
        }
        let mut script = Script::default();
        let mut sets = BTreeMap::new();
        for field in chosen {
            if let Some(parent) = self.world.target(entity, &field.key) {
                let parent = self.base(parent)?;
                let at = script.requests.len();
                let rec = script.splice(at, &parent.requests)?;
                sets.insert(field.key.clone(), Val::Ref(rec));
            } else {
                let value = self.world.candidates(&Rows::new(), 0, entity, field).into_iter().next()?;
                let value = self.freshen(&mut script, value);
                sets.insert(field.key.clone(), value);
            }
        }
        let rec = script.new_rec();
        script.then(Act::Create, rec, entity);
        script.last_mut()?.sets = sets;
        Some(script)
    }

    pub(crate) fn freshen(&self, script: &mut Script, value: Val) -> Val {
        match value {
            Val::Fresh(0, shape) => Val::Fresh(script.fresh_id(), shape),
            other => other,
        }
    }

    /// Adds the creation of a record before place `at`; `given` values replace those of the base script, and records
    /// that only those would have needed are left out.
    pub(crate) fn create(
        &self,
        script: &mut Script,
        at: usize,
        entity: &str,
        given: &BTreeMap<String, Val>,
    ) -> Option<usize> {
        let base = self.base(entity)?;
        let (creation, before) = base.requests.split_last()?;
        let mut creation = creation.clone();
        for field in given.keys() {
            creation.sets.remove(field);
        }
        let mut needed: BTreeSet<usize> = refs(&creation).collect();
        loop {
            let count = needed.len();
            for request in before {
                // Children of a record that is needed may be what it needs to be in its state.
                if needed.contains(&request.rec) || refs(request).any(|rec| needed.contains(&rec)) {
                    needed.insert(request.rec);
                    needed.extend(refs(request));
                }
            }
            if needed.len() == count {
                break;
            }
        }
        let mut kept: Vec<Request> = before.iter().filter(|request| needed.contains(&request.rec)).cloned().collect();
        kept.push(creation);
        let count = kept.len();
        let rec = script.splice(at, &kept)?;
        let request = script.requests.get_mut(at + count - 1)?;
        for (field, value) in given {
            request.sets.insert(field.clone(), value.clone());
            request.fixed.insert(field.clone());
        }
        Some(rec)
    }

    /// Judges the requests of a script one after the other.
    pub(crate) fn steps(&self, script: &Script) -> Vec<Rc<Step>> {
        self.judged_until(script, |_| false)
    }

    /// Whether all is as wanted: what `run` finds out, given up at the first request that is refused.
    pub(crate) fn goes(&self, script: &Script, expect: Expect, wants: &[Want]) -> bool {
        let end = script.requests.len().saturating_sub(1);
        let smooth = self.judged_until(script, |step| !step.faults.is_empty());
        smooth.iter().take(end).filter(|step| step.faults.is_empty()).count() == end
            && self.run(script, expect, wants).cost == 0
    }

    /// The same, up to the first request of which that is so.
    fn judged_until(&self, script: &Script, enough: impl Fn(&Step) -> bool) -> Vec<Rc<Step>> {
        let mut judged = self.judged.borrow_mut();
        let alike = judged.iter().zip(&script.requests).take_while(|((known, _), request)| known == *request).count();
        judged.truncate(alike);
        for request in script.requests.iter().skip(alike) {
            let before = judged.last().map(|(_, step)| step.after.clone()).unwrap_or_default();
            let (faults, row) = self.world.judge(&before, request);
            let mut after = before.clone();
            match &row {
                Some(row) => {
                    after.insert(request.rec, row.clone());
                }
                None if request.act == Act::Delete => {
                    let gone = self.world.deleted_with(&before, request.rec);
                    after.retain(|rec, _| !gone.contains(rec));
                }
                None => {}
            }
            let step = Step { before, after, faults, row };
            let last = enough(&step);
            judged.push((request.clone(), Rc::new(step)));
            if last {
                break;
            }
        }
        judged.iter().map(|(_, step)| step.clone()).collect()
    }

    /// Runs a script and says how far it is from what is wanted.
    pub(crate) fn run(&self, script: &Script, expect: Expect, wants: &[Want]) -> Course {
        let mut course = Course {
            cost: 0,
            faults: Vec::new(),
            unmet: Vec::new(),
            before: Rows::new(),
            after: Rows::new(),
            last: Vec::new(),
        };
        let end = script.requests.len().saturating_sub(1);
        for (place, (request, step)) in script.requests.iter().zip(self.steps(script)).enumerate() {
            let mut faults = step.faults.clone();
            if refs(request).any(|rec| !step.before.contains_key(&rec)) {
                faults.push(Fault::Kind);
            }
            if place == end {
                course.before = step.before.clone();
                course.after = step.after.clone();
            }
            if place < end {
                course.cost += 15 * u32::try_from(faults.len()).unwrap_or(u32::MAX / 30);
                course.faults.extend(faults.into_iter().map(|fault| (place, fault)));
            } else {
                course.last = faults;
            }
        }
        for fault in &course.last {
            let wanted = match (expect, fault) {
                (Expect::Breaks(a) | Expect::Probes(a), Fault::Rule(b) | Fault::Onlooker(b)) => a == *b,
                // A rule that keeps a record because of its children says what holds of all references anyway.
                (Expect::Breaks(a), Fault::Referenced) => {
                    matches!(self.world.model.rules.get(a).map(|rule| &rule.demand), Some(RuleKind::NoDelete { .. }))
                }
                _ => false,
            };
            if !wanted {
                course.cost += 10;
                course.faults.push((end, fault.clone()));
            }
        }
        if let Expect::Breaks(rule) = expect
            && !course.last.iter().any(|fault| fault.rule() == Some(rule))
        {
            course.cost += 30;
            course.faults.push((end, Fault::Rule(rule)));
        }
        for want in wants {
            if !self.met(&course, want) {
                course.cost += 20;
                course.unmet.push(want.clone());
            }
        }
        course
    }

    fn met(&self, course: &Course, want: &Want) -> bool {
        let passes =
            |rows: &Rows, rec: usize, test: &Test| rows.get(&rec).map(|row| self.world.passes(rows, row, rec, test));
        match want {
            Want::After(rec, test, truth) => passes(&course.after, *rec, test) == Some(*truth),
            Want::Before(rec, test, truth) => passes(&course.before, *rec, test) == Some(*truth),
            Want::Value(rec, field, value) => {
                course.before.get(rec).is_some_and(|row| self.world.read(&course.before, row, *rec, field).same(value))
            }
            Want::Reached(rec, via, field, value) => course
                .after
                .get(rec)
                .is_some_and(|row| self.world.reach(&course.after, row, *rec, Some(via), field).same(value)),
            Want::Worked(rec, field, value) => {
                course.after.get(rec).is_some_and(|row| self.world.read(&course.after, row, *rec, field).same(value))
            }
            Want::Given(rec, field) => {
                course.after.get(rec).is_some_and(|row| !self.world.read(&course.after, row, *rec, field).is_null())
            }
        }
    }
}

/// The records that a request refers to.
pub(crate) fn refs(request: &Request) -> impl Iterator<Item = usize> {
    request.sets.values().filter_map(|value| if let Val::Ref(rec) = value { Some(*rec) } else { None })
}
