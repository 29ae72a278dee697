//! Renaming every noun of an epic gives the same requirements up to renaming: no pattern knows a noun.

use super::read;

const NAMES: &[(&str, &str)] = &[
    ("concrete batches", "zorbal frints"),
    ("Concrete batches", "Zorbal frints"),
    ("concrete-batches", "zorbal-frints"),
    ("concrete_batch", "zorbal_frint"),
    ("concrete batch", "zorbal frint"),
    ("Concrete batch", "Zorbal frint"),
    ("Concrete test laboratory", "Frint house"),
    ("batch number", "wibble code"),
    ("batch_number", "wibble_code"),
    ("benches", "quoddles"),
    ("Benches", "Quoddles"),
    ("bench", "quoddle"),
    ("Bench", "Quoddle"),
    ("samples", "mivets"),
    ("Samples", "Mivets"),
    ("sample", "mivet"),
    ("Sample", "Mivet"),
    ("recipe", "plimp"),
    ("strength", "dranth"),
    ("remark", "snorvel"),
    ("volume", "flurn"),
    ("lab manager", "head vorner"),
    ("hardening", "plonking"),
    ("tested", "drooved"),
    ("mixed", "spaned"),
];

fn renamed(text: &str) -> String {
    NAMES.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn nouns_do_not_matter() {
    let text = include_str!("../../../../examples/epics/concrete-lab.md");
    let original = serde_json::to_string_pretty(&read(text)).unwrap();
    let other = serde_json::to_string_pretty(&read(&renamed(text))).unwrap();
    for (expected, found) in renamed(&original).lines().zip(other.lines()) {
        assert_eq!(expected, found);
    }
    assert_eq!(original.lines().count(), other.lines().count());
}
