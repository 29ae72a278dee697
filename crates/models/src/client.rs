//! A model of a provider: one question is asked until it is answered, refused, or of no use to ask again.
//!
//! Throttling is waited for, as long as it takes; what is out of order is tried a few times; what began to be answered is
//! never asked again here, because it was paid for. Keys, prompts and replies are not logged.

use crate::{
    draft::Draft,
    failure::{self, Refused},
    http::{self, Answer, Http},
    names::Name,
    price::Price,
    providers::{Dialect, Fault, framing},
    throttle::Throttle,
};
use async_trait::async_trait;
use bytes::Bytes;
use maestro_ports::{
    Timer,
    model::{Error, Model, Progress, Quote, Reply, Request, TokenBuckets, Usage},
};
use std::{io, sync::Arc, time::Duration};

/// How often a call is tried whose provider is out of order.
const TRIES: u32 = 4;
/// The pause after the first such try; each is four times the one before.
const PAUSE_MS: u64 = 500;
/// Most bytes of a whole answer on the wire. A stream has some hundred bytes around each token.
const MOST_ANSWER: usize = 64 << 20;
/// Most bytes that are read of an error.
const MOST_ERROR: usize = 64 << 10;
/// How long the end of a connection is waited for once the answer has ended.
const LEAVING: Duration = Duration::from_secs(5);
/// Tokens that providers put into a prompt besides what is sent: how tools are called, and the like.
const HIDDEN_TOKENS: u64 = 1024;

/// What is known of a model besides its provider.
pub(crate) struct Terms {
    /// What it costs; `None` where nobody knows.
    pub(crate) price: Option<Price>,
    /// Tokens that a reply may have where the request does not say.
    pub(crate) max_output_tokens: u64,
    /// Milliseconds of throttling after which the asker is told instead of waiting on.
    pub(crate) patience_ms: Option<u64>,
}

/// A model of a provider.
pub(crate) struct Client {
    name: String,
    dialect: Box<dyn Dialect>,
    http: Http,
    terms: Terms,
    throttle: Throttle,
    timer: Arc<dyn Timer>,
}

/// Counts what is written, and keeps none of it.
struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Why one try gave nothing.
enum Failed {
    /// For good.
    Stop(Error),
    /// The provider has no room.
    Throttled(Option<u64>, String),
    /// Once more may help.
    Again(String),
    /// The request was made simpler.
    Simpler,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Stop(error)
    }
}

impl Client {
    pub(crate) fn new(
        name: &Name,
        dialect: Box<dyn Dialect>,
        http: Http,
        terms: Terms,
        timer: Arc<dyn Timer>,
        buckets: Option<Arc<dyn TokenBuckets>>,
    ) -> Self {
        let throttle = Throttle::new(&name.to_string(), Arc::clone(&timer), buckets);
        Self { name: name.to_string(), dialect, http, terms, throttle, timer }
    }

    /// Whether somebody listens at the provider's address. Nothing is asked.
    pub(crate) async fn reach(&self) -> Result<(), String> {
        self.http.reach().await.map_err(|error| error.to_string())
    }

    fn most(&self, request: &Request) -> u64 {
        let asked = request.max_output_tokens.unwrap_or(self.terms.max_output_tokens);
        let can = self.terms.price.as_ref().and_then(|price| price.max_output_tokens).unwrap_or(u64::MAX);
        asked.min(can).max(1)
    }

    /// No token is shorter than a byte, so a prompt has no more tokens than what is sent has bytes.
    fn worst(&self, sent: usize, most: u64) -> Result<Quote, Error> {
        let price = self.terms.price.as_ref().ok_or_else(|| Error::UnknownPrice { model: self.name.clone() })?;
        let input_tokens = u64::try_from(sent).unwrap_or(u64::MAX).saturating_add(HIDDEN_TOKENS);
        let cost_micro_usd = price.most(input_tokens, most);
        Ok(Quote { model: self.name.clone(), input_tokens, output_tokens: most, cost_micro_usd })
    }

