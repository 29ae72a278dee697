//! Bounds of numbers and dates, lengths and forms of texts, given as constants.

use crate::effect::{Effect, negated};
use crate::engine::{Build, Reading};
use crate::fields::values::money;
use crate::pattern::Bound;
use crate::scope::{FieldRef, Quantity};
use maestro_artifacts::{FieldKind, Op, RuleKind, TextFormat};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    // Of what is counted: "there may be no more than 6 guests"
    (
        "(there | it | <entity>) (may | must | may be | must be | have | must have | may have | be) [%hold] <cmp> <qty> <fields>",
        counted,
    ),
    ("(there | it | <entity>) (mustnot be | mustnot have | mustnot) [%hold] <cmp> <qty> <fields>", counted_not),
    (
        "(there | it | <entity>) (may | must | may be | must be | have | must have | may have | be) [%hold] <cmp> <qty> (and | but | ,) <cmp:c2> <qty:q2> <fields>",
        counted_twice,
    ),
    (
        "(there | it | <entity>) (may | must | may be | must be | have | must have | may have | be) [%hold] between <qty:a> and <qty:b> <fields>",
        counted_between,
    ),
    ("<fields> %bounds [%numeric] [of] [length of | length] <cmp> <qty> [long | in length | old | each]", bound_by),
    ("<fields> [:] <cmp> <qty> [long]", bound_by),
    ("<fields> [:] [must] [be] [%numeric] <cmp> <qty> (and | but) [must] [be] <cmp:c2> <qty:q2> [long]", bound_twice),
    ("<fields> %bounds <cmp> <qty> (and | but) [must] [be] <cmp:c2> <qty:q2> [long]", bound_twice),
    (
        "<fields> (mustnot | mustnot be | mustnot have | mustnot contain | mustnot %standing) <cmp> <qty> [long]",
        bound_not,
    ),
    (
        "<fields> (mustnot | mustnot be | mustnot have | mustnot contain) <cmp> <qty> (or | and) [be] <cmp:c2> <qty:q2> [long]",
        bound_not_twice,
    ),
    ("<fields> (be | must be) (limited to | restricted to | capped at) [<=] <qty> [long | in length]", capped),
    ("<fields> %bounds [%numeric] <qty> ormore [each | long]", or_more),
    ("<fields> %bounds [%numeric] <qty> orless [each | long]", or_less),
    (
        "<fields> [must | may | mayonly] [be | have | lie | range | run | have value | contain | stay | fall] [%numeric] [in range | in range of] [between | from | of] <qty:a> (and | to | – | . . | through | .. | till | <=) <qty:b> [long | inclusive | in length]",
        between,
    ),
    ("<fields> [must] [be] positive %numeric [and] <cmp> <qty>", positive_up_to),
    (
        "<fields> (must | must be | be | must have | have | consist of | must consist of | contain | must contain) (exactly | precisely) <qty> [long]",
        exactly,
    ),
    ("<fields> (consist of | must consist of | have | must have) <qty>", exactly_length),
    ("<fields> [must] [be] <qty> [long]", exactly_length),
    ("<fields> [must be | be | must] (positive | larger zero) [%numeric]", positive),
    ("<fields> (mustnot be | must be not | be not | must not be) (negative)", non_negative),
    ("<fields> [must be | be | must] (non-negative | nonnegative | 0 ormore | not negative) [%numeric]", non_negative),
    ("<fields> (mustnot be | must be not) (0 or negative | negative or 0 | 0 orless)", positive),
    ("negative <fields> be %refused", non_negative),
    ("<fields> (mustnot be) 0", not_zero),
    ("<fields> [of | with] <cmp> <qty> [long] be %refused", refuse),
    ("<entity> with <fields> <cmp> <qty> be %refused", refuse),
    ("<entity> with <fields> of <cmp> <qty> be %refused", refuse),
    (
        "<fields> (must be | be | must have | must) [valid | well-formed] (email | email address | url | web address | phone number | telephone number | link) [address]",
        form,
    ),
    (
        "<fields> (must be | must have | be | must look like) [in] (valid | valid format | well-formed | plausible)",
        form_by_name,
    ),
    ("(invalid | malformed) <fields> be %refused", form_by_name),
    (
        "<fields> (must | must be | be | must match | must have | must follow | follow | have | must look like | look like | match | must be in | be in) [format | pattern | form | regex | regular expression] [of] <word:p>",
        pattern,
    ),
];

