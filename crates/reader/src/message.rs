//! One sentence for the person whose request a rule refuses.

use crate::lexicon::Lexicon;
use maestro_artifacts::{
    Action, Condition, FieldKind, Measure, Moment, Offset, Op, Operand, RuleKind, Test, TextFormat,
};
use serde_json::Value;

struct Names<'a>(&'a Lexicon);

impl Names<'_> {
    fn field(&self, entity: &str, field: &str) -> String {
        let name = self
            .0
            .entity(entity)
            .and_then(|entity| entity.field(field))
            .map_or_else(|| field.replace('_', " "), |field| field.name.clone());
        format!("the {name}")
    }

    fn fields(&self, entity: &str, fields: &[String]) -> String {
        list(&fields.iter().map(|field| self.field(entity, field)).collect::<Vec<_>>(), "and")
    }

    fn one(&self, entity: &str) -> String {
        self.0.entity(entity).map_or_else(|| entity.replace('_', " "), |entity| entity.name.clone())
    }

    /// The name with its article.
    fn a(&self, entity: &str) -> String {
        let one = self.one(entity);
        let article = if one.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        format!("{article} {one}")
    }

    fn many(&self, entity: &str) -> String {
        self.0.entity(entity).map_or_else(|| entity.replace('_', " "), |entity| entity.plural.clone())
    }

    fn target(&self, entity: &str, via: &str) -> String {
        self.0.target(entity, via).unwrap_or(entity).to_owned()
    }

    fn operand(&self, entity: &str, operand: &Operand) -> String {
        match operand {
            Operand::Value { value } => text(value),
            Operand::Field { field, offset } => {
                format!("{}{}", self.field(entity, field), self.shifted(entity, field, offset))
            }
            Operand::Referenced { via, field, offset } => {
                let target = self.target(entity, via);
                let (name, one) = (self.field(&target, field), self.one(&target));
                format!("{name} of the {one}{}", self.shifted(&target, field, offset))
            }
            Operand::Today { plus_days, plus_months } => from_today(*plus_months, *plus_days),
            Operand::ThisYear { plus_years: 1 } => "next year".to_owned(),
            Operand::ThisYear { plus_years: -1 } => "last year".to_owned(),
            Operand::ThisYear { plus_years } => format!("this year{}", plus(*plus_years, "")),
            Operand::Now { plus_minutes } => {
                let (count, unit) = minutes(*plus_minutes);
                format!("now{}", plus(count, unit))
            }
        }
    }

    /// What is added to a field: ` plus 3 days`, or ` plus 3` where it is a number.
    fn shifted(&self, entity: &str, field: &str, offset: &Offset) -> String {
        let kind = self.0.entity(entity).and_then(|entity| entity.field(field)).map(|field| &field.kind);
        let unit = if matches!(kind, Some(FieldKind::Date | FieldKind::DateTime)) { "day" } else { "" };
        let (count, per_month) = months(offset.plus_months);
        let (minutes, per_minute) = minutes(offset.plus_minutes);
        plus(count, per_month) + &plus(offset.plus, unit) + &plus(minutes, per_minute)
    }

    fn condition(&self, entity: &str, condition: &Condition) -> String {
        let tests: Vec<String> = condition.0.iter().map(|test| self.test(entity, test)).collect();
        list(&tests, "and")
    }

    /// Which records count, where not all do.
    fn among(&self, entity: &str, when: &Condition) -> String {
        if when.0.is_empty() { String::new() } else { format!(" (of those where {})", self.condition(entity, when)) }
    }

    fn test(&self, entity: &str, test: &Test) -> String {
        let of = |via: &Option<String>, field: &str| match via {
            None => self.field(entity, field),
            Some(via) => {
                let target = self.target(entity, via);
                format!("{} of the {}", self.field(&target, field), self.one(&target))
            }
        };
        match test {
            Test::In { via, field, values } => {
                format!("{} is {}", of(via, field), list(&values.iter().map(text).collect::<Vec<_>>(), "or"))
            }
            Test::NotIn { via, field, values } => {
                format!("{} is not {}", of(via, field), list(&values.iter().map(text).collect::<Vec<_>>(), "or"))
            }
            Test::Empty { via, field } => format!("{} is empty", of(via, field)),
            Test::Given { via, field } => format!("{} is given", of(via, field)),
            Test::Compare { via, field, op, to } => {
                format!("{} is {} {}", of(via, field), op_words(*op), self.operand(entity, to))
            }
            Test::Children { child, when, measure, op, to, .. } => {
                let what = self.measure(child, measure);
                let when =
                    if when.0.is_empty() { String::new() } else { format!(" where {}", self.condition(child, when)) };
                format!("the {what}{when} is {} {}", op_words(*op), self.operand(entity, to))
            }
        }
    }

    fn measure(&self, child: &str, measure: &Measure) -> String {
        match measure {
            Measure::Count => format!("number of {}", self.many(child)),
            Measure::Sum { field } => format!("sum of {} over {}", self.field(child, field), self.many(child)),
            Measure::Average { field } => format!("average of {} over {}", self.field(child, field), self.many(child)),
            Measure::Min { field } => {
                format!("smallest {} of {}", self.field(child, field).trim_start_matches("the "), self.many(child))
            }
            Measure::Max { field } => {
                format!("largest {} of {}", self.field(child, field).trim_start_matches("the "), self.many(child))
            }
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    }
}

