//! `derive_tests`: the test cases that the rules of the model demand, both sides of each, with the statements they prove.

use super::cases::{Case, Sheet};
use crate::{
    Effect, Error, Tool, Workspace,
    given::{self, model_schema},
};
use maestro_artifacts::Rule;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) struct DeriveTests;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The service model; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
    /// Only of these rules (`R-3`) or statements (`AC-2.1`)
    #[serde(default)]
    only: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    cases: Vec<Case>,
    /// Rules that have no second side, and why.
    one_sided: Vec<(String, &'static str)>,
}

impl Tool for DeriveTests {
    const NAME: &'static str = "derive_tests";
    const DESCRIPTION: &'static str = "Derives test cases from the rules of the model: given, when, then, expected HTTP status, and which statements each proves; for each rule what it lets pass and what it refuses.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with `only` some rules or statements";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let model = given::model(args.model, workspace)?;
        let wanted = |rule: &Rule| {
            args.only.is_empty()
                || args.only.iter().any(|id| *id == rule.id || rule.sources.iter().any(|source| source.as_str() == id))
        };
        let rules: Vec<_> = model.rules.iter().filter(|rule| wanted(rule)).collect();
        if rules.is_empty() {
            let known: Vec<_> = model.rules.iter().map(|rule| rule.id.as_str()).collect();
            return Err(Error::Respond(format!("no rule fits; the model has the rules {}", known.join(", "))));
        }
        let mut output = Output { cases: Vec::new(), one_sided: Vec::new() };
        for rule in rules {
            let sheet = Sheet::of(&model, rule).map_err(Error::Respond)?;
            output.one_sided.extend(sheet.one_sided.map(|why| (rule.id.clone(), why)));
            output.cases.extend(sheet.cases);
        }
        Ok(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    fn model(demand: Value) -> Value {
        let field = |key: &str, kind: Value| json!({"key": key, "name": key, "kind": kind, "sources": []});
        json!({"title": "T", "roles": ["clerk", "boss"], "entities": [{"key": "loan", "name": "loan", "plural": "loans", "path": "loans",
            "fields": [field("days", json!({"type": "integer"})), field("note", json!({"type": "text"})), field("status", json!({"type": "enum", "values": ["open", "closed"]}))],
            "workflow": {"field": "status", "states": ["open", "closed"], "initial": "open", "transitions": [{"from": "open", "to": "closed", "sources": []}], "sources": []},
            "sources": []}],
            "rules": [{"id": "R-1", "sources": ["BR-1"], "message": "no", "demand": demand}]})
    }

    #[tokio::test]
    async fn both_sides_of_each_rule_with_their_status() {
        let closed = json!([{"test": "in", "field": "status", "values": ["closed"]}]);
        for (demand, passes, refuses) in [
            (json!({"kind": "capability", "entity": "loan", "action": "delete"}), &[204][..], &[404][..]),
            (json!({"kind": "range", "entity": "loan", "field": "days", "min": "1", "max": "3"}), &[201], &[422]),
            (json!({"kind": "required_when", "entity": "loan", "field": "note", "when": closed}), &[201], &[422]),
            (json!({"kind": "empty_when", "entity": "loan", "field": "note", "when": closed}), &[201], &[422]),
            (json!({"kind": "unique", "entity": "loan", "fields": ["note"]}), &[201], &[409]),
            (
                json!({"kind": "compare", "entity": "loan", "field": "days", "op": "lt", "to": {"of": "value", "value": 9}}),
                &[201],
                &[422],
            ),
            (
                json!({"kind": "compare", "entity": "loan", "field": "days", "op": "le", "to": {"of": "this_year", "plus_years": 1}}),
                &[201],
                &[422],
            ),
            (json!({"kind": "transitions", "entity": "loan"}), &[200], &[409]),
            (json!({"kind": "action_role", "entity": "loan", "action": "update", "roles": ["boss"]}), &[200], &[403]),
            (json!({"kind": "action_barred", "entity": "loan", "action": "create", "roles": ["boss"]}), &[201], &[403]),
            (json!({"kind": "immutable", "entity": "loan", "when": closed}), &[200], &[409]),
            (
                json!({"kind": "no_overlap", "entity": "loan", "start": "days", "end": "days", "by": ["note"]}),
                &[201],
                &[409],
            ),
            (json!({"kind": "computed", "entity": "loan", "field": "days", "expr": {"expr": "today"}}), &[200], &[422]),
        ] {
            let got = run(DeriveTests, json!({"model": model(demand.clone())}), &mut context()).await.unwrap();
            let cases = got["cases"].as_array().unwrap();
            let of = |accepts: bool| {
                let mut all: Vec<_> =
                    cases.iter().filter(|c| c["accepts"] == accepts).map(|c| c["status"].as_u64().unwrap()).collect();
                all.sort_unstable();
                all.dedup();
                all
            };
            assert_eq!((&of(true)[..], &of(false)[..]), (passes, refuses), "{demand}");
            assert!(cases.iter().all(|case| case["covers"] == json!(["BR-1"])));
            assert_eq!(got["one_sided"], json!([]), "{demand}");
        }
    }

    #[tokio::test]
    async fn what_goes_along_is_kept_only_where_something_can_keep_it() {
        let mut tree = model(json!({"kind": "cascade", "entity": "loan", "field": "earlier_id"}));
        tree["entities"][0]["fields"].as_array_mut().unwrap().push(
            json!({"key": "earlier_id", "name": "earlier", "kind": {"type": "reference", "entity": "loan"}, "sources": []}),
        );
        let got = run(DeriveTests, json!({"model": tree}), &mut context()).await.unwrap();
        assert_eq!((got["cases"].as_array().unwrap().len(), &got["one_sided"][0][0]), (1, &json!("R-1")));
        tree["rules"].as_array_mut().unwrap().push(
            json!({"id": "R-2", "sources": [], "message": "no", "demand": {"kind": "no_delete", "entity": "loan",
            "when": [{"test": "given", "field": "note"}]}}),
        );
        let got = run(DeriveTests, json!({"model": tree, "only": ["R-1"]}), &mut context()).await.unwrap();
        let statuses: Vec<_> = got["cases"].as_array().unwrap().iter().map(|case| case["status"].clone()).collect();
        assert_eq!((statuses, &got["one_sided"]), (vec![json!(204), json!(409)], &json!([])));
        let nothing = model(json!({"kind": "cascade", "entity": "loan", "field": "days"}));
        let error = run(DeriveTests, json!({"model": nothing}), &mut context()).await.unwrap_err();
        assert!(error.to_string().contains("`loan.days` refers to nothing"), "{error}");
    }

    #[tokio::test]
    async fn values_stand_at_the_edges_and_one_sided_rules_say_so() {
        let range = json!({"kind": "range", "entity": "loan", "field": "days", "max": "3"});
        let got = run(DeriveTests, json!({"model": model(range)}), &mut context()).await.unwrap();
        assert!(got.to_string().contains("with `days`: 4 (it is just above the highest)"), "{got}");
        let csv = json!({"kind": "csv", "entity": "loan"});
        let got = run(DeriveTests, json!({"model": model(csv.clone())}), &mut context()).await.unwrap();
        assert_eq!(got["one_sided"][0][0], "R-1");
        let error = run(DeriveTests, json!({"model": model(csv), "only": ["R-7"]}), &mut context()).await.unwrap_err();
        assert!(error.to_string().contains("has the rules R-1"), "{error}");
        let stranger = json!({"kind": "csv", "entity": "van"});
        let error = run(DeriveTests, json!({"model": model(stranger)}), &mut context()).await.unwrap_err();
        assert!(error.to_string().contains("`van`, which is no entity"), "{error}");
    }
}
