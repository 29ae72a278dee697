//! When each node ran, as bars.

use crate::progress::seconds;
use std::{fmt::Write, time::Duration};

/// One node in time.
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) from_ms: u64,
    /// None while it has not ended.
    pub(crate) to_ms: Option<u64>,
    pub(crate) stands: &'static str,
}

/// The longest name that is shown.
const NAME: usize = 28;

/// Begin and end of all.
fn extent(bars: &[Bar]) -> (u64, u64) {
    let from = bars.iter().map(|bar| bar.from_ms).min().unwrap_or(0);
    let to = bars.iter().map(|bar| bar.to_ms.unwrap_or(bar.from_ms)).max().unwrap_or(from);
    (from, to.max(from + 1))
}

fn short(name: &str) -> String {
    if name.chars().count() <= NAME { name.to_owned() } else { name.chars().take(NAME - 1).chain(['…']).collect() }
}

fn sorted(bars: &[Bar]) -> Vec<&Bar> {
    let mut sorted: Vec<&Bar> = bars.iter().collect();
    sorted.sort_by_key(|bar| (bar.from_ms, bar.to_ms));
    sorted
}

/// A share of so many, of a time within the whole.
fn share(ms: u64, of_ms: u64, all: u64) -> u64 {
    ms.saturating_mul(all) / of_ms.max(1)
}

/// One line a node, as wide as the terminal.
pub(crate) fn text(bars: &[Bar], columns: u16) -> Vec<String> {
    let (from, to) = extent(bars);
    let names = bars.iter().map(|bar| short(&bar.name).chars().count()).max().unwrap_or(0);
    let width = u64::from(columns).saturating_sub(names as u64 + 14).max(20);
    let line = |bar: &&Bar| {
        let end = bar.to_ms.unwrap_or(to);
        let start = share(bar.from_ms - from, to - from, width).min(width - 1);
        let length = share(end - from, to - from, width).saturating_sub(start).max(1);
        let fill = if bar.to_ms.is_some() { "█" } else { "░" };
        let bar_text = format!("{}{}", " ".repeat(start as usize), fill.repeat(length as usize));
        let took =
            if bar.to_ms.is_some() { seconds(Duration::from_millis(end - bar.from_ms)) } else { bar.stands.to_owned() };
        format!("{:<names$} {bar_text:<width$} {took}", short(&bar.name), width = width as usize)
    };
    sorted(bars).iter().map(line).collect()
}

/// A picture in SVG.
pub(crate) fn svg(title: &str, bars: &[Bar]) -> String {
    const ROW: usize = 24;
    const LEFT: u64 = 220;
    const WIDTH: u64 = 800;
    let (from, to) = extent(bars);
    let height = bars.len() * ROW + 40;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {total} {height}\" width=\"{total}\" height=\"{height}\" role=\"img\">\
         <title>{}</title><style>text{{font:13px system-ui,sans-serif;fill:#0f172a}}rect{{fill:#0f766e}}rect.failed{{fill:#c2410c}}\
         rect.open{{fill:#94a3b8}}@media(prefers-color-scheme:dark){{text{{fill:#f1f5f9}}}}</style>\n",
        escaped(title),
        total = LEFT + WIDTH + 80,
    );
    for (row, bar) in sorted(bars).into_iter().enumerate() {
        let end = bar.to_ms.unwrap_or(to);
        let x = LEFT + share(bar.from_ms - from, to - from, WIDTH);
        let width = share(end - bar.from_ms, to - from, WIDTH).max(2);
        let class = match (bar.to_ms, bar.stands) {
            (Some(_), _) => "done",
            (None, "failed") => "failed",
            (None, _) => "open",
        };
        let y = 16 + row * ROW;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "<g><title>{name}: {stands}, {took}</title><text x=\"12\" y=\"{base}\">{label}</text>\
             <rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"16\" rx=\"3\"/></g>",
            name = escaped(&bar.name),
            stands = bar.stands,
            took = seconds(Duration::from_millis(end - bar.from_ms)),
            base = y + 13,
            label = escaped(&short(&bar.name)),
        );
    }
    text.push_str("</svg>\n");
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_where_their_nodes_ran() {
        let bar = |name: &str, from_ms, to_ms| Bar { name: name.into(), from_ms, to_ms, stands: "succeeded" };
        let bars = [bar("b", 50, Some(100)), bar("a", 0, Some(50)), bar("open", 90, None)];
        let lines = text(&bars, 38);
        let cells = |line: &str| line.chars().skip(5).take(20).collect::<String>();
        assert_eq!(cells(&lines[0]), "██████████          ");
        assert_eq!(cells(&lines[1]), "          ██████████");
        assert_eq!(cells(&lines[2]), "                  ░░");
        let picture = svg("a<b", &bars);
        assert!(picture.contains("<title>a&lt;b</title>") && picture.matches("<rect class").count() == 3);
        assert_eq!(text(&[], 38), Vec::<String>::new());
    }
}
