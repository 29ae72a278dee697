//! The adapters pass the suites of the ports.

use crate::{patience::wait_for, stack::clients};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use aws_sdk_eventbridge::types::Target;
use aws_sdk_sqs::Client;
use maestro_aws::{Bus, DynamoTable, Queues, S3Blobs, S3Deliverables};
use maestro_domain::{Event, Run, RunId, TenantId};
use maestro_ports::{
    Blobs, Clock, Deliverables, Events, Queue, Table,
    suites::{Hearing, Inbox, Shelf, blobs_suite, deliverables_suite, events_suite, queue_suite, table_suite},
};
use serde_json::{Value, json};
use std::{
    cell::Cell,
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

#[tokio::test(flavor = "multi_thread")]
async fn dynamodb_table() {
    let Some(clients) = clients().await else { return };
    let client = clients.dynamodb;
    let number = Cell::new(0);
    table_suite(async || {
        number.set(number.get() + 1);
        let name = format!("suite-{}-{}", std::process::id(), number.get());
        let mut create = client.create_table().table_name(&name).billing_mode(BillingMode::PayPerRequest);
        for (name, role) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
            let attribute = AttributeDefinition::builder().attribute_name(name);
            let attribute = attribute.attribute_type(ScalarAttributeType::S).build().unwrap();
            let key = KeySchemaElement::builder().attribute_name(name).key_type(role).build().unwrap();
            create = create.attribute_definitions(attribute).key_schema(key);
        }
        create.send().await.unwrap();
        Arc::new(DynamoTable::new(client.clone(), name)) as Arc<dyn Table>
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_blobs() {
    let Some(clients) = clients().await else { return };
    let client = clients.s3;
    let number = Cell::new(0);
    blobs_suite(async || {
        number.set(number.get() + 1);
        let name = format!("suite-{}-{}", std::process::id(), number.get());
        client.create_bucket().bucket(&name).send().await.unwrap();
        Arc::new(S3Blobs::new(client.clone(), name)) as Arc<dyn Blobs>
    })
    .await;
}

/// A bucket, from which this process fetches, too.
struct Bucket(S3Deliverables);

#[async_trait(?Send)]
impl Shelf for Bucket {
    fn deliverables(&self) -> &dyn Deliverables {
        &self.0
    }

    fn out(&self, _: &str) -> String {
        "nobody asks it".to_owned()
    }

    async fn found(&self, tenant: &TenantId, run: &Run) -> Option<BTreeMap<String, Vec<u8>>> {
        self.0.fetch(tenant, run).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_deliverables() {
    let Some(clients) = clients().await else { return };
    let client = clients.s3;
    let number = Cell::new(0);
    deliverables_suite(async || {
        number.set(number.get() + 1);
        let name = format!("shelf-{}-{}", std::process::id(), number.get());
        client.create_bucket().bucket(&name).send().await.unwrap();
        Arc::new(Bucket(S3Deliverables::new(client.clone(), name))) as Arc<dyn Shelf>
    })
    .await;
}

/// A queue of this name, its address and its ARN.
async fn queue(sqs: &Client, name: &str) -> (String, String) {
    let url = sqs.create_queue().queue_name(name).send().await.unwrap().queue_url.unwrap();
    (url, format!("arn:aws:sqs:us-east-1:000000000000:{name}"))
}

async fn receive(sqs: &Client, url: &str) -> Vec<(String, String)> {
    let received = sqs.receive_message().queue_url(url).wait_time_seconds(1).max_number_of_messages(10);
    let messages = received.send().await.unwrap().messages.unwrap_or_default().into_iter();
    messages.map(|message| (message.body.unwrap(), message.receipt_handle.unwrap())).collect()
}

/// Two queues of SQS.
struct Pair {
    adapter: Queues,
    sqs: Client,
    /// Their addresses by their ARNs.
    urls: BTreeMap<String, String>,
}

#[async_trait(?Send)]
impl Inbox for Pair {
    fn queue(&self) -> &dyn Queue {
        &self.adapter
    }

    fn names(&self) -> [String; 2] {
        self.urls.keys().cloned().collect::<Vec<_>>().try_into().unwrap()
    }

    async fn receive(&self, queue: &str) -> Vec<(String, String)> {
        receive(&self.sqs, &self.urls[queue]).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqs_queues() {
    let Some(clients) = clients().await else { return };
    let number = Cell::new(0);
    queue_suite(async || {
        number.set(number.get() + 1);
        let mut urls = BTreeMap::new();
        for which in ["one", "two"] {
            let name = format!("suite-{}-{}-{which}", std::process::id(), number.get());
            let (url, arn) = queue(&clients.sqs, &name).await;
            urls.insert(arn, url);
        }
        let pair = Pair { adapter: Queues::new(clients.sqs.clone()), sqs: (*clients.sqs).clone(), urls };
        Arc::new(pair) as Arc<dyn Inbox>
    })
    .await;
}

struct Still;

impl Clock for Still {
    fn now_ms(&self) -> u64 {
        1_700_000_000_000
    }
}

/// A bus, and a queue that hears all of it.
struct Overheard {
    bus: Bus,
    sqs: Client,
    url: String,
    so_far: Mutex<Vec<Value>>,
}

impl Overheard {
    fn of(&self, tenant: &TenantId, run: &RunId) -> Vec<Event> {
        let so_far = self.so_far.lock().unwrap();
        let details = so_far.iter().map(|told| &told["detail"]);
        let own = details.filter(|detail| detail["tenant"] == tenant.as_str() && detail["run"] == run.as_str());
        own.map(|detail| serde_json::from_value(detail["event"].clone()).unwrap()).collect()
    }
}

#[async_trait(?Send)]
impl Hearing for Overheard {
    fn events(&self) -> &dyn Events {
        &self.bus
    }

    async fn flush(&self) {
        self.bus.flush().await;
    }

    async fn heard(&self, tenant: &TenantId, run: &RunId, many: usize) -> Vec<Event> {
        wait_for("events on a bus", async || {
            let received = receive(&self.sqs, &self.url).await;
            let told = received.into_iter().map(|(body, _)| serde_json::from_str(&body).unwrap());
            self.so_far.lock().unwrap().extend(told);
            let heard = self.of(tenant, run);
            (heard.len() >= many).then_some(heard)
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eventbridge_bus() {
    let Some(clients) = clients().await else { return };
    let number = Cell::new(0);
    events_suite(async |_| {
        number.set(number.get() + 1);
        let name = format!("suite-{}-{}", std::process::id(), number.get());
        let (url, arn) = queue(&clients.sqs, &name).await;
        let events = &clients.eventbridge;
        events.create_event_bus().name(&name).send().await.unwrap();
        let pattern = json!({"source": [maestro_aws::events::SOURCE]}).to_string();
        events.put_rule().event_bus_name(&name).name("all").event_pattern(pattern).send().await.unwrap();
        let target = Target::builder().id("all").arn(arn).build().unwrap();
        events.put_targets().event_bus_name(&name).rule("all").targets(target).send().await.unwrap();
        let bus = Bus::new(events.clone(), name, Arc::new(Still));
        let sqs = (*clients.sqs).clone();
        Arc::new(Overheard { bus, sqs, url, so_far: Mutex::default() }) as Arc<dyn Hearing>
    })
    .await;
}
