use super::*;
use async_trait::async_trait;
use maestro_agent::Meter;
use maestro_blueprint::Blueprint;
use maestro_domain::{Amount, Event, TenantId, task::MadeBy};
use maestro_ports::{
    Clock, Deliverables, Events, JobDispatcher, Model, deliverable,
    model::{self, Progress, Quote, Reply, Request},
    work::Error,
};
use maestro_sdlc::{
    Caller,
    lifecycle::{self, NewRun},
};
use maestro_store::{MemoryBlobs, MemoryTable, Store};
use serde_json::json;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::{Notify, Semaphore};

/// The built-in author, who waits for a permit before each reply, and says that it waits.
struct Patient {
    waits: Notify,
    permits: Semaphore,
    /// What a question costs.
    micro_usd: u64,
    /// Its provider has no room before.
    closed_until_ms: AtomicU64,
}

#[async_trait]
impl Model for Patient {
    fn name(&self) -> &str {
        Blueprint.name()
    }

    fn quote(&self, request: &Request) -> Result<Quote, model::Error> {
        Ok(Quote { cost_micro_usd: self.micro_usd, ..Blueprint.quote(request)? })
    }

    async fn complete(&self, request: &Request, progress: &dyn Progress) -> Result<Reply, model::Error> {
        let until_ms = self.closed_until_ms.load(Ordering::SeqCst);
        if progress.asks_until_ms().is_some_and(|last| until_ms > last) {
            let (model, reason) = (self.name().to_owned(), "no room".to_owned());
            return Err(model::Error::Late { model, until_ms, reason });
        }
        self.waits.notify_one();
        self.permits.acquire().await.unwrap().forget();
        let mut reply = Blueprint.complete(request, progress).await?;
        reply.usage.cost_micro_usd = self.micro_usd;
        Ok(reply)
    }
}

/// One second after the beginning, until it is moved.
struct Still(AtomicU64);

impl Clock for Still {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

struct Nobody;

impl Events for Nobody {
    fn emit(&self, _: &TenantId, _: &RunId, _: Event) {}
}

#[async_trait]
impl JobDispatcher for Nobody {
    async fn dispatch(&self, _: &RunId, _: &ContentHash) -> Result<(), Error> {
        // Whoever hears of it says nothing.
        Ok(())
    }
}

#[async_trait]
impl Deliverables for Nobody {
    async fn publish(
        &self,
        _: &TenantId,
        _: &maestro_domain::Run,
        _: BTreeMap<String, Vec<u8>>,
    ) -> Result<String, deliverable::Error> {
        unreachable!("personas publish nothing")
    }

