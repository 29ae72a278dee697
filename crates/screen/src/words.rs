//! The words of `data/words.toml`.

use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    turn: Vec<String>,
    order: Vec<String>,
    which: Vec<String>,
    every: Vec<String>,
}

/// What a word does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Turn,
    Order,
    Which,
    Every,
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("../data/words.toml")).unwrap_or_default());

impl Words {
    /// The beginnings of words that do this.
    pub(crate) fn of(part: Part) -> &'static [String] {
        let words = &*WORDS;
        match part {
            Part::Turn => &words.turn,
            Part::Order => &words.order,
            Part::Which => &words.which,
            Part::Every => &words.every,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::Folded;

    #[test]
    fn every_word_stands_as_it_is_compared() {
        for part in [Part::Turn, Part::Order, Part::Which, Part::Every] {
            assert!(Words::of(part).len() > 10, "{part:?}: the file cannot be read");
            for word in Words::of(part) {
                assert_eq!(&Folded::of(word).text, word);
            }
        }
    }
}
