//! Objects and grouping: `{key: value}` over items, of which those with the same key come together.

use std::rc::Rc;

use indexmap::IndexMap;

use super::Fault;
use super::ast::Node;
use super::environment::Frame;
use super::evaluate::Machine;
use super::value::{Object, Val};

/// An item with the variables that `@` and `#` bound on the way to it.
#[derive(Clone)]
pub(super) struct Bound {
    pub(super) value: Val,
    pub(super) frame: Rc<Frame>,
}

/// The items of one key, and which of the pairs made the key.
struct Group {
    pair: usize,
    members: Vec<Bound>,
}

impl Machine<'_> {
    #[inline(never)]
    pub(super) fn group(&mut self, pairs: &[(Node, Node)], items: Vec<Val>, frame: &Rc<Frame>) -> Result<Val, Fault> {
        let items = if items.is_empty() { vec![Val::Undefined] } else { items };
        let bound = items.into_iter().map(|value| Bound { value, frame: Rc::clone(frame) }).collect();
        self.group_bound(pairs, bound, frame)
    }

    /// The same over items that each have variables of their own.
    pub(super) fn group_bound(
        &mut self,
        pairs: &[(Node, Node)],
        items: Vec<Bound>,
        outer: &Rc<Frame>,
    ) -> Result<Val, Fault> {
        let mut groups: IndexMap<Rc<str>, Group> = IndexMap::new();
        for item in items {
            for (pair, (key, _)) in pairs.iter().enumerate() {
                let key = match self.evaluate(key, &item.value, &item.frame)? {
                    Val::Undefined => continue,
                    Val::Text(key) => key,
                    other => {
                        let shown = super::functions::shown(&other);
                        let reason = format!("Key in object structure must evaluate to a string; got: {shown}");
                        return Err(Fault::new("T1003", reason));
                    }
                };
                let group = groups.entry(Rc::clone(&key)).or_insert_with(|| Group { pair, members: Vec::new() });
                if group.pair != pair {
                    let reason = format!("Multiple key definitions evaluate to same key: \"{key}\"");
                    return Err(Fault::new("D1009", reason));
                }
                group.members.push(item.clone());
            }
        }
        let mut out = Object::new();
        for (key, Group { pair, members }) in groups {
            let Some((_, expression)) = pairs.get(pair) else { continue };
            let together = together(members, outer);
            let value = self.evaluate(expression, &together.value, &together.frame)?;
            if !value.is_undefined() {
                out.insert(key, value);
            }
        }
        Ok(Val::object(out))
    }
}

/// The items of a group as one, in which each variable holds all its values.
fn together(members: Vec<Bound>, outer: &Rc<Frame>) -> Bound {
    let mut members = members;
    if members.len() == 1
        && let Some(only) = members.pop()
    {
        return only;
    }
    let frame = Frame::within(outer);
    for name in members.iter().flat_map(|member| member.frame.names_up_to(outer)) {
        if !frame.has(&name) {
            let values = members.iter().filter_map(|member| member.frame.get(&name));
            frame.bind(&name, Val::sequence(values.flat_map(Val::into_items).collect()));
        }
    }
    let items = members.into_iter().flat_map(|member| member.value.into_items()).collect();
    Bound { value: Val::sequence(items), frame }
}
