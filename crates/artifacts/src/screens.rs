//! What the designer hands over: the screens that people use and the flows through them.

use maestro_domain::StatementId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All screens and flows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Screens {
    /// The name of the application, shown in its header.
    pub title: String,
    /// The roles that can be chosen.
    pub roles: Vec<String>,
    /// The screens.
    pub screens: Vec<Screen>,
    /// One flow for every story or, without stories, for every entity.
    pub flows: Vec<Flow>,
}

/// What a screen is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScreenKind {
    /// Many records in a table, with filters, search, paging and CSV.
    List,
    /// One record: its values, status buttons, children.
    Detail,
    /// Create or edit a record.
    Form,
    /// Totals by group.
    Totals,
}

/// One screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Unique, such as `loans-list`.
    pub id: String,
    /// Shown on top.
    pub title: String,
    /// What it is for.
    pub kind: ScreenKind,
    /// Key of the entity.
    pub entity: String,
    /// Field keys shown, in order.
    pub fields: Vec<String>,
    /// Field keys to filter by (lists), or to group by (totals).
    #[serde(default)]
    pub filters: Vec<String>,
    /// States that buttons lead to (details).
    #[serde(default)]
    pub transitions: Vec<String>,
}

/// The way of a person through the screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// What the person wants.
    pub title: String,
    /// The statement it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story: Option<StatementId>,
    /// Screen ids in order.
    pub steps: Vec<String>,
}
