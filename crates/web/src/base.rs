//! A service by its base URL, for who asks one service over and over: where it is, whether what is sent there can be read on its
//! way, and a connection to it.

use crate::{connector, handshake};
use hyper::{Uri, body::Body, client::conn::http1::SendRequest};
use std::{sync::OnceLock, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};

/// Where a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    tls: bool,
    host: String,
    port: u16,
    path: String,
}

impl Base {
    /// Reads a base URL: scheme, host, port and path.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(url: &str) -> Result<Self, String> {
        let uri: Uri = url.parse().map_err(|error| format!("`{url}` is not a URL: {error}"))?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(format!("`{url}` begins neither with `http://` nor with `https://`")),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| format!("`{url}` names no host"))?;
        if uri.query().is_some() || uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(format!("`{url}` holds more than scheme, host, port and path"));
        }
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Ok(Self { tls, host: host.to_owned(), port, path: uri.path().trim_end_matches('/').to_owned() })
    }

    /// Whether what is sent cannot be read on its way.
    #[must_use]
    pub fn private(&self) -> bool {
        self.tls || self.loopback()
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn loopback(&self) -> bool {
        let host = self.host.trim_matches(['[', ']']);
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Host, and port where it is not the usual one.
    #[must_use]
    pub fn authority(&self) -> String {
        let usual = if self.tls { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// The path of a request.
    #[must_use]
    pub fn path(&self, below: &str) -> String {
        format!("{}{below}", self.path)
    }
}

/// Opens connections to one service.
#[derive(Default)]
pub struct Line(OnceLock<Result<TlsConnector, String>>);

impl Line {
    /// A new connection to the service, encrypted where its URL says so.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn open<B>(&self, base: &Base, within: Duration) -> Result<SendRequest<B>, String>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let Base { tls, host, port, .. } = base;
        let opened = timeout(within, async {
            let stream = TcpStream::connect((host.trim_matches(['[', ']']), *port)).await.map_err(|e| e.to_string())?;
            stream.set_nodelay(true).map_err(|error| error.to_string())?;
            if !*tls {
                return handshake(stream).await;
            }
            let name = ServerName::try_from(host.clone()).map_err(|error| error.to_string())?;
            // The machine's certificates are read for the first connection that needs them.
            let connector = self.0.get_or_init(connector).clone()?;
            handshake(connector.connect(name, stream).await.map_err(|error| error.to_string())?).await
        });
        opened.await.unwrap_or_else(|_| Err(format!("it took more than {} s", within.as_secs())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_in_clear_only_to_this_machine() {
        for (url, private, loopback) in [
            ("https://api.anthropic.com", true, false),
            ("http://127.0.0.1:8080/v1/", true, true),
            ("http://[::1]:8080", true, true),
            ("http://localhost", true, true),
            ("http://models.example.org", false, false),
            ("http://127.0.0.1.example.org", false, false),
        ] {
            let base = Base::parse(url).unwrap();
            assert_eq!((base.private(), base.loopback()), (private, loopback), "{url}");
        }
        for bad in ["", "api.anthropic.com", "ftp://a", "http://", "http://u:p@a", "https://a/?q=1"] {
            assert!(Base::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Base::parse("http://127.0.0.1:8080/v1/").unwrap().path("/chat"), "/v1/chat");
        assert_eq!(Base::parse("https://a").unwrap().authority(), "a");
    }
}
