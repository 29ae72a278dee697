//! Short lines that lead something in: labels, titles, openings.

use crate::field_list;
use crate::signal::{self, Purpose};

/// "Rules:", "Acceptance criteria", "Fields": a short line that names what follows.
pub(crate) fn is_label(text: &str) -> bool {
    let text = text.trim();
    let bare = text.trim_end_matches([':', ' ']);
    let words = bare.split_whitespace().count();
    words <= 4
        && !bare.ends_with(['.', '?', '!'])
        && !signal::strong(bare)
        && (text.ends_with(':') || !matches!(signal::purpose(bare), Purpose::Other | Purpose::Narrative))
        && !is_opening(bare)
}

/// "Description", "User story": heads a text and says nothing of it.
pub(super) fn is_mere_title(line: &str) -> bool {
    let lower = signal::plain(line);
    matches!(
        lower.trim().trim_end_matches([':', ' ']),
        "description" | "story" | "user story" | "details" | "narrative"
    )
}

/// "Doctor" over a list: a title without a mark.
pub(crate) fn is_title(text: &str) -> bool {
    text.split_whitespace().count() <= 4 && !text.ends_with(['.', '!', '?', ',']) && !signal::strong(text)
}

/// The name over a table, and what is said of it on the same line; `None` for a sentence.
pub(super) fn table_title(text: &str) -> Option<(&str, &str)> {
    if is_title(text) {
        return Some((text, ""));
    }
    let (title, said) = [" – ", " — ", " - ", ": "].iter().find_map(|mark| text.split_once(mark))?;
    let title = if signal::plain(title) == "entity" { said } else { title };
    (is_title(title) && !signal::strong(said)).then_some((title, said))
}

pub(super) fn is_short_label(lead: &str) -> bool {
    lead.split_whitespace().count() <= 5 && !is_opening(lead)
}

/// "Totals", "Lists": what the service does, over items that tell it; no kind of record.
pub(super) fn is_function(lead: &str) -> bool {
    let lower = signal::plain(lead);
    matches!(
        lower.trim_end_matches([':', ' ']),
        "totals"
            | "lists"
            | "list"
            | "reports"
            | "views"
            | "overviews"
            | "overview"
            | "search"
            | "searching"
            | "filters"
            | "filtering"
            | "sorting"
            | "export"
            | "exports"
            | "csv"
            | "statistics"
            | "sums"
            | "lists and totals"
            | "lists and search"
            | "lists and reports"
            | "search and filter"
            | "totals and export"
    )
}

/// "Fields", "Data": says nothing about whose fields, the heading does.
pub(super) fn is_bare_fields(lead: &str) -> bool {
    let lower = signal::plain(lead);
    matches!(
        lower.trim_end_matches([':', ' ']),
        "fields"
            | "data"
            | "attributes"
            | "properties"
            | "columns"
            | "it has"
            | "it records"
            | "the fields"
            | "details"
            | "we record"
            | "we store"
            | "recorded"
            | "with the following fields"
            | "the following fields"
            | "we keep"
            | "information"
    )
}

/// "Mandatory fields", "Optional": what is said of each of the fields that follow, and not whose they are.
fn is_duty_of_fields(lead: &str) -> bool {
    let lower = signal::plain(lead);
    let words: Vec<&str> = lower.split_whitespace().collect();
    let duty = |word: &str| matches!(word, "mandatory" | "required" | "compulsory" | "obligatory" | "optional");
    match words.as_slice() {
        [one] => duty(one),
        [first, last] | ["the", first, last] => {
            duty(first) && matches!(*last, "fields" | "data" | "attributes" | "information" | "properties" | "details")
        }
        _ => false,
    }
}

/// A lead-in and the fields behind its colon, where all of them are names.
pub(super) fn listed_fields(text: &str) -> Option<(&str, Vec<String>)> {
    let (lead, list) = text.split_once(':')?;
    let following = signal::has(&signal::plain(lead), "following") && field_list::announces(lead);
    let duty = is_duty_of_fields(lead);
    if !is_bare_fields(lead) && !following && !duty {
        return None;
    }
    let items = list_items(list);
    ((items.len() >= 2 || duty) && field_list::is_one(&items)).then_some((lead, items))
}

/// What stands around a line that may describe a kind of record.
#[derive(Clone, Copy, Default)]
pub(super) struct Around {
    /// Its section is one of data.
    pub(super) data: bool,
    /// Other lines describe records so: "Dogs: name (required), breed".
    pub(super) described: bool,
    /// Other items of its list describe records: one field with a note is enough.
    pub(super) one: bool,
    /// Other items of its list do, with notes: its own fields need none.
    pub(super) among: bool,
}

