//! Text of the epic, made harmless for the format that it is put into. The epic is written by strangers: every word of it that
//! reaches a file goes through one of these.

/// One line without control characters, runs of white space made one space.
pub(crate) fn line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if invisible(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Control characters, and those that turn the direction of text around and so make it read as something else.
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Text inside a line of Markdown, also inside a table cell: it shows as it is and forms nothing.
pub(crate) fn md(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in line(text).chars().enumerate() {
        // HTML could begin anywhere, and not every reader of Markdown knows backslashes before it.
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '{' | '}' | '$' => out.extend(['\\', c]),
            '-' | '+' | '=' | '.' | ')' | ':' if at == 0 => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    // "1." at the start of a line would begin a list.
    match out.split_once(['.', ')']) {
        Some((number, rest)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => {
            let mark = out.get(number.len()..=number.len()).unwrap_or(".");
            format!("{number}\\{mark}{rest}")
        }
        _ => out,
    }
}

/// A name of the model as code inside a line of Markdown. What cannot stand in a code span safely is shown as plain text.
pub(crate) fn code(text: &str) -> String {
    let text = line(text);
    let plain = |c: char| c.is_alphanumeric() || " _-/.:=?,+'\"()$@;%{}*#!^[]".contains(c);
    if !text.is_empty() && text.chars().all(plain) { format!("`{text}`") } else { md(&text) }
}

/// The text of a Mermaid label, to stand between double quotes. Everything but letters, digits and a few marks becomes an
/// entity, as Mermaid writes them (`#34;`).
pub(crate) fn mermaid(text: &str) -> String {
    line(text)
        .chars()
        .map(
            |c| {
                if c.is_alphanumeric() || " ,.-_/'".contains(c) { c.to_string() } else { format!("#{};", u32::from(c)) }
            },
        )
        .collect()
}

/// One word of a POSIX shell command. Control characters are left out: no name in a command needs them.
pub(crate) fn shell(text: &str) -> String {
    let text = line(text);
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-./:=@%+,".contains(&b);
    if !text.is_empty() && text.bytes().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// A shell command from its words.
pub(crate) fn command(words: &[String]) -> String {
    words.iter().map(|word| shell(word)).collect::<Vec<_>>().join(" ")
}

/// A name for files, images and services: lower-case letters, digits and single hyphens, at most 40.
pub(crate) fn slug(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join("-");
    let cut: String = joined.chars().take(40).collect();
    let cut = cut.trim_matches('-');
    if cut.is_empty() { "service".to_owned() } else { cut.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "A `b` \"\"\" | ${{ secrets.X }}\n# x <script>\u{202e} 'y'";

    #[test]
    fn markdown_forms_nothing() {
        assert_eq!(md(HOSTILE), "A \\`b\\` \"\"\" \\| \\$\\{\\{ secrets.X \\}\\} \\# x &lt;script&gt; 'y'");
        assert_eq!(md("- x"), "\\- x");
        assert_eq!(md("12. x"), "12\\. x");
        assert_eq!(md("1.5 x"), "1\\.5 x");
        assert_eq!(md("a 1. x"), "a 1. x");
    }

    #[test]
    fn code_spans_cannot_be_left() {
        assert_eq!(code("GET /loans/{id}"), "`GET /loans/{id}`");
        assert_eq!(code("a`b|c"), "a\\`b\\|c");
        assert_eq!(code(""), "");
    }

    #[test]
    fn mermaid_labels_stay_in_their_quotes() {
        assert_eq!(mermaid("a\"]; b"), "a#34;#93;#59; b");
        assert!(!mermaid(HOSTILE).contains(['"', '`', '\n', '<', '{', '|']));
    }

    #[test]
    fn shell_words_stay_one_word() {
        assert_eq!(shell("X-Role: a'b; rm"), "'X-Role: a'\\''b; rm'");
        assert_eq!(command(&["python3".into(), "-m".into(), "x y".into()]), "python3 -m 'x y'");
    }

    #[test]
    fn slugs_are_plain() {
        assert_eq!(slug(HOSTILE), "a-b-secrets-x-x-script-y");
        assert_eq!(slug("日本"), "service");
    }
}
