//! HTTP/1.1 on a connection, and TLS by rustls with the machine's certificates.

use hyper::{
    body::Body,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use maestro_domain::with_causes;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring},
};

/// Speaks HTTP/1.1 on a connection until whoever sends is gone.
///
/// # Errors
/// What the other side did instead.
pub async fn handshake<S, B>(stream: S) -> Result<SendRequest<B>, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| with_causes(&error))?;
    tokio::spawn(async move {
        // Whoever waits on the connection is told by its own future.
        let _told_to_the_sender = connection.await;
    });
    Ok(sender)
}

/// TLS that trusts whom the machine trusts.
///
/// # Errors
/// When the machine trusts nobody.
pub fn connector() -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        return Err("this machine has no root certificates; `SSL_CERT_FILE` names a file of them".to_owned());
    }
    trusting(roots)
}

/// TLS that trusts these.
pub(crate) fn trusting(roots: RootCertStore) -> Result<TlsConnector, String> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
}