    fn priced(&self, usage: Usage) -> Usage {
        let cost_micro_usd = self.terms.price.as_ref().map_or(0, |price| price.cost(&usage));
        Usage { cost_micro_usd, ..usage }
    }

    async fn once(&self, request: &Request, progress: &dyn Progress) -> Result<Reply, Failed> {
        let most = self.most(request);
        let body = serde_json::to_vec(&self.dialect.body(request, most));
        let body = body.map_err(|error| Error::BadRequest { model: self.name.clone(), reason: error.to_string() })?;
        let quote = self.worst(body.len(), most)?;
        let outgoing = self.dialect.address(body, self.http.base(), self.timer.now_ms());
        let outgoing = outgoing.map_err(|reason| Error::Authentication { model: self.name.clone(), reason })?;
        let answer = self.http.post(&outgoing.path, &outgoing.headers, Bytes::from(outgoing.body)).await;
        let mut answer = answer.map_err(|error| Failed::Again(error.to_string()))?;
        tracing::debug!(model = %self.name, status = answer.status, "the provider answers");
        if !(200..300).contains(&answer.status) {
            return Err(self.refused(request, &mut answer).await);
        }
        let mut draft = Draft::new(progress);
        self.read(&mut answer, &mut draft, &quote).await?;
        let usage = self.priced(draft.usage(&quote));
        let mut reply = draft.finish(&self.name, usage)?;
        self.dialect.polish(request, &mut reply);
        Ok(reply)
    }

    /// Reads an answer into a draft, piece by piece.
    async fn read(&self, answer: &mut Answer, draft: &mut Draft<'_>, quote: &Quote) -> Result<(), Failed> {
        let kind = answer.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (mut framing, stream) = framing(kind);
        let (mut frames, mut length) = (Vec::new(), 0_usize);
        loop {
            let next = if draft.ended {
                tokio::time::timeout(LEAVING, self.http.next(answer)).await.unwrap_or(Ok(None))
            } else {
                self.http.next(answer).await
            };
            let chunk = match next {
                Ok(chunk) => chunk,
                // What comes after the end is of no interest.
                Err(_) if draft.ended => None,
                Err(error) => return Err(self.broken(draft, quote, error)),
            };
            let last = chunk.is_none();
            let fed = match chunk {
                Some(bytes) => {
                    length = length.saturating_add(bytes.len());
                    framing.feed(&bytes, &mut frames)
                }
                None => framing.end(&mut frames),
            };
            for frame in frames.drain(..) {
                let taken =
                    if stream { self.dialect.frame(draft, &frame) } else { self.dialect.whole(draft, &frame.data) };
                taken.map_err(|fault| self.faulty(draft, quote, fault))?;
            }
            let fits = if length > MOST_ANSWER { Err("it never ends".to_owned()) } else { draft.check_size() };
            fed.and(fits).map_err(|what| self.faulty(draft, quote, Fault::Malformed(what)))?;
            if last {
                break;
            }
        }
        if draft.ended || self.dialect.ends_silently() && draft.stop.is_some() {
            return Ok(());
        }
        let reason = "the stream ended before the answer did".to_owned();
        Err(Failed::Stop(self.cut(draft, quote, reason)))
    }

    async fn refused(&self, request: &Request, answer: &mut Answer) -> Failed {
        let mut body = Vec::new();
        while let Ok(Some(bytes)) = self.http.next(answer).await {
            body.extend_from_slice(&bytes);
            if body.len() > MOST_ERROR {
                break;
            }
        }
        let body = String::from_utf8_lossy(&body);
        let status = answer.status;
        if self.dialect.concede(request, status) {
            return Failed::Simpler;
        }
        let (model, text) = (self.name.clone(), failure::words(&body));
        let reason = format!("{text} (HTTP {status})");
        match failure::refused(status, &answer.headers, &body, &text, self.timer.now_ms()) {
            Refused::Throttled(after) => Failed::Throttled(after, reason),
            Refused::Failed => Failed::Again(reason),
            Refused::Overflow => Failed::Stop(Error::ContextOverflow { model, reason }),
            Refused::Policy => Failed::Stop(Error::Refused { model, reason }),
            Refused::Authentication => Failed::Stop(Error::Authentication { model, reason }),
            Refused::NoModel => Failed::Stop(Error::Unable { model, reason }),
            Refused::Bad => Failed::Stop(Error::BadRequest { model, reason }),
        }
    }

