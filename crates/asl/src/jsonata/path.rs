//! Paths: steps over sequences, predicates, ordering, and variables bound on the way.

use std::cmp::Ordering;
use std::rc::Rc;

use super::Fault;
use super::ast::{Action, Kind, Node, Path, Stage, Step};
use super::environment::Frame;
use super::evaluate::Machine;
use super::group::Bound;
use super::value::{List, Val};

impl Machine<'_> {
    #[inline(never)]
    pub(super) fn path(
        &mut self,
        path: &Path,
        group: Option<&[(Node, Node)]>,
        input: &Val,
        frame: &Rc<Frame>,
    ) -> Result<Val, Fault> {
        let mut items = match (input, path.steps.first().map(|step| &step.action)) {
            (Val::List(list), Some(Action::Each(first))) if !matches!(first.kind, Kind::Variable(_)) => {
                list.items.clone()
            }
            (input, _) => vec![input.clone()],
        };
        if path.steps.iter().any(Step::binds) {
            return self.bound_path(path, group, items, frame);
        }
        let mut whole: Option<Val> = None;
        let last = path.steps.len().saturating_sub(1);
        for (at, step) in path.steps.iter().enumerate() {
            let result = match &step.action {
                Action::Each(node) if at == 0 && matches!(node.kind, Kind::ConsArray(_)) => {
                    self.constructed(step, node, input, frame)?
                }
                _ => self.step(step, items, at == last, frame)?,
            };
            let empty = matches!(&result, Val::List(list) if list.items.is_empty()) || result.is_undefined();
            if empty {
                whole = Some(result);
                break;
            }
            items = if at == last { Vec::new() } else { result.clone().into_items() };
            whole = Some(result);
        }
        let mut result = whole.unwrap_or(Val::Undefined);
        if path.keep_singleton
            && let Val::List(list) = &mut result
        {
            let list = Rc::make_mut(list);
            if list.constructed && !list.sequence {
                let items = vec![result.clone()];
                result = Val::list(List { items, sequence: true, keep_singleton: true, ..List::default() });
            } else {
                list.keep_singleton = true;
            }
        }
        match group {
            Some(pairs) => self.group(pairs, result.into_items(), frame),
            None => Ok(result),
        }
    }

    /// An array constructor as first step is made once, over the whole input.
    fn constructed(&mut self, step: &Step, node: &Node, input: &Val, frame: &Rc<Frame>) -> Result<Val, Fault> {
        let mut value = self.evaluate(node, input, frame)?;
        for stage in &step.stages {
            if let Stage::Filter(predicate) = stage {
                value = Val::sequence(self.filter_values(predicate, value, frame)?);
            }
        }
        Ok(value)
    }

    fn step(&mut self, step: &Step, items: Vec<Val>, last: bool, frame: &Rc<Frame>) -> Result<Val, Fault> {
        let node = match &step.action {
            Action::Sort(terms) => {
                let bound = items.into_iter().map(|value| Bound { value, frame: Rc::clone(frame) }).collect();
                let sorted = self.sort(terms, bound)?;
                let mut value = Val::sequence(sorted.into_iter().map(|item| item.value).collect());
                for stage in &step.stages {
                    if let Stage::Filter(predicate) = stage {
                        value = Val::sequence(self.filter_values(predicate, value, frame)?);
                    }
                }
                return Ok(value);
            }
            Action::Each(node) => node,
        };
        let mut results = Vec::new();
        for item in &items {
            let mut result = self.evaluate(node, item, frame)?;
            for stage in &step.stages {
                if let Stage::Filter(predicate) = stage {
                    result = Val::sequence(self.filter_values(predicate, result, frame)?).unwrapped();
                }
            }
            if !result.is_undefined() {
                results.push(result);
            }
        }
        if last
            && let [Val::List(list)] = results.as_slice()
            && !list.sequence
        {
            return Ok(Val::List(Rc::clone(list)));
        }
        let mut flat = Vec::with_capacity(results.len());
        for result in results {
            match result {
                Val::List(list) if !list.constructed => flat.extend(list.items.iter().cloned()),
                one => flat.push(one),
            }
        }
        self.charge(flat.len())?;
        Ok(Val::sequence(flat))
    }

    /// The items of a value that a predicate selects: by position if it gives numbers, else by truth.
    pub(super) fn filter_values(&mut self, predicate: &Node, value: Val, frame: &Rc<Frame>) -> Result<Vec<Val>, Fault> {
        let bound: Vec<Bound> =
            value.into_items().into_iter().map(|value| Bound { value, frame: Rc::clone(frame) }).collect();
        let mut kept: Vec<Val> = self.filter(predicate, bound)?.into_iter().map(|item| item.value).collect();
        // A position that holds an array gives its items.
        if matches!(predicate.kind, Kind::Number(_)) && kept.len() == 1 && matches!(kept.first(), Some(Val::List(_))) {
            kept = kept.pop().map(Val::into_items).unwrap_or_default();
        }
        Ok(kept)
    }

    fn filter(&mut self, predicate: &Node, items: Vec<Bound>) -> Result<Vec<Bound>, Fault> {
        let count = items.len();
        let position = |number: f64| {
            let floor = number.floor();
            let index = if floor < 0.0 { floor + count as f64 } else { floor };
            (index >= 0.0 && index < count as f64).then_some(index as usize)
        };
        if let Kind::Number(number) = predicate.kind {
            return Ok(position(number).and_then(|at| items.into_iter().nth(at)).into_iter().collect());
        }
        let mut kept = Vec::new();
        for (at, item) in items.into_iter().enumerate() {
            let result = self.evaluate(predicate, &item.value, &item.frame)?;
            let numbers: Option<Vec<f64>> = match &result {
                Val::Number(number) => Some(vec![*number]),
                Val::List(list) if !list.items.is_empty() => list
                    .items
                    .iter()
                    .map(|item| match item {
                        Val::Number(number) => Some(*number),
                        _ => None,
                    })
                    .collect(),
                _ => None,
            };
            match numbers {
                Some(numbers) => {
                    let hits = numbers.into_iter().filter(|number| position(*number) == Some(at)).count();
                    kept.extend(std::iter::repeat_n(item, hits));
                }
                None if result.truth() => kept.push(item),
                None => {}
            }
        }
        self.charge(kept.len())?;
        Ok(kept)
    }

    /// A path with `@` or `#`: every item carries its variables along.
    fn bound_path(
        &mut self,
        path: &Path,
        group: Option<&[(Node, Node)]>,
        items: Vec<Val>,
        frame: &Rc<Frame>,
    ) -> Result<Val, Fault> {
        let mut items: Vec<Bound> = items.into_iter().map(|value| Bound { value, frame: Rc::clone(frame) }).collect();
        for step in &path.steps {
            items = match &step.action {
                Action::Sort(terms) => {
                    let sorted = self.sort(terms, items)?;
                    match &step.index {
                        Some(name) => self.numbered(sorted, name),
                        None => sorted,
                    }
                }
                Action::Each(node) => self.bound_step(step, node, items)?,
            };
            for stage in &step.stages {
                items = match stage {
                    Stage::Filter(predicate) => self.filter(predicate, items)?,
                    Stage::Index(name) => self.numbered(items, name),
                };
            }
            if items.is_empty() {
                break;
            }
        }
        if let Some(pairs) = group {
            return self.group_bound(pairs, items, frame);
        }
        let mut list = List { sequence: true, keep_singleton: path.keep_singleton, ..List::default() };
        list.items = items.into_iter().map(|item| item.value).collect();
        Ok(Val::list(list))
    }

    fn bound_step(&mut self, step: &Step, node: &Node, items: Vec<Bound>) -> Result<Vec<Bound>, Fault> {
        let mut out = Vec::new();
        for item in items {
            let results = self.evaluate(node, &item.value, &item.frame)?.into_items();
            self.charge(results.len())?;
            for (at, result) in results.into_iter().enumerate() {
                let mut bound = item.clone();
                if step.focus.is_some() || step.index.is_some() {
                    bound.frame = Frame::within(&item.frame);
                }
                match &step.focus {
                    Some(name) => self.bind(&bound.frame, name, result),
                    None => bound.value = result,
                }
                if let Some(name) = &step.index {
                    self.bind(&bound.frame, name, Val::Number(at as f64));
                }
                out.push(bound);
            }
        }
        Ok(out)
    }

    fn numbered(&mut self, items: Vec<Bound>, name: &str) -> Vec<Bound> {
        let mut out = Vec::with_capacity(items.len());
        for (at, item) in items.into_iter().enumerate() {
            let frame = Frame::within(&item.frame);
            self.bind(&frame, name, Val::Number(at as f64));
            out.push(Bound { value: item.value, frame });
        }
        out
    }

    fn sort(&mut self, terms: &[(Node, bool)], items: Vec<Bound>) -> Result<Vec<Bound>, Fault> {
        let mut keyed = Vec::with_capacity(items.len());
        let mut kinds: Vec<Option<bool>> = vec![None; terms.len()];
        for item in items {
            let mut keys = Vec::with_capacity(terms.len());
            for ((term, _), kind) in terms.iter().zip(&mut kinds) {
                let key = self.evaluate(term, &item.value, &item.frame)?;
                let is_text = match &key {
                    Val::Undefined => None,
                    Val::Text(_) => Some(true),
                    Val::Number(_) => Some(false),
                    _ => {
                        let reason =
                            "The expressions within an order-by clause must evaluate to numeric or string values";
                        return Err(Fault::new("T2008", reason));
                    }
                };
                if let Some(is_text) = is_text {
                    if kind.is_some_and(|before| before != is_text) {
                        let reason = "Type mismatch when comparing values in order-by clause";
                        return Err(Fault::new("T2007", reason));
                    }
                    *kind = Some(is_text);
                }
                keys.push(key);
            }
            keyed.push((keys, item));
        }
        keyed.sort_by(|(left, _), (right, _)| {
            let orders = left.iter().zip(right).zip(terms).map(|((left, right), (_, descending))| {
                // What has no key comes last, either way.
                match (left, right) {
                    (Val::Undefined, Val::Undefined) => Ordering::Equal,
                    (Val::Undefined, _) => Ordering::Greater,
                    (_, Val::Undefined) => Ordering::Less,
                    _ if *descending => order(right, left),
                    _ => order(left, right),
                }
            });
            orders.into_iter().find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
        });
        Ok(keyed.into_iter().map(|(_, item)| item).collect())
    }
}

/// The order of two numbers or two texts.
pub(super) fn order(left: &Val, right: &Val) -> Ordering {
    match (left, right) {
        (Val::Number(left), Val::Number(right)) => left.partial_cmp(right).unwrap_or(Ordering::Equal),
        (Val::Text(left), Val::Text(right)) => left.encode_utf16().cmp(right.encode_utf16()),
        _ => Ordering::Equal,
    }
}