const fn op_words(op: Op) -> &'static str {
    match op {
        Op::Eq => "equal to",
        Op::Ne => "different from",
        Op::Lt => "less than",
        Op::Le => "at most",
        Op::Gt => "more than",
        Op::Ge => "at least",
    }
}

/// For dates, in words of time.
fn time_words(op: Op, dated: bool) -> &'static str {
    match (op, dated) {
        (Op::Lt, true) => "before",
        (Op::Le, true) => "on or before",
        (Op::Gt, true) => "after",
        (Op::Ge, true) => "on or after",
        (op, _) => op_words(op),
    }
}

/// ` plus 3 days`, ` minus 1 hour`; nothing for 0.
fn plus(count: i64, unit: &str) -> String {
    match count {
        0 => String::new(),
        more if more > 0 => format!(" plus {}", amount(more, unit)),
        less => format!(" minus {}", amount(less, unit)),
    }
}

/// `3 days`, `1 day`, without its sign.
fn amount(count: i64, unit: &str) -> String {
    match (count.unsigned_abs(), unit) {
        (count, "") => count.to_string(),
        (1, unit) => format!("1 {unit}"),
        (count, unit) => format!("{count} {unit}s"),
    }
}

/// Calendar months in the largest unit that is whole.
const fn months(count: i64) -> (i64, &'static str) {
    if count % 12 == 0 { (count / 12, "year") } else { (count, "month") }
}

/// Minutes in the largest unit that is whole.
const fn minutes(count: i64) -> (i64, &'static str) {
    if count % 60 == 0 { (count / 60, "hour") } else { (count, "minute") }
}

/// `today`, `3 days ago`, `18 years from today`.
fn from_today(plus_months: i64, plus_days: i64) -> String {
    let (count, unit) = if plus_months == 0 { (plus_days, "day") } else { months(plus_months) };
    let further = if plus_months == 0 { String::new() } else { plus(plus_days, "day") };
    match count {
        0 => "today".to_owned(),
        ahead if ahead > 0 => format!("{} from today{further}", amount(ahead, unit)),
        past => format!("{} ago{further}", amount(past, unit)),
    }
}

fn list(items: &[String], joint: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {joint} {last}", most.join(", ")),
    }
}

const fn action(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Read => "read",
        Action::List => "list",
        Action::Update => "change",
        Action::Delete => "delete",
    }
}

/// What is done with which records, or with which of their fields.
fn deed(names: &Names<'_>, entity: &str, act: Action, fields: &[String]) -> String {
    if fields.is_empty() {
        format!("{} {}", action(act), names.many(entity))
    } else {
        format!("{} {} of {}", action(act), names.fields(entity, fields), names.many(entity))
    }
}

