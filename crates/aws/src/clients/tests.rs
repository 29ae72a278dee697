//! Whom functions trust. The server's certificate is good for a hundred years, for `localhost`, and vouched for by an
//! authority that is nobody's but these tests'.

use super::*;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

const AUTHORITY: &[u8] = include_bytes!("../../tests/data/authority.pem");
const SERVER: &[u8] = include_bytes!("../../tests/data/server.pem");
const KEY: &[u8] = include_bytes!("../../tests/data/server.key");

/// Answers one question after the other, each that it has no tables.
async fn serve() -> String {
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let chain = vec![CertificateDer::from_pem_slice(SERVER).unwrap()];
    let config = config.with_single_cert(chain, PrivateKeyDer::from_pem_slice(KEY).unwrap()).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Who does not trust it hangs up.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _asked = stream.read(&mut [0; 8192]).await;
            let body = r#"{"TableNames":[]}"#;
            let length = body.len();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    format!("https://localhost:{port}")
}

/// Asks for all tables, once.
async fn ask(url: &str, trusted: TlsContext) -> Result<usize, String> {
    let given = Surroundings {
        region: "us-east-1".to_owned(),
        credentials: ("id".to_owned(), "secret".to_owned()),
        session: None,
        url: Some(url.to_owned()),
    };
    let config = told_config(&given, trusted).into_builder().retry_config(RetryConfig::disabled()).build();
    let listed = aws_sdk_dynamodb::Client::new(&config).list_tables().send().await;
    listed.map(|tables| tables.table_names().len()).map_err(|error| DisplayErrorContext(error).to_string())
}

#[tokio::test]
async fn functions_trust_the_authorities_that_they_are_told_of_and_no_other() {
    let url = serve().await;
    let refused = ask(&url, amazon().unwrap()).await.unwrap_err();
    assert!(refused.contains("UnknownIssuer"), "{refused}");
    let told = TlsContext::builder().with_trust_store(TrustStore::empty().with_pem_certificate(AUTHORITY));
    assert_eq!(ask(&url, told.build().unwrap()).await, Ok(0));
    // A certificate is for a name, not for whoever shows it.
    let told = TlsContext::builder().with_trust_store(TrustStore::empty().with_pem_certificate(AUTHORITY));
    let refused = ask(&url.replace("localhost", "127.0.0.1"), told.build().unwrap()).await.unwrap_err();
    assert!(refused.contains("NotValidForName"), "{refused}");
}

#[test]
fn the_five_authorities_can_be_read() {
    let all: Vec<_> = CertificateDer::pem_slice_iter(ROOTS.as_bytes()).map(Result::unwrap).collect();
    let mut store = RootCertStore::empty();
    assert_eq!(store.add_parsable_certificates(all), (5, 0));
    let names: Vec<_> = store.roots.iter().map(|root| String::from_utf8_lossy(&root.subject).into_owned()).collect();
    for number in 1..=4 {
        assert!(names.iter().any(|name| name.contains(&format!("Amazon Root CA {number}"))), "{names:?}");
    }
    assert!(names.iter().any(|name| name.contains("Starfield Services Root Certificate Authority - G2")), "{names:?}");
}
