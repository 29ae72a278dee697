//! A server at a URL: the streamable HTTP transport, as far as tools need it. What a server says by itself is not listened to; no
//! redirect is followed, because what is sent along is meant for one host.

use crate::server::MESSAGE_LIMIT;
use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Method, Request, Response, StatusCode, Uri,
    body::Incoming,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
use maestro_domain::with_causes;
use maestro_web::{Base, Line};
use rmcp::{
    model::{ClientJsonRpcMessage, ServerJsonRpcMessage},
    transport::{
        common::http_header::{EVENT_STREAM_MIME_TYPE, HEADER_SESSION_ID, JSON_MIME_TYPE},
        streamable_http_client::{SseError, StreamableHttpClient, StreamableHttpError, StreamableHttpPostResponse},
    },
};
use sse_stream::{Sse, SseStream};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// Characters of an error page that are told.
const TOLD: usize = 200;
/// Bytes that are read of one.
const ERROR_LIMIT: usize = 64 << 10;

/// What the transport sets itself, and what decides how a message is read.
const RESERVED: [HeaderName; 7] = [
    header::ACCEPT,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::HOST,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Why a message was not sent or not answered.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Error(String);

impl From<Error> for StreamableHttpError<Error> {
    fn from(error: Error) -> Self {
        Self::Client(error)
    }
}

type Answered<T> = Result<T, StreamableHttpError<Error>>;

/// Where a server is, and what it is told of who asks.
#[derive(Clone)]
pub(crate) struct Address(Arc<Parts>);

struct Parts {
    url: String,
    /// As it is written: to servers, a path with a `/` at its end is another.
    path: Uri,
    base: Base,
    line: Line,
    headers: HeaderMap,
    connects_within: Duration,
}

impl Address {
    /// An address with fields of the head that go to it and to nobody else.
    pub(crate) fn new(url: &str, headers: Vec<(String, String)>, connects_within: Duration) -> Result<Self, String> {
        let base = Base::parse(url)?;
        if !base.private() {
            return Err(format!("`{url}` can be read on its way: use `https://`, or a server on this machine"));
        }
        let path = url.parse::<Uri>().ok().and_then(|uri| uri.path().parse().ok());
        let path = path.ok_or_else(|| format!("`{url}` has no path that can be asked for"))?;
        let mut fields = HeaderMap::new();
        for (name, value) in headers {
            let field = HeaderName::try_from(&name).map_err(|_| format!("`{name}` is no name of a header"))?;
            if RESERVED.contains(&field) || field.as_str().starts_with("mcp-") {
                return Err(format!("the header `{name}` belongs to the protocol"));
            }
            let mut value = HeaderValue::try_from(value.trim())
                .map_err(|_| format!("the value for the header `{name}` holds what no header may"))?;
            value.set_sensitive(true);
            fields.insert(field, value);
        }
        let (url, line) = (url.to_owned(), Line::default());
        Ok(Self(Arc::new(Parts { url, path, base, line, headers: fields, connects_within })))
    }

    pub(crate) fn url(&self) -> &str {
        &self.0.url
    }

    /// Sends one message. There are few of them and they are far apart: each has a connection of its own.
    async fn send(
        &self,
        method: Method,
        body: Vec<u8>,
        session: Option<Arc<str>>,
        of_protocol: HashMap<HeaderName, HeaderValue>,
    ) -> Result<Response<Incoming>, Error> {
        let Parts { path, base, line, headers, connects_within, .. } = &*self.0;
        let failed = |why: String| Error(format!("`{}`: {why}", base.authority()));
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.method_mut() = method;
        *request.uri_mut() = path.clone();
        let fields = request.headers_mut();
        fields.extend(headers.clone());
        fields.extend(of_protocol);
        let host = HeaderValue::try_from(base.authority()).map_err(|error| failed(error.to_string()))?;
        fields.insert(header::HOST, host);
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON_MIME_TYPE));
        fields.insert(header::ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
        fields.insert(header::USER_AGENT, HeaderValue::from_static(concat!("maestro/", env!("CARGO_PKG_VERSION"))));
        if let Some(session) = session {
            let session = HeaderValue::try_from(&*session).map_err(|error| failed(error.to_string()))?;
            fields.insert(HeaderName::from_static("mcp-session-id"), session);
        }
        let mut sender = line.open(base, *connects_within).await.map_err(failed)?;
        sender.send_request(request).await.map_err(|error| failed(with_causes(&error)))
    }
}

