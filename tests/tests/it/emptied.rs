//! Every persona's work is needed: with any one's artifact emptied, a gate refuses and no software comes out as verified.

use crate::{HELPER, scenarios::SMALL};
use async_trait::async_trait;
use maestro_blueprint::Blueprint;
use maestro_domain::{Decision, PersonaId, RunStatus};
use maestro_ports::model::{Error, Model, Progress, Quote, Reply, Request};
use maestro_store::{MemoryBlobs, MemoryTable};
use maestro_tests::{Bed, real_referee};
use serde_json::Value;
use std::sync::Arc;

/// The built-in author, but this persona hands over the right kind of nothing.
struct Emptied(PersonaId);

#[async_trait]
impl Model for Emptied {
    fn name(&self) -> &str {
        "emptied"
    }
    fn answer_limit(&self) -> usize {
        Blueprint.answer_limit()
    }

    fn quote(&self, request: &Request) -> Result<Quote, Error> {
        Blueprint.quote(request)
    }

    async fn complete(&self, request: &Request, progress: &dyn Progress) -> Result<Reply, Error> {
        let mut reply = Blueprint.complete(request, progress).await?;
        if request.persona == self.0.id() {
            for call in &mut reply.calls {
                match &*call.name {
                    "write_file" => call.arguments["content"] = Value::String(String::new()),
                    "submit_work" => empty(&mut call.arguments["document"]),
                    _ => {}
                }
            }
        }
        Ok(reply)
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
        let bed = Bed::with(Arc::new(Emptied(persona)), referee, table, Arc::new(MemoryBlobs::default()));
        let run = bed.create(SMALL).await.unwrap();
        let (ended, _) = bed.execute(&run).await.unwrap();
        assert_ne!(ended.run.status, RunStatus::Ok, "nobody missed the {persona}");
        let gates = bed.hive.store().gates(&run).await.unwrap();
        let refused = gates.iter().find(|gate| gate.decision != Decision::Advance);
        assert!(refused.is_some_and(|gate| !gate.findings.is_empty()), "no gate missed the {persona}: {:?}", ended.run);
    }
}
