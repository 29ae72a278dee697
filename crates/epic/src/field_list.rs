//! Tells a list or table of fields from a list of sentences.

use crate::signal;

const VERBS: &[&str] = &[
    "is", "are", "has", "have", "must", "may", "can", "cannot", "should", "shall", "will", "belongs", "moves",
    "starts", "goes", "becomes", "see", "shows", "show", "list", "get", "filter", "search", "sort", "export", "gets",
    "refuse", "supports", "send", "sends", "only", "no", "changes", "delete",
];

const TYPES: &[&str] = &[
    "text",
    "string",
    "str",
    "req",
    "uniq",
    "ref",
    "dec",
    "integer",
    "int",
    "number",
    "decimal",
    "money",
    "amount",
    "date",
    "datetime",
    "date-time",
    "boolean",
    "yes/no",
    "bool",
    "enum",
    "one of",
    "reference",
    "required",
    "optional",
    "unique",
    "e-mail",
    "email",
    "url",
    "phone",
    "mandatory",
    "whole number",
    "timestamp",
    "year",
    "default",
    "max",
    "choice",
    "link to",
    "status",
    "needed",
    "valid",
    "y/n",
    "digits",
    "characters",
    "chars",
];

/// The text before the first note mark, and the notes.
fn head(item: &str) -> (&str, &str) {
    let at = item
        .char_indices()
        .find(|(at, c)| {
            let before = item.get(..*at).unwrap_or_default();
            let after = item.get(at + c.len_utf8()..).unwrap_or_default();
            matches!(c, '(' | ':' | '–' | '—' | ',' | '=' | '\n')
                || (*c == '[' && before.ends_with(' '))
                || (*c == '-' && before.ends_with(' ') && after.starts_with(' '))
        })
        .map_or(item.len(), |(at, _)| at);
    item.split_at(at)
}

/// Whether one list item names a field or a value rather than saying something.
pub(crate) fn names(item: &str) -> bool {
    // "As a ringer, I record bells with a name (required)" says what somebody does, whatever stands behind its comma.
    if signal::story(item) {
        return false;
    }
    let (head, notes) = head(item);
    // "Loans: latest start date first; filter by status; export as CSV" says how a list looks.
    const LISTS: &[&str] = &[
        "filter by",
        "filters by",
        "filtered by",
        "sort by",
        "sorted by",
        "ordered by",
        "search by",
        "search in",
        "searched by",
        "per page",
        "csv",
    ];
    let notes = signal::plain(notes);
    if LISTS.iter().any(|told| signal::has(&notes, told)) {
        return false;
    }
    let lower = signal::plain(head);
    let words: Vec<&str> = lower.split_whitespace().collect();
    // "whether it is in service" names a flag.
    if let ["whether", "it" | "they" | "he" | "she", _, ..] = words.as_slice()
        && words.len() <= 7
        && !item.trim_end().ends_with('.')
    {
        return true;
    }
    let ended = item.trim_end().ends_with('.') && item.split_whitespace().count() > 8;
    // `is active (yes/no)` is a field's name, `is kept in the shed` is not.
    let noted = typed(item);
    let from = usize::from(matches!(words.first(), Some(&("is" | "has"))) && noted);
    // `starts at (date)` names a field; only words that no name has tell a typed item from one.
    const NEVER: &[&str] =
        &["is", "are", "has", "have", "must", "may", "can", "cannot", "should", "shall", "will", "only"];
    // "A booking belongs to a room, has a start (date)": no name has an article within and a verb.
    let articled = words.iter().skip(1).any(|word| ["a", "an", "the", "each", "every"].contains(word));
    let verbs = if noted && !articled { NEVER } else { VERBS };
    // `serial no` is a name, `no duplicates` is none.
    let verb = |(at, word): (usize, &&str)| if *word == "no" { at == 0 } else { verbs.contains(word) };
    let most = if noted { 9 } else { 6 };
    (1..=most).contains(&words.len()) && !words.iter().enumerate().skip(from).any(verb) && (!ended || noted)
}

