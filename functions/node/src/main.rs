//! Lambda functions that take nodes of workflows from their queue, and look after runs of workflows: `Handler` says which one this is.

mod handler;
mod web;

use lambda_runtime::{Error, run, service_fn};
use maestro_lambda::{Host, Nodes, Opening, Outside, Parts, SystemClock, optional_variable, start_logging};
use maestro_models::{Lambda, Opener, Surroundings, of_function};
use maestro_ports::{Models, model::TokenBuckets};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start_logging()?;
    let host = Host::from_environment(Parts::default()).await?;
    let (surroundings, url) = (Surroundings::read(optional_variable), optional_variable("AWS_ENDPOINT_URL"));
    let functions = Lambda::new(&surroundings, url.as_deref(), Arc::new(SystemClock))?;
    let outside = Outside {
        web: Arc::new(web::Allowed::from_environment()?),
        functions: Arc::new(functions),
        models: Box::new(models),
    };
    let nodes = Nodes::calling(&host, outside);
    run(service_fn(|event| handler::handle(&host, &nodes, event))).await
}

/// The models of personas, by the secret that the environment names.
fn models(buckets: Arc<dyn TokenBuckets>) -> Opening {
    Box::pin(async move {
        let (config, keys) = of_function(optional_variable, Arc::new(SystemClock)).await?;
        let opener = Opener::without_author(config, keys, Arc::new(SystemClock)).sharing(buckets);
        Ok(Arc::new(opener) as Arc<dyn Models>)
    })
}
