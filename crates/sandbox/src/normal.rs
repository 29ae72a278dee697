//! Takes out of output what differs between two runs of the same work: times, ports, addresses, temporary names.

use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Pattern and replacement, applied in this order: a time stamp before its parts, an address before its port.
const RULES: [(&str, &str); 14] = [
    (r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b", "<uuid>"),
    (r"\b0x[0-9a-fA-F]{4,}\b", "<address>"),
    (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z\b|[+-]\d\d:?\d\d\b)?", "<time>"),
    (r"\b\d\d?/[A-Z][a-z]{2}/\d{4}[: ]\d\d:\d\d:\d\d(?: [+-]\d{4})?", "<time>"),
    (r"\b[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d(?: GMT| [+-]\d{4})?", "<time>"),
    (r"\b\d{4}-\d\d-\d\d\b", "<date>"),
    (r"\b\d\d:\d\d:\d\d(?:[.,]\d+)?", "<time>"),
    (r"\b\d+(?:\.\d+)? ?(?:ns|us|µs|ms|s|secs?|seconds?|mins?|minutes?)\b", "<duration>"),
    (r"(?:/var)?/tmp/[^\s'\x22:,;()<>\]]+", "<temporary>"),
    (r"(127\.0\.0\.1|0\.0\.0\.0|localhost|\[::1?\]):\d{1,5}\b", "$1:<port>"),
    (r"('(?:127\.0\.0\.1|0\.0\.0\.0|localhost|::1?)', )\d{1,5}\b", "$1<port>"),
    (r"(?i)\b(port[\s=:#'\x22]{1,4})\d{1,5}\b", "$1<port>"),
    (r"(?i)\b((?:pid|process|subprocess)[\s=:#'\x22]{1,4})\d+\b", "$1<pid>"),
    (r"\r\n?", "\n"),
];

// The patterns are constants; a test builds every one of them.
static COMPILED: LazyLock<Vec<(Regex, &str)>> =
    LazyLock::new(|| RULES.iter().filter_map(|(rule, by)| Some((Regex::new(rule).ok()?, *by))).collect());

/// The text without what differs from run to run.
pub(crate) fn normalise(text: &str) -> String {
    COMPILED
        .iter()
        .fold(Cow::Borrowed(text), |text, (rule, by)| {
            // Only a change allocates.
            match rule.replace_all(&text, *by) {
                Cow::Borrowed(_) => text,
                Cow::Owned(changed) => Cow::Owned(changed),
            }
        })
        .into_owned()
}

/// The same for bytes of an output stream. A line that was cut is left out: where it was cut depends on the lengths
/// of the parts that vary.
pub(crate) fn normalise_stream(bytes: &[u8], truncated: bool) -> String {
    let whole = match bytes.iter().rposition(|byte| *byte == b'\n') {
        Some(end) if truncated => bytes.get(..end).unwrap_or(bytes),
        _ => bytes,
    };
    normalise(&String::from_utf8_lossy(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(COMPILED.len(), RULES.len());
    }

    #[test]
    fn what_varies_is_taken_out() {
        let cases = [
            ("Ran 12 tests in 0.034s", "Ran 12 tests in <duration>"),
            ("at 2026-01-02T03:04:05.678Z done", "at <time> done"),
            ("at 2026-01-02 03:04:05,678 done", "at <time> done"),
            (
                r#"127.0.0.1 - - [02/Jan/2026 03:04:05] "GET / HTTP/1.1" 200 -"#,
                r#"127.0.0.1 - - [<time>] "GET / HTTP/1.1" 200 -"#,
            ),
            ("Date: Fri, 02 Jan 2026 03:04:05 GMT", "Date: <time>"),
            ("due 2026-01-16", "due <date>"),
            ("<App object at 0x7f12ab34cd50>", "<App object at <address>>"),
            ("listening on http://127.0.0.1:40123/loans", "listening on http://127.0.0.1:<port>/loans"),
            ("bound to ('127.0.0.1', 40123)", "bound to ('127.0.0.1', <port>)"),
            ("Serving on port 40123", "Serving on port <port>"),
            ("PORT=40123", "PORT=<port>"),
            ("subprocess 4711 is still running", "subprocess <pid> is still running"),
            ("wrote /tmp/tmpab12cd/data.db, ok", "wrote <temporary>, ok"),
            ("id 01234567-89ab-cdef-0123-456789abcdef", "id <uuid>"),
        ];
        for (text, expected) in cases {
            assert_eq!(normalise(text), expected);
        }
    }

    #[test]
    fn what_carries_meaning_stays() {
        for text in ["AssertionError: 404 != 200", "expected 14 loans, got 13", "tests/test_a.py, line 12", "ratio 1:2"]
        {
            assert_eq!(normalise(text), text);
        }
    }

    #[test]
    fn a_cut_line_does_not_count() {
        assert_eq!(normalise_stream(b"one\ntwo\nthr", true), "one\ntwo");
        assert_eq!(normalise_stream(b"one\ntwo\nthr", false), "one\ntwo\nthr");
    }
}
