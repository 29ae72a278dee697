//! Rules of a record-keeping service. Each names the statements it comes from, so that each can be traced and tested.

use crate::service_model::SortKey;
use maestro_domain::StatementId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `R-1`, `R-2`, ...; unique in the model.
    pub id: String,
    /// The statements it comes from; several statements that say the same share one rule.
    pub sources: Vec<StatementId>,
    /// One sentence for the person whose request is refused, such as `the due date must be after the lending date`.
    pub message: String,
    /// What it demands. All `entity` and `field` values are keys of the model.
    pub demand: RuleKind,
}

/// What a rule demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum RuleKind {
    /// The service keeps these records and can do this with them (a story or a "is recorded" sentence).
    Capability {
        /// Which records.
        entity: String,
        /// `create`, `read`, `list`, `update` or `delete`.
        action: Action,
    },
    /// The record has this field, with its type (a field list, "each loan has a due date").
    HasField {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
    },
    /// A value must be given and must not be blank. 422 otherwise.
    Required {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
    },
    /// A value must be given when the condition holds of the record as it would be stored. 422 otherwise.
    RequiredWhen {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
        /// When.
        when: Condition,
    },
    /// No value may be given when the condition holds of the record as it would be stored. 422 otherwise.
    EmptyWhen {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
        /// When.
        when: Condition,
    },
    /// A value that is used when none (or null) is given at creation.
    Default {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
        /// The value as it looks in JSON; the strings `today` and `now` stand for the clock in date fields.
        value: serde_json::Value,
    },
    /// No two records may have the same values in these fields. 409 otherwise. Records with an empty (or blank) value in
    /// any of them never clash.
    Unique {
        /// Which records.
        entity: String,
        /// Which fields together.
        fields: Vec<String>,
        /// Only records for which this holds count.
        #[serde(default)]
        when: Condition,
        /// Upper and lower case are the same.
        #[serde(default)]
        ignore_case: bool,
    },
    /// Bounds of a number, money, date or date-time given as constants, as text (`"0.5"`, `"2024-01-01"`). 422 otherwise.
    Range {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
        /// Lowest value.
        #[serde(default)]
        min: Option<String>,
        /// Highest value.
        #[serde(default)]
        max: Option<String>,
        /// `min` itself is refused ("more than 0").
        #[serde(default)]
        above_min: bool,
        /// `max` itself is refused ("less than 100").
        #[serde(default)]
        below_max: bool,
    },
    /// Most digits that a decimal number may have behind its point; zeros at its end count for nothing. 422 otherwise.
    Places {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
        /// So many at most.
        places: u32,
    },
    /// Length of a text in characters. 422 otherwise.
    Length {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
        /// Fewest characters.
        #[serde(default)]
        min: Option<u32>,
        /// Most characters.
        #[serde(default)]
        max: Option<u32>,
    },
    /// The whole text must match this regular expression (Python `re.fullmatch`, plain ASCII classes). 422 otherwise.
    Pattern {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
        /// The expression, without anchors.
        regex: String,
    },
    /// A well-known form of text. 422 otherwise.
    Format {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
        /// `email`, `url` or `phone`.
        format: TextFormat,
    },
    /// A field compared with something else, whenever both have a value. 422 otherwise.
    /// Covers rules relative to today ("may not be in the future") and across fields ("ends after it starts").
    /// A referenced record cannot be changed so that one that refers to it no longer fits: 409, the field there to blame.
    Compare {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
        /// How.
        op: Op,
        /// With what.
        to: Operand,
        /// Only when this holds of the record as it would be stored.
        #[serde(default)]
        when: Condition,
        /// Checked only when a record is created (a start "may not be in the past" must not block later edits).
        #[serde(default)]
        on_create: bool,
    },
    /// The referenced record (or the record itself) must meet the condition when the action is taken. 409 otherwise.
    /// Where it compares two referenced records at every save, these cannot be changed so that it no longer holds.
    /// "A loan can only be made for a tool that is available." A test with `via` holds where the reference is empty:
    /// there is nothing to meet it. In this and all other rules about a record that is saved, other records' children are
    /// counted without it: a loan does not make its own tool unavailable.
    Requires {
        /// Which records.
        entity: String,
        /// When it is checked.
        at: Moment,
        /// What must hold.
        condition: Condition,
    },
    /// Which changes of state are allowed; the workflow itself stands in the entity. 409 otherwise, naming what is allowed.
    Transitions {
        /// Which records.
        entity: String,
    },
    /// Only these roles may make this change of state. 403 otherwise. Where several rules fit a change, each must allow it.
    /// A record that is entered in a later state has come there from the first one, for this rule and for
    /// `TransitionRequires` and `Requires`.
    /// A request that changes nothing but the state (and fields that the change requires) is judged by these rules alone,
    /// where there are any for the change, and not by an `ActionRole` or `ActionBarred` on updates as a whole.
    TransitionRole {
        /// Which records.
        entity: String,
        /// Only from this state; any where absent.
        #[serde(default)]
        from: Option<String>,
        /// To this state.
        to: String,
        /// The roles, in the epic's words.
        roles: Vec<String>,
    },
    /// A change of state needs these fields to have a value afterwards, and they keep one in the states behind it
    /// ([`crate::Workflow::behind`]). 422 otherwise.
    TransitionRequires {
        /// Which records.
        entity: String,
        /// Only from this state; any where absent.
        #[serde(default)]
        from: Option<String>,
        /// To this state.
        to: String,
        /// The fields.
        fields: Vec<String>,
    },
    /// A change of state sets a field by itself, where the request does not. `Today` in a date-time field is its start.
    Stamp {
        /// Which records.
        entity: String,
        /// To this state; `None` means at creation.
        #[serde(default)]
        to: Option<String>,
        /// Which field.
        field: String,
        /// With what.
        value: Operand,
    },
    /// While this holds of the stored record, it cannot be changed or deleted. 409 otherwise.
    /// Changes of state that the workflow allows stay possible, together with the fields that they require (and stamps).
    /// Giving a field the value that it has is no change.
    Immutable {
        /// Which records.
        entity: String,
        /// While.
        when: Condition,
        /// Only these fields are frozen (and deleting stays possible); all where empty.
        #[serde(default)]
        fields: Vec<String>,
    },
    /// The record cannot be deleted while this holds of it (always, where the condition is empty). 409 otherwise.
    /// A record that others refer to cannot be deleted either (409), with or without a rule, unless a `Cascade` takes all
    /// of these with it; `Children` conditions say the same.
    NoDelete {
        /// Which records.
        entity: String,
        /// While.
        #[serde(default)]
        when: Condition,
    },
    /// These records are deleted together with the one that they refer to, and so are those that cascade from them in
    /// turn. All or nothing: where one of them cannot be deleted (it is frozen, or must be kept, or is referred to by a
    /// record that does not go with it), nothing is, 409. Who may delete the record that they refer to may do so with
    /// them, whoever may delete one of them by itself. A record with several such references goes with any of them.
    Cascade {
        /// The records that go with another.
        entity: String,
        /// Their field that refers to it.
        field: String,
    },
    /// Two records with equal `by` fields may not overlap in time, or in what is measured from one field to the other (a
    /// depth). 409 otherwise.
    /// Dates overlap when they share a day; date-times only when they share more than an instant, and decimal numbers when
    /// they share more than a point. Records without
    /// a start, or with an empty `by` field, never clash. The start is to blame.
    /// With `via` the times are those of the records that they refer to: "A volunteer must not be signed up for two shifts
    /// that overlap" is `{"entity": "signup", "via": "shift_id", "start": "start", "end": "end", "by": ["volunteer_id"]}`,
    /// start and end being fields of the shift. Two that refer to the same one share its time; one that refers to nothing
    /// never clashes; `via` is to blame. A referenced record cannot be changed so that two that refer to such records come
    /// to clash (409, the field there to blame): neither its times nor what `when` looks at there.
    NoOverlap {
        /// Which records.
        entity: String,
        /// Their reference field, where the record that it refers to has the start and the end, and they have not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        via: Option<String>,
        /// Start field.
        start: String,
        /// End field; an empty end never ends.
        end: String,
        /// Fields that must be equal for records to clash (`room_id`); with `via`, these are still their own.
        by: Vec<String>,
        /// Only records for which this holds count ("cancelled bookings do not count").
        #[serde(default)]
        when: Condition,
    },
    /// No more than so many records agree in these fields, date-times by their day (UTC). 409 otherwise, the first field to
    /// blame. "An inspector makes at most 8 inspections a day". Records with an empty value in any of them are not counted.
    Quota {
        /// Which records.
        entity: String,
        /// Fields that agree.
        by: Vec<String>,
        /// How many there may be; at least 1.
        most: u32,
        /// Only records for which this holds count.
        #[serde(default)]
        when: Condition,
    },
    /// A count or sum over children is limited by a constant or by a field of the parent. 409 otherwise.
    /// "No more bookings than the session's capacity", "at most 3 open loans per member". Checked when a child that counts
    /// is created, changed or moved (the field to blame is `via`), and when the parent is changed (the limit's field).
    /// A limit without a value limits nothing.
    Capacity {
        /// Whose children.
        parent: String,
        /// The children.
        child: String,
        /// The child's field that refers to the parent.
        via: String,
        /// What is added up.
        measure: Measure,
        /// `le` or `lt` (for "must equal" at a moment use `Requires`).
        op: Op,
        /// `Value`, `Field` of the parent, or `Referenced` by it; the latter is judged when it changes, too.
        limit: Operand,
        /// Only children for which this holds count.
        #[serde(default)]
        when: Condition,
    },
    /// A read-only field that the service works out on every read.
    Computed {
        /// Which records.
        entity: String,
        /// Which field.
        field: String,
        /// How.
        expr: Expr,
    },
    /// `/x/totals?by=` groups records by this field. Every item has `value`, `count` and, for every number and money
    /// field, its sum under the field's key (`sum_<key>` for fields called `value` or `count`), whether or not asked for
    /// here; averages, minima and maxima that are asked for here stand under `average_<key>`, `min_<key>`, `max_<key>`.
    /// `by` is written `reference.field`. Totals by other fields are offered without a rule too.
    Totals {
        /// Which records.
        entity: String,
        /// A field, or `reference field` then `field of the referenced record`.
        by: Vec<String>,
        /// What is added up per group besides the count.
        measures: Vec<Measure>,
    },
    /// The order and page size of a list when the request says nothing.
    List {
        /// Which records.
        entity: String,
        /// Order.
        #[serde(default)]
        sort: Vec<SortKey>,
        /// Page size.
        #[serde(default)]
        page_size: Option<u32>,
    },
    /// The list can be narrowed by this field (every list can; the rule is there to be tested and shown).
    Filter {
        /// Which records.
        entity: String,
        /// A field.
        field: String,
    },
    /// The list can be ordered by this field on request.
    Sort {
        /// Which records.
        entity: String,
        /// A field.
        field: String,
    },
    /// `q=` finds records by these fields (all text fields where empty), ignoring case; numbers and choices as they are written.
    Search {
        /// Which records.
        entity: String,
        /// Fields.
        #[serde(default)]
        fields: Vec<String>,
    },
    /// The list can be had as CSV.
    Csv {
        /// Which records.
        entity: String,
    },
    /// Only these roles may do this. 403 otherwise.
    ActionRole {
        /// Which records.
        entity: String,
        /// What.
        action: Action,
        /// Only when one of these fields is set or changed; the whole action where empty.
        #[serde(default)]
        fields: Vec<String>,
        /// The roles, in the epic's words.
        roles: Vec<String>,
    },
    /// These roles may not do this. 403 for them; other roles, and requests without a role, are not touched.
    /// "Auditors have read-only access."
    ActionBarred {
        /// Which records.
        entity: String,
        /// What.
        action: Action,
        /// Only when one of these fields is set or changed; the whole action where empty.
        #[serde(default)]
        fields: Vec<String>,
        /// The roles, in the epic's words.
        roles: Vec<String>,
    },
}

