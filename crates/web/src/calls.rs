//! One call: each hop is checked before anything is sent, and bounded in time and size.

use crate::{Hosts, connector, handshake, redirect};
use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Uri,
    body::Incoming,
    client::conn::http1::SendRequest,
    header::{self, HeaderName, HeaderValue},
};
use maestro_domain::{is_public, with_causes};
use maestro_ports::{
    Secret, Web,
    web::{Answer, Error, Request},
};
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::OnceLock,
    time::Duration,
};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};

/// How long a name may take to be resolved, and a connection to be made.
const CONNECT: Duration = Duration::from_secs(15);
/// How long all of a hop may take. Whoever calls may have less time.
const HOP: Duration = Duration::from_secs(15 * 60);
/// How many redirects are followed.
const REDIRECTS: usize = 5;
/// The largest answer, in bytes.
const MOST: usize = 4 << 20;
/// Fields that belong to the connection, and so to nobody who only asks.
const OURS: [&str; 8] =
    ["connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade"];
/// Fields of answers that keep somebody logged in.
const KEPT_BACK: [&str; 2] = ["set-cookie", "set-cookie2"];
/// Words of credentials that are too short to be told from others.
const SHORT: usize = 8;

/// Finds addresses of hosts.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// All addresses of a host.
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// As this machine does.
struct Machine;

#[async_trait]
impl Resolve for Machine {
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((host, port)).await?.collect())
    }
}

/// Calls allowed hosts at public addresses.
pub struct Calls {
    hosts: Hosts,
    resolver: Box<dyn Resolve>,
    reaches: fn(IpAddr) -> bool,
    tls: OnceLock<Result<TlsConnector, String>>,
}

/// One request of a call, checked against the list.
struct Hop<'a> {
    method: Method,
    uri: Uri,
    host: String,
    port: u16,
    tls: bool,
    /// The credentials that belong to the host.
    own: &'a [(String, Secret)],
}

type Sender = SendRequest<Full<Bytes>>;

impl Calls {
    /// Calls these hosts, wherever this machine finds them in the public network.
    #[must_use]
    pub fn new(hosts: Hosts) -> Self {
        Self { hosts, resolver: Box::new(Machine), reaches: is_public, tls: OnceLock::new() }
    }

    /// Calls these hosts where a resolver says, at addresses that may be reached.
    #[cfg(any(test, feature = "test-support"))]
    #[must_use]
    pub fn over(hosts: Hosts, resolver: Box<dyn Resolve>, reaches: fn(IpAddr) -> bool) -> Self {
        Self { hosts, resolver, reaches, tls: OnceLock::new() }
    }

    /// The same, trusting these certificates and none of the machine's.
    ///
    /// # Errors
    /// When TLS cannot be set up with them.
    #[cfg(any(test, feature = "test-support"))]
    pub fn trusting(self, roots: tokio_rustls::rustls::RootCertStore) -> Result<Self, String> {
        Ok(Self { tls: OnceLock::from(Ok(crate::tls::trusting(roots)?)), ..self })
    }

