//! Runs that are not there.

use crate::support::Place;

#[test]
fn a_place_without_runs_stays_without_a_home() {
    let place = Place::new();
    let list = place.maestro(&["runs", "list", "--json"]);
    assert_eq!((list.code, list.out.as_str()), (Some(0), "[]\n"));
    let list = place.maestro(&["runs", "list"]);
    assert!(list.code == Some(0) && list.out.is_empty() && list.err.contains("no runs"), "{list:?}");
    for command in ["show", "watch", "trace", "artifacts", "fetch", "resume", "cancel", "delete", "cost"] {
        for name in ["latest", "run-1", "", "../x", "run-\u{1b}[2J"] {
            let told = place.maestro(&["runs", command, name]);
            told.refused("there is no run", "maestro runs list");
            assert!(!told.err.contains('\x1b'), "{told:?}");
        }
    }
    assert!(place.entries().is_empty());
}
