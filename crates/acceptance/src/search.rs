//! Local search: changes a script step by step until it goes as wanted. Deterministic.

use crate::{
    judge::{Act, Caller, Request},
    levers::{Lever, Levers},
    script::{Course, Expect, Script, Scripts, Want, refs},
    value::Val,
    world::{Row, Rows},
};
use maestro_artifacts::{Condition, Test};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Steps after which a script is given up.
const STEPS: usize = 40;

impl Scripts<'_> {
    /// Changes what is not fixed in a script until its last request does what is expected and all wants are met.
    pub(crate) fn solve(&self, start: Script, expect: Expect, wants: &[Want]) -> Option<Script> {
        self.search(start, expect, wants).ok()
    }

    /// The same; where there is no such script, how the one goes that came nearest to it.
    pub(crate) fn search(&self, start: Script, expect: Expect, wants: &[Want]) -> Result<Script, Box<Course>> {
        let mut script = start;
        let mut seen = BTreeSet::new();
        let mut course = self.run(&script, expect, wants);
        let mut nearest: Option<Course> = None;
        let steps = if wants.iter().any(|want| self.is_out_of_reach(&course, want)) { 0 } else { STEPS };
        for _ in 0..steps {
            if course.cost == 0 {
                return Ok(self.shrink(script, expect, wants));
            }
            seen.insert(fingerprint(&script));
            let mut best: Option<(Script, Course)> = None;
            // One lever after the other: most often the first ones do.
            'levers: for lever in Levers::of(&self.world, &script, &course) {
                for next in self.moves(&script, &course, lever) {
                    if seen.contains(&fingerprint(&next)) {
                        continue;
                    }
                    let then = self.run(&next, expect, wants);
                    let better = best.as_ref().is_none_or(|(_, best)| then.cost < best.cost);
                    let enough = then.cost < course.cost;
                    if better {
                        best = Some((next, then));
                    }
                    if enough {
                        break 'levers;
                    }
                }
            }
            let Some((next, then)) = best else { break };
            let left = std::mem::replace(&mut course, then);
            if nearest.as_ref().is_none_or(|nearest| left.cost < nearest.cost) {
                nearest = Some(left);
            }
            script = next;
        }
        Err(Box::new(nearest.filter(|nearest| nearest.cost < course.cost).unwrap_or(course)))
    }

    /// Whether a record is wanted in a state that no allowed changes lead to.
    fn is_out_of_reach(&self, course: &Course, want: &Want) -> bool {
        let Want::Value(rec, field, Val::Text(state)) = want else { return false };
        let Some(row) = course.after.get(rec).or_else(|| course.before.get(rec)) else { return false };
        let workflow = self.world.workflow(&row.entity).filter(|workflow| workflow.field == *field);
        workflow.is_some_and(|workflow| self.path(&row.entity, &workflow.initial, state).is_none())
    }

    /// Brings a script to the point where a want is met before its last request, whatever that one breaks.
    pub(crate) fn reach(&self, script: Script, want: &Want) -> Option<Script> {
        self.approach(script, want).ok()
    }

    /// The same; where there is no such script, how the one goes that came nearest to it.
    pub(crate) fn approach(&self, script: Script, want: &Want) -> Result<Script, Box<Course>> {
        let mut probe = script;
        let Some(last) = probe.requests.pop() else { return Ok(probe) };
        // A request that changes nothing and breaks nothing stands in for the last one.
        let mut idle = last.clone();
        idle.sets.clear();
        idle.fixed.insert("*".to_owned());
        idle.act = Act::Idle;
        probe.requests.push(idle);
        let mut found = self.search(probe, Expect::Accepted, std::slice::from_ref(want))?;
        found.requests.pop();
        found.requests.push(last);
        Ok(found)
    }

    /// Takes out of a script what it does not need.
    fn shrink(&self, mut script: Script, expect: Expect, wants: &[Want]) -> Script {
        let mut at = script.requests.len().saturating_sub(1);
        while at > 0 {
            at -= 1;
            let Some(request) = script.requests.get(at) else { continue };
            if !request.fixed.is_empty() {
                continue;
            }
            let rec = request.rec;
            if script
                .requests
                .iter()
                .any(|other| other.rec == rec && !other.fixed.is_empty() && request.act == Act::Create)
            {
                continue;
            }
            if request.act != Act::Create && !self.keeps_state(&script, at, wants) {
                continue;
            }
            let mut without = script.clone();
            if request.act == Act::Create {
                if script.requests.iter().any(|other| refs(other).any(|one| one == rec))
                    || script.last().is_some_and(|last| last.rec == rec)
                {
                    continue;
                }
                without.requests.retain(|other| other.rec != rec);
            } else {
                without.requests.remove(at);
            }
            if self.goes(&without, expect, wants) {
                script = without;
                at = at.min(script.requests.len().saturating_sub(1));
            }
        }
        script
    }

    /// Whether a record still comes to the states in which it is wanted before the last request, without the change at a
    /// place. Its own requests say so; judging those of hundreds of others takes long.
    fn keeps_state(&self, script: &Script, without: usize, wants: &[Want]) -> bool {
        let Some(rec) = script.requests.get(without).map(|request| request.rec) else { return true };
        let state = |test: &Test| match test {
            Test::In { via: None, field, .. } | Test::NotIn { via: None, field, .. } => Some(field.clone()),
            _ => None,
        };
        let wanted = wants.iter().filter_map(|want| match want {
            Want::Before(of, test, truth) if *of == rec => Some((state(test)?, test, *truth)),
            _ => None,
        });
        let mut row: Option<Row> = None;
        for (field, test, truth) in wanted {
            if row.is_none() {
                let setup = script.requests.iter().enumerate().take(script.requests.len().saturating_sub(1));
                let own =
                    setup.filter(|(at, request)| *at != without && request.rec == rec && request.act != Act::Delete);
                for (_, request) in own {
                    row = Some(self.world.stored(row.as_ref(), request));
                }
            }
            let Some(row) = &row else { return true };
            let is_state = self.world.workflow(&row.entity).is_some_and(|workflow| workflow.field == field);
            if is_state && self.world.passes(&Rows::new(), row, rec, test) != truth {
                return false;
            }
        }
        true
    }

    fn moves(&self, script: &Script, course: &Course, lever: Lever) -> Vec<Script> {
        let mut found = Vec::new();
        match lever {
            Lever::Field(rec, field) => self.set_field(script, course, rec, &field, &mut found),
            Lever::State(rec) => self.set_state(script, rec, &mut found),
            Lever::Children(rec, child, via, when) => {
                // A child that counts right away, and a plain one.
                let mut given = self.counting(&child, &when);
                for _ in 0..2 {
                    given.insert(via.clone(), Val::Ref(rec));
                    self.change_children(script, rec, &child, &via, &given, &mut found);
                    given.clear();
                }
            }
        }
        found
    }

    fn set_field(&self, script: &Script, course: &Course, rec: usize, key: &str, found: &mut Vec<Script>) {
        let end = script.requests.len().saturating_sub(1);
        for (place, request) in script.requests.iter().enumerate() {
            let frozen = request.fixed.contains(key) || request.fixed.contains("*");
            if request.rec != rec || matches!(request.act, Act::Delete | Act::Idle) || frozen {
                continue;
            }
            let Some(field) = self.world.field(&request.entity, key).filter(|field| !field.read_only) else { continue };
            let old = request.sets.get(key);
            let rows = if place == end { &course.after } else { &course.before };
            let mut set = |value: Val| {
                if old == Some(&value) {
                    return;
                }
                let mut next = script.clone();
                let value = self.freshen(&mut next, value);
                if let Some(request) = next.requests.get_mut(place) {
                    request.sets.insert(key.to_owned(), value);
                }
                found.push(next);
            };
            for value in self.world.candidates(rows, rec, &request.entity, field) {
                set(value);
            }
            if let Some(target) = self.world.target(&request.entity, key) {
                let earlier = script.requests.iter().take(place);
                for other in earlier.filter(|r| r.act == Act::Create && r.entity == target && r.rec != rec) {
                    set(Val::Ref(other.rec));
                }
                let mut next = script.clone();
                if let Some(parent) = self.create(&mut next, place, target, &BTreeMap::new()) {
                    let behind = next.requests.len() - script.requests.len();
                    if let Some(request) = next.requests.get_mut(place + behind) {
                        request.sets.insert(key.to_owned(), Val::Ref(parent));
                    }
                    found.push(next);
                }
            }
            if old.is_some() {
                let mut next = script.clone();
                if let Some(request) = next.requests.get_mut(place) {
                    request.sets.remove(key);
                }
                found.push(next);
            }
        }
    }

    /// Brings a record into each of the other states, on the shortest way, at every split of the way between right
    /// after its creation and right before the last request.
    fn set_state(&self, script: &Script, rec: usize, found: &mut Vec<Script>) {
        let Some((last, setup)) = script.requests.split_last() else { return };
        let Some(creation) = setup.iter().find(|r| r.rec == rec && r.act == Act::Create) else { return };
        let Some(workflow) = self.world.workflow(&creation.entity) else { return };
        let entity = creation.entity.clone();
        let moves_state = |r: &Request| r.rec == rec && r.act == Act::Patch && r.sets.contains_key(&workflow.field);
        if last.rec == rec
            && last.act == Act::Patch
            && !last.fixed.contains(&workflow.field)
            && !last.fixed.contains("*")
        {
            let mut with = script.clone();
            for state in &workflow.states {
                if let Some(request) = with.last_mut() {
                    request.sets.insert(workflow.field.clone(), Val::text(state));
                    found.push(with.clone());
                }
            }
            if let Some(request) = with.last_mut() {
                request.sets.remove(&workflow.field);
                found.push(with);
            }
        }
        let mut plain = script.clone();
        plain.requests = setup.iter().filter(|r| !moves_state(r) || !r.fixed.is_empty()).cloned().collect();
        for state in &workflow.states {
            let Some(path) = self.path(&entity, &workflow.initial, state) else { continue };
            for split in (0..=path.len()).rev() {
                let mut next = plain.clone();
                let Some(at) = next.requests.iter().position(|r| r.rec == rec) else { continue };
                for (place, to) in path.iter().enumerate() {
                    let request = Request {
                        act: Act::Patch,
                        rec,
                        entity: entity.clone(),
                        sets: BTreeMap::from([(workflow.field.clone(), Val::text(to))]),
                        fixed: BTreeSet::new(),
                        caller: Caller::Fitting,
                    };
                    let at = if place < split { at + 1 + place } else { next.requests.len() };
                    next.requests.insert(at, request);
                }
                next.requests.push(last.clone());
                found.push(next);
                if last.rec != rec && path.is_empty() {
                    break;
                }
            }
        }
    }

    fn change_children(
        &self,
        script: &Script,
        rec: usize,
        child: &str,
        via: &str,
        given: &BTreeMap<String, Val>,
        found: &mut Vec<Script>,
    ) {
        let end = script.requests.len().saturating_sub(1);
        let Some(from) = script.requests.iter().position(|r| r.rec == rec && r.act == Act::Create) else { return };
        let changed = |place: &usize| script.requests.get(*place).is_some_and(|r| r.rec == rec && r.act == Act::Patch);
        let mut places: Vec<usize> = (from + 1..end).filter(changed).collect();
        places.push(end);
        for place in places.into_iter().filter(|place| *place > from) {
            let mut next = script.clone();
            if let Some(made) = self.create(&mut next, place, child, given) {
                for request in next.requests.iter_mut().filter(|request| request.rec == made) {
                    request.fixed.retain(|field| field == via);
                }
                found.push(next);
            }
        }
        let last = script.last().map(|last| last.rec);
        for request in script.requests.iter().filter(|r| r.act == Act::Create && r.entity == child) {
            let needed = script.requests.iter().any(|other| refs(other).any(|one| one == request.rec));
            if request.sets.get(via) == Some(&Val::Ref(rec)) && Some(request.rec) != last && !needed {
                let mut next = script.clone();
                next.requests.retain(|other| other.rec != request.rec);
                found.push(next);
            }
        }
    }

    /// Values of stored fields that meet a condition, as far as it names them.
    fn counting(&self, entity: &str, when: &Condition) -> BTreeMap<String, Val> {
        let state = self.world.workflow(entity).map(|workflow| workflow.field.as_str());
        let mut given = BTreeMap::new();
        for test in &when.0 {
            if let Test::In { via: None, field, values } = test
                && Some(field.as_str()) != state
                && let Some(meta) = self.world.field(entity, field).filter(|meta| !meta.read_only)
                && let Some(value) = values.first()
            {
                given.insert(field.clone(), Val::constant(&meta.kind, value));
            }
        }
        given
    }

    /// The states to go through from one to another, the first left out; `None` where there is no way.
    pub(crate) fn path(&self, entity: &str, from: &str, to: &str) -> Option<Vec<String>> {
        let workflow = self.world.workflow(entity)?;
        let mut ways: BTreeMap<&str, Vec<String>> = BTreeMap::from([(from, Vec::new())]);
        let mut open = VecDeque::from([from]);
        while let Some(state) = open.pop_front() {
            let way = ways.get(state)?.clone();
            if state == to {
                return Some(way);
            }
            for transition in workflow.transitions.iter().filter(|t| t.from == state) {
                if !ways.contains_key(transition.to.as_str()) {
                    let mut longer = way.clone();
                    longer.push(transition.to.clone());
                    ways.insert(&transition.to, longer);
                    open.push_back(&transition.to);
                }
            }
        }
        None
    }
}

fn fingerprint(script: &Script) -> String {
    let mut text = String::new();
    for request in &script.requests {
        text.push_str(&format!("{:?}{}", request.act, request.rec));
        for (key, value) in &request.sets {
            match value {
                // Which fresh text it is makes no difference to where the search has been.
                Val::Fresh(_, shape) => text.push_str(&format!("{key}={shape:?};")),
                other => text.push_str(&format!("{key}={other:?};")),
            }
        }
    }
    text
}