/// Whether an item carries a type or field note.
pub(crate) fn typed(item: &str) -> bool {
    let (_, notes) = head(item);
    let lower = signal::plain(notes);
    TYPES.iter().any(|word| signal::has(&lower, word))
}

/// Whether an item tells the type of a field: "name (text)", and not only "name (required)", as a rule about it may.
pub(crate) fn of_type(item: &str) -> bool {
    const DUTIES: &[&str] = &[
        "req",
        "uniq",
        "required",
        "optional",
        "unique",
        "mandatory",
        "default",
        "max",
        "needed",
        "valid",
        "digits",
        "characters",
        "chars",
    ];
    let (_, notes) = head(item);
    let lower = signal::plain(notes);
    let typed = TYPES.iter().any(|word| !DUTIES.contains(word) && signal::has(&lower, word));
    typed || lower.contains("currency") || lower.contains("link to") || choice(item)
}

/// Whether an item is nothing but a type: `text`, `date`.
pub(crate) fn is_type(item: &str) -> bool {
    TYPES.contains(&signal::plain(head(item).0).trim())
}

/// "belongs to a customer", "is carried out on a scaffold": among the fields of a record, where it belongs.
pub(crate) fn belongs(item: &str) -> bool {
    let lower = signal::plain(item);
    let words: Vec<&str> = lower.split_whitespace().collect();
    // "of a session", "for one room, one team and one game master"
    let bare = matches!(words.first(), Some(&("of" | "for" | "in" | "on")))
        && matches!(words.get(1), Some(&("a" | "an" | "one")));
    let verb = words.first().is_some_and(|first| {
        matches!(*first, "is" | "made" | "done" | "used")
            || first.ends_with('s') && !first.ends_with("ss")
            || first.ends_with("ed")
    });
    const LEADS: &[&str] = &["to", "in", "on", "at", "by", "for", "of", "from", "with", "about", "under"];
    let one = |at: usize| words.get(at).is_some_and(|word| matches!(*word, "a" | "an" | "one"));
    let led = (1..=3).any(|at| words.get(at).is_some_and(|word| LEADS.contains(word)) && one(at + 1));
    bare && words.len() <= 12
        || verb
            && words.len() <= 7
            && (led || one(1) && matches!(words.first(), Some(&("concerns" | "covers" | "references"))))
}

/// The name of a field and the note in brackets behind it.
fn bracketed(item: &str) -> Option<(&str, &str)> {
    [(" (", ')'), (" [", ']')].iter().find_map(|(open, close)| {
        let (name, note) = item.trim().split_once(open)?;
        Some((name, note.strip_suffix(*close)?))
    })
}

/// "strength (1-10)", "mass (> 0)": a field with its bounds.
pub(crate) fn bounded(item: &str) -> bool {
    let Some((name, note)) = bracketed(item) else { return false };
    let figures = note.trim_start_matches(['<', '>', '=', '≥', '≤', ' ']);
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '–' | ' ');
    let compared = figures.len() < note.len();
    names(name)
        && figures.starts_with(|c: char| c.is_ascii_digit())
        && figures.chars().all(digits)
        && (compared || figures.contains(['-', '–']) || figures.contains(".."))
}

/// "presence (present, excused, absent)", "state [open -> done]": a field with its values.
pub(crate) fn choice(item: &str) -> bool {
    let Some((name, values)) = bracketed(item) else { return false };
    let values = ["→", "->", "=>", "|"].iter().fold(values.to_owned(), |values, mark| values.replace(mark, ","));
    let values: Vec<&str> = values.split(',').map(str::trim).collect();
    names(name)
        && values.len() > 1
        && values
            .iter()
            .all(|value| value.split(' ').count() <= 3 && value.chars().all(|c| c.is_alphabetic() || c == ' '))
}

