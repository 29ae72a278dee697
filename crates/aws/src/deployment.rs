//! What a deployed template gives out.

use crate::{Endpoint, clients::config};
use aws_sdk_cloudformation::{Client, error::DisplayErrorContext};
use std::collections::BTreeMap;

/// Why it cannot be found out.
#[derive(Debug, thiserror::Error)]
#[error("what the stack `{stack}` gives out cannot be read: {reason}")]
pub struct Error {
    stack: String,
    reason: String,
}

/// The outputs of a stack, by name. Its client is none of [`crate::Clients`]: functions never ask, and stay smaller without.
///
/// # Errors
/// [`Error`] when there is no such stack, or CloudFormation cannot be asked.
pub async fn outputs(endpoint: &Endpoint, stack: &str) -> Result<BTreeMap<String, String>, Error> {
    let client = Client::new(&config(endpoint).await);
    let failed = |reason| Error { stack: stack.to_owned(), reason };
    let found = client.describe_stacks().stack_name(stack).send().await;
    let found = found.map_err(|error| failed(DisplayErrorContext(&error).to_string()))?;
    let Some(found) = found.stacks.unwrap_or_default().pop() else { return Err(failed("there is none".to_owned())) };
    let outputs = found.outputs.unwrap_or_default().into_iter();
    Ok(outputs.filter_map(|output| Some((output.output_key?, output.output_value?))).collect())
}
