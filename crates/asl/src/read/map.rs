//! Reads Map states.

use std::sync::Arc;

use super::Reader;
use super::graph::Edge;
use super::node::{Fields, Node};
use crate::diagnostic::Code;
use crate::model::{Batcher, Distributed, Items, Map, Share, Workflow};

/// Longest label of a distributed map, in characters.
const LONGEST_LABEL: usize = 40;

/// What a label may not hold, beside whitespace and control characters.
const FORBIDDEN: &str = "?*<>{}[]:;,\\|^~$#%&`\"";

impl Reader<'_> {
    pub(super) fn map<'a>(&mut self, name: &'a str, fields: &mut Fields<'a>, edges: &mut Vec<Edge<'a>>) -> Option<Map> {
        let items = if self.jsonata {
            match fields.take("Items") {
                Some(node) => self.template(&node, "Items").map(Items::Template),
                None => Some(Items::Input),
            }
        } else {
            match fields.take("ItemsPath") {
                Some(node) => self.path(&node, "ItemsPath").map(Items::Path),
                None => Some(Items::Input),
            }
        };
        let selector =
            if self.jsonata { fields.take("ItemSelector") } else { self.either(fields, "ItemSelector", "Parameters") };
        let item_selector = selector.and_then(|node| self.template(&node, "ItemSelector"));
        let max_concurrency = self.number(fields, "MaxConcurrency", "MaxConcurrencyPath", 0);
        let processor = match self.either(fields, "ItemProcessor", "Iterator") {
            Some(node) => self.processor(&node),
            None => {
                self.report.missing(fields, "ItemProcessor", &format!("Map state `{name}`"));
                None
            }
        };
        let mut distributed = None;
        if processor.as_ref().is_some_and(|(_, distributed)| *distributed) {
            distributed = Some(self.distributed(fields));
        } else {
            self.without_effect(fields);
        }
        let handling = self.handling(name, fields, edges);
        let (processor, _) = processor?;
        Some(Map { items: items?, distributed, item_selector, max_concurrency, processor, handling: handling? })
    }

    /// AWS takes these in an inline map too, where one failure fails the whole anyway.
    fn without_effect(&mut self, fields: &mut Fields<'_>) {
        let without = [
            "ToleratedFailureCount",
            "ToleratedFailureCountPath",
            "ToleratedFailurePercentage",
            "ToleratedFailurePercentagePath",
            "Label",
            "LabelPath",
        ];
        for name in without {
            if let Some(node) = fields.take(name) {
                let message = format!("`{name}` has no effect in an inline map");
                self.report.warn(
                    &node,
                    Code::FieldConflict,
                    message,
                    "set the mode of `ProcessorConfig` to `DISTRIBUTED`",
                );
            }
        }
    }

    fn distributed(&mut self, fields: &mut Fields<'_>) -> Distributed {
        self.label(fields);
        let tolerated_count = self.number(fields, "ToleratedFailureCount", "ToleratedFailureCountPath", 0);
        let tolerated_percentage = self.share(fields);
        let batcher = fields.take("ItemBatcher").and_then(|node| self.batcher(&node));
        Distributed { tolerated_count, tolerated_percentage, batcher }
    }

    /// The name of a Map's children: part of their ARN, so not all characters are allowed.
    fn label(&mut self, fields: &mut Fields<'_>) {
        let Some(node) = fields.take("Label") else { return };
        let Some(label) = self.report.string(&node, "Label") else { return };
        let forbidden = |c: &char| c.is_whitespace() || c.is_control() || FORBIDDEN.contains(*c);
        let problem = if label.is_empty() {
            Some("`Label` is empty".to_owned())
        } else if label.chars().count() > LONGEST_LABEL {
            Some(format!("`Label` is longer than {LONGEST_LABEL} characters"))
        } else {
            label.chars().find(forbidden).map(|c| format!("`Label` holds the character {c:?}, which AWS does not take"))
        };
        if let Some(problem) = problem {
            self.report.error(&node, Code::InvalidValue, problem);
        }
    }

    fn share(&mut self, fields: &mut Fields<'_>) -> Option<Share> {
        let (name, path_name) = ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath");
        let fixed = fields.take(name);
        if !self.jsonata
            && let Some(path) = fields.take(path_name)
        {
            if fixed.is_some() {
                let message = format!("`{name}` and `{path_name}` exclude each other");
                self.report.error(&path, Code::FieldConflict, message);
            }
            return self.path(&path, path_name).map(Share::Path);
        }
        let node = fixed?;
        if self.jsonata
            && let Some(literal) = node.text()
            && let Some(expression) = self.query(&node, literal, name)
        {
            return expression.map(Share::Query);
        }
        let value = node.value();
        let share = value.as_f64().filter(|share| (0.0..=100.0).contains(share));
        if share.is_none() {
            let message = format!("`{name}` must be a number from 0 to 100, found `{value}`");
            self.report.error(&node, Code::InvalidValue, message);
        }
        share.map(Share::Fixed)
    }

    fn batcher(&mut self, node: &Node<'_>) -> Option<Batcher> {
        let mut fields = self.report.fields(node, "`ItemBatcher`")?;
        let most_items = self.number(&mut fields, "MaxItemsPerBatch", "MaxItemsPerBatchPath", 1);
        let most_bytes = self.number(&mut fields, "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath", 1);
        if most_items.is_none() && most_bytes.is_none() {
            let message = "`ItemBatcher` needs `MaxItemsPerBatch` or `MaxInputBytesPerBatch`";
            self.report.error(node, Code::MissingField, message);
        }
        let input = fields.take("BatchInput").and_then(|node| self.template(&node, "ItemBatcher/BatchInput"));
        self.finish(fields, "`ItemBatcher`");
        Some(Batcher { most_items, most_bytes, input })
    }

    /// A field that was renamed: the new name or the old one, not both.
    fn either<'a>(&mut self, fields: &mut Fields<'a>, name: &'static str, old: &'static str) -> Option<Node<'a>> {
        let new = fields.take(name);
        let former = fields.take(old);
        if let (Some(_), Some(node)) = (&new, &former) {
            self.report.error(node, Code::FieldConflict, format!("`{name}` and `{old}` exclude each other"));
        }
        new.or(former)
    }

    /// The processor, and whether it runs in executions of its own.
    fn processor(&mut self, node: &Node<'_>) -> Option<(Arc<Workflow>, bool)> {
        let mut fields = self.report.fields(node, "`ItemProcessor`")?;
        self.text(&mut fields, "Comment");
        let distributed = match fields.take("ProcessorConfig") {
            Some(config) => self.is_distributed(&config),
            None => Some(false),
        };
        let workflow = self.workflow(fields, "`ItemProcessor`");
        Some((workflow?, distributed?))
    }

    fn is_distributed(&mut self, node: &Node<'_>) -> Option<bool> {
        let mut fields = self.report.fields(node, "`ProcessorConfig`")?;
        let mut distributed = Some(false);
        if let Some(mode) = fields.take("Mode") {
            distributed = match self.report.string(&mode, "Mode") {
                Some("INLINE") => Some(false),
                Some("DISTRIBUTED") => Some(true),
                Some(other) => {
                    let message = format!("`{other}` is not a mode: expected `INLINE` or `DISTRIBUTED`");
                    self.report.error(&mode, Code::InvalidValue, message);
                    None
                }
                None => None,
            };
        }
        if let Some(kind) = fields.take("ExecutionType")
            && let Some(found) = self.report.string(&kind, "ExecutionType")
            && !matches!(found, "STANDARD" | "EXPRESS")
        {
            let message = format!("`{found}` is not an execution type: expected `STANDARD` or `EXPRESS`");
            self.report.error(&kind, Code::InvalidValue, message);
        }
        self.finish(fields, "`ProcessorConfig`");
        distributed
    }
}
