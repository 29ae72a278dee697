//! Calls of web services, as far as the operator allowed them. A function has no file, so what `maestro.toml` says stands
//! in a secret, beside the credentials that it names. It is read when a node calls first, since most never do.

use async_trait::async_trait;
use maestro_lambda::{SystemClock, optional_variable};
use maestro_models::{SecretsManager, Surroundings};
use maestro_ports::{
    Secrets, Web,
    web::{Answer, Error, Request},
};
use maestro_web::{Calls, Hosts};
use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error as _,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::OnceCell;

/// What the text of the file is called in the secret.
const CONFIG: &str = "MAESTRO_CONFIG";

/// Calls what a secret allows.
pub(crate) struct Allowed {
    secrets: Box<dyn Secrets>,
    /// The secret's name, for messages.
    name: String,
    calls: OnceCell<Calls>,
}

impl Allowed {
    /// What the secret that the environment names allows.
    pub(crate) fn from_environment() -> Result<Self, String> {
        let name = optional_variable("MAESTRO_HTTP").ok_or("the environment variable `MAESTRO_HTTP` is not set")?;
        let (surroundings, url) = (Surroundings::read(optional_variable), optional_variable("AWS_ENDPOINT_URL"));
        let secrets = SecretsManager::new(&name, &surroundings, url.as_deref(), Arc::new(SystemClock))?;
        Ok(Self { secrets: Box::new(secrets.if_there()), name, calls: OnceCell::new() })
    }

    async fn hosts(&self) -> Result<Hosts, Error> {
        let text = self.secret(CONFIG).await?.ok_or_else(|| {
            Error::NotAllowed(format!(
                "no host is allowed here: the text of a `maestro.toml` with `[http]` belongs into the secret `{}`, \
                 under the name `{CONFIG}`",
                self.name
            ))
        })?;
        // Which variables it names is known once it was read; what they hold is fetched after that.
        let named = Mutex::new(BTreeSet::new());
        let place = format!("{CONFIG} of the secret {}", self.name);
        let wrong = |error: maestro_domain::FileError| Error::NotAllowed(format!("no host is allowed here: {error}"));
        Hosts::parse(&place, &text, |name| {
            named.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
            Some(String::new())
        })
        .map_err(wrong)?;
        let mut values = BTreeMap::new();
        for name in named.into_inner().unwrap_or_else(PoisonError::into_inner) {
            if let Some(value) = self.secret(&name).await? {
                values.insert(name, value);
            }
        }
        Hosts::parse(&place, &text, |name| values.get(name).cloned()).map_err(wrong)
    }

    async fn secret(&self, name: &str) -> Result<Option<String>, Error> {
        let found = self.secrets.secret(name).await;
        let found = found.map_err(|error| {
            let why = error.source().map(|why| format!(": {why}")).unwrap_or_default();
            Error::Unavailable(format!("which hosts are allowed could not be read: {error}{why}"))
        })?;
        Ok(found.map(|value| value.expose().to_owned()))
    }
}

#[async_trait]
impl Web for Allowed {
    async fn call(&self, request: Request) -> Result<Answer, Error> {
        let calls = self.calls.get_or_try_init(|| async { Ok::<_, Error>(Calls::new(self.hosts().await?)) }).await?;
        calls.call(request).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_ports::{Secret, secrets};
    use maestro_web::fake::Server;

    /// What a secret holds, or why it cannot be read.
    struct Kept(Result<BTreeMap<&'static str, String>, &'static str>);

    #[async_trait]
    impl Secrets for Kept {
        async fn secret(&self, name: &str) -> Result<Option<Secret>, secrets::Error> {
            match &self.0 {
                Ok(values) => Ok(values.get(name).map(Secret::new)),
                Err(why) => Err(secrets::Error { name: "stack/http".to_owned(), source: (*why).into() }),
            }
        }
    }

    fn allowed(kept: Result<BTreeMap<&'static str, String>, &'static str>) -> Allowed {
        Allowed { secrets: Box::new(Kept(kept)), name: "stack/http".to_owned(), calls: OnceCell::new() }
    }

    fn call(url: String) -> Request {
        Request { method: "GET", url, headers: Vec::new(), body: None, follow: true }
    }

    async fn refused(kept: Result<BTreeMap<&'static str, String>, &'static str>) -> Error {
        allowed(kept).call(call("https://api.example.com/".to_owned())).await.unwrap_err()
    }

    #[tokio::test]
    async fn what_the_secret_allows_is_called_and_nothing_else() {
        let server = Server::start(|_, _| "204 No Content\r\n\r\n".to_owned()).await.unwrap();
        let text = format!(
            "[http.\"api.example.com:{}\"]\n[http.\"other.example.com\"]\nheaders = {{ x = \"KEY\" }}",
            server.port
        );
        let kept = [(CONFIG, text), ("KEY", "k".to_owned())].into();
        let hosts = allowed(Ok(kept)).hosts().await.unwrap();
        let calls = server.caller(hosts, |address| address.is_loopback());
        let answer = calls.call(call(format!("http://api.example.com:{}/a", server.port))).await.unwrap();
        assert_eq!(answer.status, 204);
        // It has credentials, and those are sent encrypted only.
        let error = calls.call(call("http://other.example.com/".to_owned())).await.unwrap_err();
        assert!(error.to_string().contains("would go unencrypted"), "{error}");
        let error = calls.call(call("http://else.example.com/".to_owned())).await.unwrap_err();
        assert!(error.to_string().contains("not among the hosts"), "{error}");
    }

    #[tokio::test]
    async fn a_secret_that_allows_nothing_says_what_to_do() {
        let nothing = refused(Ok(BTreeMap::new())).await;
        assert!(matches!(&nothing, Error::NotAllowed(why) if why.contains("`stack/http`")), "{nothing}");
        let text = "[http.\"api.example.com\"]\nheaders = { authorization = \"API_AUTH\" }".to_owned();
        let no_key = refused(Ok([(CONFIG, text)].into())).await;
        assert!(matches!(&no_key, Error::NotAllowed(why) if why.contains("`API_AUTH`")), "{no_key}");
        let wrong = refused(Ok([(CONFIG, "[http.\"*\"]".to_owned())].into())).await;
        assert!(matches!(&wrong, Error::NotAllowed(why) if why.contains("stack/http")), "{wrong}");
        let unread = refused(Err("busy")).await;
        assert!(matches!(&unread, Error::Unavailable(why) if why.ends_with(": busy")), "tried again: {unread}");
    }
}
