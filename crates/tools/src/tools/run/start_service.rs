//! `start_service`: starts the service and watches what it does, once or more often on the same data.

use super::{
    program,
    start::{Given, running_service},
};
use crate::{Effect, Error, Tool, Workspace};
use maestro_domain::job::bounds::LONGEST_S;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

pub(crate) struct StartService;

/// Most rounds.
const MOST: u8 = 5;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// How it is started; as `maestro.json` or the handed-over artifacts say when left out
    start: Option<Given>,
    /// How often it is started and stopped, on the same data
    #[serde(default = "twice")]
    #[schemars(range(min = 1, max = 5))]
    rounds: u8,
}

const fn twice() -> u8 {
    2
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Output {
    rounds: Vec<Round>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Round {
    round: u8,
    started: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    ready_ms: Option<u64>,
    health: Option<u16>,
    front_page: Option<u16>,
    #[serde(default)]
    listens_on: Vec<String>,
    #[serde(default)]
    said: String,
    /// Its files of data and their sizes.
    #[serde(default)]
    files: BTreeMap<String, u64>,
    exit_code: Option<i32>,
    stopped_ms: Option<u64>,
}

impl Tool for StartService {
    const NAME: &'static str = "start_service";
    const DESCRIPTION: &'static str = "Starts the service in the sandbox, stops it by SIGTERM and starts it again on the same data. Tells how long \
         that took, where it listens, what it printed, which files it keeps and with which code it ended.";
    const EFFECT: Effect = Effect::RunsCode;
    type Args = Args;
    type Output = Output;

    async fn call(&self, Args { start, rounds }: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        if !(1..=MOST).contains(&rounds) {
            return Err(Error::Respond(format!("`rounds` is {rounds}; from 1 to {MOST} can be done")));
        }
        let beside = running_service(start, workspace)?;
        program::START.report(&json!({ "rounds": rounds }), beside, LONGEST_S, workspace).await
    }
}
