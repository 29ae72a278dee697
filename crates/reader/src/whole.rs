//! Whether a reading holds what its sentence says: words that must have left a trace in what was understood.

use crate::effect::Effect;
use maestro_artifacts::RuleKind;

/// Whether something that the text plainly says is missing in what was understood of it.
pub(crate) fn loses(text: &str, effects: &[Effect]) -> bool {
    let lower = format!(
        " {} ",
        text.to_lowercase().replace([',', '.', ';', ':'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
    );
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(&format!(" {word} ")));
    let rules = || effects.iter().filter_map(|effect| if let Effect::Rule(rule) = effect { Some(rule) } else { None });
    let any = |fits: fn(&RuleKind) -> bool| rules().any(fits);
    // "Each dive has an air need, which is its depth times its size" does more than name a field.
    let names = effects.iter().all(|effect| {
        matches!(
            effect,
            Effect::Entity { .. } | Effect::Field { read_only: false, .. } | Effect::Rule(RuleKind::HasField { .. })
        )
    });
    let formula = names && says(&["times", "minus", "multiplied by", "is the sum of", "equals the sum of"]);
    // "Ordered by start, newest first": the order that is told.
    let sorts = rules().any(|rule| matches!(rule, RuleKind::List { sort, .. } if !sort.is_empty()));
    let turned =
        rules().any(|rule| matches!(rule, RuleKind::List { sort, .. } if sort.iter().any(|key| key.descending)));
    let falling = ["newest first", "latest first", "most recent first", "descending", "descending order"];
    let order = sorts && !turned && says(&falling);
    // Filters are told as such.
    let filters = any(|rule| matches!(rule, RuleKind::Filter { .. }));
    let filtering =
        lower.contains("filter") || says(&["narrow", "narrowed", "restrict", "only", "by", "find", "select", "limit"]);
    let sorting = says(&["sort", "sorts", "sorted", "order", "ordered"]);
    let unfiltered = lower.contains(" filter ") && !filters && any(|rule| matches!(rule, RuleKind::Capability { .. }));
    let told = lower.contains("filter") || lower.contains("search") || says(&["find", "narrow", "narrowed"]);
    let invented = filters && !told && (sorting || !filtering);
    // "Double bookings of a room": whose bookings they are.
    let apart = says(&["double bookings of", "double booking of"])
        && any(|rule| matches!(rule, RuleKind::NoOverlap { by, .. } if by.is_empty()));
    apart || formula || order || unfiltered || invented
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_artifacts::service_model::SortKey;

    fn list(descending: bool) -> Vec<Effect> {
        let sort = vec![SortKey { field: "start".to_owned(), descending }];
        vec![Effect::Rule(RuleKind::List { entity: "booking".to_owned(), sort, page_size: None })]
    }

    #[test]
    fn what_is_told_leaves_a_trace() {
        assert!(loses("Bookings are ordered by start, newest first.", &list(false)));
        assert!(!loses("Bookings are ordered by start, newest first.", &list(true)));
        let named = [Effect::has_field("dive", "air_need")];
        assert!(loses("Each dive has an air need, which is its depth times its size.", &named));
        assert!(!loses("Each dive has an air need.", &named));
    }
}
