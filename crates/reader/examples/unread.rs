//! Lists the statements of epics that are not understood: `cargo run --example unread -- EPIC...`.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for those who work on the reader")]

use maestro_artifacts::Understanding;

fn main() {
    for path in std::env::args().skip(1) {
        let read = maestro_reader::read(&maestro_epic::read(&std::fs::read(&path).unwrap(), &path).unwrap());
        let unknown = read.unknown().count();
        println!("{path}: {} of {}", read.items.len() - unknown, read.items.len());
        for item in read.unknown() {
            if let Understanding::Unknown { quote, why } = &item.understanding {
                println!("    {} {} | {quote} | {why}", item.id, item.text);
            }
        }
    }
}