/// "has a lift", "is heated": what a record is or is not, among its fields.
pub(crate) fn flag(item: &str) -> bool {
    let lower = signal::plain(head(item).0);
    let words: Vec<&str> = lower.split_whitespace().collect();
    (2..=4).contains(&words.len()) && matches!(words.first(), Some(&("has" | "is"))) && !item.trim_end().ends_with('.')
}

/// Whether an item is called as fields of any kind of record are.
pub(crate) fn commonly(item: &str) -> bool {
    const NAMES: &[&str] = &[
        "name",
        "number",
        "date",
        "e-mail",
        "email",
        "phone",
        "telephone",
        "address",
        "code",
        "title",
        "price",
        "time",
        "notes",
        "start",
        "end",
        "quantity",
        "amount",
        "description",
        "city",
        "town",
        "street",
        "on",
        "at",
        "of",
    ];
    let lower = signal::plain(head(item).0);
    lower.split_whitespace().next_back().is_some_and(|last| NAMES.contains(&last)) || lower.contains("date of ")
}

/// Whether an item is a field with a note: "category (default)" may be the value of a choice, "date (required)" a type.
pub(crate) fn noted(item: &str) -> bool {
    let (head, notes) = head(item);
    let (head, notes) = (signal::plain(head), signal::plain(notes));
    !TYPES.contains(&head.trim()) && TYPES.iter().any(|word| *word != "default" && signal::has(&notes, word))
}

/// Whether a lead-in ("A tool has:", "Fields:", "For each loan we record the following") announces fields or values.
pub(crate) fn announces(lead: &str) -> bool {
    const ENDS: &[&str] = &[
        "has",
        "have",
        "has the following",
        "have the following",
        "fields",
        "with",
        "record",
        "records",
        "store",
        "stores",
        "keep",
        "keeps",
        "contains",
        "includes",
        "include",
        "consists of",
        "attributes",
        "properties",
        "following fields",
        "the following fields",
        "following",
        "as follows",
        "data",
        "columns",
        "details",
        "information",
        "one of",
        "following attributes",
        "recorded",
        "of",
        "values",
        "statuses",
        "states",
        "stages",
        "following information",
        "following details",
        "note",
        "track",
        "following data",
        "captures",
        "capture",
        "holds",
    ];
    let lower = signal::plain(lead);
    let lower = lower.trim_end_matches([':', ' ', '.', '-', '–']);
    let following = signal::has(lower, "following")
        && [
            "record",
            "records",
            "recorded",
            "store",
            "stored",
            "kept",
            "keep",
            "fields",
            "data",
            "information",
            "attributes",
        ]
        .iter()
        .any(|word| signal::has(lower, word));
    let of_each = [
        "recorded for",
        "record for",
        "stored for",
        "kept for",
        "information about",
        "fields of",
        "data of",
        "attributes of",
        "data about",
    ]
    .iter()
    .any(|word| lower.contains(word))
        && lower.split(' ').count() <= 8;
    let tabled =
        ["fields in the table below", "fields in the following table", "fields listed below", "fields shown below"];
    following
        || tabled.iter().any(|end| lower.ends_with(end))
        || of_each
        || ENDS
            .iter()
            .any(|end| lower == *end || lower.strip_suffix(end).is_some_and(|rest| rest.ends_with([' ', '\''])))
}

/// Whether the items are parts of one statement: fields, or values.
pub(crate) fn is_one(items: &[String]) -> bool {
    let naming = items.iter().filter(|item| names(item)).count();
    !items.is_empty() && naming == items.len() && distinct(items)
}

/// "Report: ..." twice: no record has two fields of one name.
pub(crate) fn distinct(items: &[String]) -> bool {
    let mut heads: Vec<String> = items.iter().map(|item| signal::plain(head(item).0)).collect();
    heads.sort_unstable();
    heads.windows(2).all(|pair| pair.first() != pair.last())
}

