//! Sentences of criteria that say two things at once or leave out what they speak of, each told in sentences that are read by
//! themselves.

use crate::effect::{self, Effect};
use crate::engine::Engine;
use crate::lexicon::Named;
use crate::normal;
use maestro_artifacts::TextFormat;
use maestro_domain::StatementId;

type Way = fn(&Engine<'_>, &str) -> Option<Vec<String>>;

const WAYS: &[Way] = &[lasting, long_enough, page_size, checked, existing];

/// Reads a sentence by others that say the same.
pub(crate) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let text = text.trim().trim_end_matches('.');
    WAYS.iter().find_map(|way| {
        let told = way(engine, text)?;
        let mut effects: Vec<Effect> = Vec::new();
        for told in told {
            let read = engine.any_reading(&told).ok().or_else(|| behind(engine, &effects, &told))?;
            effects.extend(read);
        }
        Some(effects)
    })
}

/// A sentence that speaks of what those before it name for the first time.
pub(crate) fn behind(engine: &Engine<'_>, before: &[Effect], sentence: &str) -> Option<Vec<Effect>> {
    // What is named here lives as long as this line is read: whose it is does not matter.
    let source = StatementId::new("FR-1").ok()?;
    let mut lexicon = engine.lexicon.clone();
    before.iter().for_each(|effect| effect::apply(&mut lexicon, effect, &source));
    (lexicon != *engine.lexicon).then_some(())?;
    Engine { lexicon: &lexicon, topics: engine.topics.clone() }.any_reading(sentence).ok()
}

/// "The validity periods of permits for the same car must not overlap": the permits must not.
fn lasting(_: &Engine<'_>, text: &str) -> Option<Vec<String>> {
    const SPANS: &[&str] = &["periods", "period", "times", "intervals", "time spans", "date ranges", "durations"];
    let bare = text.strip_prefix("The ").or_else(|| text.strip_prefix("the ")).unwrap_or(text);
    let (span, rest) = bare.split_once(" of ")?;
    let last = SPANS.iter().find_map(|noun| span.strip_suffix(noun))?;
    // "Validity", "rental": at most one word says which.
    let plain = last.trim().split(' ').count() == 1 && last.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    (plain && rest.contains(" overlap")).then(|| vec![crate::words::capitalised(rest)])
}

/// "A reason of at least 10 characters is mandatory when rejecting": it is, and it is that long.
fn long_enough(_: &Engine<'_>, text: &str) -> Option<Vec<String>> {
    let (name, rest) =
        [" of at least ", " of at most ", " with at least ", " with at most ", " of up to "].iter().find_map(
            |joint| text.split_once(joint).map(|(name, rest)| (name, format!("{}{rest}", joint.replace("with", "of")))),
        )?;
    let rest = rest.replace(" of up to ", " of at most ");
    let (bound, when) =
        [" is mandatory ", " is required ", " must be given ", " must be entered ", " is needed "].iter().find_map(
            |verb| rest.split_once(verb).map(|(bound, when)| (bound.to_owned(), format!("is mandatory {when}"))),
        )?;
    let bound = bound.strip_prefix(" of ")?;
    let words: Vec<&str> = bound.split(' ').collect();
    let ["at", "least" | "most", figure, "characters" | "letters"] = words.as_slice() else { return None };
    figure.chars().all(|c| c.is_ascii_digit()).then_some(())?;
    let bare = ["A ", "An ", "The "].iter().find_map(|article| name.strip_prefix(article))?;
    (bare.split(' ').count() <= 3).then(|| vec![format!("{name} {when}"), format!("The {bare} must have {bound}")])
}

/// "The page size is 20 by default": of the lists that are spoken of.
fn page_size(engine: &Engine<'_>, text: &str) -> Option<Vec<String>> {
    let lower = text.to_lowercase();
    let rest = [
        "the page size is ",
        "page size is ",
        "page size: ",
        "the default page size is ",
        "default page size is ",
        "default page size: ",
    ]
    .iter()
    .find_map(|lead| lower.strip_prefix(lead))?;
    let size = rest.trim_end_matches(" by default").trim_end_matches(" entries").trim_end_matches(" rows");
    let of = topic(engine)?;
    size.chars().all(|c| c.is_ascii_digit()).then(|| vec![format!("The page size of {} is {size}", of.plural)])
}

/// "The e-mail is checked for a valid format": where the field has a form that is known.
fn checked(engine: &Engine<'_>, text: &str) -> Option<Vec<String>> {
    const CHECKED: &[&str] = &[
        " is checked for a valid format",
        " is checked for valid format",
        " is checked for the correct format",
        " is checked for a correct format",
        " is checked for validity",
        " must have a valid format",
        " has to have a valid format",
        " must be in a valid format",
    ];
    let subject = CHECKED.iter().find_map(|end| text.strip_suffix(end))?;
    let words = normal::normalise(subject, engine.lexicon);
    let (end, field) = engine.scope(&words).field_at(&words, 0).into_iter().next()?;
    let name = &engine.lexicon.field(&field)?.name;
    (end == words.len() && crate::fields::infer::format(name) == Some(TextFormat::Email))
        .then(|| vec![format!("{subject} must be a valid e-mail address")])
}

/// "The zone must be an existing zone": what it refers to is there.
fn existing(engine: &Engine<'_>, text: &str) -> Option<Vec<String>> {
    let (subject, rest) =
        text.split_once(" must be an existing ").or_else(|| text.split_once(" has to be an existing "))?;
    let bare = ["The ", "A ", "Its "].iter().find_map(|article| subject.strip_prefix(article))?;
    (rest == bare || bare.ends_with(&format!(" {rest}"))).then_some(())?;
    let of = topic(engine)?;
    let field = of.find(bare).filter(|field| matches!(&field.kind, maestro_artifacts::FieldKind::Reference { .. }))?;
    Some(vec![format!("Each {} has a {}", of.name, field.name)])
}

fn topic<'l>(engine: &Engine<'l>) -> Option<&'l Named> {
    engine.topics.first().and_then(|topic| engine.lexicon.entity(topic))
}
