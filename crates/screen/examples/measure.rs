//! Measures the screen on texts with labels: JSON lines `{"text": "...", "label": 1}` on standard input, where 1 is an attack.
//! Prints what was missed and what was withheld though it is fine, then the shares.

use maestro_screen::{Verdict, screen};
use std::io::{BufRead, Write};

#[derive(serde::Deserialize)]
struct Labelled {
    text: String,
    label: u8,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut out, mut counts) = (std::io::stdout().lock(), [[0_u32; 2]; 2]);
    for line in std::io::stdin().lock().lines() {
        let Labelled { text, label } = serde_json::from_str(&line?)?;
        let report = screen(&text)?;
        let withheld = report.verdict == Verdict::Withheld;
        let attack = label == 1;
        if let Some(count) = counts.get_mut(usize::from(attack)).and_then(|row| row.get_mut(usize::from(withheld))) {
            *count += 1;
        }
        if withheld != attack {
            let why = report.findings.first().map(|finding| finding.excerpt.as_str()).unwrap_or_default();
            writeln!(out, "{}\t{}\t[{why}]", if attack { "missed" } else { "false" }, text.replace('\n', " "))?;
        }
    }
    let [[passed, wrong], [missed, caught]] = counts;
    writeln!(
        out,
        "attacks withheld {caught} of {}; fine texts withheld {wrong} of {}",
        caught + missed,
        passed + wrong
    )?;
    Ok(())
}
