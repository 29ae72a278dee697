//! One provider over HTTP/1.1: connections that are kept, TLS by rustls with the machine's certificates, and bounds on time.
//! What is said and how often is not known here.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::Incoming,
    client::conn::http1::SendRequest,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
use maestro_domain::with_causes;
use maestro_web::{Base, Line};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::timeout;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(15);
/// How long the beginning of an answer may take: a small machine reads a long prompt for minutes.
const FIRST_BYTE: Duration = Duration::from_secs(15 * 60);
/// How long it may then be silent.
const SILENCE: Duration = Duration::from_secs(5 * 60);
/// Connections that are kept.
const KEPT: usize = 16;

/// What goes wrong between here and the provider.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Nothing was sent.
    #[error("no connection to `{to}`: {why}")]
    Connect {
        /// Where to.
        to: String,
        /// What happened.
        why: String,
    },
    /// It was sent, and no answer began.
    #[error("`{to}` gave no answer: {why}")]
    NoAnswer {
        /// Where to.
        to: String,
        /// What happened.
        why: String,
    },
    /// An answer began and ended too early.
    #[error("the connection to `{to}` broke: {why}")]
    Broken {
        /// Where to.
        to: String,
        /// What happened.
        why: String,
    },
}

/// An answer whose head was read.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    body: Incoming,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// A provider's address with its connections.
pub(crate) struct Http {
    base: Base,
    line: Line,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
}

impl Http {
    pub(crate) fn new(base: Base) -> Self {
        Self { base, line: Line::default(), idle: Mutex::default() }
    }

    pub(crate) fn base(&self) -> &Base {
        &self.base
    }

    /// Whether somebody listens there; nothing is sent.
    pub(crate) async fn reach(&self) -> Result<(), Error> {
        let sender = self.connect().await?;
        self.keep(sender);
        Ok(())
    }

    /// Sends a body and waits for the head of the answer. A kept connection that the provider closed meanwhile is no fault:
    /// what was not sent is sent again on a new one.
    pub(crate) async fn post(
        &self,
        path: &str,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<Answer, Error> {
        let mut request = self.request(path, headers, body.clone())?;
        while let Some(mut sender) = self.kept() {
            match self.send(&mut sender, request).await {
                Ok(answer) => return Ok(Answer { sender: Some(sender), ..answer }),
                Err(error) if error.unsent => request = self.request(path, headers, body.clone())?,
                Err(error) => return Err(error.error),
            }
        }
        let mut sender = self.connect().await?;
        let answer = self.send(&mut sender, request).await.map_err(|error| error.error)?;
        Ok(Answer { sender: Some(sender), ..answer })
    }

    /// The next piece of the body; `None` at its end, after which the connection is kept.
    pub(crate) async fn next(&self, answer: &mut Answer) -> Result<Option<Bytes>, Error> {
        loop {
            let frame = timeout(SILENCE, answer.body.frame()).await;
            let frame = frame.map_err(|_| self.broken(&format!("nothing came for {} s", SILENCE.as_secs())))?;
            match frame {
                None => {
                    answer.sender.take().into_iter().for_each(|sender| self.keep(sender));
                    return Ok(None);
                }
                Some(Err(error)) => return Err(self.broken(&with_causes(&error))),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }

    fn request(
        &self,
        path: &str,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<Request<Full<Bytes>>, Error> {
        let mut request = Request::post(self.base.path(path))
            .header(header::HOST, self.base.authority())
            .header(header::USER_AGENT, concat!("maestro/", env!("CARGO_PKG_VERSION")));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if !headers.iter().any(|(name, _)| name == header::CONTENT_TYPE) {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        request.body(Full::new(body)).map_err(|error| self.no_connection(&error.to_string()))
    }

    async fn send(
        &self,
        sender: &mut SendRequest<Full<Bytes>>,
        request: Request<Full<Bytes>>,
    ) -> Result<Answer, Unanswered> {
        let answer = timeout(FIRST_BYTE, sender.try_send_request(request)).await.map_err(|_| Unanswered {
            unsent: false,
            error: self.no_answer(&format!("nothing came for {} s", FIRST_BYTE.as_secs())),
        })?;
        let answer = answer.map_err(|mut error| Unanswered {
            unsent: error.take_message().is_some(),
            error: self.no_answer(&with_causes(error.error())),
        })?;
        let (head, body) = answer.into_parts();
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body, sender: None })
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, Error> {
        self.line.open(&self.base, CONNECT).await.map_err(|why| self.no_connection(&why))
    }

    /// A kept connection on which something can be sent.
    fn kept(&self) -> Option<SendRequest<Full<Bytes>>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(sender) = idle.pop() {
            if sender.is_ready() {
                return Some(sender);
            }
        }
        None
    }

    fn keep(&self, sender: SendRequest<Full<Bytes>>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(sender);
        }
    }

    fn no_connection(&self, why: &str) -> Error {
        Error::Connect { to: self.base.authority(), why: why.to_owned() }
    }

    fn no_answer(&self, why: &str) -> Error {
        Error::NoAnswer { to: self.base.authority(), why: why.to_owned() }
    }

    fn broken(&self, why: &str) -> Error {
        Error::Broken { to: self.base.authority(), why: why.to_owned() }
    }
}

struct Unanswered {
    unsent: bool,
    error: Error,
}