/// What is done with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// `POST /x`.
    Create,
    /// `GET /x/{id}`.
    Read,
    /// `GET /x`.
    List,
    /// `PATCH /x/{id}`.
    Update,
    /// `DELETE /x/{id}`.
    Delete,
}

/// When a `Requires` rule is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "moment")]
pub enum Moment {
    /// At creation; what is demanded of a referenced record also when another one is referred to: a load that is moved to
    /// an order is added to it.
    Create,
    /// At creation and at every change.
    Save,
    /// When the state changes to this one.
    Transition {
        /// The new state.
        to: String,
    },
}

/// Forms of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextFormat {
    /// An e-mail address.
    Email,
    /// An http or https address.
    Url,
    /// A telephone number.
    Phone,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less, before.
    Lt,
    /// Less or equal, not after.
    Le,
    /// Greater, after.
    Gt,
    /// Greater or equal, not before.
    Ge,
}

/// What a field is compared with or set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum Operand {
    /// A constant, as it looks in JSON.
    Value {
        /// The constant.
        value: serde_json::Value,
    },
    /// Another field of the same record, plus an offset.
    Field {
        /// Its key.
        field: String,
        /// Added to it.
        #[serde(flatten)]
        offset: Offset,
    },
    /// A field of the record that a reference field refers to, plus an offset.
    Referenced {
        /// The reference field, or several to go through one after the other (`tool_id.shelf_id`).
        via: String,
        /// The field there.
        field: String,
        /// Added to it.
        #[serde(flatten)]
        offset: Offset,
    },
    /// The day of the request (UTC), plus calendar months, then days. Against a date-time field it is that day's start for `ge`/`lt` and its end for `le`/`gt`.
    Today {
        /// Added; may be negative.
        #[serde(default)]
        plus_days: i64,
        /// Calendar months added before the days (a year is 12), as of [`Offset::plus_months`]; may be negative.
        #[serde(default, skip_serializing_if = "is_zero")]
        plus_months: i64,
    },
    /// The year of the request (UTC) as a whole number, plus years. A date or instant is compared with no year.
    ThisYear {
        /// Added; may be negative.
        #[serde(default, skip_serializing_if = "is_zero")]
        plus_years: i64,
    },
    /// The instant of the request, plus minutes.
    Now {
        /// Added; may be negative.
        #[serde(default, skip_serializing_if = "is_zero")]
        plus_minutes: i64,
    },
}