    /// Holds an address to the list.
    fn hop(&self, method: Method, url: &str) -> Result<Hop<'_>, Error> {
        let refused = |why: String| Err(Error::NotAllowed(why));
        let uri: Uri = match url.parse() {
            Ok(uri) => uri,
            Err(error) => return Err(Error::Unusable(format!("what is called is no address: {error}"))),
        };
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            other => return refused(format!("it leads to `{}:`", other.unwrap_or_default())),
        };
        let Some(authority) = uri.authority().filter(|authority| !authority.as_str().contains('@')) else {
            return refused("its address holds credentials, or no host".to_owned());
        };
        let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
        let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
        match self.hosts.find(&host, port) {
            Some(own) if tls || own.is_empty() => Ok(Hop { method, host, port, tls, own, uri }),
            Some(_) => refused(format!("the credentials of `{host}` would go unencrypted")),
            None => refused(format!("`{host}` at port {port} is not among the hosts of `[http]` in `maestro.toml`")),
        }
    }

    /// Connects to an address that was checked. A name that leads to any other address is not called at all.
    async fn connect(&self, hop: &Hop<'_>) -> Result<Sender, Error> {
        let Hop { host, port, tls, .. } = hop;
        let plain = host.trim_matches(['[', ']']);
        let unavailable = |why: String| Error::Unavailable(format!("no connection to `{host}`: {why}"));
        let connecting = async {
            let found = match plain.parse() {
                Ok(address) => vec![SocketAddr::new(address, *port)],
                Err(_) => self.resolver.resolve(plain, *port).await.map_err(|error| unavailable(error.to_string()))?,
            };
            if let Some(other) = found.iter().find(|at| !(self.reaches)(at.ip())) {
                return Err(Error::NotAllowed(format!("`{host}` is at {}, which is not public", other.ip())));
            }
            let mut why = "its name has no address".to_owned();
            for address in found {
                match TcpStream::connect(address).await {
                    Ok(stream) => return self.greet(stream, plain, *tls).await.map_err(unavailable),
                    Err(error) => why = error.to_string(),
                }
            }
            Err(unavailable(why))
        };
        let late = |_| unavailable(format!("it took more than {} s", CONNECT.as_secs()));
        timeout(CONNECT, connecting).await.map_err(late)?
    }

    async fn greet(&self, stream: TcpStream, host: &str, tls: bool) -> Result<Sender, String> {
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        if !tls {
            return handshake(stream).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
        let connector = self.tls.get_or_init(connector).clone()?;
        handshake(connector.connect(name, stream).await.map_err(|error| error.to_string())?).await
    }

    async fn once(&self, hop: &Hop<'_>, headers: &HeaderMap, body: Bytes) -> Result<hyper::Response<Incoming>, Error> {
        let mut sender = self.connect(hop).await?;
        let path = hop.uri.path_and_query().map_or("/", |path| path.as_str());
        let authority = hop.uri.authority().map_or("", |authority| authority.as_str());
        let unusable = |error: &dyn std::fmt::Display| Error::Unusable(format!("the call cannot be sent: {error}"));
        let mut request = hyper::Request::builder().method(hop.method.clone()).uri(path);
        if let Some(fields) = request.headers_mut() {
            fields.extend(headers.clone());
            for (name, value) in hop.own {
                let (name, mut value) = field(name, value.expose())?;
                value.set_sensitive(true);
                fields.insert(name, value);
            }
            fields.insert(header::HOST, HeaderValue::from_str(authority).map_err(|error| unusable(&error))?);
        }
        let request = request.body(Full::new(body)).map_err(|error| unusable(&error))?;
        sender.send_request(request).await.map_err(|error| broken(&hop.host, &error))
    }
}

#[async_trait]
impl Web for Calls {
    async fn call(&self, request: Request) -> Result<Answer, Error> {
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Error::Unusable(format!("`{}` is no method", request.method)))?;
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static(concat!("maestro/", env!("CARGO_PKG_VERSION"))));
        for (name, value) in &request.headers {
            let (name, value) = field(name, value)?;
            headers.insert(name, value);
        }
        let mut body = Bytes::from(request.body.unwrap_or_default());
        let mut hop = self.hop(method, &request.url)?;
        for _ in 0..=REDIRECTS {
            let late = |_| Error::Unavailable(format!("`{}` took more than {} s", hop.host, HOP.as_secs()));
            let asked = async {
                let answer = self.once(&hop, &headers, body.clone()).await?;
                let status = answer.status().as_u16();
                let location = answer.headers().get(header::LOCATION).filter(|_| request.follow);
                match redirect::next(&hop.method, &hop.uri, status, location) {
                    Some(next) => Ok(Err(next)),
                    None => read(&hop, answer).await.map(Ok),
                }
            };
            let (method, url) = match timeout(HOP, asked).await.map_err(late)?? {
                Ok(answer) => return Ok(answer),
                Err(next) => next,
            };
            let next = self.hop(method, &url)?;
            if hop.tls && !next.tls {
                return Err(Error::NotAllowed(format!("`{}` leads from `https` to `http`", hop.host)));
            }
            if (&next.host, next.port, next.tls) != (&hop.host, hop.port, hop.tls) {
                headers = harmless(&headers);
            }
            if next.method != hop.method {
                body = Bytes::new();
            }
            hop = next;
        }
        Err(Error::Unusable(format!("`{}` leads elsewhere more than {REDIRECTS} times", hop.host)))
    }
}

