//! The ports on AWS. Rows are in one DynamoDB table, blobs in one S3 bucket; events of whole runs go to an
//! EventBridge bus. What is one signed request, keys of Secrets Manager and calls of Lambda, is in `maestro-models`.
//!
//! Nothing here decides anything about runs: keys are built in `maestro-store`, rules are in `maestro-domain`.

mod attributes;
pub mod calls;
pub mod clients;
pub mod deliverables;
pub mod deployment;
pub mod dynamodb;
pub mod events;
pub mod executions;
pub mod incoming;
pub mod jobs;
mod lazy;
pub mod machines;
mod patience;
pub mod queue;
pub mod s3;
mod set;
pub mod tokens;

pub use calls::Counter;
pub use clients::{Clients, Endpoint, Surroundings};
pub use deliverables::S3Deliverables;
pub use dynamodb::DynamoTable;
pub use events::Bus;
pub use executions::Executions;
pub use incoming::Incoming;
pub use jobs::JobRequests;
pub use lazy::Lazy;
pub use machines::Machines;
pub use queue::Queues;
pub use s3::S3Blobs;
pub use tokens::Tokens;
