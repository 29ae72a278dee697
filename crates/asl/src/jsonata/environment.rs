//! Scopes of variables.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::value::Val;

/// One scope; what it does not hold is looked up outside.
#[derive(Debug, Default)]
pub(super) struct Frame {
    values: RefCell<HashMap<Rc<str>, Val>>,
    outer: Option<Rc<Frame>>,
}

impl Frame {
    pub(super) fn within(outer: &Rc<Frame>) -> Rc<Self> {
        Rc::new(Self { values: RefCell::default(), outer: Some(Rc::clone(outer)) })
    }

    pub(super) fn bind(&self, name: &str, value: Val) {
        self.values.borrow_mut().insert(Rc::from(name), value);
    }

    pub(super) fn get(&self, name: &str) -> Option<Val> {
        let mut frame = self;
        loop {
            if let Some(value) = frame.values.borrow().get(name) {
                return Some(value.clone());
            }
            frame = frame.outer.as_deref()?;
        }
    }

    /// Lets go of everything: a function that is bound in the scope it came from would keep itself alive.
    pub(super) fn clear(&self) {
        let values = std::mem::take(&mut *self.values.borrow_mut());
        drop(values);
    }
}

impl Frame {
    /// The names bound between this scope and `outer`.
    pub(super) fn names_up_to(&self, outer: &Rc<Frame>) -> Vec<Rc<str>> {
        let mut names = Vec::new();
        let mut frame = Some(self);
        while let Some(current) = frame.filter(|frame| !std::ptr::eq(*frame, Rc::as_ptr(outer))) {
            names.extend(current.values.borrow().keys().cloned());
            frame = current.outer.as_deref();
        }
        names
    }

    /// Whether the name is bound in this very scope.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.borrow().contains_key(name)
    }
}