/// The bound as one rule of the right kind for this field: length, days, or a range.
pub(super) fn limit(reading: &Reading<'_>, field: &FieldRef, op: Op, quantity: &Quantity) -> Option<RuleKind> {
    let kind = reading.scope.kind(field)?;
    let FieldRef { entity, field: key } = field.clone();
    let text = matches!(kind, FieldKind::Text { .. });
    if text && (quantity.is_length() || quantity.unit.is_none() || quantity.unit.as_deref() == Some("digit")) {
        let count: u32 = quantity.value.parse().ok()?;
        let (min, max) = match op {
            Op::Ge => (Some(count), None),
            Op::Gt => (Some(count.checked_add(1)?), None),
            Op::Le => (None, Some(count)),
            Op::Lt => (None, Some(count.checked_sub(1)?)),
            Op::Eq => (Some(count), Some(count)),
            Op::Ne => return None,
        };
        return Some(RuleKind::Length { entity, field: key, min, max });
    }
    if quantity.is_length() || matches!(kind, FieldKind::Boolean | FieldKind::Reference { .. } | FieldKind::Enum { .. })
    {
        return None;
    }
    let dated = matches!(kind, FieldKind::Date | FieldKind::DateTime);
    if text || dated != quantity.is_date() {
        return None;
    }
    if quantity.unit.as_deref().is_some_and(|unit| unit == "working day") {
        return None;
    }
    let value = match kind {
        FieldKind::Integer if quantity.value.contains('.') => return None,
        FieldKind::Money => money(&quantity.value)?,
        _ => quantity.value.clone(),
    };
    range(entity, key, op, value)
}

/// One bound.
fn range(entity: String, field: String, op: Op, value: String) -> Option<RuleKind> {
    let (mut min, mut max) = (None, None);
    match op {
        Op::Ge | Op::Gt => min = Some(value),
        Op::Le | Op::Lt => max = Some(value),
        Op::Eq => {
            min = Some(value.clone());
            max = Some(value);
        }
        Op::Ne => return None,
    }
    Some(RuleKind::Range { entity, field, min, max, above_min: op == Op::Gt, below_max: op == Op::Lt })
}

/// "A lid and a strength of 1 to 5" lists two things, the last of which is bound: each has its article, and no verb
/// says something of both.
fn enumerates(bound: &Bound, reading: &Reading<'_>, fields: usize) -> bool {
    let Some(place) = bound.place("fields").filter(|_| fields > 1) else { return false };
    let articled = reading.part(&place).iter().skip(1).any(|token| matches!(token.article, Some("a" | "an")));
    let says = reading.tokens.get(place.end).is_some_and(|next| {
        crate::engine::MODALS.contains(&next.word.as_str()) || matches!(next.word.as_str(), ":" | "each")
    });
    articled && !says
}

/// "Battery level: 0 to 100", "between 1 and 5": a text of which nothing says so is rather a number.
fn two_sided(reading: &Reading<'_>) -> bool {
    let numbers = reading.tokens.iter().filter(|token| token.is_number()).count();
    numbers == 2
        && ["to", "between", "–", "through"].iter().any(|word| reading.tokens.iter().any(|token| token.is(word)))
}

/// "Lower than 11 or higher than 48" compares numbers, where "max 80" may count characters.
fn by_size(reading: &Reading<'_>) -> bool {
    const SIZES: &[&str] = &["lower", "higher", "below", "above", "smaller", "bigger", "greater"];
    reading.tokens.iter().any(|token| {
        let raw = token.raw.to_lowercase();
        !token.quoted && raw.split(' ').any(|word| SIZES.contains(&word))
    })
}

