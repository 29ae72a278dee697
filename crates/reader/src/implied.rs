//! Rules that another rule makes true anyway: "at least 1" beside "from 1 to 12", "after the start" beside "at least half
//! an hour after the start". No request breaks such a rule alone; its statements are proven by the rule that says more.

use maestro_artifacts::{
    FieldKind, Measure, Offset, Op, Operand, Requirements, Rule, RuleKind, ServiceModel, Understanding,
};

/// Lets every implied rule give way to the one that implies it.
pub(crate) fn fold(read: &mut Requirements) {
    while let Some((weak, strong)) = pair(&read.concepts) {
        let gone = read.concepts.rules.remove(weak);
        let at = if strong > weak { strong - 1 } else { strong };
        let Some(kept) = read.concepts.rules.get_mut(at) else { return };
        for source in gone.sources {
            if !kept.sources.contains(&source) {
                kept.sources.push(source);
            }
        }
        let id = kept.id.clone();
        for item in &mut read.items {
            if let Understanding::Rules { rules } = &mut item.understanding {
                if rules.contains(&id) {
                    rules.retain(|rule| *rule != gone.id);
                }
                rules.iter_mut().filter(|rule| **rule == gone.id).for_each(|rule| rule.clone_from(&id));
            }
        }
    }
    renumber(read);
}

/// Ids follow the order of the epic without holes.
fn renumber(read: &mut Requirements) {
    let ids: Vec<(String, String)> =
        read.concepts.rules.iter().enumerate().map(|(at, rule)| (rule.id.clone(), format!("R-{}", at + 1))).collect();
    let new = |old: &str| ids.iter().find(|(id, _)| id == old).map_or_else(|| old.to_owned(), |(_, new)| new.clone());
    for rule in &mut read.concepts.rules {
        rule.id = new(&rule.id);
    }
    for item in &mut read.items {
        if let Understanding::Rules { rules } = &mut item.understanding {
            rules.iter_mut().for_each(|rule| *rule = new(rule));
        }
    }
}

/// An implied rule and the one that implies it.
fn pair(model: &ServiceModel) -> Option<(usize, usize)> {
    let all: Vec<(usize, &Rule)> = model.rules.iter().enumerate().collect();
    all.iter().rev().find_map(|(weak, a)| {
        let implied = all.iter().find(|(strong, b)| strong != weak && implies(model, &b.demand, &a.demand));
        implied.map(|(strong, _)| (*weak, *strong))
    })
}

/// Whether whatever keeps rule `b` keeps rule `a`.
fn implies(model: &ServiceModel, b: &RuleKind, a: &RuleKind) -> bool {
    match (b, a) {
        (
            RuleKind::Compare { entity, field, op, to, when, on_create },
            RuleKind::Compare { entity: e, field: f, op: o, to: t, when: w, on_create: c },
        ) => {
            let same = entity == e && field == f && (when == w || when.0.is_empty()) && (!on_create || c == on_create);
            same && base(to).zip(base(t)).is_some_and(|((from, more), (other, less))| {
                from == other && beyond((*op, more), (*o, less)).unwrap_or(false)
            })
        }
        (
            RuleKind::Range { entity, field, min, max, above_min, below_max },
            RuleKind::Range { entity: e, field: f, min: a_min, max: a_max, above_min: a_above, below_max: a_below },
        ) if entity == e && field == f => {
            let whole = model.field(entity, field).is_some_and(|field| field.kind == FieldKind::Integer);
            let low = within(min.as_deref(), *above_min, a_min.as_deref(), *a_above, whole, 1.0);
            let high = within(max.as_deref(), *below_max, a_max.as_deref(), *a_below, whole, -1.0);
            low && high
        }
        (RuleKind::Length { entity, field, min, max }, RuleKind::Length { entity: e, field: f, min: a, max: z }) => {
            let low = a.is_none_or(|a| min.is_some_and(|min| min >= a));
            let high = z.is_none_or(|z| max.is_some_and(|max| max <= z));
            entity == e && field == f && low && high
        }
        // "AAA-99 (three letters, a hyphen, two digits)": told again without the case.
        (RuleKind::Pattern { entity, field, regex }, RuleKind::Pattern { entity: e, field: f, regex: loose }) => {
            let cases = ["[A-Z]", "[a-z]"];
            entity == e && field == f && cases.iter().any(|case| regex.replace(case, "[A-Za-z]") == *loose)
        }
        (RuleKind::Required { entity, field }, RuleKind::RequiredWhen { entity: e, field: f, .. }) => {
            entity == e && field == f
        }
        (RuleKind::Required { entity, field }, RuleKind::TransitionRequires { entity: e, fields, .. }) => {
            entity == e && matches!(fields.as_slice(), [one] if one == field)
        }
        (
            RuleKind::Unique { entity, fields, when, ignore_case },
            RuleKind::Unique { entity: e, fields: more, when: w, ignore_case: i },
        ) => {
            let same = entity == e && (when == w || when.0.is_empty()) && (ignore_case == i || *ignore_case);
            same && fields.iter().all(|field| more.contains(field))
        }
        (
            RuleKind::Capacity {
                parent,
                child,
                via,
                measure: Measure::Count,
                op,
                limit: Operand::Value { value },
                when,
            },
            RuleKind::Capacity {
                parent: p,
                child: c,
                via: v,
                measure: Measure::Count,
                op: o,
                limit: Operand::Value { value: loose },
                when: w,
            },
        ) => {
            let same = parent == p && child == c && via == v && op == o && (when == w || when.0.is_empty());
            same && value.as_f64().zip(loose.as_f64()).is_some_and(|(tight, loose)| tight <= loose)
        }
        (RuleKind::Immutable { entity, when, fields }, RuleKind::NoDelete { entity: e, when: w }) => {
            entity == e && fields.is_empty() && when == w
        }
        _ => false,
    }
}

