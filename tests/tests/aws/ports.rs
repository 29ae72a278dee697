//! The adapters pass the suites of the ports.

use crate::stack::clients;
use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use maestro_aws::{DynamoTable, S3Blobs};
use maestro_ports::{
    Blobs, Table,
    suites::{blobs_suite, table_suite},
};
use std::{cell::Cell, sync::Arc};

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