fn limits(bound: &Bound, reading: &Reading<'_>, op: Op, quantity: &Quantity) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    if bound.entity("entity").is_some_and(|entity| fields.iter().any(|field| field.entity != entity)) {
        return None;
    }
    if enumerates(bound, reading, fields.len()) {
        return None;
    }
    let mut effects = Vec::new();
    for field in &fields {
        // "The mood must be between 1 and 5": without a word that makes it a length, a bound is one of numbers. In the
        // notes of a field the type may be left out ("title: required, max 80").
        let text = reading.scope.lexicon.field(field).is_some_and(|named| matches!(named.kind, FieldKind::Text { .. }));
        let guessed = text && reading.scope.lexicon.field(field).is_some_and(|named| !named.stated);
        let counts = guessed && (two_sided(reading) || quantity.value == "0");
        let noted = reading.tokens.iter().any(|token| token.field.is_some()) && !by_size(reading) && !counts;
        let long = reading.tokens.iter().any(|token| matches!(token.word.as_str(), "long" | "length" | "character"));
        // "A number of hours" that "is between 0.25 and 40" is no whole number.
        let named = reading.scope.lexicon.field(field);
        let decimal = reading.tokens.iter().any(|token| token.is("decimal") && token.field.is_none() && !token.quoted);
        let fraction = (quantity.value.contains('.') || decimal) && !quantity.is_date();
        if let Some(named) = named.filter(|named| fraction && named.kind == FieldKind::Integer && !named.stated) {
            let owner = reading.scope.lexicon.entity(&field.entity)?.name.clone();
            effects.push(Effect::UsedAs { entity: owner, field: named.name.clone(), kind: FieldKind::Decimal });
            let FieldRef { entity, field } = field.clone();
            effects.push(Effect::Rule(range(entity, field, op, quantity.value.clone())?));
            continue;
        }
        if quantity.unit.is_none() && !quantity.is_date() && !noted && !long {
            let money = reading.tokens.iter().any(|token| token.is("money") && !token.quoted);
            let number = if money {
                FieldKind::Money
            } else if quantity.value.contains('.') || decimal {
                FieldKind::Decimal
            } else {
                FieldKind::Integer
            };
            if let Some(found) = reading.as_numbers(std::slice::from_ref(field), &number) {
                effects.extend(found);
                if text {
                    let FieldRef { entity, field } = field.clone();
                    effects.push(Effect::Rule(range(entity, field, op, quantity.value.clone())?));
                    continue;
                }
            }
        }
        effects.push(Effect::Rule(limit(reading, field, op, quantity)?));
    }
    Some(effects)
}

/// Only what is counted is told so: "a room may have at most 6 seats", never a price or a name.
fn of_count<'b>(bound: &'b Bound, reading: &Reading<'_>) -> Option<&'b Bound> {
    let [field] = bound.fields("fields")?.try_into().ok().map(|fields: [FieldRef; 1]| fields)?;
    let named = reading.scope.lexicon.field(&field)?;
    let many = reading.tokens.last().is_some_and(|last| last.word != last.lemma);
    (many && named.kind == FieldKind::Integer).then_some(bound)
}

fn counted(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    bound_by(of_count(bound, reading)?, reading)
}

fn counted_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    bound_not(of_count(bound, reading)?, reading)
}

fn counted_twice(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    bound_twice(of_count(bound, reading)?, reading)
}

fn counted_between(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    between(of_count(bound, reading)?, reading)
}

fn bound_by(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // `is at most 3` without a modal is a bound, `is 3` is not: a fact is no demand.
    limits(bound, reading, bound.op("cmp")?, bound.quantity("qty")?)
}

fn bound_twice(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = limits(bound, reading, bound.op("cmp")?, bound.quantity("qty")?)?;
    effects.extend(limits(bound, reading, bound.op("c2")?, bound.quantity("q2")?)?);
    merge(effects)
}

fn bound_not_twice(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = limits(bound, reading, negated(bound.op("cmp")?), bound.quantity("qty")?)?;
    effects.extend(limits(bound, reading, negated(bound.op("c2")?), bound.quantity("q2")?)?);
    merge(effects)
}

fn capped(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    limits(bound, reading, Op::Le, bound.quantity("qty")?)
}

/// "A positive whole number up to 999".
fn positive_up_to(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = numeric(bound, reading, Op::Gt)?;
    effects.extend(limits(bound, reading, bound.op("cmp")?, bound.quantity("qty")?)?);
    merge(effects)
}

fn bound_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // Normalising turns "must not be less than" into `mustnot be <`.
    limits(bound, reading, negated(bound.op("cmp")?), bound.quantity("qty")?)
}

fn refuse(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    bound_not(bound, reading)
}

fn or_more(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    limits(bound, reading, Op::Ge, bound.quantity("qty")?)
}

fn or_less(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    limits(bound, reading, Op::Le, bound.quantity("qty")?)
}

