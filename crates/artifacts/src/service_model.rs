//! The domain model of a record-keeping service: entities, fields, workflow, rules.

use crate::rules::Rule;
use maestro_domain::StatementId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A whole service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceModel {
    /// The epic's title.
    pub title: String,
    /// Roles that the epic names, in its words, such as `site engineer`.
    pub roles: Vec<String>,
    /// What is recorded, in the order of the epic.
    pub entities: Vec<Entity>,
    /// Every rule, by id in order of the epic.
    pub rules: Vec<Rule>,
}

/// One kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// `snake_case` singular, unique: `concrete_batch`. Safe as a Python, SQL and JSON name.
    pub key: String,
    /// As the epic names one of them: `concrete batch`.
    pub name: String,
    /// As English names many of them: `concrete batches`.
    pub plural: String,
    /// Path below the root: `concrete-batches`.
    pub path: String,
    /// Its fields, without `id`, in the order of the epic. The workflow's field is among them, as an enum.
    pub fields: Vec<Field>,
    /// Its states and the ways between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<Workflow>,
    /// The statements that speak of it as something recorded.
    pub sources: Vec<StatementId>,
}

/// One field of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// `snake_case`, unique in its entity: `due_date`; references end in `_id`: `tool_id`.
    pub key: String,
    /// As the epic names it: `due date`.
    pub name: String,
    /// Its type.
    pub kind: FieldKind,
    /// Set by the service and refused in requests: computed fields (a `computed` rule says how) and stamps.
    #[serde(default)]
    pub read_only: bool,
    /// The statements that name it.
    pub sources: Vec<StatementId>,
}

/// The type of a field, and how its values look in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum FieldKind {
    /// JSON string.
    Text {
        /// Shown in a multi-line box.
        #[serde(default)]
        long: bool,
    },
    /// JSON integer.
    Integer,
    /// JSON number, kept exactly; one that a double cannot tell from its neighbours is refused.
    Decimal,
    /// Decimal string with two places, such as `"12.50"`; requests may write fewer places, or a JSON number.
    Money,
    /// `YYYY-MM-DD`.
    Date,
    /// RFC 3339; without offset it means UTC, seconds may be left out, fractions are dropped, a bare date is refused;
    /// answered as `YYYY-MM-DDTHH:MM:SSZ`.
    DateTime,
    /// JSON boolean.
    Boolean,
    /// One of these strings, verbatim as in the epic.
    Enum {
        /// The allowed values.
        values: Vec<String>,
    },
    /// JSON integer: the `id` of a record of this entity.
    Reference {
        /// Key of the referenced entity.
        entity: String,
    },
}

/// The states of a record and the ways between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workflow {
    /// Key of the field that holds the state (`status` where the epic names none).
    pub field: String,
    /// All states, verbatim.
    pub states: Vec<String>,
    /// The state of a new record.
    pub initial: String,
    /// The only allowed changes of state.
    pub transitions: Vec<Transition>,
    /// The statements it comes from.
    pub sources: Vec<StatementId>,
}

/// One allowed change of state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// From this state.
    pub from: String,
    /// To this state.
    pub to: String,
    /// The statements that allow it.
    pub sources: Vec<StatementId>,
}

/// One key of a sort order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SortKey {
    /// Field key (or `id`).
    pub field: String,
    /// Largest first.
    #[serde(default)]
    pub descending: bool,
}

/// What the architect hands over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// The domain model that is built.
    pub model: ServiceModel,
    /// The OpenAPI 3.1 document of the service.
    pub openapi: serde_json::Value,
    /// Titles of the architecture decision records among the files.
    pub decisions: Vec<String>,
}

impl Workflow {
    /// The states that no record reaches without the change to `to` (from `from`, or from any state): what that change
    /// requires stays required there. Where the change can be made again it asks again, so that from there on only `to`
    /// itself is one of them. `ruled` says whether the transitions are the only changes that are possible.
    pub fn behind(&self, from: Option<&str>, to: &str, ruled: bool) -> BTreeSet<&str> {
        let states = || self.states.iter().map(String::as_str);
        let ways: BTreeSet<(&str, &str)> = if ruled {
            self.transitions.iter().map(|way| (way.from.as_str(), way.to.as_str())).collect()
        } else {
            states().flat_map(|one| states().map(move |other| (one, other))).collect()
        };
        let asked = |way: &(&str, &str)| way.1 == to && from.is_none_or(|from| from == way.0);
        let others = ways.iter().copied().filter(|way| !asked(way)).collect();
        let around = reached(&self.initial, &others);
        let again = |state: &str| {
            let ahead = reached(state, &ways);
            ways.iter().any(|way| asked(way) && ahead.contains(way.0))
        };
        let Some(to) = states().find(|state| *state == to) else { return BTreeSet::new() };
        let found = reached(to, &ways).into_iter();
        found.filter(|state| !around.contains(state) && (*state == to || !again(state))).collect()
    }
}

