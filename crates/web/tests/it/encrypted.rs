//! Calls of a server that speaks TLS, with certificates of an authority that each test makes.

use maestro_ports::{
    Web,
    web::{Answer, Error, Request},
};
use maestro_web::{Calls, Hosts, fake::Server};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::sync::Arc;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{RootCertStore, ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

/// An authority, and what trusts it alone.
fn authority() -> (Issuer<'static, KeyPair>, RootCertStore) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let mut roots = RootCertStore::empty();
    roots.add(params.self_signed(&key).unwrap().der().clone()).unwrap();
    (Issuer::new(params, key), roots)
}

/// A server whose certificate is for this name.
async fn server(authority: &Issuer<'static, KeyPair>, name: &str) -> Server {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, authority).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    let script = |request: &str, port: u16| {
        if request.starts_with("GET /down") {
            return format!("302 Found\r\nlocation: http://secret.example.com:{port}/\r\ncontent-length: 0\r\n\r\n");
        }
        "200 OK\r\ncontent-length: 2\r\n\r\nok".to_owned()
    };
    Server::start_tls(script, TlsAcceptor::from(Arc::new(config))).await.unwrap()
}

/// Calls a path of `secret.example.com`, which has a credential, trusting these.
async fn call(server: &Server, roots: RootCertStore, path: &str) -> Result<Answer, Error> {
    let list = format!("[http.'secret.example.com:{}']\nheaders = {{authorization = 'KEY'}}", server.port);
    let hosts = Hosts::parse("m.toml", &list, |_| Some("Bearer sk-1234567890".into())).unwrap();
    let caller: Calls = server.caller(hosts, |address| address.is_loopback()).trusting(roots).unwrap();
    let url = format!("https://secret.example.com:{}{path}", server.port);
    caller.call(Request { method: "GET", url, headers: vec![], body: None, follow: true }).await
}

fn unavailable<T: std::fmt::Debug>(called: Result<T, Error>) {
    match called {
        Err(Error::Unavailable(why)) if why.contains("certificate") => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_credential_goes_to_whom_the_authority_vouches_for() {
    let (authority, roots) = authority();
    let server = server(&authority, "secret.example.com").await;
    let answer = call(&server, roots, "/").await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"ok".as_slice()));
    assert!(server.seen()[0].contains("authorization: Bearer sk-1234567890"), "{:?}", server.seen());
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_told_nothing() {
    let ((authority, _), (_, others)) = (authority(), authority());
    let server = server(&authority, "secret.example.com").await;
    unavailable(call(&server, others, "/").await);
    assert!(server.seen().is_empty(), "{:?}", server.seen());
}

#[tokio::test]
async fn a_certificate_for_another_name_is_no_certificate() {
    let (authority, roots) = authority();
    let server = server(&authority, "other.example.com").await;
    unavailable(call(&server, roots, "/").await);
    assert!(server.seen().is_empty(), "{:?}", server.seen());
}

#[tokio::test]
async fn nothing_leads_from_tls_to_plain_text() {
    let (authority, roots) = authority();
    let server = server(&authority, "secret.example.com").await;
    let called = call(&server, roots, "/down").await;
    assert!(matches!(&called, Err(Error::NotAllowed(_))), "{called:?}");
    assert_eq!(server.seen().len(), 1, "{:?}", server.seen());
}
