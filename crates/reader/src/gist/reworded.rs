//! Sentences that say with other words, and with names that the epic has by then, what the patterns know: "a draft can go into
//! production" of a state `in production`, "there are never more than 20 lines on an order".

use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::{Lexicon, Named};
use maestro_artifacts::{FieldKind, RuleKind};

/// One way of telling the same: the sentence in usual words.
type Wording = fn(&Engine<'_>, &str) -> Option<String>;

const WORDINGS: &[Wording] =
    &[accepted, sized, there_are, while_only, how_many, begins, invalid, rejects, allows, decimals];

pub(super) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let told = text.trim().trim_end_matches('.');
    WORDINGS.iter().find_map(|wording| {
        let plain = wording(engine, told)?;
        engine.any_reading(&plain).ok().or_else(|| super::clause(engine, &plain)).filter(|effects| !effects.is_empty())
    })
}

fn after<'t>(text: &'t str, leads: &[&str]) -> Option<&'t str> {
    leads.iter().find_map(|lead| text.strip_prefix(lead))
}

/// "Go into production", "put an order in production", "send it to quality check": a change to the state of that name.
pub(crate) fn into_state(text: &str, lexicon: &Lexicon) -> Option<String> {
    let states = lexicon.entities.iter().flat_map(|named| &named.flow.states);
    let mut plain = text.to_owned();
    for state in states.clone() {
        if let Some(place) = state.strip_prefix("in ") {
            let into = format!(" into {place}");
            if let Some((head, tail)) = plain.split_once(&into).filter(|(_, tail)| ends(tail)) {
                plain = format!("{head} to {state}{tail}");
            }
        }
        const CHANGES: &[(&str, &str)] = &[
            ("put ", " "),
            ("send ", " to "),
            ("send ", " "),
            ("bring ", " "),
            ("bring ", " to "),
            ("declare ", " "),
            ("declare ", " as "),
            ("declare ", " to be "),
            ("mark ", " "),
        ];
        for (verb, joint) in CHANGES.iter().copied() {
            // "A remark" marks nothing.
            let whole =
                |(at, _): &(usize, &str)| plain.get(..*at).is_some_and(|head| head.is_empty() || head.ends_with(' '));
            let Some((at, _)) = plain.match_indices(verb).find(whole) else { continue };
            let (head, rest) = (plain.get(..at).unwrap_or_default(), plain.get(at + verb.len()..).unwrap_or_default());
            let goal = format!("{joint}{state}");
            let Some((object, tail)) = rest.split_once(&goal).filter(|(_, tail)| ends(tail)) else { continue };
            let bare = !object.ends_with(" as") && !object.ends_with(" to") && !object.contains(',');
            // "Put a standing tree under observation" puts nothing that is called "a" there.
            let article = matches!(object, "a" | "an" | "the" | "one" | "each" | "any");
            if object.split(' ').count() <= 3 && bare && !article {
                plain = format!("{head}set {object} to {state}{tail}");
            }
        }
    }
    // "Set an order to in work or set it to done": the one change or the other, and nothing that is made.
    for state in states {
        for it in [" or set it to ", " or set them to "] {
            if let Some((head, tail)) = plain.split_once(&format!("{it}{state}")).filter(|(_, tail)| ends(tail)) {
                plain = format!("{head} or to {state}{tail}");
            }
        }
    }
    (plain != text).then_some(plain)
}

/// Whether a name ends where the rest begins.
fn ends(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-')
}

/// "At most 5 requests are accepted for each box": a box has at most as many.
fn accepted(engine: &Engine<'_>, text: &str) -> Option<String> {
    const LEADS: &[&str] = &["At most ", "No more than ", "Not more than ", "A maximum of ", "Up to "];
    const VERBS: &[&str] = &["accepted", "allowed", "possible", "permitted", "taken"];
    let rest = after(text, LEADS)?;
    let (count, rest) = rest.split_once(' ')?;
    let (many, rest) = [" are ", " is ", " can be ", " may be "].iter().find_map(|verb| rest.split_once(verb))?;
    let (verb, one) = [" for ", " per ", " in ", " on ", " of "].iter().find_map(|joint| rest.split_once(joint))?;
    let one = after(one, &["each ", "every ", "one ", "a ", "an ", "any one "]).unwrap_or(one);
    let number = count.parse::<u32>().is_ok() || crate::normal::digits(count).is_some();
    let (child, parent) = (engine.lexicon.find(many)?, engine.lexicon.find(one)?);
    engine.lexicon.reference(&child.key, &parent.key)?;
    (number && VERBS.contains(&verb)).then(|| format!("Each {} has at most {count} {many}", parent.name))
}

