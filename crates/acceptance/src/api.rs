//! `test_api.py`: what any record-keeping service must stand, whatever the epic says. Covers no statement.

use crate::{
    python::{Writer, string},
    script::Script,
    suite::{module, plain},
};
use maestro_artifacts::{Action, RuleKind, delivery::PlannedTest};
use std::fmt::Write as _;

/// The tests of one kind of record, by name, and their bodies. `PATH`, `NAME` and `ROLE` are replaced.
const TESTS: [(&str, &str, &str); 8] = [
    (
        "malformed",
        "A body that is no JSON object is refused, and nothing is stored.",
        "before = self.page(PATH)[\"total\"]\n\
         for body in (b\"{\", b\"[]\", b\"\\\"text\\\"\", b\"\\xff\\xfe\", b\"\"):\n    \
             self.assert_refused(self.request(\"POST\", PATH, body, ROLE), 400)\n\
         self.assertEqual(self.page(PATH)[\"total\"], before)",
    ),
    (
        "unknown_field",
        "A field that the record does not have is refused, and named.",
        "values = {**NAME_values(self), \"no_such_field\": 1}\n\
         self.refuses_create(PATH, values, 422, \"no_such_field\", ROLE)",
    ),
    (
        "missing_record",
        "A record that does not exist cannot be read, changed or deleted.",
        "for method, body in ((\"GET\", None), (\"PATCH\", {}), (\"DELETE\", None)):\n    \
             self.assert_refused(self.request(method, PATH + \"/987654321\", body, ROLE), 404)\n\
         self.assert_refused(self.request(\"GET\", \"/no/such/address\"), 404)",
    ),
    (
        "methods",
        "Methods that make no sense are refused.",
        "for method, path in ((\"PUT\", PATH), (\"DELETE\", PATH), (\"POST\", PATH + \"/1\"), (\"PUT\", PATH + \"/1\")):\n    \
             self.assert_refused(self.request(method, path, {}, ROLE), 405)",
    ),
    (
        "bad_query",
        "A query that asks for nothing sensible is refused.",
        "for query in ({\"page\": 0}, {\"page\": \"x\"}, {\"per_page\": -1}, {\"sort\": \"no_such_field\"}, {\"no_such_field\": 1}):\n    \
             self.assert_refused(self.request(\"GET\", PATH, None, self.reader(PATH), query=query), 400)",
    ),
    (
        "large_body",
        "A body that is too large is refused.",
        "body = b\"{\\\"a\\\": \\\"\" + b\"a\" * 3_000_000 + b\"\\\"}\"\n\
         self.assert_refused(self.request(\"POST\", PATH, body, ROLE), 413)",
    ),
    (
        "hostile_text",
        "A query cannot be smuggled into the store.",
        "before = self.page(PATH)[\"total\"]\n\
         self.page(PATH, {\"q\": \"' OR 1=1; DROP TABLE x; --\"})\n\
         self.assertEqual(self.page(PATH)[\"total\"], before)",
    ),
    (
        "own_id",
        "The service gives out the ids.",
        "values = {**NAME_values(self), \"id\": 7}\n\
         self.refuses_create(PATH, values, 422, \"id\", ROLE)",
    ),
];

impl Writer<'_> {
    /// The text of `test_api.py`, and its tests.
    /// Kinds of records whose making `clashes` with others are left out.
    pub(crate) fn api(&self, clashes: &dyn Fn(&Script) -> bool) -> (String, Vec<PlannedTest>) {
        let world = &self.scripts.world;
        let made: Vec<_> = world
            .model
            .entities
            .iter()
            .filter(|e| self.scripts.base(&e.key).is_some_and(|base| !clashes(&base)))
            .collect();
        let values: Vec<String> = made.iter().map(|entity| format!("{}_values", entity.key)).collect();
        let mut out = String::from("\"\"\"What any service of this kind must stand, whatever it records.\"\"\"\n\n");
        if !values.is_empty() {
            let _ = writeln!(out, "from factories import (\n    {},\n)", values.join(",\n    "));
        }
        out.push_str("from support import ServiceCase\n\n\nclass Api(ServiceCase):\n");
        let mut tests = Vec::new();
        for entity in &made {
            for (name, doc, body) in TESTS {
                let method = format!("test_{}_{name}", entity.key);
                let role = self.role(&entity.key).map_or_else(|| "None".to_owned(), |role| string(&role));
                let body = body
                    .replace("PATH", &string(&self.path(&entity.key)))
                    .replace("NAME", &entity.key)
                    .replace("ROLE", &role);
                let _ = write!(out, "\n    def {method}(self):\n        \"\"\"{}\"\"\"\n", plain(doc));
                for line in body.lines() {
                    let _ = writeln!(out, "        {line}");
                }
                tests.push(PlannedTest { name: format!("test_api.Api.{method}"), covers: Vec::new() });
            }
        }
        if made.is_empty() {
            out.push_str("    pass\n");
        }
        debug_assert_ne!(module("api"), "test_api", "an entity of this name has another module");
        (out, tests)
    }

    /// A role that may do everything with these records that is restricted as a whole, if there is one.
    fn role(&self, entity: &str) -> Option<String> {
        let rules = self.scripts.world.model.rules.iter().filter_map(|rule| match &rule.demand {
            RuleKind::ActionRole { entity: of, fields, roles, action: Action::Create }
                if of == entity && fields.is_empty() =>
            {
                Some((0, roles.clone()))
            }
            _ => None,
        });
        crate::judge::fitting_role(&rules.collect::<Vec<_>>()).flatten()
    }
}