/// What an operand starts from, and what is added to it.
fn base(to: &Operand) -> Option<(String, Offset)> {
    Some(match to {
        Operand::Field { field, offset } => (format!("field {field}"), *offset),
        Operand::Referenced { via, field, offset } => (format!("referenced {via} {field}"), *offset),
        Operand::Today { plus_days, plus_months } => {
            ("today".to_owned(), Offset { plus: *plus_days, plus_months: *plus_months, plus_minutes: 0 })
        }
        Operand::ThisYear { plus_years } => ("this year".to_owned(), Offset::days(*plus_years)),
        Operand::Now { plus_minutes } => ("now".to_owned(), Offset::minutes(*plus_minutes)),
        Operand::Value { .. } => return None,
    })
}

/// Whether the first bound lies at or beyond the second in the same direction, whatever the day.
fn beyond((op, more): (Op, Offset), (other, less): (Op, Offset)) -> Option<bool> {
    const DAY: i64 = 24 * 60;
    let direction = |op: Op| match op {
        Op::Gt => Some((1, true)),
        Op::Ge => Some((1, false)),
        Op::Lt => Some((-1, true)),
        Op::Le => Some((-1, false)),
        Op::Eq | Op::Ne => None,
    };
    let ((way, strict), (other_way, other_strict)) = (direction(op)?, direction(other)?);
    // A month has 28 to 31 days: the shortest way decides.
    let months = (more.plus_months - less.plus_months) * way;
    let days = (more.plus - less.plus) * way + months * if months > 0 { 28 } else { 31 };
    let further = days * DAY + (more.plus_minutes - less.plus_minutes) * way;
    Some(way == other_way && (further > 0 || (further == 0 && (strict || !other_strict))))
}

/// Whether bound `b` is as tight as bound `a`; `way` is 1 for lower bounds, -1 for upper ones.
fn within(b: Option<&str>, b_strict: bool, a: Option<&str>, a_strict: bool, whole: bool, way: f64) -> bool {
    let Some(a) = a else { return true };
    let Some(b) = b else { return false };
    let (Ok(mut tight), Ok(mut loose)) = (b.parse::<f64>(), a.parse::<f64>()) else {
        return b == a && (b_strict || !a_strict);
    };
    // "More than 0" of a whole number is "at least 1".
    let (mut b_strict, mut a_strict) = (b_strict, a_strict);
    if whole && b_strict {
        tight += way;
        b_strict = false;
    }
    if whole && a_strict {
        loose += way;
        a_strict = false;
    }
    let further = (tight - loose) * way;
    further > 0.0 || (further == 0.0 && (b_strict || !a_strict))
}