/// Headers of the column that names the fields.
const NAMING: &[&str] = &[
    "field",
    "fields",
    "name",
    "attribute",
    "property",
    "column",
    "data",
    "item",
    "fieldname",
    "what",
    "element",
    "label",
];
/// Headers of the column that names the kinds of records.
const OWNING: &[&str] = &["entity", "record", "table", "object", "resource", "class", "model"];
/// Headers of columns that say something of a field.
const NOTING: &[&str] = &[
    "type",
    "datatype",
    "required",
    "notes",
    "rules",
    "constraints",
    "constraint",
    "rule",
    "remarks",
    "description",
    "format",
    "kind",
    "mandatory",
    "validation",
    "validations",
    "unique",
    "comment",
    "comments",
    "details",
    "values",
    "nullable",
    "optional",
    "default",
    "restrictions",
    "length",
    "meaning",
];

fn header_has(cell: &str, words: &[&str]) -> bool {
    let lower = signal::plain(cell);
    words.iter().any(|word| signal::has(&lower, word))
}

/// Whether a table is one of fields.
pub(crate) fn table(rows: &[Vec<String>]) -> bool {
    let Some((header, data)) = rows.split_first() else { return false };
    let Some(first) = header.first() else { return false };
    // `Name | Description` may list anything; only a type, a duty or a bound is said of fields alone.
    let noted = |from: usize| header.iter().skip(from).any(|cell| header_has(cell, NOTING));
    let named = header_has(first, NAMING) && noted(1);
    let owned = header_has(first, OWNING)
        && header.get(1).is_some_and(|cell| header_has(cell, NAMING) && !header_has(cell, &["description"]))
        && noted(2);
    // "Vehicle | Type | Notes": the kind of record heads the column of its fields.
    let type_column = header.iter().skip(1).position(|cell| header_has(cell, &["type", "datatype", "format"]));
    let types = type_column.is_some_and(|at| {
        let cells: Vec<&str> = data.iter().filter_map(|row| row.get(at + 1)).map(String::as_str).collect();
        let known = cells.iter().filter(|cell| type_word(cell)).count();
        known > 0 && known * 2 >= cells.len()
    });
    named || owned || (types && first.split(' ').count() <= 4)
}

/// What a field table is headed by, where that stands alone in its first row: `| Apiary | | |` over `| Field | Type | Notes |`.
pub(crate) fn headed(rows: &[Vec<String>]) -> Option<(&str, &[Vec<String>])> {
    let (first, rows) = rows.split_first()?;
    let (title, others) = first.split_first()?;
    let alone = !title.is_empty() && !others.is_empty() && others.iter().all(String::is_empty);
    (alone && table(rows)).then_some((title.as_str(), rows))
}

fn type_word(cell: &str) -> bool {
    let lower = signal::plain(cell);
    TYPES
        .iter()
        .any(|word| lower == *word || lower.starts_with(&format!("{word}(")) || lower.starts_with(&format!("{word} ")))
}

/// The columns of a table that has a row for each kind of record and a cell for its fields.
pub(crate) fn record_rows(header: &[String]) -> Option<(usize, usize)> {
    let owner = header.iter().position(|cell| header_has(cell, OWNING))?;
    let fields = header.iter().position(|cell| {
        header_has(cell, &["fields", "attributes", "properties", "data", "columns", "key fields", "information"])
    })?;
    (owner == 0 && fields > owner).then_some((owner, fields))
}

/// Whether a header row is that of a table of changes of state.
pub(crate) fn transitions(header: &[String]) -> bool {
    let any =
        |words: &[&str]| header.iter().any(|cell| words.iter().any(|word| signal::has(&signal::plain(cell), word)));
    any(&["from", "current", "state", "status", "stage", "phase"])
        && any(&["to", "next", "new", "become", "becomes", "then", "successor", "successors"])
}