/// "A box is no longer than 5 metres" of boxes that have a length.
fn sized(engine: &Engine<'_>, text: &str) -> Option<String> {
    const MEASURES: &[(&str, &[&str])] = &[
        ("longer", &["length"]),
        ("shorter", &["length"]),
        ("heavier", &["weight", "mass"]),
        ("lighter", &["weight", "mass"]),
        ("higher", &["height"]),
        ("taller", &["height"]),
        ("wider", &["width"]),
        ("narrower", &["width"]),
        ("deeper", &["depth"]),
        ("thicker", &["thickness"]),
    ];
    const UNITS: &[&str] = &[
        "metres",
        "meters",
        "metre",
        "m",
        "cm",
        "mm",
        "centimetres",
        "centimeters",
        "millimetres",
        "kg",
        "kilograms",
        "g",
        "grams",
        "tonnes",
        "t",
        "kilometres",
        "km",
    ];
    let (whose, rest) = [" is ", " are ", " may be ", " can be ", " must be "]
        .iter()
        .find_map(|verb| text.split_once(&format!("{verb}no ")).or_else(|| text.split_once(&format!("{verb}never "))))
        .or_else(|| {
            [" must not be ", " may not be ", " cannot be ", " can't be "].iter().find_map(|verb| text.split_once(verb))
        })?;
    let (how, figure) = rest.split_once(" than ")?;
    let (number, unit) = figure.split_once(' ')?;
    let whose = after(whose, &["A ", "An ", "Each ", "Every ", "No "]).unwrap_or(whose);
    let named = engine.lexicon.find(whose)?;
    let (_, names) = MEASURES.iter().find(|(word, _)| *word == how)?;
    let mut found = names.iter().filter_map(|name| named.find(name));
    let field = found.next().filter(|_| found.next().is_none())?;
    let numeric = matches!(field.kind, FieldKind::Integer | FieldKind::Decimal);
    let less = matches!(how, "shorter" | "lighter" | "narrower");
    let bound = if less { "at least" } else { "at most" };
    (numeric && UNITS.contains(&unit) && number.parse::<f64>().is_ok())
        .then(|| format!("The {} of a {} must be {bound} {number} {unit}", field.name, named.name))
}

/// "There are never more than 20 lines on an order": an order has at most as many.
fn there_are(_: &Engine<'_>, text: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "There are never more than ",
        "There are no more than ",
        "There are at most ",
        "There may be at most ",
        "There can be at most ",
        "There must be at most ",
        "There shall be at most ",
        "There may be no more than ",
        "There can be no more than ",
        "There must not be more than ",
        "There must never be more than ",
        "There shall not be more than ",
        "There cannot be more than ",
        "There may not be more than ",
    ];
    let rest = after(text, LEADS)?;
    let (count, rest) = rest.split_once(' ')?;
    let (many, one) =
        [" on ", " in ", " per ", " for ", " of ", " to "].iter().find_map(|joint| rest.split_once(joint))?;
    let one = after(one, &["an ", "a ", "each ", "every ", "one ", "the same ", "any one ", "any "]).unwrap_or(one);
    let plain =
        |name: &str| name.split(' ').count() <= 3 && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    (plain(many) && plain(one)).then(|| format!("Each {one} has at most {count} {many}"))
}

/// "Items shall be added to a loan only while the loan is a draft": when they alone may be.
fn while_only(engine: &Engine<'_>, text: &str) -> Option<String> {
    let (head, when) = [" only while ", " only as long as ", " only when ", " only if "]
        .iter()
        .find_map(|only| text.split_once(only))?;
    let (what, deed) =
        [" shall be ", " may be ", " can be ", " should be "].iter().find_map(|may| head.split_once(may))?;
    // "Added to a loan": of the records that the items belong to anyway.
    let (deed, parent) = match deed.split_once(" to ") {
        Some((deed, parent)) => (deed, Some(parent)),
        None => (deed, None),
    };
    let named = |name: &str| {
        let name = after(name, &["an ", "a ", "the ", "each "]).unwrap_or(name);
        engine.lexicon.find(name).map(|named| named.key.clone())
    };
    if let Some(parent) = parent {
        let (child, parent) = (named(&what.to_lowercase())?, named(parent)?);
        engine.lexicon.reference(&child, &parent)?;
    }
    let plain = format!("{what} can be {deed} only while {when}");
    (plain != text).then_some(plain)
}