/// What is added to the value of a field: months first, then days, then minutes. Each may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Offset {
    /// Days for dates and date-times, the number itself for numbers.
    #[serde(default)]
    pub plus: i64,
    /// Calendar months added to a date or date-time (a year is 12): the same day of the other month, or its last day
    /// where that month is shorter.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub plus_months: i64,
    /// Minutes added to a date-time.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub plus_minutes: i64,
}

impl Offset {
    /// Nothing is added.
    pub const NONE: Self = Self { plus: 0, plus_months: 0, plus_minutes: 0 };

    /// So many days, or so much for a number.
    #[must_use]
    pub const fn days(plus: i64) -> Self {
        Self { plus, ..Self::NONE }
    }

    /// So many calendar months.
    #[must_use]
    pub const fn months(plus_months: i64) -> Self {
        Self { plus_months, ..Self::NONE }
    }

    /// So many minutes.
    #[must_use]
    pub const fn minutes(plus_minutes: i64) -> Self {
        Self { plus_minutes, ..Self::NONE }
    }

    /// As far the other way.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { plus: -self.plus, plus_months: -self.plus_months, plus_minutes: -self.plus_minutes }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(value: &i64) -> bool {
    *value == 0
}

impl Operand {
    /// A field of the same record as it is.
    #[must_use]
    pub const fn field(field: String) -> Self {
        Self::Field { field, offset: Offset::NONE }
    }