/// Whether a list says from which state to which other one, and no more: "draft to sent" under "The following changes of
/// status are allowed".
pub(crate) fn ways(lead: &str, items: &[String]) -> bool {
    let lead = signal::plain(lead);
    let any = |words: &[&str]| words.iter().any(|word| signal::has(&lead, word));
    let told = any(&["transition", "transitions", "life cycle", "lifecycle", "workflow"])
        || any(&["change", "changes", "move", "moves", "step", "steps", "movement", "movements"])
            && any(&["status", "state", "stage", "phase", "statuses", "states", "stages", "phases"]);
    let way = |item: &String| {
        let item = signal::plain(item);
        let item = item.trim_end_matches(['.', ';', ',']);
        let item = item.strip_prefix("from ").unwrap_or(item);
        let ends = [" to ", " -> ", " → ", " => "].iter().find_map(|joint| item.split_once(joint));
        let state = |name: &str| {
            name.split(' ').count() <= 3 && !name.contains(',') && name.chars().all(|c| !c.is_ascii_digit() && c != ':')
        };
        ends.is_some_and(|(from, to)| state(from) && state(to))
    };
    told && !items.is_empty() && items.iter().all(way)
}

/// Whether a header row is that of a table of lists: "List | Search | Filter | Order | Page size".
pub(crate) fn lists(header: &[String]) -> bool {
    const OF: &[&str] =
        &["list", "view", "screen", "overview", "register", "table", "entity", "record", "records", "object"];
    const SHOWN: &[&str] = &[
        "search",
        "searchable",
        "filter",
        "filters",
        "filterable",
        "sort",
        "sorted",
        "sorting",
        "order",
        "ordered",
        "page",
        "paging",
        "csv",
        "export",
    ];
    let shown = |cell: &String| header_has(cell, SHOWN);
    header
        .split_first()
        .is_some_and(|(first, rest)| header_has(first, OF) && !rest.is_empty() && rest.iter().all(shown))
}

/// Whether a header row is that of a table of who may do what.
pub(crate) fn rights(header: &[String]) -> bool {
    let first = header.first().map(|cell| signal::plain(cell)).unwrap_or_default();
    ["action", "role", "who", "permission", "operation"].iter().any(|word| signal::has(&first, word))
        && header.len() >= 2
        && !header.iter().any(|cell| signal::has(&signal::plain(cell), "want"))
}

/// Whether a table marks in each row which of the people in its header may do something: an empty corner, and marks.
pub(crate) fn marked_rights(rows: &[Vec<String>]) -> bool {
    const MARKS: &[&str] = &["x", "yes", "no", "y", "n", "-", "–", "—", "✓", "✔", "✅", "✗", "✘", "❌"];
    let Some((header, data)) = rows.split_first() else { return false };
    let Some((corner, people)) = header.split_first() else { return false };
    let corner = signal::plain(corner);
    let titled = ["right", "rights", "task", "activity", "function", "feature", "what"];
    let empty = |cell: &String| cell.trim().is_empty();
    let mark = |cell: &String| empty(cell) || MARKS.contains(&cell.trim().to_lowercase().as_str());
    (corner.trim().is_empty() || titled.iter().any(|word| signal::has(&corner, word)))
        && people.len() >= 2
        && !people.iter().any(empty)
        && !data.is_empty()
        && data.iter().all(|row| row.iter().skip(1).all(mark) && row.first().is_some_and(|deed| !empty(deed)))
        && data.iter().any(|row| row.iter().skip(1).any(|cell| !empty(cell)))
}

/// Whether a table says with marks of each state what may be done then: "Status | Editable | Deletable".
pub(crate) fn locks(rows: &[Vec<String>]) -> bool {
    let Some((header, data)) = rows.split_first() else { return false };
    let Some((first, rest)) = header.split_first() else { return false };
    let state = ["status", "state", "stage", "phase"].iter().any(|word| signal::has(&signal::plain(first), word));
    let done = |cell: &String| {
        let cell = signal::plain(cell);
        ["edit", "chang", "modif", "delet", "remov"].iter().any(|word| cell.contains(word))
    };
    let mark = |cell: &String| ["yes", "no", "y", "n", "x", "-", ""].contains(&cell.trim().to_lowercase().as_str());
    state
        && !rest.is_empty()
        && rest.iter().all(done)
        && !data.is_empty()
        && data.iter().all(|row| row.iter().skip(1).all(mark))
}

