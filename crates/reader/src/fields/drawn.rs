//! Steps between states, drawn in a note behind a name: `status [enum: draft -> sent | withdrawn]`.

const ARROWS: &[&str] = &["->", "→", "=>"];

/// The text with such notes as they are drawn elsewhere: in round brackets, without a lead, with "or" between ways from one state;
/// `None` where nothing of that is needed.
pub(crate) fn plain(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['(', '[']) {
        let (before, from) = rest.split_at_checked(open)?;
        let close = if from.starts_with('(') { ')' } else { ']' };
        let inside = from.get(1..)?;
        let Some(end) = inside.find(close).filter(|end| !inside.get(..*end).unwrap_or_default().contains(['(', '[']))
        else {
            out.push_str(before);
            out.push_str(from.get(..1)?);
            rest = inside;
            continue;
        };
        let (note, behind) = (inside.get(..end)?, inside.get(end + 1..)?);
        out.push_str(before);
        // "booked -> checked in [receptionist]": who may, behind the step.
        let behind_step = close == ']' && ARROWS.iter().any(|arrow| out.contains(arrow));
        match drawn(note).or_else(|| behind_step.then(|| note.to_owned())) {
            Some(note) => {
                out.push('(');
                out.push_str(&note);
                out.push(')');
            }
            None => out.push_str(from.get(..end + 2)?),
        }
        rest = behind;
    }
    out.push_str(rest);
    (out != text).then_some(out)
}

fn drawn(note: &str) -> Option<String> {
    const LEADS: &[&str] =
        &["enum", "one of", "status", "state", "workflow", "values", "choice", "life cycle", "lifecycle", "flow"];
    ARROWS.iter().any(|arrow| note.contains(arrow)).then_some(())?;
    let lower = note.trim_start().to_ascii_lowercase();
    let led = LEADS.iter().find_map(|lead| {
        let behind = lower.strip_prefix(lead)?;
        Some(behind.len()).filter(|_| behind.starts_with([':', ' ', ',', ';']))
    });
    let ways = led.map_or(note, |length| note.get(note.len() - length..).unwrap_or(note));
    Some(ways.trim_start_matches([':', ' ', ',', ';']).replace(" | ", " or ").replace('|', " or "))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn ways_are_drawn_alike() {
        assert_eq!(plain("state [active -> sold | dead], tag").as_deref(), Some("state (active -> sold or dead), tag"));
        assert_eq!(plain("status (enum: new → done)").as_deref(), Some("status (new → done)"));
        assert_eq!(plain("booked → in [desk; needs tag]").as_deref(), Some("booked → in (desk; needs tag)"));
        for same in ["state (planned -> open)", "breed [carnica | buckfast]", "a note (see (1) -> 2)"] {
            assert_eq!(plain(same), None, "{same}");
        }
    }
}
