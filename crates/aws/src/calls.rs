//! Counts what is called: calls and tries by operation, and what services bill beside them.

use aws_sdk_dynamodb::{
    config::{ConfigBag, Intercept, RuntimeComponents},
    error::BoxError,
    operation::{
        batch_get_item::BatchGetItemOutput, delete_item::DeleteItemOutput, get_item::GetItemOutput,
        put_item::PutItemOutput, query::QueryOutput, transact_write_items::TransactWriteItemsOutput,
    },
    types::ConsumedCapacity,
};
use aws_sdk_eventbridge::operation::put_events::PutEventsOutput;
use aws_smithy_runtime_api::client::{
    interceptors::context::{BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef, Output},
    orchestrator::Metadata,
};
use maestro_domain::{Calls, CallsByOperation};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts the calls of all clients that it was given to. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Counter(Arc<Mutex<CallsByOperation>>);

impl Counter {
    /// All calls so far.
    #[must_use]
    pub fn so_far(&self) -> CallsByOperation {
        self.calls().clone()
    }

    /// The calls since an earlier [`Counter::so_far`].
    #[must_use]
    pub fn since(&self, before: &CallsByOperation) -> CallsByOperation {
        let mut calls = self.so_far();
        for (operation, earlier) in before {
            if let Some(now) = calls.get_mut(operation) {
                now.calls -= earlier.calls;
                now.attempts -= earlier.attempts;
                now.units -= earlier.units;
            }
        }
        calls.retain(|_, calls| calls.attempts > 0);
        calls
    }

    fn count(&self, bag: &ConfigBag, more: Calls) {
        let Some(of) = bag.load::<Metadata>() else { return };
        *self.calls().entry(format!("{}.{}", of.service(), of.name())).or_default() += more;
    }

    fn calls(&self) -> MutexGuard<'_, CallsByOperation> {
        // Sums are whole whatever happened to who added to them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "Counter"
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.count(bag, Calls { attempts: 1, ..Calls::default() });
        Ok(())
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let units = context.output_or_error().and_then(Result::ok).map_or(0.0, units);
        self.count(bag, Calls { calls: 1, units, ..Calls::default() });
        Ok(())
    }
}

/// What a service says that an answer counts for; 0 where it counts calls alone. A table says so when it is asked to.
fn units(output: &Output) -> f64 {
    let capacity = |used: Option<&ConsumedCapacity>| used.and_then(ConsumedCapacity::capacity_units).unwrap_or(0.0);
    if let Some(found) = output.downcast_ref::<GetItemOutput>() {
        capacity(found.consumed_capacity())
    } else if let Some(found) = output.downcast_ref::<QueryOutput>() {
        capacity(found.consumed_capacity())
    } else if let Some(written) = output.downcast_ref::<PutItemOutput>() {
        capacity(written.consumed_capacity())
    } else if let Some(written) = output.downcast_ref::<DeleteItemOutput>() {
        capacity(written.consumed_capacity())
    } else if let Some(written) = output.downcast_ref::<TransactWriteItemsOutput>() {
        written.consumed_capacity().iter().map(|used| capacity(Some(used))).sum()
    } else if let Some(found) = output.downcast_ref::<BatchGetItemOutput>() {
        found.consumed_capacity().iter().map(|used| capacity(Some(used))).sum()
    } else if let Some(told) = output.downcast_ref::<PutEventsOutput>() {
        told.entries().iter().filter(|entry| entry.error_code().is_none()).map(|_| 1.0).sum()
    } else {
        0.0
    }
}
