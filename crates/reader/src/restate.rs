//! Clauses in other words: frames around a rule that change nothing of what it says, each told in the wording that the
//! families know. A restated clause must be understood whole like any other.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::pattern::{Bound, Patterns};
use crate::token::Token;
use crate::verbs;
use std::sync::LazyLock;

/// What is said, and the same in the families' wording. `{x}` stands for the words of slot `x`; `{x:ed}` for its first
/// word as a participle.
const FRAMES: &[(&str, &str)] = &[
    // What a deed needs
    (
        "[in order] to <words:deed> , <words:what> must [have] be (%supplied | assigned | there | noted | in place | available)",
        "{what} be needed to {deed}",
    ),
    (
        "<words:what> must [have] be (%supplied | assigned | there | noted | in place | available) (before | <) <words:deed>",
        "{what} be needed if {deed}",
    ),
    (
        "(before | <) <words:deed> , <words:what> must [have] be (%supplied | assigned | there | noted | in place | available)",
        "{what} be needed if {deed}",
    ),
    (
        "<words:what> must [have] be (%supplied | assigned | there | noted | in place | available) (before | <) <words:e> may be [%move] [to | as | into] <words:s>",
        "{what} must be given if {e} be {s}",
    ),
    (
        "(before | <) <words:e> may be [%move] [to | as | into] <words:s> , <words:what> must [have] be (%supplied | assigned | there | noted | in place | available)",
        "{what} must be given if {e} be {s}",
    ),
    // Lists
    (
        "[list of] <words:e> [list] (must be | be) (available | obtainable | offered | downloadable | exportable) (as | in) <words:form>",
        "{e} may be exported as {form}",
    ),
    (
        "list of <words:e> (shows | show | starts with | begin with | begins with | puts) <words:order> first",
        "{e} be shown {order} first",
    ),
    (
        "list of <words:e> (shows | show | starts with | begin with | begins with | puts) <words:order> first , <qty:n> [<words:e2>] per page",
        "{e} be shown {order} first and {e} be shown {n} per page",
    ),
    (
        "<words:e> be (listed | sorted | ordered | shown) by <words:f> (in alphabetical order | alphabetically | in ascending order | from a to z)",
        "{e} be sorted by {f}",
    ),
    (
        "<words:e> be (listed | sorted | ordered | shown) by <words:f> (in alphabetical order | alphabetically | in ascending order | from a to z) , <qty:n> (on | to | per) [1] page",
        "{e} be sorted by {f} && {e} be shown {n} per page",
    ),
    ("<words:rule> , <qty:n> (on | to) [1] page", "{rule} , {n} per page"),
    ("<words:a> [,] (using | with) [same] (filter | filters) (as | of | > | from) list", "{a}"),
    ("<words:a> (per | by) <words:x> [,] and (per | by) <words:y>", "{a} per {x} && {a} per {y}"),
    // Values and ways
    ("<words:e> have <words:f> with values <words:v>", "{f} of {e} be oneof {v}"),
    (
        "[following] (change | changes | transition | transitions | move | moves) [of | in | between] [status | state | stage | statuses | states] (be | must be | may be) (possible | allowed | permitted) : <words:list>",
        "allowed changes : {list}",
    ),
    ("<words:e> be <word:m> %prep <words:p> only", "{e} mayonly be {m} for {p}"),
    // Within a parent
    ("within [1 | same] <words:p> , <words:f> (must be | be) unique", "{f} must be unique per {p}"),
    (
        "(within | in | on | for | per) [1 | same] <words:p> , <words:f> (may | mayonly | must) be %occupied (only once | <= once | once | only 1)",
        "{f} must be unique per {p}",
    ),
    // How many
    (
        "<cmp> <qty:n> <words:c> (must be | may be | be) %recorded (for | in | on | per | of | with) [1] <words:p>",
        "{p} may have {cmp} {n} {c}",
    ),
    // When something is made
    (
        "(if | > | on) <words:e> be (created | made | added | recorded | entered | registered | announced | saved) , <words:rule>",
        "{rule} if {e} be created",
    ),
    (
        "(if | > | on) (creating | adding | recording | entering | registering | making) <words:e> , <words:rule>",
        "{rule} if {e} be created",
    ),
];

static COMPILED: LazyLock<Patterns<&'static str>> = LazyLock::new(|| Patterns::compile(FRAMES));

/// The clause read in another wording.
pub(crate) fn read(
    engine: &Engine<'_>,
    tokens: &[Token],
    main: &mut dyn FnMut(&[Token]) -> Option<Vec<Effect>>,
) -> Option<Vec<Effect>> {
    let scope = engine.scope(tokens);
    COMPILED.read(tokens, &scope, |template, bound| {
        let clauses = template.split(" && ").map(|clause| main(&filled(clause, tokens, bound)?));
        Some(clauses.collect::<Option<Vec<_>>>()?.concat())
    })
}

/// The clause that a template gives.
fn filled(template: &str, tokens: &[Token], bound: &Bound) -> Option<Vec<Token>> {
    let mut out: Vec<Token> = Vec::new();
    let place = tokens.first().map_or((0, 0), |token| (token.start, token.end));
    for part in template.split(' ') {
        let Some(slot) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            out.push(Token::new(part, place.0, place.1));
            continue;
        };
        let (name, form) = slot.split_once(':').unwrap_or((slot, ""));
        let words = tokens.get(bound.place(name)?)?;
        match (form, words.split_first()) {
            ("ed", Some((verb, rest))) => {
                out.push(verb.renamed(&verbs::participle(&verb.word)));
                out.extend(rest.iter().cloned());
            }
            _ => out.extend(words.iter().cloned()),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_frame_compiles() {
        crate::pattern::check(super::FRAMES);
    }
}
