//! Calls of a server on loopback, which names lead to by script.

use maestro_ports::{
    Web,
    web::{Error, Request},
};
use maestro_web::{Calls, Hosts, fake::Server};
use std::net::IpAddr;

/// Answers by path.
fn script(request: &str, port: u16) -> String {
    let path = request.split([' ', '?']).nth(1).unwrap_or_default();
    match path {
        "/json" => {
            "200 OK\r\nset-cookie: session=1\r\ncontent-type: application/json\r\ncontent-length: 8\r\n\r\n{\"a\": 1}"
                .into()
        }
        "/round" => "302 Found\r\nlocation: /round\r\ncontent-length: 0\r\n\r\n".into(),
        "/large" => format!("200 OK\r\ncontent-length: {}\r\n\r\n{}", 5 << 20, "x".repeat(5 << 20)),
        "/broken" => "200 OK\r\ncontent-length: 100\r\n\r\nhalf".into(),
        to => match to.strip_prefix("/to/") {
            Some(to) => {
                let to = to.replace("PORT", &port.to_string());
                format!("307 Temporary Redirect\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
            }
            None => "404 Not Found\r\ncontent-length: 4\r\n\r\nnone".into(),
        },
    }
}

async fn start() -> Server {
    Server::start(script).await.unwrap()
}

/// A caller that may call these hosts at the server's port, with a credential for one of them.
fn caller(server: &Server, reaches: fn(IpAddr) -> bool) -> Calls {
    let list = "[http.'a.example.com:PORT']\n[http.'b.example.com:PORT']\n[http.'rebound.example.com:PORT']\n\
                [http.'secret.example.com:PORT']\nheaders = {authorization = 'KEY'}\n[http.'169.254.169.254:PORT']";
    let list = list.replace("PORT", &server.port.to_string());
    server.caller(Hosts::parse("m.toml", &list, |_| Some("Bearer sk-1234567890".into())).unwrap(), reaches)
}

fn loopback(address: IpAddr) -> bool {
    address.is_loopback()
}

fn get(url: String) -> Request {
    let headers = vec![("x-api-key".to_owned(), "mine".to_owned()), ("accept".to_owned(), "text/plain".to_owned())];
    Request { method: "GET", url, headers, body: None, follow: true }
}

fn not_allowed<T: std::fmt::Debug>(called: Result<T, Error>, says: &str) {
    match called {
        Err(Error::NotAllowed(why)) if why.contains(says) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_allowed_host_is_called_where_its_name_leads() {
    let server = start().await;
    let web = caller(&server, loopback);
    let answer = web.call(get(format!("http://a.example.com:{}/json?q=1", server.port))).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, br#"{"a": 1}"#.as_slice()));
    assert!(!answer.headers.iter().any(|(name, _)| name == "set-cookie"), "{:?}", answer.headers);
    let seen = server.seen()[0].to_ascii_lowercase();
    assert!(seen.starts_with("get /json?q=1 http/1.1\r\n") && seen.contains("x-api-key: mine"), "{seen}");
    assert!(seen.contains(&format!("host: a.example.com:{}", server.port)), "{seen}");
    let post = Request {
        method: "POST",
        body: Some(b"hello".to_vec()),
        ..get(format!("http://a.example.com:{}/x", server.port))
    };
    let answer = web.call(post).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (404, b"none".as_slice()), "any status is an answer");
}

#[tokio::test]
async fn nothing_is_sent_to_a_host_that_is_not_on_the_list() {
    let server = start().await;
    let (web, port) = (caller(&server, |_| true), server.port);
    for url in ["http://c.example.com:PORT/", "http://a.example.com.evil.org:PORT/", "http://127.0.0.1:PORT/"] {
        not_allowed(web.call(get(url.replace("PORT", &port.to_string()))).await, "not among the hosts");
    }
    not_allowed(web.call(get("http://a.example.com/".into())).await, "at port 80");
    not_allowed(web.call(get("ftp://a.example.com/".into())).await, "`ftp:`");
    not_allowed(web.call(get(format!("http://x:y@a.example.com:{port}/"))).await, "credentials");
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn a_name_that_leads_into_a_private_network_is_not_called() {
    let server = start().await;
    let real = caller(&server, maestro_domain::is_public);
    not_allowed(real.call(get(format!("http://a.example.com:{}/", server.port))).await, "is at 127.0.0.1");
    not_allowed(real.call(get(format!("http://169.254.169.254:{}/", server.port))).await, "is at 169.254.169.254");
    // One private address among others is enough: which of them would be taken is nobody's to say.
    let web = caller(&server, loopback);
    not_allowed(web.call(get(format!("http://rebound.example.com:{}/", server.port))).await, "is at 10.0.0.1");
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn every_redirect_is_held_to_the_same_list() {
    let server = start().await;
    let (web, port) = (caller(&server, loopback), server.port);
    let to = |path: &str| get(format!("http://a.example.com:{port}/to/{path}"));
    let seen = || server.seen().last().unwrap().to_ascii_lowercase();

    assert_eq!(web.call(to("/json")).await.unwrap().status, 200);
    assert!(seen().contains("x-api-key"), "the same origin is told what it was meant to be told");
    assert_eq!(web.call(to("http://b.example.com:PORT/json")).await.unwrap().status, 200);
    assert!(!seen().contains("x-api-key") && seen().contains("accept: text/plain"), "another is not: {}", seen());
    let calls = server.seen().len();
    not_allowed(web.call(to("http://c.example.com:PORT/")).await, "not among the hosts");
    not_allowed(web.call(to("http://169.254.169.254:PORT/latest")).await, "169.254.169.254");
    not_allowed(web.call(to("ftp://a.example.com/")).await, "`ftp:`");
    assert_eq!(server.seen().len(), calls + 3, "only the first hop of each was sent");
    match web.call(get(format!("http://a.example.com:{port}/round"))).await {
        Err(Error::Unusable(why)) => assert!(why.contains("more than 5 times"), "{why}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.seen().len(), calls + 9);
    let stays = Request { follow: false, ..to("/json") };
    assert_eq!(web.call(stays).await.unwrap().status, 307);
}

#[tokio::test]
async fn credentials_go_encrypted_and_fields_of_the_connection_stay_ours() {
    let server = start().await;
    let web = caller(&server, loopback);
    not_allowed(web.call(get(format!("http://secret.example.com:{}/echo", server.port))).await, "unencrypted");
    assert_eq!(server.seen().len(), 0);
    let field = |name: &str| Request {
        headers: vec![(name.into(), "x".into())],
        ..get(format!("http://a.example.com:{}/", server.port))
    };
    for name in ["Host", "content-length", "Transfer-Encoding", "Proxy-Authorization", "a b", "x\r\ny"] {
        assert!(matches!(web.call(field(name)).await, Err(Error::Unusable(_))), "{name}");
    }
}

#[tokio::test]
async fn an_answer_is_bounded_and_whole() {
    let server = start().await;
    let web = caller(&server, loopback);
    match web.call(get(format!("http://a.example.com:{}/large", server.port))).await {
        Err(Error::Unusable(why)) => assert!(why.contains("larger than 4 MiB"), "{why}"),
        other => panic!("{other:?}"),
    }
    let broken = web.call(get(format!("http://a.example.com:{}/broken", server.port))).await;
    assert!(matches!(broken, Err(Error::Unavailable(_))), "{broken:?}");
}
