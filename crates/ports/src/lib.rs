//! Every outside trait. Nothing above this crate knows which adapter answers.

pub mod blobs;
pub mod clock;
pub mod deliverable;
pub mod events;
pub mod functions;
mod identity;
pub mod model;
pub mod referee;
pub mod secrets;
#[cfg(feature = "suites")]
pub mod suites;
pub mod table;
pub mod web;
pub mod work;

pub use blobs::Blobs;
pub use clock::{Clock, Timer};
pub use deliverable::Deliverables;
pub use events::Events;
pub use functions::Functions;
pub use identity::new_id;
pub use model::{Model, Models};
pub use referee::{JobDispatcher, Jobs, Referee};
pub use secrets::{Secret, Secrets};
pub use table::Table;
pub use web::Web;
pub use work::{Queue, TaskTokens};