/// "Singer – a member of the choir: first name (required), e-mail": the kind of record, what is said of it, its fields.
pub(super) fn described_fields(text: &str, around: Around) -> Option<(&str, Vec<String>)> {
    const VALUES: &[&str] = &[
        "status",
        "state",
        "stage",
        "phase",
        "step",
        "priority",
        "type",
        "category",
        "level",
        "kind",
        "statuses",
        "states",
        "totals",
        "lists",
        "rules",
        "roles",
        "reports",
        "views",
        "search",
        "filters",
        "overviews",
        "moves",
        "transitions",
        "changes",
        "steps",
        "workflow",
        "lifecycle",
    ];
    let colon = text.char_indices().find(|(at, c)| {
        let open = text.get(..*at).unwrap_or_default();
        *c == ':' && open.matches('(').count() == open.matches(')').count()
    });
    // "Machine – tag (text, required), name (required)": a dash where others have a colon.
    let dash = || [" – ", " — ", " - "].iter().filter_map(|mark| text.find(mark)).min();
    let dashed = colon.is_none();
    let at = colon.map(|(at, _)| at).or_else(dash)?;
    let (lead, list) = text.split_at(at);
    let list = if dashed { list.trim_start_matches([' ', '–', '—', '-']) } else { list };
    let (title, said) =
        [" – ", " — ", " - ", ", ", " ("].iter().find_map(|mark| lead.split_once(mark)).unwrap_or((lead, ""));
    let lower = signal::plain(title);
    let named = is_title(title)
        && title.starts_with(char::is_uppercase)
        && signal::purpose(title) == Purpose::Other
        && !is_bare_fields(title)
        && !field_list::announces(title)
        && !lower.split(' ').any(|word| VALUES.contains(&word));
    let items = list_items(list.trim_start_matches([':', ' ']));
    let typed = items.iter().filter(|item| field_list::typed(item)).count();
    let noted = |item: &&String| field_list::typed(item) || field_list::choice(item) || field_list::bounded(item);
    let noted = items.iter().filter(noted).count();
    // Among lines that tell of records, the fields of one more need no notes.
    // "text" is the type of a field that is called so, and no field of a record.
    let fields = around.among && items.iter().all(|item| !field_list::is_type(item));
    let alike =
        fields || around.described && (around.data && items.len() >= 2 || title.ends_with('s') && items.len() >= 3);
    // "Attendance: rehearsal, singer, presence (present, excused, absent)": one of them is a choice.
    let choice = items.len() >= 3 && items.iter().any(|item| field_list::choice(item));
    let clear = around.data || !said.is_empty() || noted >= 2 || alike || choice;
    // Behind a dash anything may be said of a thing: all but one must be noted as fields are.
    let clear = clear && (!dashed || noted >= 2 && noted + 1 >= items.len());
    let whole = (items.len() >= 2 || around.one)
        && (typed >= 1 || alike || choice)
        && items
            .iter()
            .all(|item| field_list::names(item) || field_list::belongs(item) || around.data && field_list::flag(item));
    (named && clear && whole && !signal::strong(said)).then_some((title, items))
}

/// The items of a list in one line, at commas, semicolons and `and` outside parentheses.
pub(crate) fn list_items(list: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut depth = 0_i32;
    for word in list.trim().trim_end_matches('.').split_inclusive(' ') {
        let bare = word.trim();
        if depth == 0 && bare == "and" {
            items.push(String::new());
            continue;
        }
        for c in bare.chars() {
            depth += match c {
                '(' | '[' => 1,
                ')' | ']' => -1,
                _ => 0,
            };
        }
        let ends = depth <= 0 && bare.ends_with([',', ';']);
        if let Some(last) = items.last_mut() {
            last.push_str(if ends { bare.trim_end_matches([',', ';']) } else { word });
        }
        if ends {
            items.push(String::new());
        }
    }
    let items = items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty());
    // "chip number – 15 digits, unique, size": what is said of a field is no field.
    const FLAGS: &[&str] = &["unique", "required", "needed", "optional", "mandatory", "not unique", "may be empty"];
    let mut out: Vec<String> = Vec::new();
    for item in items {
        let relative = ["which ", "that "].iter().find_map(|lead| item.strip_prefix(lead)).map(str::to_owned);
        // "bottles in stock, which is a whole number": said of the item before.
        if let (Some(last), Some(said)) = (out.last_mut(), relative) {
            *last = match last.strip_suffix(')') {
                Some(open) => format!("{open}, {said})"),
                None => format!("{last} ({said})"),
            };
            continue;
        }
        match out.last_mut() {
            Some(last) if FLAGS.contains(&item.to_lowercase().as_str()) => {
                *last = match last.strip_suffix(')') {
                    Some(open) => format!("{open}, {item})"),
                    None if last.contains([':', '–', '—', '(']) => format!("{last}, {item}"),
                    None => format!("{last} ({item})"),
                };
            }
            _ => out.push(item),
        }
    }
    out
}

/// Whether some lines of a text each describe a kind of record and its fields.
pub(super) fn describes_records(blocks: &[crate::block::Block]) -> bool {
    use crate::block::Block;
    let told = |text: &str| described_fields(crate::label::strip(text).0, Around::default()).is_some();
    blocks.iter().any(|block| match block {
        Block::Para { text, .. } => text.split('\n').any(told),
        Block::List { items } => items.iter().any(|item| told(&item.text)),
        _ => false,
    })
}

/// A lead-in that the items finish: "A loan is refused when", "Members can".
pub(super) fn is_opening(lead: &str) -> bool {
    let lower = signal::plain(lead);
    let lower = lower.trim_end_matches([':', ' ', '…', '.']);
    const ENDS: &[&str] = &[
        "when",
        "if",
        "unless",
        "can",
        "may",
        "must",
        "cannot",
        "may not",
        "must not",
        "to",
        "that",
        "while",
        "only",
        "only if",
        "only when",
        "because",
        "should",
        "until",
        "for",
        "by",
        "are",
        "is",
        "as long as",
        "either",
        "and",
        "or",
    ];
    ENDS.iter().any(|end| lower == *end || lower.strip_suffix(end).is_some_and(|rest| rest.ends_with(' ')))
        && !signal::has(lower, "following")
}
