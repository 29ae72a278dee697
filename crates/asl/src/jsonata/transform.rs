//! The transformer `|pattern|update,delete|`.

use std::rc::Rc;

use super::Fault;
use super::ast::Transform;
use super::environment::Frame;
use super::evaluate::Machine;
use super::value::{Fields, List, Object, Val};

impl Machine<'_> {
    /// `|pattern|update,delete|`: a copy in which what the pattern selects is changed.
    #[inline(never)]
    pub(super) fn transform(&mut self, transform: &Transform, frame: &Rc<Frame>, subject: Val) -> Result<Val, Fault> {
        if !matches!(subject, Val::Object(_) | Val::List(_)) {
            return match subject {
                Val::Undefined => Ok(Val::Undefined),
                _ => Err(Fault::new("T0410", "Argument 1 of function transform does not match function signature")),
            };
        }
        let selected = self.evaluate(&transform.pattern, &subject, frame)?.into_items();
        let mut changes = Vec::new();
        for target in selected {
            let Val::Object(before) = &target else { continue };
            let mut after = Object::clone(before);
            match self.evaluate(&transform.update, &target, frame)? {
                Val::Undefined => {}
                Val::Object(update) => {
                    after.extend(update.iter().map(|(name, value)| (Rc::clone(name), value.clone())));
                }
                _ => {
                    let reason = "The insert/update clause of the transform expression must evaluate to an object";
                    return Err(Fault::new("T2011", reason));
                }
            }
            if let Some(delete) = &transform.delete {
                for name in self.evaluate(delete, &target, frame)?.into_items() {
                    let Val::Text(name) = name else {
                        let reason = "The delete clause of the transform expression must evaluate to a string or array of strings";
                        return Err(Fault::new("T2012", reason));
                    };
                    after.shift_remove(&name);
                }
            }
            changes.push((Rc::clone(before), Val::object(after)));
        }
        Ok(replaced(&subject, &changes))
    }
}

/// The value with the objects exchanged, each known by identity.
fn replaced(value: &Val, changes: &[(Rc<Fields>, Val)]) -> Val {
    match value {
        Val::Object(object) => {
            if let Some((_, after)) = changes.iter().find(|(before, _)| Rc::ptr_eq(before, object)) {
                return after.clone();
            }
            let fields = object.iter().map(|(name, value)| (Rc::clone(name), replaced(value, changes)));
            Val::object(fields.collect())
        }
        Val::List(list) => {
            let items = list.items.iter().map(|item| replaced(item, changes)).collect();
            Val::list(List { items, sequence: list.sequence, ..List::default() })
        }
        other => other.clone(),
    }
}
