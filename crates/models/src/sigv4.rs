//! AWS Signature Version 4 of one request with a body: <https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html>.
//! Written here because the AWS SDK would double what `maestro` is built from, for these lines.

use jiff::Timestamp;
use maestro_ports::Secret;
use sha2::{Digest, Sha256};

/// Who signs.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) access_key: String,
    pub(crate) secret_key: Secret,
    pub(crate) session: Option<Secret>,
}

/// What is signed for.
pub(crate) struct Target<'a> {
    pub(crate) host: &'a str,
    /// As it is sent: every segment encoded once.
    pub(crate) path: &'a str,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    /// The content type of the body.
    pub(crate) content: &'a str,
    /// What is called, where the path does not say.
    pub(crate) operation: Option<&'static str>,
}

/// The headers that a signed request has.
pub(crate) fn sign(
    credentials: &Credentials,
    target: &Target<'_>,
    body: &[u8],
    now_ms: u64,
) -> Result<Vec<(&'static str, String)>, String> {
    let now = i64::try_from(now_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let now = now.ok_or("the clock of this machine is wrong")?;
    let (date, time) = (now.strftime("%Y%m%d").to_string(), now.strftime("%Y%m%dT%H%M%SZ").to_string());
    let mut headers = vec![("content-type", target.content.to_owned()), ("host", target.host.to_owned())];
    headers.push(("x-amz-date", time.clone()));
    if let Some(session) = &credentials.session {
        headers.push(("x-amz-security-token", session.expose().to_owned()));
    }
    if let Some(operation) = target.operation {
        headers.push(("x-amz-target", operation.to_owned()));
    }
    let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
    // All services but S3 have the path encoded once more.
    let path: Vec<_> = target.path.split('/').map(encode).collect();
    let canonical = format!("POST\n{}\n\n{lines}\n{names}\n{}", path.join("/"), hash(body));
    let scope = format!("{date}/{}/{}/aws4_request", target.region, target.service);
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hash(canonical.as_bytes()));
    let mut key = hmac(format!("AWS4{}", credentials.secret_key.expose()).as_bytes(), date.as_bytes());
    for part in [target.region, target.service, "aws4_request"] {
        key = hmac(&key, part.as_bytes());
    }
    let signature = hex::encode(hmac(&key, text.as_bytes()));
    let id = &credentials.access_key;
    // The client sets the first two itself.
    headers.drain(..2);
    headers.push((
        "authorization",
        format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"),
    ));
    Ok(headers)
}

/// Percent-encodes everything but the unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// HMAC-SHA-256 (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    const BLOCK: usize = 64;
    let mut padded = [0_u8; BLOCK];
    let short;
    let key = if key.len() > BLOCK {
        short = Sha256::digest(key);
        &short[..]
    } else {
        key
    };
    for (to, from) in padded.iter_mut().zip(key) {
        *to = *from;
    }
    let inner = Sha256::new().chain_update(padded.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(padded.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let tag = hmac(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex::encode(tag), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let tag = hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(hex::encode(tag), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    /// What botocore 1.43.11 signs for the same request at the same second.
    #[test]
    fn a_request_is_signed_as_amazons_own_client_signs_it() {
        let credentials = Credentials {
            access_key: "AKIDEXAMPLE".into(),
            secret_key: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session: Some(Secret::new("session-token")),
        };
        let target = Target {
            host: "bedrock-runtime.eu-central-1.amazonaws.com",
            path: "/model/eu.anthropic.claude-x%3A0/converse-stream",
            region: "eu-central-1",
            service: "bedrock",
            content: "application/json",
            operation: None,
        };
        let headers = sign(&credentials, &target, br#"{"messages":[]}"#, 1_764_000_000_000).unwrap();
        let of = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        assert_eq!(of("x-amz-date"), Some("20251124T160000Z"));
        assert_eq!(
            of("authorization"),
            Some(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20251124/eu-central-1/bedrock/aws4_request, \
                 SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, \
                 Signature=2d76aec0f9a434e6b06da97de234747bf2a4d41e7916de0c6f85a09589c58e5f"
            )
        );
    }

    #[test]
    fn ids_with_colons_and_slashes_are_one_segment() {
        assert_eq!(encode("arn:aws:bedrock:x/a-b_c.d~e"), "arn%3Aaws%3Abedrock%3Ax%2Fa-b_c.d~e");
    }
}