/// Whether a column of a table tells in each row a way from one state to another: "draft → submitted".
pub(crate) fn arrows(rows: &[Vec<String>]) -> bool {
    let Some((header, data)) = rows.split_first() else { return false };
    let named = |cell: &String| {
        // "From → To"
        let drawn = ["->", "→"].iter().any(|arrow| cell.contains(arrow));
        drawn
            || ["transition", "change", "move", "way", "step", "workflow"]
                .iter()
                .any(|word| signal::has(&signal::plain(cell), word))
    };
    let arrow = |row: &Vec<String>, at: usize| {
        row.get(at).is_some_and(|cell| ["->", "→", "=>"].iter().any(|arrow| cell.contains(arrow)))
    };
    header.len() >= 2
        && !data.is_empty()
        && header.iter().enumerate().any(|(at, cell)| named(cell) && data.iter().all(|row| arrow(row, at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows parted by ` / `, cells by `|`.
    fn rows(text: &str) -> Vec<Vec<String>> {
        let cells = |row: &str| row.split('|').map(|cell| cell.trim().to_owned()).collect();
        text.split(" / ").map(cells).collect()
    }

    #[test]
    fn tables_of_rights_and_ways_are_known_by_their_cells() {
        assert!(marked_rights(&rows(" | member | host / create a room | - | x / edit a room | x | x")));
        assert!(!marked_rights(&rows(" | member | host / create a room | often | x")));
        assert!(!marked_rights(&rows("name | type | note / code | - | -")));
        assert!(arrows(&rows("Transition | Allowed for / draft → sent | clerk")));
        assert!(!arrows(&rows("Transition | Allowed for / sending | clerk")));
        assert!(locks(&rows("Status | Editable | Can be deleted / draft | yes | yes / sent | no | no")));
        assert!(!locks(&rows("Status | Editable | Meaning / draft | yes | being written")));
    }

    #[test]
    fn a_title_in_the_first_row_heads_a_field_table() {
        let told = rows("Apiary | | / Field | Type | Notes / name | text | required");
        assert_eq!(headed(&told).map(|(title, rows)| (title, rows.len())), Some(("Apiary", 2)));
        assert_eq!(headed(&rows("Field | Type / name | text")), None);
        assert_eq!(headed(&rows("Apiary | / north | sunny")), None);
    }

    #[test]
    fn tables_of_lists_are_known_by_all_their_columns() {
        let header = |text: &str| text.split(" | ").map(str::to_owned).collect::<Vec<_>>();
        assert!(lists(&header("List | Search by | Filters | Default order | Page size")));
        assert!(!lists(&header("List | Search by | Audience")));
        assert!(!lists(&header("Field | Search by")));
        assert!(!lists(&header("List")));
    }

    #[test]
    fn ways_between_states_are_known_by_what_leads_them_in() {
        let items = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
        let ways_of = items(&["draft to sent", "from sent to paid", "sent → void"]);
        assert!(ways("The system shall allow the following changes of status", &ways_of));
        assert!(!ways("The system shall offer the following", &ways_of));
        assert!(!ways("Allowed status changes", &items(&["draft to sent", "sent to paid after 14 days"])));
        assert!(!ways("Allowed status changes", &[]));
    }

    #[test]
    fn fields_are_told_from_sentences() {
        for item in ["name (text, required)", "due date: date", "email – e-mail, unique", "serial number"] {
            assert!(names(item), "{item}");
        }
        assert!(!names("A booking belongs to a room and a member, has a start (date, required)"));
        assert!(!names("As a ringer, I record bells with a name (required) and a weight"));
        for item in ["The name is required.", "A member can borrow at most three tools", "No two tools share a code"] {
            assert!(!names(item), "{item}");
        }
        assert!(
            announces("A tool has:") && announces("Fields:") && announces("For each loan we record the following:")
        );
        assert!(!announces("A loan is refused when:"));
    }
}
