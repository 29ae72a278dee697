//! `factories.py`: one factory a kind of record, giving one that meets every rule with as little as possible.

use crate::{
    judge::Act,
    python::{Body, Writer, call, needs, string, variable},
    value::Val,
};
use maestro_artifacts::{Action, Entity, RuleKind};
use std::{collections::BTreeSet, fmt::Write as _};

const HEAD: &str = "\"\"\"Records that meet every rule, with as little as possible. `given` replaces or adds values.\"\"\"\n\n\
                    from values import OMIT, at, coded, counted, day, email, fill, from_now, months_later, phone, text, text_of, url, year  # noqa: F401\n";

impl Writer<'_> {
    /// The text of `factories.py`.
    pub(crate) fn factories(&self) -> String {
        let mut out =
            format!("{HEAD}\n# The roles in which records are read, where reading is restricted.\nREADERS = {{\n");
        for entity in &self.scripts.world.model.entities {
            if let Some(role) = self.reader(&entity.key) {
                let _ = writeln!(out, "    {}: {},", string(&self.path(&entity.key)), string(&role));
            }
        }
        out.push_str(
            "}\n\n# The fields that the service fills in where a new record does not give them.\nFILLED = {\n",
        );
        for entity in &self.scripts.world.model.entities {
            let filled = self.filled(entity);
            if !filled.is_empty() {
                let names: String = filled.iter().map(|field| string(field) + ", ").collect();
                let _ = writeln!(out, "    {}: ({}),", string(&self.path(&entity.key)), names.trim_end());
            }
        }
        out.push_str("}\n");
        self.each_factory(&mut out);
        out
    }

    fn each_factory(&self, out: &mut String) {
        for entity in &self.scripts.world.model.entities {
            self.factory(&entity.key, &entity.name, out);
        }
    }

    /// The fields that a new record has though nobody gives them.
    pub(crate) fn filled<'e>(&'e self, entity: &'e Entity) -> BTreeSet<&'e str> {
        let state = entity.workflow.iter().map(|workflow| workflow.field.as_str());
        let rules = self.scripts.world.rules_of(&entity.key).filter_map(|(_, rule)| match &rule.demand {
            RuleKind::Default { entity: of, field, .. } | RuleKind::Stamp { entity: of, field, to: None, .. }
                if *of == entity.key =>
            {
                Some(field.as_str())
            }
            _ => None,
        });
        state.chain(rules).collect()
    }

    /// `factories.py` for those who look for a record by the path of its list. Kinds of records of which no valid one was found
    /// are left out.
    pub(crate) fn makers(&self) -> String {
        let mut out = HEAD.to_owned();
        self.each_factory(&mut out);
        out.push_str(
            "\n\n# What a new record of a list may consist of, and the role in which it is made.\nMAKERS = {\n",
        );
        for entity in &self.scripts.world.model.entities {
            if self.scripts.base(&entity.key).is_some() {
                let role = self.base_role(&entity.key).map_or_else(|| "None".to_owned(), |role| string(&role));
                let _ = writeln!(out, "    {}: ({}_values, {role}),", string(&self.path(&entity.key)), entity.key);
            }
        }
        out.push_str("}\n");
        out
    }

    /// A role that may read and list records, where not everybody may.
    pub(crate) fn reader(&self, entity: &str) -> Option<String> {
        let restrictions = self.scripts.world.restricting(entity, &[Action::Read, Action::List]);
        crate::judge::fitting_role(&restrictions).flatten()
    }

    fn factory(&self, entity: &str, name: &str, out: &mut String) {
        let Some(base) = self.scripts.base(entity) else { return };
        let Some(creation) = base.last() else { return };
        let parents: Vec<(&String, usize)> = creation
            .sets
            .iter()
            .filter_map(|(field, value)| if let Val::Ref(rec) = value { Some((field, *rec)) } else { None })
            .collect();
        let mut lazy = BTreeSet::new();
        let mut inner = String::new();
        let mut values = Vec::new();
        for (field, rec) in parents.iter().filter(|(field, _)| self.separable(&base, field)) {
            let part = needs(&base, *rec);
            lazy.extend(part.iter().copied());
            let mut body = Body::new("case");
            self.play_part(&mut body, &base, &part);
            let simple = body.lines.len() == 1;
            let made = body.lines.first().and_then(|line| line.split_once(" = ")).map(|(_, made)| made.to_owned());
            if let (true, Some(made)) = (simple, made) {
                values.push(((*field).clone(), format!("lambda: {made}[\"id\"]")));
            } else {
                let part = variable(field);
                let _ = writeln!(inner, "    def {part}():");
                for line in &body.lines {
                    let _ = writeln!(inner, "        {line}");
                }
                let _ = writeln!(inner, "        return {}[\"id\"]\n", body.var(*rec));
                values.push(((*field).clone(), part));
            }
        }
        // Records that several fields need are made before any of them.
        let mut body = Body::new("case");
        let eager: BTreeSet<usize> = base
            .requests
            .iter()
            .filter(|request| request.act == Act::Create && request.rec != creation.rec && !lazy.contains(&request.rec))
            .map(|request| request.rec)
            .collect();
        self.play_part(&mut body, &base, &eager);
        for (field, value) in &creation.sets {
            if values.iter().any(|(key, _)| key == field) {
                continue;
            }
            let kind = self.scripts.world.field(entity, field).map(|field| &field.kind);
            let written = self.value(&body, kind, value);
            // Of few texts none is drawn in vain.
            let few = matches!(value, Val::Fresh(_, shape) if shape.count().is_some());
            values.push((field.clone(), if few { format!("lambda: {written}") } else { written }));
        }
        let role = self.base_role(entity).map_or_else(|| "None".to_owned(), |role| string(&role));
        let _ = writeln!(out, "\n\ndef {entity}_values(case, given=None):");
        let _ = writeln!(out, "    \"\"\"What a new {} may consist of.\"\"\"", crate::suite::plain(name));
        for line in &body.lines {
            let _ = writeln!(out, "    {line}");
        }
        if !inner.is_empty() {
            let _ = write!(out, "\n{inner}");
        }
        let _ = writeln!(out, "    values = {{");
        for (key, value) in &values {
            let _ = writeln!(out, "        {}: {value},", string(key));
        }
        let _ = writeln!(out, "    }}\n    return fill(values, given or {{}})\n\n");
        let _ = writeln!(out, "def make_{entity}(case, given=None, role={role}):");
        let _ = writeln!(out, "    \"\"\"Creates a {}.\"\"\"", crate::suite::plain(name));
        let made = call(
            "return case.create",
            &[string(&self.path(entity)), format!("{entity}_values(case, given)"), "role".to_owned()],
        );
        for line in made {
            let _ = writeln!(out, "    {line}");
        }
    }
}
