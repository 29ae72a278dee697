//! A function's container: everything that outlives one invocation.

use crate::{clock::SystemClock, missing::NoModels, told::Told};
use lambda_runtime::Error;
use maestro_agent::Meter;
use maestro_aws::{
    Bus, Clients, Counter, DynamoTable, Executions, Incoming, JobRequests, Queues, S3Blobs, S3Deliverables,
    Surroundings, Tokens,
};
use maestro_domain::TenantId;
use maestro_ports::{Clock, Models, Queue, TaskTokens, model::TokenBuckets};
use maestro_sdlc::Platform;
use maestro_store::{Journal, RecentBlobs, Store};
use std::{
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, Instant},
};

/// How long an event waits for others before it is written down. Whoever watches looks about as often.
const LINGER: Duration = Duration::from_millis(250);

/// Opens the models that personas use, whose token buckets all functions share.
pub type OpenModels = Box<dyn FnOnce(Arc<dyn TokenBuckets>) -> Arc<dyn Models> + Send>;

/// What a function has beyond the store. Most have nothing.
#[derive(Default)]
pub struct Parts {
    /// Opens models.
    pub models: Option<OpenModels>,
}

/// A wired function.
pub struct Host {
    /// What `Handler` says in the template: a phase, a persona or the function's own name.
    handler: String,
    platform: Platform,
    told: Arc<Told>,
    clients: Clients,
    /// The ARN of the queue of nodes.
    node_queue: String,
    tokens: Tokens,
    queues: Queues,
    incoming: Incoming,
    /// What the clients call.
    pub(crate) calls: Counter,
    /// How long the container took to start, until its first call has paid for it.
    pub(crate) starting_ms: AtomicU64,
}

impl Host {
    /// Wires a function by its environment: what Lambda sets, and `_HANDLER`, `MAESTRO_TABLE`, `MAESTRO_BUCKET`, `MAESTRO_BUS`,
    /// `MAESTRO_NODE_QUEUE` and `MAESTRO_TENANT`.
    ///
    /// # Errors
    /// When one of them is missing or cannot be used.
    pub async fn from_environment(parts: Parts) -> Result<Self, Error> {
        let started = Instant::now();
        let (handler, table, bucket) = (variable("_HANDLER")?, variable("MAESTRO_TABLE")?, variable("MAESTRO_BUCKET")?);
        let tenant = TenantId::new(variable("MAESTRO_TENANT")?)?;
        let clients = Clients::of_function(surroundings()?)?;
        let (clock, bus): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), variable("MAESTRO_BUS")?);
        let node_queue = variable("MAESTRO_NODE_QUEUE")?;
        let table = DynamoTable::new(clients.dynamodb.clone(), table);
        let blobs = RecentBlobs::over(S3Blobs::new(clients.s3.clone(), &bucket));
        let store = Store::new(Arc::new(table), Arc::new(blobs), tenant.clone());
        let told = Arc::new(Told {
            journal: Journal::lingering(store.clone(), Arc::clone(&clock), None, LINGER),
            bus: Bus::new(clients.eventbridge.clone(), &bus, Arc::clone(&clock)),
        });
        let models =
            parts.models.map_or_else(|| Arc::new(NoModels) as Arc<dyn Models>, |open| open(Arc::new(store.clone())));
        let platform = Platform {
            store,
            models,
            jobs: Arc::new(JobRequests::new(clients.eventbridge.clone(), bus, tenant)),
            outside: Arc::new(maestro_tools::NothingOutside),
            deliverables: Arc::new(S3Deliverables::new(clients.s3.clone(), &bucket)),
            events: Arc::<Told>::clone(&told),
            clock,
            meter: Arc::new(Meter::default()),
            caller: None,
            waiter: None,
        };
        Ok(Self {
            handler,
            platform,
            told,
            node_queue,
            tokens: Tokens::new(clients.sfn.clone()),
            queues: Queues::new(clients.sqs.clone()),
            incoming: Incoming::new(clients.s3.clone(), bucket),
            calls: clients.calls.clone(),
            clients,
            starting_ms: AtomicU64::new(u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)),
        })
    }

    /// What `Handler` says in the template.
    #[must_use]
    pub fn handler(&self) -> &str {
        &self.handler
    }

    /// What handlers work with.
    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Answers state machines.
    #[must_use]
    pub fn tokens(&self) -> &dyn TaskTokens {
        &self.tokens
    }

    /// Executions of a state machine.
    pub(crate) fn executions(&self, machine: &str) -> Executions {
        Executions::new(self.clients.sfn.clone(), machine)
    }

    /// All clients, for who keeps them.
    pub(crate) const fn clients(&self) -> &Clients {
        &self.clients
    }

    /// The ARN of the queue of nodes.
    pub(crate) fn node_queue(&self) -> &str {
        &self.node_queue
    }

    /// Both, for who keeps them.
    pub(crate) fn workers(&self) -> (Tokens, Queues) {
        (self.tokens.clone(), self.queues.clone())
    }

    /// Sends messages, and lets them wait.
    #[must_use]
    pub fn queue(&self) -> &dyn Queue {
        &self.queues
    }

    /// What comes from who runs jobs.
    #[must_use]
    pub(crate) fn incoming(&self) -> &Incoming {
        &self.incoming
    }

    /// Writes down every event so far, and tells the bus. Lambda stops a container's clock between invocations, so what is not written at
    /// the end of one may never be.
    pub async fn flush(&self) {
        self.told.flush().await;
    }
}

/// What Lambda sets.
pub(crate) fn surroundings() -> Result<Surroundings, Error> {
    Ok(Surroundings {
        region: variable("AWS_REGION")?,
        credentials: (variable("AWS_ACCESS_KEY_ID")?, variable("AWS_SECRET_ACCESS_KEY")?),
        session: variable("AWS_SESSION_TOKEN").ok(),
        url: variable("AWS_ENDPOINT_URL").ok(),
    })
}

/// A variable that need not be set.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a function is configured by its environment, read once a container")]
pub fn optional_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[expect(clippy::disallowed_methods, reason = "a function is configured by its environment, read once a container")]
pub(crate) fn variable(name: &str) -> Result<String, Error> {
    std::env::var(name).map_err(|error| format!("the environment variable `{name}` cannot be used: {error}").into())
}