fn between(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (mut low, high) = (bound.quantity("a")?.clone(), bound.quantity("b")?.clone());
    // "One letter and four digits" are no bounds of one length.
    if low.unit.is_some() && low.unit != high.unit {
        return None;
    }
    low.unit = high.unit.clone();
    let mut effects = limits(bound, reading, Op::Ge, &low)?;
    effects.extend(limits(bound, reading, Op::Le, &high)?);
    merge(effects)
}

/// Two halves of one range as one rule.
fn merge(effects: Vec<Effect>) -> Option<Vec<Effect>> {
    let mut out: Vec<Effect> = Vec::new();
    // "Between 0.5 and 12": one number with a point makes both decimals.
    let point = effects.iter().any(|effect| matches!(effect, Effect::UsedAs { kind: FieldKind::Decimal, .. }));
    let effects = effects.into_iter().map(|effect| match effect {
        Effect::UsedAs { entity, field, kind: FieldKind::Integer } if point => {
            Effect::UsedAs { entity, field, kind: FieldKind::Decimal }
        }
        other => other,
    });
    // "Not more than 200 and no fewer than 3" read as two upper bounds is misread.
    let mut twice = false;
    for effect in effects {
        let merged = out.iter_mut().any(|known| match (known, &effect) {
            (
                Effect::Rule(RuleKind::Range { entity, field, min, max, above_min, below_max }),
                Effect::Rule(RuleKind::Range { entity: e, field: f, min: a, max: b, above_min: c, below_max: d }),
            ) if entity == e && field == f => {
                twice |= (min.is_some() && a.is_some()) || (max.is_some() && b.is_some());
                *min = min.take().or_else(|| a.clone());
                *max = max.take().or_else(|| b.clone());
                *above_min |= c;
                *below_max |= d;
                true
            }
            (
                Effect::Rule(RuleKind::Length { entity, field, min, max }),
                Effect::Rule(RuleKind::Length { entity: e, field: f, min: a, max: b }),
            ) if entity == e && field == f => {
                twice |= (min.is_some() && a.is_some()) || (max.is_some() && b.is_some());
                *min = min.or(*a);
                *max = max.or(*b);
                true
            }
            _ => false,
        });
        if !merged {
            out.push(effect);
        }
    }
    (!twice).then_some(out)
}

fn exactly(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let quantity = bound.quantity("qty")?;
    if quantity.unit.as_deref() == Some("digit") {
        return digits(bound, quantity);
    }
    limits(bound, reading, Op::Eq, quantity)
}

fn digits(bound: &Bound, quantity: &Quantity) -> Option<Vec<Effect>> {
    let count: u32 = quantity.value.parse().ok()?;
    let fields = bound.fields("fields")?;
    Some(
        fields
            .into_iter()
            .map(|FieldRef { entity, field }| {
                Effect::Rule(RuleKind::Pattern { entity, field, regex: format!("[0-9]{{{count}}}") })
            })
            .collect(),
    )
}

/// "must be 8 characters long": only where the unit says that it is a length.
fn exactly_length(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let quantity = bound.quantity("qty")?;
    (quantity.is_length() || quantity.unit.as_deref() == Some("digit")).then(|| exactly(bound, reading)).flatten()
}

fn numeric(bound: &Bound, reading: &Reading<'_>, op: Op) -> Option<Vec<Effect>> {
    let zero = Quantity { value: "0".to_owned(), unit: None };
    let numbers = reading.as_numbers(&bound.fields("fields")?, &FieldKind::Decimal)?;
    let mut effects = limits(bound, reading, op, &zero)?;
    // "A positive amount" says no more than that it is a number.
    effects.retain(|effect| matches!(effect, Effect::Rule(_)));
    effects.extend(numbers);
    Some(effects)
}

fn positive(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    numeric(bound, reading, Op::Gt)
}

fn non_negative(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    numeric(bound, reading, Op::Ge)
}

fn not_zero(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    fields
        .into_iter()
        .map(|field| {
            let to = crate::condition::constant(reading, &field, "0")?;
            Some(Effect::Rule(RuleKind::Compare {
                entity: field.entity,
                field: field.field,
                op: Op::Ne,
                to,
                when: maestro_artifacts::Condition::default(),
                on_create: false,
            }))
        })
        .collect()
}

