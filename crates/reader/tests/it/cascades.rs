//! What is deleted together with the record that it belongs to.

use super::{read, rules_of, unknowns};
use maestro_artifacts::RuleKind;

const DATA: &str = "# Kennel\n\n- An owner has a name.\n- A dog belongs to an owner and has a name.\n\
                    - A toy belongs to a dog and has a name.\n- A bowl belongs to a dog and has a name.\n\n";

#[test]
fn what_goes_with_a_deleted_record() {
    for (told, gone) in [
        ("When a dog is deleted, its toys are deleted too.", 1),
        ("If a dog is removed, its toys disappear as well.", 1),
        ("When somebody deletes a dog, its toys and bowls go with it.", 2),
        ("Deleting a dog also deletes all its toys.", 1),
        ("Removing a dog removes its toys along with it.", 1),
        ("Toys are deleted together with their dog.", 1),
        ("Toys disappear when their dog is deleted.", 1),
        ("The toys of a dog are deleted with it.", 1),
        ("If a dog is deleted, so are its bowls.", 1),
    ] {
        let read = read(&format!("{DATA}{told}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{told}");
        let rules = rules_of(&read, told);
        let cascades = rules.iter().filter(|rule| matches!(rule, RuleKind::Cascade { field, .. } if field == "dog_id"));
        assert_eq!(cascades.count(), gone, "{told} {rules:?}");
    }
}

#[test]
fn a_scenario_shows_it_and_other_sentences_do_not() {
    let read = read(&format!(
        "{DATA}Scenario: Gone\nGiven a dog with toys\nWhen the dog is deleted\nThen its toys are deleted as well\n"
    ));
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert!(read.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Cascade { .. })));
    for told in [
        "When a dog is deleted, its toys stay.",
        "A dog with toys cannot be deleted.",
        "When a dog is deleted, its toys and letters are deleted too.",
    ] {
        let read = super::read(&format!("{DATA}{told}\n"));
        assert!(!read.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Cascade { .. })), "{told}");
    }
}
