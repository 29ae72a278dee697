//! Rows that this process replaced last, so that it need not read them to replace them again.

use crate::codec::text_of;
use maestro_ports::table::{Condition, Key, Write};
use std::collections::HashMap;

/// Rows kept; a run changes a handful.
const MOST: usize = 64;

/// Texts of rows by key. Every write depends on its row being as it is known here, so knowing too little or too old a text
/// costs another try and nothing else.
#[derive(Debug, Default)]
pub(crate) struct Known(HashMap<Key, String>);

impl Known {
    pub(crate) fn get(&self, key: &Key) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Remembers the rows that were written on a condition; nobody else replaces them blindly.
    pub(crate) fn wrote(&mut self, rows: Vec<(Key, String)>) {
        if self.0.len() + rows.len() > MOST {
            self.forget();
        }
        self.0.extend(rows);
    }

    pub(crate) fn remove(&mut self, rows: &[(Key, String)]) {
        rows.iter().for_each(|(key, _)| drop(self.0.remove(key)));
    }

    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}

/// The rows among writes that may be remembered once they are written.
pub(crate) fn worth_knowing(writes: &[Write]) -> Vec<(Key, String)> {
    let rows = writes.iter().filter_map(|write| match write {
        Write::Put { key, item, condition } if *condition != Condition::None => {
            Some((key.clone(), text_of(item)?.to_owned()))
        }
        Write::Put { .. } | Write::Delete { .. } => None,
    });
    rows.collect()
}