/// A state and all that these changes lead to from there.
fn reached<'a>(start: &'a str, ways: &BTreeSet<(&'a str, &'a str)>) -> BTreeSet<&'a str> {
    let (mut found, mut ahead) = (BTreeSet::from([start]), vec![start]);
    while let Some(here) = ahead.pop() {
        let next = ways.iter().filter(|way| way.0 == here).map(|way| way.1);
        ahead.extend(next.filter(|to| found.insert(to)));
    }
    found
}

impl ServiceModel {
    /// Finds an entity by key.
    #[must_use]
    pub fn entity(&self, key: &str) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.key == key)
    }

    /// Finds a field by entity and field key.
    #[must_use]
    pub fn field(&self, entity: &str, field: &str) -> Option<&Field> {
        self.entity(entity)?.field(field)
    }

    /// Key of the entity that a reference field leads to, or several of them one after the other (`tool_id.shelf_id`).
    #[must_use]
    pub fn target<'a>(&'a self, entity: &'a str, via: &str) -> Option<&'a str> {
        via.split('.').try_fold(entity, |at, step| match &self.field(at, step)?.kind {
            FieldKind::Reference { entity } => Some(entity.as_str()),
            _ => None,
        })
    }

    /// Fields of other (or the same) entities that refer to this entity: (entity key, field).
    pub fn referrers<'a>(&'a self, entity: &'a str) -> impl Iterator<Item = (&'a Entity, &'a Field)> {
        self.entities.iter().flat_map(move |from| {
            from.fields
                .iter()
                .filter(move |f| matches!(&f.kind, FieldKind::Reference { entity: to } if to == entity))
                .map(move |f| (from, f))
        })
    }
}

impl Entity {
    /// Finds a field by key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

/// The first of the reference fields that a way goes through, and those behind it: `tool_id` and `shelf_id` of
/// `tool_id.shelf_id`.
#[must_use]
pub fn first_step(via: &str) -> (&str, Option<&str>) {
    via.split_once('.').map_or((via, None), |(first, rest)| (first, Some(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `reserved>lent` and so on; the first state named is the first of a record.
    fn workflow(ways: &[&str]) -> Workflow {
        let pairs = ways.iter().map(|way| way.split_once('>').unwrap());
        let transition =
            |(from, to): (&str, &str)| Transition { from: from.into(), to: to.into(), sources: Vec::new() };
        let mut states: Vec<String> = Vec::new();
        for state in pairs.clone().flat_map(|(from, to)| [from, to]) {
            if !states.iter().any(|known| known == state) {
                states.push(state.to_owned());
            }
        }
        let (field, initial) = ("status".to_owned(), states.first().cloned().unwrap());
        Workflow { field, initial, states, transitions: pairs.map(transition).collect(), sources: Vec::new() }
    }

    fn behind(ways: &[&str], from: Option<&str>, to: &str, ruled: bool) -> Vec<String> {
        workflow(ways).behind(from, to, ruled).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn what_only_a_change_leads_to_lies_behind_it() {
        let trip = ["planned>under way", "under way>over", "over>billed"];
        assert_eq!(behind(&trip, None, "under way", true), ["billed", "over", "under way"]);
        // Around it by another way, in whole or from one state only.
        let held = ["open>held", "held>done", "open>done"];
        assert_eq!(behind(&held, None, "held", true), ["held"]);
        assert_eq!(behind(&held, Some("held"), "done", true), Vec::<String>::new());
        assert_eq!(behind(&held, None, "done", true), ["done"]);
        // Where the change is made again, it asks again; a record may come back to its first state with or without.
        let loan = ["free>lent", "lent>returned", "returned>lent"];
        assert_eq!(behind(&loan, None, "lent", true), ["lent"]);
        assert_eq!(behind(&["open>shut", "shut>open"], None, "open", true), Vec::<String>::new());
        // Where no rule says which changes there are, each is one.
        assert_eq!(behind(&trip, None, "over", false), ["over"]);
        assert_eq!(behind(&trip, Some("under way"), "over", false), Vec::<String>::new());
        assert_eq!(behind(&trip, None, "sunk", true), Vec::<String>::new());
    }
}