/// What goes to another origin too: any other field may hold a credential that was meant for one.
fn harmless(headers: &HeaderMap) -> HeaderMap {
    let names = [header::ACCEPT, header::ACCEPT_LANGUAGE, header::CONTENT_TYPE, header::USER_AGENT];
    names.into_iter().filter_map(|name| headers.get(&name).cloned().map(|value| (name, value))).collect()
}

fn field(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let unusable = || Error::Unusable(format!("`{name}` cannot be a field of a head, or its value cannot be one"));
    let name: HeaderName = name.parse().map_err(|_| unusable())?;
    if OURS.contains(&name.as_str()) || name.as_str().starts_with("proxy-") {
        return Err(Error::Unusable(format!("the field `{name}` belongs to the connection")));
    }
    Ok((name, HeaderValue::from_str(value).map_err(|_| unusable())?))
}

/// Reads all of an answer, without the credentials that it may repeat.
async fn read(hop: &Hop<'_>, answer: hyper::Response<Incoming>) -> Result<Answer, Error> {
    let (head, mut incoming) = answer.into_parts();
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| broken(&hop.host, &error))?;
        let Ok(data) = frame.into_data() else { continue };
        if body.len() + data.len() > MOST {
            return Err(Error::Unusable(format!("the answer of `{}` is larger than {} MiB", hop.host, MOST >> 20)));
        }
        body.extend_from_slice(&data);
    }
    let secrets: Vec<&str> = hop
        .own
        .iter()
        .flat_map(|(_, secret)| std::iter::once(secret.expose()).chain(secret.expose().split_whitespace()))
        .filter(|word| word.len() >= SHORT)
        .collect();
    for secret in &secrets {
        body = without(body, secret.as_bytes());
    }
    let shown = |value: &HeaderValue| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        secrets.iter().fold(value, |value, secret| value.replace(secret, WITHHELD))
    };
    let fields = head.headers.iter().filter(|(name, _)| !KEPT_BACK.contains(&name.as_str()));
    let headers = fields.map(|(name, value)| (name.as_str().to_owned(), shown(value))).collect();
    Ok(Answer { status: head.status.as_u16(), headers, body })
}

/// What stands in the place of a credential.
const WITHHELD: &str = "[withheld]";

fn without(body: Vec<u8>, secret: &[u8]) -> Vec<u8> {
    if !body.windows(secret.len()).any(|window| window == secret) {
        return body;
    }
    let mut kept = Vec::with_capacity(body.len());
    let mut rest = body.as_slice();
    while let Some((first, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(secret) {
            kept.extend_from_slice(WITHHELD.as_bytes());
            rest = after;
        } else {
            kept.push(*first);
            rest = after;
        }
    }
    kept
}

fn broken(host: &str, error: &hyper::Error) -> Error {
    Error::Unavailable(format!("the connection to `{host}` broke: {}", with_causes(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_that_is_repeated_is_withheld() {
        let body = b"you sent sk-1234567890, sk-1234567890!".to_vec();
        assert_eq!(without(body, b"sk-1234567890"), b"you sent [withheld], [withheld]!");
        assert_eq!(without(b"nothing".to_vec(), b"sk-1234567890"), b"nothing");
    }
}