impl StreamableHttpClient for Address {
    type Error = Error;

    async fn post_message(
        &self,
        _: Arc<str>,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        _: Option<String>,
        of_protocol: HashMap<HeaderName, HeaderValue>,
    ) -> Answered<StreamableHttpPostResponse> {
        let asks = matches!(message, ClientJsonRpcMessage::Request(_));
        let known = session.is_some();
        let answer = self.send(Method::POST, serde_json::to_vec(&message)?, session, of_protocol).await?;
        let (head, body) = answer.into_parts();
        let field = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        let kind = field("content-type").and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        let json = kind.eq_ignore_ascii_case(JSON_MIME_TYPE);
        let session = field(HEADER_SESSION_ID).map(str::to_owned);
        match head.status {
            StatusCode::NOT_FOUND if known => return Err(StreamableHttpError::SessionExpired),
            // What asks for nothing is answered by nothing.
            status if status.is_success() && !asks => return Ok(StreamableHttpPostResponse::Accepted),
            StatusCode::ACCEPTED | StatusCode::NO_CONTENT => return Ok(StreamableHttpPostResponse::Accepted),
            status if status.is_success() => {}
            status => return Err(refused(status, body).await.into()),
        }
        if json {
            let body = Limited::new(body, MESSAGE_LIMIT).collect().await.map_err(|error| Error(error.to_string()))?;
            let message: ServerJsonRpcMessage = serde_json::from_slice(&body.to_bytes())?;
            return Ok(StreamableHttpPostResponse::Json(message, session));
        }
        if !kind.eq_ignore_ascii_case(EVENT_STREAM_MIME_TYPE) {
            return Err(StreamableHttpError::UnexpectedContentType(Some(kind.to_owned())));
        }
        let body = Limited::new(body, MESSAGE_LIMIT).map_err(|error| Error(error.to_string()));
        Ok(StreamableHttpPostResponse::Sse(SseStream::new(body).boxed(), session))
    }

    async fn delete_session(
        &self,
        _: Arc<str>,
        session: Arc<str>,
        _: Option<String>,
        of_protocol: HashMap<HeaderName, HeaderValue>,
    ) -> Answered<()> {
        // A server that keeps it nevertheless forgets it by itself.
        self.send(Method::DELETE, Vec::new(), Some(session), of_protocol).await?;
        Ok(())
    }

    async fn get_stream(
        &self,
        _: Arc<str>,
        _: Option<Arc<str>>,
        _: Option<String>,
        _: Option<String>,
        _: HashMap<HeaderName, HeaderValue>,
    ) -> Answered<BoxStream<'static, Result<Sse, SseError>>> {
        Err(StreamableHttpError::ServerDoesNotSupportSse)
    }
}

/// Why a message was refused, in the server's words where they are few.
async fn refused(status: StatusCode, body: Incoming) -> Error {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            return Error(format!(
                "it does not accept who asks (HTTP {}): look at its `headers` and at the variables that they name",
                status.as_u16()
            ));
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            return Error(format!("there is no MCP server at this path (HTTP {}): look at its `url`", status.as_u16()));
        }
        status if status.is_redirection() => {
            return Error(format!(
                "it is somewhere else (HTTP {}), and redirects are not followed: mend its `url`",
                status.as_u16()
            ));
        }
        _ => {}
    }
    let body = Limited::new(body, ERROR_LIMIT).collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let words: String = String::from_utf8_lossy(&body).chars().take(TOLD).collect();
    Error(format!("HTTP {}: {}", status.as_u16(), words.trim()))
}
