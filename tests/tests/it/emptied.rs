//! Every persona's work is needed: with any one's artifact emptied, a gate refuses and no software comes out as verified.

use crate::{HELPER, meddled::Meddled, scenarios::SMALL};
use maestro_domain::{Decision, PersonaId, RunStatus};
use maestro_ports::model::{Request, ToolCall};
use maestro_store::{MemoryBlobs, MemoryTable};
use maestro_tests::{Bed, real_referee};
use serde_json::Value;
use std::sync::Arc;

/// A persona hands over the right kind of nothing.
pub(crate) fn emptied(persona: PersonaId) -> impl Fn(&Request, &mut Vec<ToolCall>) + Send + Sync {
    move |asked, calls| {
        for call in calls.iter_mut().filter(|_| asked.persona == persona.id()) {
            match &*call.name {
                "write_file" => call.arguments["content"] = Value::String(String::new()),
                "submit_work" => empty(&mut call.arguments["document"]),
                _ => {}
            }
        }
    }
}

/// Lists lose their members; what else there is keeps its type.
fn empty(value: &mut Value) {
    match value {
        Value::Array(members) => members.clear(),
        Value::Object(members) => members.values_mut().for_each(empty),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn emptying_any_persona_makes_a_gate_refuse() {
    for persona in PersonaId::ALL {
        let scratch = tempfile::tempdir().unwrap();
        let referee = Arc::new(real_referee(HELPER, scratch.path()));
        let table = Arc::new(MemoryTable::default());
        let bed = Bed::with(Arc::new(Meddled(emptied(persona))), referee, table, Arc::new(MemoryBlobs::default()));
        let run = bed.create(SMALL).await.unwrap();
        let (ended, _) = bed.execute(&run).await.unwrap();
        assert_ne!(ended.run.status, RunStatus::Ok, "nobody missed the {persona}");
        let gates = bed.hive.store().gates(&run).await.unwrap();
        let refused = gates.iter().find(|gate| gate.decision != Decision::Advance);
        assert!(refused.is_some_and(|gate| !gate.findings.is_empty()), "no gate missed the {persona}: {:?}", ended.run);
    }
}
