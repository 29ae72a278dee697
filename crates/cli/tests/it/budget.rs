//! What may be spent: shown, granted with an author, refused where it makes no sense.

use crate::support::{EPIC, Place};
use serde_json::json;

#[test]
fn grants_are_kept_with_their_author_and_shown() {
    let place = Place::new();
    let epic = format!("{EPIC}\n## Rules\n\n- The moon must be full.\n");
    let told = place.fed(&["execute", "-", "--quiet", "--out", "here", "--budget", "1.25"], epic.as_bytes());
    assert_eq!(told.code, Some(3), "{told:?}");
    let granted =
        place.maestro(&["runs", "grant", "latest", "2.50", "--tokens", "1000", "--by", "Ada", "--json"]).json();
    assert_eq!(granted["account"]["granted"], json!({"micro_usd": 3_750_000, "tokens": 1000}));
    assert_eq!(granted["by"], "Ada");
    let again = place.maestro(&["runs", "grant", "latest", "0.000001", "--by", "Ada"]);
    assert!(again.out.contains("$0.00 of $3.750001, 0 of 1000 tokens"), "{again:?}");
    assert!(again.out.contains("maestro runs resume run-"), "{again:?}");
    let cost = place.maestro(&["runs", "cost", "latest", "--json"]).json();
    assert_eq!((&cost["model"]["granted_usd"], &cost["model"]["usd"]), (&json!(3.750001), &json!(0.0)));

    let none = place.maestro(&["budget", "show"]);
    assert!(none.out.contains("no limit for all runs together"), "{none:?}");
    place.maestro(&["budget", "grant", "100", "--by", "Grace"]);
    let shown = place.maestro(&["budget", "show", "--json"]).json();
    assert_eq!(shown["account"]["granted"], json!({"micro_usd": 100_000_000, "tokens": null}));
    assert_eq!((&shown["grants"][0]["by"], shown["grants"].as_array().unwrap().len()), (&json!("Grace"), 1));
}

#[test]
fn what_is_no_grant_is_refused() {
    let place = Place::new();
    place.maestro(&["budget", "grant", "5", "--by", "Ada"]).refused("there are no runs here yet", "");
    let done = place.fed(&["execute", "-", "--quiet", "--out", "here"], EPIC.as_bytes());
    assert_eq!(done.code, Some(0), "{done:?}");
    for (args, says) in [
        (&["latest", "2.50", "--by", "Ada"][..], "has ended well"),
        (&["latest", "2,50", "--by", "Ada"], "`2,50` is no sum of US dollars"),
        (&["latest", "0", "--by", "Ada"], "a grant of nothing"),
        (&["latest", "1", "--by", " "], "must name who"),
        (&["latest", "1"], "--by"),
        (&["latest", "--by", "Ada"], "USD"),
    ] {
        let args: Vec<_> = ["runs", "grant"].iter().chain(args).copied().collect();
        place.maestro(&args).refused(says, "");
    }
    let epic = place.file("e.md", EPIC);
    place.maestro(&["execute", epic.to_str().unwrap(), "--budget", "-3"]).refused("-3", "");
}
