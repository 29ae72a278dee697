//! A web service on loopback that answers by script, and names that lead there.

use crate::{Calls, Hosts, Resolve};
use async_trait::async_trait;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// What a server answers to a request: all after `HTTP/1.1 `. It is told the request and its own port.
pub type Script = fn(&str, u16) -> String;

/// A server that answers by script, and remembers what it was sent.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts one on the runtime of the test.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(script: Script) -> io::Result<Self> {
        Self::start_over(script, None).await
    }

    /// Starts one that speaks TLS.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start_tls(script: Script, tls: TlsAcceptor) -> io::Result<Self> {
        Self::start_over(script, Some(tls)).await
    }

    async fn start_over(script: Script, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let server = Self { port, seen: Arc::default() };
        let seen = Arc::clone(&server.seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Whoever asked may be gone, or want nothing of this server's certificate.
                let _gone = match &tls {
                    None => answer(stream, &seen, script, port).await,
                    Some(tls) => match tls.accept(stream).await {
                        Ok(stream) => answer(stream, &seen, script, port).await,
                        Err(refused) => Err(refused),
                    },
                };
            }
        });
        Ok(server)
    }

    /// All requests so far.
    #[must_use]
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Calls hosts whose names lead here; `reaches` says which addresses count as public.
    #[must_use]
    pub fn caller(&self, hosts: Hosts, reaches: fn(IpAddr) -> bool) -> Calls {
        Calls::over(hosts, Box::new(Names), reaches)
    }
}

async fn answer<S>(mut stream: S, seen: &Mutex<Vec<String>>, script: Script, port: u16) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let request = read(&mut stream).await?;
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
    stream.write_all(format!("HTTP/1.1 {}", script(&request, port)).as_bytes()).await?;
    stream.shutdown().await
}

/// Reads a request with as much body as it says.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 4096]);
    loop {
        let read = stream.read(&mut buffer).await?;
        bytes.extend(buffer.iter().take(read));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let says =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= says.unwrap_or(0) {
                return Ok(text);
            }
        }
        if read == 0 {
            return Ok(text);
        }
    }
}

/// All names lead to loopback; what begins with `rebound` to a private address as well.
struct Names;

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let mut found = vec![SocketAddr::from(([127, 0, 0, 1], port))];
        if host.starts_with("rebound") {
            found.push(SocketAddr::from(([10, 0, 0, 1], port)));
        }
        Ok(found)
    }
}