fn form(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let said = |words: &[&str]| reading.tokens.iter().any(|token| words.contains(&token.word.as_str()));
    let format = if said(&["email", "e-mail"]) {
        TextFormat::Email
    } else if said(&["url", "web", "link"]) {
        TextFormat::Url
    } else {
        TextFormat::Phone
    };
    formats(bound, reading, Some(format))
}

fn form_by_name(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    formats(bound, reading, None)
}

fn formats(bound: &Bound, reading: &Reading<'_>, format: Option<TextFormat>) -> Option<Vec<Effect>> {
    bound
        .fields("fields")?
        .into_iter()
        .map(|field| {
            let named = reading.scope.lexicon.field(&field)?;
            let format = format.or_else(|| crate::fields::infer::format(&named.name))?;
            matches!(named.kind, FieldKind::Text { .. })
                .then(|| Effect::Rule(RuleKind::Format { entity: field.entity, field: field.field, format }))
        })
        .collect()
}

/// A quoted expression, or a picture such as `AA-9999`.
fn pattern(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let token = reading.part(&bound.words("p")?).first()?.clone();
    let said = reading.tokens.iter().any(|token| {
        matches!(
            token.word.as_str(),
            "format" | "pattern" | "form" | "regex" | "expression" | "match" | "look" | "follow"
        )
    });
    let regex = if said { picture(&token.raw)? } else { return None };
    let fields = bound.fields("fields")?;
    if fields.iter().any(|field| !matches!(reading.scope.kind(field), Some(FieldKind::Text { .. }))) {
        return None;
    }
    Some(
        fields
            .into_iter()
            .map(|FieldRef { entity, field }| Effect::Rule(RuleKind::Pattern { entity, field, regex: regex.clone() }))
            .collect(),
    )
}

fn picture(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('^').trim_end_matches('$');
    let special = text.contains(['[', '\\', '{', '+', '*', '?']);
    if special {
        // Only plain classes and counts: everything else might mean something else in the generated service.
        let plain =
            text.chars().all(|c| c.is_ascii_alphanumeric() || "[]{}\\-_,.()|+*? /".contains(c)) && !text.contains("(?");
        let shorthand = text.replace("\\d", "[0-9]").replace("\\w", "[A-Za-z0-9_]");
        let balanced = regex::Regex::new(&shorthand).is_ok();
        return (plain && balanced && !shorthand.contains('\\')).then_some(shorthand);
    }
    let shape = text.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '9' | '0' | '#' | '-' | '/' | '.' | ' '));
    let digits = text.chars().any(|c| matches!(c, '9' | '0' | '#'));
    if !shape || text.is_empty() {
        return None;
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let letters = rest.chars().take_while(char::is_ascii_uppercase).count();
        let same = rest.chars().take_while(|next| *next == c).count();
        let length = letters.max(same);
        let run = rest.get(..length)?;
        let class = match c {
            // A word of several letters, or of one that stands for nothing, is itself.
            _ if letters > same => None,
            'A' | 'X' => Some("[A-Z]"),
            'L' if same > 1 || !digits => Some("[A-Z]"),
            'N' | 'Y' | 'M' | 'D' if same > 1 || !digits => Some("[0-9]"),
            '9' | '0' | '#' => Some("[0-9]"),
            '.' => Some("\\."),
            'A'..='Z' if !digits => return None,
            _ => None,
        };
        match class {
            Some(class) if length > 1 => out.push_str(&format!("{class}{{{length}}}")),
            Some(class) => out.push_str(class),
            None => out.push_str(run),
        }
        rest = rest.get(length..)?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn pictures_become_expressions() {
        assert_eq!(picture("AA-9999").as_deref(), Some("[A-Z]{2}-[0-9]{4}"));
        assert_eq!(picture("[A-Z]{3}-\\d+").as_deref(), Some("[A-Z]{3}-[0-9]+"));
        assert_eq!(picture("P-99999").as_deref(), Some("P-[0-9]{5}"));
        assert_eq!(picture("INV-9999").as_deref(), Some("INV-[0-9]{4}"));
        assert_eq!(picture("YYYY-NNN").as_deref(), Some("[0-9]{4}-[0-9]{3}"));
        assert_eq!(picture("valid"), None);
        assert_eq!(picture("P-12345"), None);
        assert_eq!(picture("(?=x)a+"), None);
    }
}
