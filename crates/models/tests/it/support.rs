//! What the tests ask with.

use async_trait::async_trait;
use maestro_models::{Config, Opener, Surroundings, clock::Virtual};
use maestro_ports::{
    Clock, Model, Secret,
    model::{Error, Progress, Quote, Reply, Request},
};
use std::sync::Arc;

/// The built-in author, who must not be asked here.
pub(crate) struct NoAuthor;

#[async_trait]
impl Model for NoAuthor {
    fn name(&self) -> &str {
        "blueprint"
    }
    fn quote(&self, _: &Request) -> Result<Quote, Error> {
        Ok(Quote::free("blueprint"))
    }
    async fn complete(&self, _: &Request, _: &dyn Progress) -> Result<Reply, Error> {
        panic!("the built-in author was asked")
    }
}

/// An opener with keys, by a clock that moves only when somebody sleeps.
pub(crate) fn opener(config: &str) -> (Opener, Arc<Virtual>) {
    let clock = Arc::new(Virtual::at(1_764_000_000_000));
    let surroundings = Surroundings {
        anthropic_key: Some(Secret::new("key-anthropic")),
        openai_key: Some(Secret::new("key-openai")),
        aws: Some(("AKIDEXAMPLE".into(), Secret::new("key-aws"), Some(Secret::new("session-aws")))),
        region: Some("eu-central-1".into()),
        ..Surroundings::default()
    };
    let config = Config::parse("maestro.toml", config).unwrap();
    (Opener::new(config, surroundings, Arc::new(NoAuthor), Arc::<Virtual>::clone(&clock)), clock)
}

/// How many milliseconds were slept, and that the wall clock tells the same.
pub(crate) fn slept(clock: &Virtual) -> u64 {
    assert_eq!(clock.now_ms() - 1_764_000_000_000, clock.slept_ms());
    clock.slept_ms()
}