    /// The connection broke in an answer.
    fn broken(&self, draft: &Draft<'_>, quote: &Quote, error: http::Error) -> Failed {
        Failed::Stop(self.cut(draft, quote, error.to_string()))
    }

    /// The answer itself says that something is wrong, or cannot be read.
    fn faulty(&self, draft: &Draft<'_>, quote: &Quote, fault: Fault) -> Failed {
        let model = self.name.clone();
        match fault {
            // Nothing was answered yet, so nothing was paid for.
            Fault::Throttled(reason) if draft.empty() => Failed::Throttled(None, reason),
            Fault::Failed(reason) if draft.empty() => Failed::Again(reason),
            Fault::Throttled(reason) | Fault::Failed(reason) => Failed::Stop(self.cut(draft, quote, reason)),
            Fault::Refused(reason) => Failed::Stop(Error::Refused { model, reason }),
            Fault::Overflow(reason) => Failed::Stop(Error::ContextOverflow { model, reason }),
            Fault::Malformed(what) => Failed::Stop(Error::Malformed { model, what, spent: self.spent(draft, quote) }),
        }
    }

    fn cut(&self, draft: &Draft<'_>, quote: &Quote, reason: String) -> Error {
        Error::Cut { model: self.name.clone(), reason, spent: self.spent(draft, quote) }
    }

    /// What an answer without an end cost: what was read as it was told, and as much written as may be.
    fn spent(&self, draft: &Draft<'_>, quote: &Quote) -> Usage {
        self.priced(Usage { output_tokens: quote.output_tokens, ..draft.usage(quote) })
    }
}

#[async_trait]
impl Model for Client {
    fn name(&self) -> &str {
        &self.name
    }

    fn quote(&self, request: &Request) -> Result<Quote, Error> {
        let most = self.most(request);
        let mut sent = Count(0);
        let counted = serde_json::to_writer(&mut sent, &self.dialect.body(request, most));
        counted.map_err(|error| Error::BadRequest { model: self.name.clone(), reason: error.to_string() })?;
        self.worst(sent.0, most)
    }

    async fn complete(&self, request: &Request, progress: &dyn Progress) -> Result<Reply, Error> {
        let (mut tries, mut pause, begun) = (0, PAUSE_MS, self.timer.now_ms());
        loop {
            self.throttle.pass(progress).await?;
            match self.once(request, progress).await {
                Ok(reply) => {
                    self.throttle.answered().await;
                    return Ok(reply);
                }
                Err(Failed::Stop(error)) => return Err(error),
                Err(Failed::Simpler) => {}
                Err(Failed::Throttled(after_ms, reason)) => {
                    tracing::info!(model = %self.name, %reason, "throttled");
                    let until_ms = self.throttle.refused(after_ms).await;
                    if self.terms.patience_ms.is_some_and(|patience| until_ms.saturating_sub(begun) > patience) {
                        return Err(Error::Throttled { model: self.name.clone(), until_ms: Some(until_ms), reason });
                    }
                }
                Err(Failed::Again(reason)) => {
                    tries += 1;
                    tracing::info!(model = %self.name, %reason, tries, "the provider is out of order");
                    if tries >= TRIES {
                        return Err(Error::Unavailable { model: self.name.clone(), reason });
                    }
                    self.throttle.pause(pause, progress, &reason).await?;
                    pause *= 4;
                }
            }
        }
    }
}
