//! From Go's syntax of regular expressions to the one of `regex`, where a text that both read means something else to each.

/// The expression as `regex` (without Unicode) reads it: a `{` that opens no repetition, and `[`, `&&`, `--` and `~~` inside a
/// class, stand for themselves in Go.
pub(crate) fn translate(go: &str) -> String {
    let chars: Vec<char> = go.chars().collect();
    let at = |i: usize| chars.get(i).copied();
    let mut out = String::with_capacity(go.len() + 8);
    // Where the open class began, so that a `]` in its first place stands for itself.
    let mut class: Option<usize> = None;
    let mut i = 0;
    while let Some(c) = at(i) {
        if c == '\\' {
            out.push(c);
            out.extend(at(i + 1));
            i += 2;
            continue;
        }
        match class {
            None if c == '[' => {
                let negated = at(i + 1) == Some('^');
                class = Some(i + 1 + usize::from(negated));
                out.push('[');
                if negated {
                    out.push('^');
                    i += 1;
                }
            }
            None if c == '{' && !repeats(&chars, i) => out.push_str("\\{"),
            None => out.push(c),
            Some(start) if c == ']' && i > start => {
                class = None;
                out.push(c);
            }
            Some(_) if c == ']' => out.push_str("\\]"),
            Some(_) if c == '[' && at(i + 1) == Some(':') => {
                let end = (i + 2..chars.len()).find(|&j| at(j) == Some(':') && at(j + 1) == Some(']'));
                let end = end.map_or(i, |j| j + 1);
                out.extend(chars.get(i..=end).unwrap_or_default());
                i = end;
            }
            Some(_) if c == '[' => out.push_str("\\["),
            Some(_) if matches!(c, '&' | '-' | '~') && at(i + 1) == Some(c) => {
                out.push('\\');
                out.push(c);
            }
            Some(_) => out.push(c),
        }
        i += 1;
    }
    out
}

/// Whether `{` at this place opens `{n}`, `{n,}` or `{n,m}`.
fn repeats(chars: &[char], open: usize) -> bool {
    let rest = chars.get(open + 1..).unwrap_or_default();
    let Some(close) = rest.iter().position(|c| *c == '}') else { return false };
    let inside: String = rest.iter().take(close).collect();
    let (low, high) = inside.split_once(',').unwrap_or((&inside, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    !low.is_empty() && digits(low) && digits(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_changed() {
        for (go, rust) in [
            (r"^\$(?:\d+|{\d+})$", r"^\$(?:\d+|\{\d+})$"),
            (r"[a-z]{2,3}x{4}", r"[a-z]{2,3}x{4}"),
            (r"\[[^]]+]", r"\[[^\]]+]"),
            (r"[[:alnum:]_]{3}", r"[[:alnum:]_]{3}"),
            (r"[a[b]", r"[a\[b]"),
            (r"{[ \t\w,]+}", r"\{[ \t\w,]+}"),
            (r"[\]x--z]", r"[\]x\--z]"),
        ] {
            assert_eq!(translate(go), rust);
            regex::bytes::RegexBuilder::new(rust).unicode(false).build().unwrap();
        }
    }
}