/// The message of a rule.
pub(crate) fn of(rule: &RuleKind, lexicon: &Lexicon) -> String {
    let names = Names(lexicon);
    let dated = |entity: &str, field: &str| {
        matches!(
            lexicon.entity(entity).and_then(|entity| entity.field(field)).map(|field| &field.kind),
            Some(maestro_artifacts::FieldKind::Date | maestro_artifacts::FieldKind::DateTime)
        )
    };
    match rule {
        RuleKind::Capability { entity, action: act } => {
            format!("it is possible to {} {}", action(*act), names.many(entity))
        }
        RuleKind::HasField { entity, field } => format!("{} has {}", names.a(entity), names.field(entity, field)),
        RuleKind::Required { entity, field } => {
            format!("{} of {} must be given", names.field(entity, field), names.a(entity))
        }
        RuleKind::RequiredWhen { entity, field, when } => {
            format!("{} must be given when {}", names.field(entity, field), names.condition(entity, when))
        }
        RuleKind::EmptyWhen { entity, field, when } => {
            format!("{} must be empty when {}", names.field(entity, field), names.condition(entity, when))
        }
        RuleKind::Default { entity, field, value } => {
            format!("{} is {} where none is given", names.field(entity, field), text(value))
        }
        RuleKind::Unique { entity, fields, when, .. } => {
            let fields = names.fields(entity, fields).replace("the ", "");
            format!("another {} has the same {fields}{}", names.one(entity), names.among(entity, when))
        }
        RuleKind::Range { entity, field, min, max, above_min, below_max } => {
            let low = min.as_ref().map(|min| {
                format!("{} {min}", time_words(if *above_min { Op::Gt } else { Op::Ge }, dated(entity, field)))
            });
            let high = max.as_ref().map(|max| {
                format!("{} {max}", time_words(if *below_max { Op::Lt } else { Op::Le }, dated(entity, field)))
            });
            let bounds: Vec<String> = low.into_iter().chain(high).collect();
            format!("{} must be {}", names.field(entity, field), list(&bounds, "and"))
        }
        RuleKind::Places { entity, field, places } => {
            let noun = if *places == 1 { "place" } else { "places" };
            format!("{} must have at most {places} decimal {noun}", names.field(entity, field))
        }
        RuleKind::Length { entity, field, min, max } => {
            let low = min.map(|min| format!("at least {min}"));
            let high = max.map(|max| format!("at most {max}"));
            let bounds: Vec<String> = low.into_iter().chain(high).collect();
            format!("{} must have {} characters", names.field(entity, field), list(&bounds, "and"))
        }
        RuleKind::Pattern { entity, field, regex } => {
            format!("{} must have the form {regex}", names.field(entity, field))
        }
        RuleKind::Format { entity, field, format } => {
            let form = match format {
                TextFormat::Email => "an e-mail address",
                TextFormat::Url => "a web address",
                TextFormat::Phone => "a telephone number",
            };
            format!("{} must be {form}", names.field(entity, field))
        }
        RuleKind::Compare { entity, field, op, to, when, on_create } => {
            let when =
                if when.0.is_empty() { String::new() } else { format!(" when {}", names.condition(entity, when)) };
            // Later changes may leave it as it is.
            let made = if *on_create { format!(" when {} is created", names.a(entity)) } else { String::new() };
            format!(
                "{} must be {} {}{when}{made}",
                names.field(entity, field),
                time_words(*op, dated(entity, field)),
                names.operand(entity, to)
            )
        }
        RuleKind::Requires { entity, at, condition } => {
            let moment = match at {
                Moment::Create => "can only be made if".to_owned(),
                Moment::Save => "can only be saved if".to_owned(),
                Moment::Transition { to } => format!("can only become {to} if"),
            };
            format!("{} {moment} {}", names.a(entity), names.condition(entity, condition))
        }
        RuleKind::Transitions { entity } => format!("this change of state of {} is not allowed", names.a(entity)),
        RuleKind::TransitionRole { entity, to, roles, .. } => {
            format!("only {} may move {} to {to}", list(roles, "or"), names.a(entity))
        }
        RuleKind::TransitionRequires { entity, to, fields, .. } => {
            format!("{} needs {} to become {to}", names.a(entity), names.fields(entity, fields))
        }
        RuleKind::Stamp { entity, to, field, value } => {
            let when = to.as_ref().map_or_else(|| "when it is made".to_owned(), |to| format!("when it becomes {to}"));
            format!(
                "{} of {} is set to {} {when}",
                names.field(entity, field),
                names.a(entity),
                names.operand(entity, value)
            )
        }
        RuleKind::Immutable { entity, when, fields } => {
            let what = if fields.is_empty() {
                names.a(entity)
            } else {
                format!("{} of {}", names.fields(entity, fields), names.a(entity))
            };
            let when =
                if when.0.is_empty() { String::new() } else { format!(" while {}", names.condition(entity, when)) };
            let deleted = if fields.is_empty() { " or deleted" } else { "" };
            format!("{what} cannot be changed{deleted}{when}")
        }
        RuleKind::NoDelete { entity, when } => {
            let when =
                if when.0.is_empty() { String::new() } else { format!(" while {}", names.condition(entity, when)) };
            format!("{} cannot be deleted{when}", names.a(entity))
        }
        RuleKind::Cascade { entity, field } => {
            // By the reference's name, which tells the two apart where a record refers to one of its own kind.
            let whose = names.field(entity, field);
            format!("{} are deleted with their {}", names.many(entity), whose.trim_start_matches("the "))
        }
        RuleKind::NoOverlap { entity, via: Some(via), by, when, .. } => {
            let by = if by.is_empty() {
                String::new()
            } else {
                format!(" for the same {}", names.fields(entity, by).replace("the ", ""))
            };
            let there = names.field(entity, via);
            format!(
                "another {}{by} is for {} at this time{}",
                names.one(entity),
                there.replacen("the ", "a ", 1),
                names.among(entity, when)
            )
        }
        RuleKind::NoOverlap { entity, via: None, start, end, by, when } => {
            let by = if by.is_empty() {
                String::new()
            } else {
                format!(" for the same {}", names.fields(entity, by).replace("the ", ""))
            };
            let kind = names.0.entity(entity).and_then(|entity| entity.field(start)).map(|field| &field.kind);
            let there = if matches!(kind, Some(FieldKind::Decimal)) {
                let fields = names.fields(entity, &[start.clone(), end.clone()]);
                format!("has a part in common from {}", fields.replace(" and ", " to "))
            } else {
                "takes place at this time".to_owned()
            };
            format!("another {}{by} {there}{}", names.one(entity), names.among(entity, when))
        }
        RuleKind::Quota { entity, by, most, when } => {
            let of = |field: &String| {
                let instant = matches!(
                    names.0.entity(entity).and_then(|entity| entity.field(field)).map(|field| &field.kind),
                    Some(FieldKind::DateTime)
                );
                let name = names.field(entity, field).replace("the ", "");
                if instant { format!("day of the {name}") } else { name }
            };
            let by: Vec<String> = by.iter().map(of).collect();
            let (are, many) = if *most == 1 { ("is", names.one(entity)) } else { ("are", names.many(entity)) };
            format!("there {are} {most} {many} with the same {} already{}", list(&by, "and"), names.among(entity, when))
        }
        RuleKind::Capacity { parent, child, measure, op, limit, when, .. } => format!(
            "the {} of {} must be {} {}{}",
            names.measure(child, measure),
            names.a(parent),
            op_words(*op),
            names.operand(parent, limit),
            names.among(child, when)
        ),
        RuleKind::Computed { entity, field, .. } => {
            format!("{} of {} is worked out by the service", names.field(entity, field), names.a(entity))
        }
        RuleKind::Totals { entity, by, .. } => {
            format!("{} can be totalled by {}", names.many(entity), by.join(", ").replace('_', " "))
        }
        RuleKind::List { entity, sort, page_size } => {
            let order = if sort.is_empty() {
                String::new()
            } else {
                format!(
                    " ordered by {}",
                    sort.iter()
                        .map(|key| {
                            let falling = if key.descending { ", the last first" } else { "" };
                            format!("{}{falling}", key.field.replace('_', " "))
                        })
                        .collect::<Vec<_>>()
                        .join(", ")
                )
            };
            let mark = if sort.iter().any(|key| key.descending) { "," } else { "" };
            let size = page_size.map(|size| format!("{mark} {size} on a page")).unwrap_or_default();
            format!("{} are listed{order}{size}", names.many(entity))
        }
        RuleKind::Filter { entity, field } => {
            format!("{} can be filtered by {}", names.many(entity), names.field(entity, field))
        }
        RuleKind::Sort { entity, field } => {
            format!("{} can be ordered by {}", names.many(entity), names.field(entity, field))
        }
        RuleKind::Search { entity, fields } if fields.is_empty() => format!("{} can be searched", names.many(entity)),
        RuleKind::Search { entity, fields } => {
            format!("{} can be searched by {}", names.many(entity), names.fields(entity, fields))
        }
        RuleKind::Csv { entity } => format!("{} can be had as CSV", names.many(entity)),
        RuleKind::ActionRole { entity, action: act, fields, roles } => {
            format!("only {} may {}", list(roles, "or"), deed(&names, entity, *act, fields))
        }
        RuleKind::ActionBarred { entity, action: act, fields, roles } => {
            format!("{} may not {}", list(roles, "and"), deed(&names, entity, *act, fields))
        }
    }
}