    async fn withdraw(&self, _: &TenantId, _: &maestro_domain::Run) -> Result<bool, deliverable::Error> {
        unreachable!("personas publish nothing")
    }
}

/// What the world was told.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Told {
    fn tell(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

#[async_trait]
impl TaskTokens for Told {
    async fn succeed(&self, token: &str, _: &Value) -> Result<Answered, Error> {
        self.tell(format!("succeed {token}"));
        Ok(Answered::Accepted)
    }

    async fn heartbeat(&self, token: &str) -> Result<Answered, Error> {
        self.tell(format!("heartbeat {token}"));
        Ok(Answered::Accepted)
    }

    async fn fail(&self, token: &str, name: &str, _: &str) -> Result<Answered, Error> {
        self.tell(format!("fail {token} {name}"));
        Ok(Answered::Accepted)
    }
}

#[async_trait]
impl Queue for Told {
    async fn send_later(&self, queue: &str, body: &str, seconds: u32) -> Result<(), Error> {
        let later = if seconds == 0 { String::new() } else { format!(" in {seconds} s") };
        self.tell(format!("send {queue} {body}{later}"));
        Ok(())
    }

    async fn postpone(&self, queue: &str, receipt: &str, seconds: u32) -> Result<(), Error> {
        self.tell(format!("postpone {queue} {receipt} {seconds}"));
        Ok(())
    }
}

struct Bench {
    platform: Platform,
    model: Arc<Patient>,
    clock: Arc<Still>,
    run: RunId,
    told: Told,
}

impl Bench {
    async fn new() -> Self {
        Self::priced(0).await
    }

    /// With a model that takes so much for an answer.
    async fn priced(micro_usd: u64) -> Self {
        let store = Store::new(Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()), TenantId::local());
        let bytes = b"# Hives\n\n- As a keeper, I add hives with a name.\n".to_vec();
        let epic = maestro_epic::read(&bytes, "epic").unwrap();
        let new = NewRun {
            bytes,
            epic,
            out: "/nowhere".to_owned(),
            id: lifecycle::new_id(),
            model: Blueprint.name().to_owned(),
            scope: maestro_domain::DEFAULT_SCOPE.to_owned(),
            budget: lifecycle::DEFAULT_BUDGET,
        };
        let run = lifecycle::create(&store, new, 0).await.unwrap().id;
        let (waits, permits, closed_until_ms) = (Notify::new(), Semaphore::new(0), AtomicU64::new(0));
        let model = Arc::new(Patient { waits, permits, micro_usd, closed_until_ms });
        let clock = Arc::new(Still(AtomicU64::new(1_000)));
        let platform = Platform {
            store,
            models: Arc::new(model::Only(Arc::<Patient>::clone(&model))),
            jobs: Arc::new(Nobody),
            outside: Arc::new(maestro_tools::NothingOutside),
            deliverables: Arc::new(Nobody),
            events: Arc::new(Nobody),
            clock: Arc::<Still>::clone(&clock),
            meter: Arc::new(Meter::default()),
            caller: None,
            waiter: None,
        };
        Self { platform, model, clock, run, told: Told::default() }
    }

    fn worker<'a>(&'a self, platform: &'a Platform) -> Worker<'a> {
        Worker { platform, tokens: &self.told, queue: &self.told }
    }

    async fn take(&self, message: &SqsMessage) -> Result<bool, String> {
        self.worker(&self.platform).take("requirements_analyst", message).await
    }

    fn message(&self, token: &str) -> SqsMessage {
        let task = json!({"run": self.run, "phase": "requirements", "attempt": 1, "persona": "requirements_analyst"});
        let mut message = SqsMessage::default();
        message.body = Some(json!({"task": task, "token": token}).to_string());
        message.event_source_arn = Some("arn:queue".to_owned());
        message.receipt_handle = Some(format!("receipt-{token}"));
        message
    }
}

/// A call of the function with time without end.
fn called(request: &str) -> Caller {
    let made_by = MadeBy { function: "analyst".to_owned(), request: request.to_owned() };
    Caller { made_by, time_up: Arc::new(Notify::new()), asks_until_ms: None, ends_ms: None }
}

#[tokio::test]
async fn whoever_works_answers_all_who_wait() {
    let bench = Bench::new().await;
    let (first, second) = (bench.message("old"), bench.message("new"));
    let meeting = async {
        bench.model.waits.notified().await;
        let refused = bench.take(&second).await.unwrap_err();
        assert!(refused.contains("another worker holds"), "{refused}");
        bench.model.permits.add_permits(9);
    };
    let (worked, ()) = tokio::join!(bench.take(&first), meeting);
    worked.unwrap();
    // The lease is a quarter of an hour.
    assert_eq!(bench.told.all(), ["postpone arn:queue receipt-new 900", "succeed new", "succeed old"]);

    // It comes again and finds the stored result; nobody is told twice by a later message.
    bench.take(&second).await.unwrap();
    bench.take(&bench.message("third")).await.unwrap();
    assert_eq!(bench.told.all()[3..], ["succeed new", "succeed third"]);
}

#[tokio::test]
async fn a_claim_ends_soon_after_its_call() {
    let bench = Bench::new().await;
    let call = Caller { ends_ms: Some(bench.platform.clock.now_ms() + 60_000), ..called("first") };
    let (platform, first) = (bench.platform.called_by(call), bench.message("old"));
    let worker = bench.worker(&platform);
    let meeting = async {
        bench.model.waits.notified().await;
        bench.take(&bench.message("new")).await.unwrap_err();
        bench.model.permits.add_permits(9);
    };
    let (worked, ()) = tokio::join!(worker.take("requirements_analyst", &first), meeting);
    worked.unwrap();
    // Clocks may differ by ten seconds.
    assert_eq!(bench.told.all()[0], "postpone arn:queue receipt-new 70");
}

#[tokio::test]
async fn time_that_is_up_hands_the_task_on_and_fails_nothing() {
    let bench = Bench::new().await;
    let time_up = Arc::new(Notify::new());
    let caller = Caller { time_up: Arc::clone(&time_up), ..called("first") };
    let platform = bench.platform.called_by(caller);
    let first = bench.message("token");
    let worker = bench.worker(&platform);
    let working = worker.take("requirements_analyst", &first);
    let clock = async {
        bench.model.waits.notified().await;
        // Meanwhile the engine asked again, with another token.
        bench.take(&bench.message("newer")).await.unwrap_err();
        time_up.notify_one();
    };
    let (worked, ()) = tokio::join!(working, clock);
    worked.unwrap();
    let told = bench.told.all();
    let body = first.body.clone().unwrap();
    assert_eq!(told[1..], [format!("send arn:queue {body}"), "heartbeat token".to_owned()]);

    // The message that goes on finds the task free, and its call is what is written down as the maker.
    bench.model.permits.add_permits(9);
    let platform = bench.platform.called_by(called("second"));
    bench.worker(&platform).take("requirements_analyst", &first).await.unwrap();
    assert_eq!(bench.told.all()[3..], ["succeed newer", "succeed token"]);
    let artifacts = bench.platform.store.artifacts(&bench.run).await.unwrap();
    assert_eq!(artifacts.first().unwrap().made_by, Some(called("second").made_by));
}

#[tokio::test]
async fn no_model_is_asked_that_might_answer_too_late() {
    const PRICE: u64 = 100;
    let bench = Bench::priced(PRICE).await;
    let message = bench.message("token");
    let asked = Caller { asks_until_ms: Some(5_000), ..called("first") };
    let platform = bench.platform.called_by(asked);
    let worker = bench.worker(&platform);
    let answering = async {
        // It thinks for longer than there is time to ask again.
        bench.model.waits.notified().await;
        bench.clock.0.store(5_001, Ordering::SeqCst);
        bench.model.permits.add_permits(9);
    };
    let (worked, ()) = tokio::join!(worker.take("requirements_analyst", &message), answering);
    worked.unwrap();
    let body = message.body.clone().unwrap();
    assert_eq!(bench.told.all(), [format!("send arn:queue {body}"), "heartbeat token".to_owned()]);
    let spent = async || bench.platform.store.account(Some(&bench.run)).await.unwrap().unwrap().spent.micro_usd;
    assert_eq!(spent().await, PRICE, "what was answered is paid, and nothing was asked in vain");

    // Whoever goes on may ask once however late it is, or nobody might ever come further; here that is enough.
    let platform = bench.platform.called_by(Caller { asks_until_ms: Some(5_000), ..called("second") });
    bench.worker(&platform).take("requirements_analyst", &message).await.unwrap();
    assert_eq!(bench.told.all()[2..], ["succeed token"]);
    assert_eq!(spent().await, 2 * PRICE, "each turn was paid once");
    assert_eq!(bench.model.permits.available_permits(), 7, "and asked once");
}

#[tokio::test]
async fn a_wait_for_a_providers_room_is_handed_on_to_when_it_is_over_and_spends_nothing() {
    const PRICE: u64 = 100;
    let bench = Bench::priced(PRICE).await;
    let message = bench.message("token");
    let asks_until = |request, ms| Caller { asks_until_ms: Some(ms), ..called(request) };
    bench.model.closed_until_ms.store(61_000, Ordering::SeqCst);
    let platform = bench.platform.called_by(asks_until("first", 5_000));
    bench.worker(&platform).take("requirements_analyst", &message).await.unwrap();
    let body = message.body.clone().unwrap();
    assert_eq!(bench.told.all(), [format!("send arn:queue {body} in 60 s"), "heartbeat token".to_owned()]);
    let account = async || bench.platform.store.account(Some(&bench.run)).await.unwrap().unwrap();
    assert_eq!((account().await.spent, account().await.reserved), (Amount::ZERO, Amount::ZERO));

    // Who goes on has room, and pays for what it asks.
    bench.clock.0.store(61_000, Ordering::SeqCst);
    bench.model.permits.add_permits(9);
    let platform = bench.platform.called_by(asks_until("second", 66_000));
    bench.worker(&platform).take("requirements_analyst", &message).await.unwrap();
    assert_eq!(bench.told.all()[2..], ["succeed token"]);
    assert_eq!((account().await.spent.micro_usd, account().await.reserved), (2 * PRICE, Amount::ZERO));
    let calls = bench.platform.store.calls(&bench.run).await.unwrap();
    assert!(calls.iter().all(|call| call.hold.lost == Amount::ZERO), "nothing counts as lost: {calls:?}");
}

#[tokio::test]
async fn what_is_no_task_comes_back() {
    let bench = Bench::new().await;
    let mut message = bench.message("token");
    message.body = Some("{}".to_owned());
    assert!(bench.take(&message).await.unwrap_err().contains("it is no task"));
    // A task that its handler refuses is answered by name.
    message.body = Some(json!({"task": {"run": 7}, "token": "token"}).to_string());
    bench.take(&message).await.unwrap();
    assert_eq!(bench.told.all(), ["fail token Maestro.BadOutput"]);
}