/// "How many orders each practice has placed": the number of orders per practice.
fn how_many(engine: &Engine<'_>, text: &str) -> Option<String> {
    let (lead, rest) = text.split_once("how many ")?;
    let (many, owner) = [" each ", " every "].iter().find_map(|each| rest.split_once(each))?;
    let words: Vec<&str> = owner.split(' ').collect();
    let (length, one) = (1..=words.len().min(3)).rev().find_map(|length| {
        let name = words.get(..length)?.join(" ");
        Some((length, engine.lexicon.find(&name)?))
    })?;
    let child = engine.lexicon.find(many)?;
    engine.lexicon.reference(&child.key, &one.key)?;
    // "Has", "has placed", "took": the reference says it.
    let said = words.get(length..)?;
    let plain = said.len() <= 2 && said.iter().all(|word| word.chars().all(char::is_alphabetic));
    let verb = said.first().is_some_and(|verb| verb.ends_with('s') || verb.ends_with("ed") || *verb == "took");
    (plain && verb).then(|| format!("{lead}the number of {many} per {}", one.name))
}

/// "New practices are not blocked": of a field that says yes or no.
fn begins(engine: &Engine<'_>, text: &str) -> Option<String> {
    let rest =
        after(text, &["New ", "A new ", "Each new ", "Every new ", "All new ", "Newly created ", "Newly added "])?;
    let (whose, said) = [" is ", " are "].iter().find_map(|is| rest.split_once(is))?;
    let named = engine.lexicon.find(whose)?;
    let (no, said) = match after(said, &["not ", "never ", "initially not ", "at first not "]) {
        Some(said) => (true, said),
        None => (false, after(said, &["initially ", "at first "]).unwrap_or(said)),
    };
    let field = flag(named, said)?;
    Some(format!("The {field} of a {} is {} by default", named.name, if no { "no" } else { "yes" }))
}

/// The field of a kind of record that says whether it is so.
fn flag<'n>(named: &'n Named, said: &str) -> Option<&'n str> {
    let field = named.find(said).or_else(|| named.find(&format!("is {said}")))?;
    (field.kind == FieldKind::Boolean).then_some(field.name.as_str())
}

const REJECT: &[&str] = &[
    "The system shall reject ",
    "The system must reject ",
    "The system should reject ",
    "The system rejects ",
    "The service rejects ",
    "The service must reject ",
];

/// "The system shall reject an item whose condition is poor": such an item is rejected.
fn rejects(engine: &Engine<'_>, text: &str) -> Option<String> {
    let what = after(text, REJECT)?;
    after(what, &["an ", "a ", "any "])?;
    // What records become is another thing.
    let state = engine.lexicon.entities.iter().any(|named| named.flow.states.iter().any(|state| state == "rejected"));
    Some(format!("{} is {}", crate::words::capitalised(what), if state { "refused" } else { "rejected" }))
}

/// "The system shall not allow an object to be deleted if ...": it must not be.
fn allows(_: &Engine<'_>, text: &str) -> Option<String> {
    const ALLOW: &[&str] = &[
        "The system shall not allow ",
        "The system must not allow ",
        "The system should not allow ",
        "The system does not allow ",
        "The system shall not permit ",
        "The system must not permit ",
    ];
    let (what, done) = after(text, ALLOW)?.split_once(" to be ")?;
    Some(format!("{} must not be {done}", crate::words::capitalised(what)))
}

/// "The system shall reject an e-mail address that is not valid": it must be valid.
fn invalid(_: &Engine<'_>, text: &str) -> Option<String> {
    let what = after(text, REJECT).or_else(|| {
        [" is rejected", " is refused", " must be rejected", " must be refused"]
            .iter()
            .find_map(|end| text.strip_suffix(end))
    })?;
    let what =
        [" that is not valid", " which is not valid", " that is invalid", " that are not valid", " if it is not valid"]
            .iter()
            .find_map(|end| what.strip_suffix(end))?;
    let name = after(what, &["an ", "a ", "any ", "An ", "A ", "Any "])?;
    (name.split(' ').count() <= 3).then(|| format!("The {name} must be valid"))
}

/// "... is a percentage between 0 and 25, and decimals are allowed": told of what is a decimal number anyway.
fn decimals(engine: &Engine<'_>, text: &str) -> Option<String> {
    const ALLOWED: &[&str] = &[
        ", and decimals are allowed",
        ", decimals are allowed",
        "; decimals are allowed",
        " (decimals allowed)",
        " (decimals are allowed)",
        ", with decimals",
    ];
    let head = ALLOWED.iter().find_map(|end| text.strip_suffix(end))?;
    let effects = engine.any_reading(head).ok()?;
    let decimal = |effect: &Effect| match effect {
        Effect::Rule(RuleKind::Range { entity, field, .. }) => {
            let named = engine.lexicon.entity(entity).and_then(|named| named.field(field));
            named.is_some_and(|field| matches!(field.kind, FieldKind::Decimal | FieldKind::Money))
        }
        _ => false,
    };
    effects.iter().any(decimal).then(|| head.to_owned())
}
