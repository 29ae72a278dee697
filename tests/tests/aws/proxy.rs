//! A bad network: stands between clients and what speaks for AWS, loses answers after they were given, and refuses calls
//! as services do that are asked too often. With nothing behind it, it is a service that only answers what it is told to.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A call that came by.
pub(crate) struct Call {
    /// The service and, where a header says it, its operation: `DynamoDB.PutItem`, `S3`.
    pub(crate) name: String,
    /// What is asked.
    pub(crate) body: Vec<u8>,
}

/// What becomes of a call.
pub(crate) enum Fate {
    /// It is passed on, and so is its answer.
    Passed,
    /// It is passed on, but nobody hears of the answer.
    AnswerLost,
    /// It gets this answer, and nobody else hears of it.
    Answered(u16, String),
}

/// The proxy. Dropped, it listens no longer.
pub(crate) struct Proxy {
    pub(crate) endpoint: String,
    /// How often something else than [`Fate::Passed`] happened.
    fired: Arc<AtomicUsize>,
    listens: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listens.abort();
    }
}

impl Proxy {
    /// A proxy before an endpoint, which asks about each call what is to become of it.
    pub(crate) async fn before(endpoint: Option<&str>, decide: impl Fn(&Call) -> Fate + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let behind = endpoint.map(|endpoint| endpoint.trim_start_matches("http://").to_owned());
        let fired = Arc::new(AtomicUsize::new(0));
        let (decide, count) = (Arc::new(decide), Arc::clone(&fired));
        let listens = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (decide, count, behind) = (Arc::clone(&decide), Arc::clone(&count), behind.clone());
                tokio::spawn(async move {
                    // A client that goes away is no concern of ours.
                    let _gone = serve(client, behind.as_deref(), &*decide, &count).await;
                });
            }
        });
        Self { endpoint: own, fired, listens }
    }

    pub(crate) fn fired(&self) -> usize {
        self.fired.load(Ordering::SeqCst)
    }
}

/// One call on one connection, which is closed after it.
async fn serve(
    mut client: TcpStream,
    behind: Option<&str>,
    decide: &(impl Fn(&Call) -> Fate + Sync),
    fired: &AtomicUsize,
) -> io::Result<()> {
    let (head, body) = read(&mut client).await?;
    let fate = decide(&Call { name: name(&head), body: body.clone() });
    if !matches!(fate, Fate::Passed) {
        fired.fetch_add(1, Ordering::SeqCst);
    }
    if let Fate::Answered(status, answer) = fate {
        let head = format!("HTTP/1.1 {status} told\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
        client.write_all(head.as_bytes()).await?;
        return client.write_all(answer.as_bytes()).await;
    }
    let Some(behind) = behind else { return Err(io::Error::other("nothing is behind it")) };
    let mut service = TcpStream::connect(behind).await?;
    let (line, headers) = head.split_once("\r\n").unwrap_or((&head, ""));
    let headers = headers.split("\r\n").filter(|header| !header.to_ascii_lowercase().starts_with("connection:"));
    let head = format!("{line}\r\nConnection: close\r\n{}\r\n\r\n", headers.collect::<Vec<_>>().join("\r\n"));
    service.write_all(head.as_bytes()).await?;
    service.write_all(&body).await?;
    let mut answer = Vec::new();
    // The service has done it by then.
    service.read_to_end(&mut answer).await?;
    match fate {
        Fate::AnswerLost => Ok(()),
        _ => client.write_all(&answer).await,
    }
}

/// A request's head without the empty line, and its body.
async fn read(client: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if client.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut body = bytes.split_off(end + 4);
    if header(&head, "expect").is_some() {
        client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let length = header(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while body.len() < length {
        if client.read_buf(&mut body).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok((head, body))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let named = |line: &&str| line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name));
    head.lines().find(named).and_then(|line| line.split_once(':')).map(|(_, value)| value.trim())
}

fn name(head: &str) -> String {
    let Some((service, operation)) = header(head, "x-amz-target").and_then(|target| target.split_once('.')) else {
        // Some say what they are by their signature alone: key, day, region, service.
        let signed = header(head, "authorization").and_then(|signed| signed.split("Credential=").nth(1));
        let service = match signed.and_then(|scope| scope.split('/').nth(3)) {
            Some("cloudformation") => "CloudFormation",
            Some("lambda") => "Lambda",
            Some("s3") => "S3",
            other => other.unwrap_or("nobody"),
        };
        return service.to_owned();
    };
    let service = match service {
        "DynamoDB_20120810" => "DynamoDB",
        "AWSStepFunctions" => "SFN",
        "AWSEvents" => "EventBridge",
        "AmazonSQS" => "SQS",
        "secretsmanager" => "SecretsManager",
        other => other,
    };
    format!("{service}.{operation}")
}