    /// The day of the request.
    #[must_use]
    pub const fn today() -> Self {
        Self::Today { plus_days: 0, plus_months: 0 }
    }

    /// The year of the request.
    #[must_use]
    pub const fn this_year() -> Self {
        Self::ThisYear { plus_years: 0 }
    }

    /// The instant of the request.
    #[must_use]
    pub const fn now() -> Self {
        Self::Now { plus_minutes: 0 }
    }
}

/// All tests must hold; the empty condition always holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Condition(pub Vec<Test>);

/// One test of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "test")]
pub enum Test {
    /// A field is one of these values (verbatim, as in JSON).
    In {
        /// The reference fields to go through first, if any: `tool_id`, or `tool_id.shelf_id`.
        #[serde(default)]
        via: Option<String>,
        /// The field.
        field: String,
        /// The values.
        values: Vec<serde_json::Value>,
    },
    /// A field is none of these values; also true of a field without a value, or of a record that is not referred to.
    NotIn {
        /// The reference fields to go through first, if any: `tool_id`, or `tool_id.shelf_id`.
        #[serde(default)]
        via: Option<String>,
        /// The field.
        field: String,
        /// The values.
        values: Vec<serde_json::Value>,
    },
    /// A field has no value.
    Empty {
        /// The reference fields to go through first, if any: `tool_id`, or `tool_id.shelf_id`.
        #[serde(default)]
        via: Option<String>,
        /// The field.
        field: String,
    },
    /// A field has a value.
    Given {
        /// The reference fields to go through first, if any: `tool_id`, or `tool_id.shelf_id`.
        #[serde(default)]
        via: Option<String>,
        /// The field.
        field: String,
    },
    /// A field compares so; false where either side has no value, also for `ne`.
    Compare {
        /// The reference fields to go through first, if any: `tool_id`, or `tool_id.shelf_id`.
        #[serde(default)]
        via: Option<String>,
        /// The field.
        field: String,
        /// How.
        op: Op,
        /// With what (fields of the record itself, not of the referenced one).
        to: Operand,
    },
    /// The number of children that meet a condition compares so with a constant.
    Children {
        /// The children.
        child: String,
        /// The child's field that refers to this record.
        via: String,
        /// Only children for which this holds count.
        #[serde(default)]
        when: Condition,
        /// What is added up.
        measure: Measure,
        /// How.
        op: Op,
        /// With what: `Value`, or `Field` of this record.
        to: Operand,
    },
}

