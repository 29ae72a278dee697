//! Figures by group, several of them in one sentence, behind whoever wants to see them: "the manager needs the total amount of
//! payments per payer and per kind of payer, and the number of orders per machine".

use crate::effect::Effect;
use crate::engine::Engine;
use maestro_artifacts::RuleKind;

/// How a wish for figures begins; what stands in front is who wants them.
const WISHES: &[&str] = &[
    " would like to see ",
    " wants to see ",
    " want to see ",
    " needs to see ",
    " need to see ",
    " needs ",
    " need ",
    " wants ",
    " want ",
    " shall show ",
    " should show ",
    " must show ",
    " shows ",
    " show ",
    " is interested in ",
    " can see ",
    " lists ",
];
const OVERVIEWS: &[&str] =
    &["There is an overview of ", "There are overviews of ", "An overview of ", "An overview shows ", "Overview of "];
const MEASURES: &[&str] = &["total", "totals", "sum", "number", "count", "average", "mean", "highest", "lowest", "how"];
const GROUPED: &[&str] =
    &[" grouped by ", " broken down by ", " for each ", " for every ", " per ", " by ", " of each "];

pub(super) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let told = text.trim().trim_end_matches(['.', '?']);
    let told = wished(told);
    let mut effects = Vec::new();
    let mut measure: Option<String> = None;
    for part in parted(told) {
        let (what, by) = match grouped(&part) {
            // "... and per kind of payer": of the same.
            Some(("", by)) => (measure.clone()?, by.to_owned()),
            Some((what, by)) => (plain(what), by.to_owned()),
            None => return None,
        };
        measures(&what).then_some(())?;
        let read = engine.any_reading(&format!("The {what} per {by} is shown")).ok()?;
        let total = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Totals { .. }) | Effect::UsedAs { .. });
        (read.iter().all(total) && !read.is_empty()).then_some(())?;
        effects.extend(read);
        measure = Some(what);
    }
    (!effects.is_empty()).then_some(effects)
}

/// Without whoever wants it, and without what the report is called.
fn wished(text: &str) -> &str {
    let text = OVERVIEWS.iter().find_map(|lead| text.strip_prefix(lead)).unwrap_or(text);
    let wish = WISHES.iter().filter_map(|wish| Some((text.find(wish)?, wish.len()))).min();
    let rest = wish.and_then(|(at, length)| text.get(at + length..)).unwrap_or(text);
    rest.strip_suffix(" is shown").or_else(|| rest.strip_suffix(" are shown")).unwrap_or(rest)
}

/// The figures of a list, each with its groups.
fn parted(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = text;
    loop {
        let joints = [", and ", " and ", ", "];
        let starts = |at: usize, joint: &str| {
            let behind = rest.get(at + joint.len()..).unwrap_or_default();
            let mut words =
                behind.split(' ').filter(|word| !matches!(word.to_lowercase().as_str(), "the" | "a" | "also" | "of"));
            let first = words.next().map(str::to_lowercase).unwrap_or_default();
            MEASURES.contains(&first.as_str()) || first == "per" || first == "by"
        };
        let next = joints
            .iter()
            .flat_map(|joint| rest.match_indices(joint).map(move |(at, _)| (at, *joint)))
            .filter(|(at, joint)| starts(*at, joint))
            .min_by_key(|(at, joint)| (*at, usize::MAX - joint.len()));
        let Some((at, joint)) = next else { break };
        parts.push(rest.get(..at).unwrap_or_default().to_owned());
        rest = rest.get(at + joint.len()..).unwrap_or_default();
    }
    parts.push(rest.to_owned());
    parts
}

/// What is counted, and by what.
fn grouped(part: &str) -> Option<(&str, &str)> {
    let part = part.trim();
    if let Some(by) = ["per ", "by ", "also per "].iter().find_map(|lead| part.strip_prefix(lead)) {
        return Some(("", by));
    }
    GROUPED.iter().find_map(|joint| part.split_once(joint))
}

fn plain(what: &str) -> String {
    let what = what.strip_prefix("of ").unwrap_or(what);
    // "The number of permits is shown per zone and per status"
    let what = [" is shown", " are shown", " is displayed", " are displayed"]
        .iter()
        .find_map(|verb| what.strip_suffix(verb))
        .unwrap_or(what);
    let what = ["the ", "The ", "a ", "A ", "There is a ", "there is a "]
        .iter()
        .find_map(|lead| what.strip_prefix(lead))
        .unwrap_or(what);
    let what = what.strip_prefix("How many ").or_else(|| what.strip_prefix("how many ")).map_or_else(
        || what.to_owned(),
        |counted| format!("number of {}", counted.trim_end_matches(" are there").trim_end_matches(" there are")),
    );
    what.replacen("count of ", "number of ", 1)
}

fn measures(what: &str) -> bool {
    what.split(' ').next().is_some_and(|first| MEASURES.contains(&first.to_lowercase().as_str()))
}
