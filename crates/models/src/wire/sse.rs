//! Server-sent events, as <https://html.spec.whatwg.org/multipage/server-sent-events.html> has them.

use super::{Frame, Framing, grow, utf8};

/// Reads server-sent events. Lines end with LF, CR, or CRLF that two chunks may share.
#[derive(Default)]
pub(crate) struct Sse {
    line: Vec<u8>,
    after_cr: bool,
    begun: bool,
    event: String,
    data: Vec<u8>,
    has_data: bool,
}

impl Framing for Sse {
    fn feed(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) -> Result<(), String> {
        let mut rest = bytes;
        while let Some(&first) = rest.first() {
            if std::mem::take(&mut self.after_cr) && first == b'\n' {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                return grow(&mut self.line, rest);
            };
            let (line, after) = rest.split_at(end);
            grow(&mut self.line, line)?;
            self.after_cr = after.first() == Some(&b'\r');
            rest = after.get(1..).unwrap_or_default();
            self.line_done(frames)?;
        }
        Ok(())
    }

    /// An event without its empty line does not count: the stream was cut in it. A last event that ends with its line, as
    /// some servers leave it, does.
    fn end(&mut self, frames: &mut Vec<Frame>) -> Result<(), String> {
        if self.line.is_empty() {
            self.dispatch(frames)?;
        }
        Ok(())
    }
}

impl Sse {
    fn line_done(&mut self, frames: &mut Vec<Frame>) -> Result<(), String> {
        let mut line = std::mem::take(&mut self.line);
        if !std::mem::replace(&mut self.begun, true) && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        if line.is_empty() {
            return self.dispatch(frames);
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (field, value) = line.split_at(colon);
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push(b'\n');
                }
                grow(&mut self.data, value)?;
            }
            b"event" => self.event = utf8(value.to_vec())?,
            // Comments, ids, times to come back, and what is not known.
            _ => {}
        }
        Ok(())
    }

    fn dispatch(&mut self, frames: &mut Vec<Frame>) -> Result<(), String> {
        let event = std::mem::take(&mut self.event);
        let data = std::mem::take(&mut self.data);
        if std::mem::take(&mut self.has_data) {
            frames.push(Frame { event, data: utf8(data)? });
        }
        Ok(())
    }
}