impl Test {
    /// The reference fields that it looks through, where it is about a referenced record.
    #[must_use]
    pub fn via(&self) -> Option<&String> {
        match self {
            Self::In { via, .. }
            | Self::NotIn { via, .. }
            | Self::Empty { via, .. }
            | Self::Given { via, .. }
            | Self::Compare { via, .. } => via.as_ref(),
            Self::Children { .. } => None,
        }
    }
}

impl Condition {
    /// Whether any of it is about a referenced record.
    #[must_use]
    pub fn looks_through(&self) -> bool {
        self.0.iter().any(|test| test.via().is_some())
    }
}

/// What is added up over records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "measure")]
pub enum Measure {
    /// How many there are.
    Count,
    /// The sum of a field.
    Sum {
        /// The field.
        field: String,
    },
    /// The mean of a field.
    Average {
        /// The field.
        field: String,
    },
    /// The smallest value of a field.
    Min {
        /// The field.
        field: String,
    },
    /// The largest value of a field.
    Max {
        /// The field.
        field: String,
    },
}

/// What time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// 3600 seconds.
    Hours,
    /// 60 seconds.
    Minutes,
}

impl TimeUnit {
    /// How long one is.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Hours => 3600,
            Self::Minutes => 60,
        }
    }
}

/// How a computed field comes about. An operand without a value makes the whole value empty; over children, they are skipped.
/// Counts and sums of nothing are 0; averages, minima and maxima of nothing are empty. The result is rounded as its field's
/// type has it, halves away from zero: whole numbers, money to 2 places, decimals to 10.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "expr")]
pub enum Expr {
    /// A number, as text.
    Number {
        /// The number.
        value: String,
    },
    /// A field of the record.
    Field {
        /// Its key.
        field: String,
    },
    /// A field of a referenced record.
    Referenced {
        /// The reference field.
        via: String,
        /// The field there.
        field: String,
    },
    /// Sum.
    Add {
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// Difference; of two dates, whole days; of two date-times, how many times 24 hours have passed in full.
    Sub {
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// Product.
    Mul {
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// Quotient; empty when divided by 0.
    Div {
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// A date plus days.
    PlusDays {
        /// The date.
        date: Box<Expr>,
        /// The days.
        days: Box<Expr>,
    },
    /// A date plus calendar months (a year is 12): the same day of the other month, or its last day where that month is
    /// shorter.
    PlusMonths {
        /// The date.
        date: Box<Expr>,
        /// The months; empty where it is no whole number.
        months: Box<Expr>,
    },
    /// The time from one date-time to another: hours as a decimal, or minutes.
    Elapsed {
        /// The instant that it begins at.
        from: Box<Expr>,
        /// The instant that it ends at.
        to: Box<Expr>,
        /// What it is counted in.
        unit: TimeUnit,
    },
    /// The day of the request.
    Today,
    /// Over the children of the record.
    Children {
        /// The children.
        child: String,
        /// The child's field that refers to this record.
        via: String,
        /// What is added up.
        measure: Measure,
        /// Only children for which this holds count.
        #[serde(default)]
        when: Condition,
    },
    /// Yes or no: whether the condition holds.
    Holds {
        /// The condition.
        when: Condition,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn years_are_written_where_some_are_added() {
        for (operand, written) in [
            (Operand::this_year(), json!({"of": "this_year"})),
            (Operand::ThisYear { plus_years: -1 }, json!({"of": "this_year", "plus_years": -1})),
        ] {
            assert_eq!(serde_json::to_value(&operand).unwrap(), written);
            assert_eq!(serde_json::from_value::<Operand>(written).unwrap(), operand);
        }
    }
}
