//! `application/vnd.amazon.eventstream`: messages of a length, headers and a payload, each with two checksums. Format:
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html>.

use super::{Frame, Framing, MOST_FRAME, utf8};

/// Total length, length of the headers, checksum of both.
const PRELUDE: usize = 12;
/// The checksum at the end.
const TAIL: usize = 4;

/// Reads an event stream.
#[derive(Default)]
pub(crate) struct EventStream(Vec<u8>);

impl Framing for EventStream {
    fn feed(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) -> Result<(), String> {
        self.0.extend_from_slice(bytes);
        let mut done = 0;
        while let Some(message) = message(self.0.get(done..).unwrap_or_default())? {
            frames.push(frame(message)?);
            done += message.len();
        }
        self.0.drain(..done);
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<Frame>) -> Result<(), String> {
        if self.0.is_empty() { Ok(()) } else { Err("it ends inside a message".to_owned()) }
    }
}

/// The first message of the bytes, once it is complete. Its length is believed only after its own checksum.
fn message(bytes: &[u8]) -> Result<Option<&[u8]>, String> {
    let Some(prelude) = bytes.get(..PRELUDE) else { return Ok(None) };
    if number(prelude, 8) != checksum(prelude.get(..8)) {
        return Err("the checksum of a message's beginning is wrong".to_owned());
    }
    let total = usize::try_from(number(prelude, 0)).unwrap_or(usize::MAX);
    if !(PRELUDE + TAIL..=MOST_FRAME).contains(&total) {
        return Err(format!("a message is {total} bytes long"));
    }
    let Some(message) = bytes.get(..total) else { return Ok(None) };
    if number(message, total - TAIL) != checksum(message.get(..total - TAIL)) {
        return Err("the checksum of a message is wrong".to_owned());
    }
    Ok(Some(message))
}

fn frame(message: &[u8]) -> Result<Frame, String> {
    let headers = usize::try_from(number(message, 4)).unwrap_or(usize::MAX);
    let payload = PRELUDE.saturating_add(headers)..message.len() - TAIL;
    let payload = message.get(payload).ok_or("the headers of a message are longer than the message")?;
    let headers = message.get(PRELUDE..PRELUDE + headers).unwrap_or_default();
    let event = header_values(headers)?;
    Ok(Frame { event, data: utf8(payload.to_vec())? })
}

/// The value of `:event-type`, or that of `:exception-type` or `:error-code` with a `!` before it.
fn header_values(mut bytes: &[u8]) -> Result<String, String> {
    let broken = || "a header of a message cannot be read".to_owned();
    let mut event = String::new();
    while let Some((&length, rest)) = bytes.split_first() {
        let (name, rest) = rest.split_at_checked(usize::from(length)).ok_or_else(broken)?;
        let (&kind, rest) = rest.split_first().ok_or_else(broken)?;
        let (length, rest) = match kind {
            0 | 1 => (0, rest),
            2 => (1, rest),
            3 => (2, rest),
            4 => (4, rest),
            5 | 8 => (8, rest),
            9 => (16, rest),
            6 | 7 => {
                let (length, rest) = rest.split_at_checked(2).ok_or_else(broken)?;
                (length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
            }
            _ => return Err(broken()),
        };
        let (value, rest) = rest.split_at_checked(length).ok_or_else(broken)?;
        match name {
            b":event-type" => event = utf8(value.to_vec())?,
            b":exception-type" | b":error-code" => event = format!("!{}", utf8(value.to_vec())?),
            _ => {}
        }
        bytes = rest;
    }
    Ok(event)
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..at + 4).unwrap_or_default();
    four.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn checksum(bytes: Option<&[u8]>) -> u32 {
    crc32fast::hash(bytes.unwrap_or_default())
}
