//! What the rules say of a deletion: which records go, and what stands against it.

use crate::{
    judge::{Change, Fault, Request},
    value::Val,
    world::{Row, Rows, World},
};
use maestro_artifacts::RuleKind;
use std::collections::BTreeSet;

impl World<'_> {
    /// The records that are deleted when one is, that one among them.
    pub(crate) fn deleted_with(&self, rows: &Rows, rec: usize) -> BTreeSet<usize> {
        let mut gone = BTreeSet::from([rec]);
        let goes = |row: &Row, gone: &BTreeSet<usize>| {
            row.values.iter().any(|(field, value)| {
                matches!(value, Val::Ref(to) if gone.contains(to)) && self.cascades(&row.entity, field)
            })
        };
        loop {
            let more: Vec<usize> =
                rows.iter().filter(|(rec, row)| !gone.contains(rec) && goes(row, &gone)).map(|(rec, _)| *rec).collect();
            if more.is_empty() {
                return gone;
            }
            gone.extend(more);
        }
    }

    /// Nothing is deleted where one of those that would go must be kept.
    pub(crate) fn judge_delete(&self, rows: &Rows, before: &Row, request: &Request, faults: &mut Vec<Fault>) {
        let gone = self.deleted_with(rows, request.rec);
        let going: Vec<(usize, &Row)> =
            gone.iter().filter_map(|rec| rows.get(rec).map(|row| (*rec, row.as_ref()))).collect();
        for (rec, row) in &going {
            self.judge_kept(rows, row, *rec, faults);
        }
        let refers = |row: &Row| row.values.values().any(|value| matches!(value, Val::Ref(to) if gone.contains(to)));
        if rows.iter().any(|(rec, row)| !gone.contains(rec) && refers(row)) {
            faults.push(Fault::Referenced);
        }
        let next: Rows =
            rows.iter().filter(|(rec, _)| !gone.contains(rec)).map(|(rec, row)| (*rec, row.clone())).collect();
        let change = Change { before: Some(before), after: before, rows, next: &next, request };
        for entity in going.iter().map(|(_, row)| row.entity.as_str()).collect::<BTreeSet<_>>() {
            self.judge_onlookers(&change, entity, faults);
        }
        // Who may delete the record may do so with all that go with it.
        self.judge_roles(&change, faults);
    }

    /// The rules that keep a record from being deleted.
    fn judge_kept(&self, rows: &Rows, row: &Row, rec: usize, faults: &mut Vec<Fault>) {
        for (index, rule) in self.rules_of(&row.entity) {
            let (when, keeps) = match &rule.demand {
                RuleKind::Immutable { entity, when, fields } if *entity == row.entity => (when, fields.is_empty()),
                RuleKind::NoDelete { entity, when } if *entity == row.entity => (when, true),
                _ => continue,
            };
            if keeps && self.holds(rows, row, rec, when) && !faults.contains(&Fault::Rule(index)) {
                faults.push(Fault::Rule(index));
            }
            if self.wavers(rows, row, rec, when) {
                faults.push(Fault::Unsure(index));
            }
        }
    }
}
