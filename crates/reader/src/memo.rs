//! Remembers what was worked out of a word.
//!
//! An epic has few different words, and every pass over it asks for the forms of each of them thousands of times.

use std::cell::RefCell;
use std::collections::HashMap;

/// More than the words of a long epic; a hostile one must not fill the memory.
const MOST: usize = 20_000;

/// The results of a pure function of a text, one a thread.
#[derive(Debug)]
pub(crate) struct Memo<T>(RefCell<HashMap<Box<str>, T>>);

impl<T: Clone> Memo<T> {
    pub(crate) fn new() -> Self {
        Self(RefCell::new(HashMap::new()))
    }

    /// The result for a text, which is worked out the first time.
    pub(crate) fn get(&self, text: &str, work: impl FnOnce() -> T) -> T {
        if let Some(known) = self.0.borrow().get(text) {
            return known.clone();
        }
        // Not borrowed meanwhile: the work may ask for other texts.
        let value = work();
        let mut known = self.0.borrow_mut();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(text.into(), value.clone());
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn works_once_a_text_and_forgets_when_full() {
        let memo = Memo::new();
        let mut worked = 0;
        for _ in 0..3 {
            let length = memo.get("bench", || {
                worked += 1;
                5
            });
            assert_eq!(length, 5);
        }
        assert_eq!(worked, 1);
        for n in 0..=MOST {
            memo.get(&n.to_string(), || n);
        }
        assert!(memo.0.borrow().len() <= MOST);
    }
}
