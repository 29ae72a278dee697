//! One JSON value a line.

use super::{Frame, Framing, grow, utf8};

/// Reads lines.
#[derive(Default)]
pub(crate) struct Lines(Vec<u8>);

impl Framing for Lines {
    fn feed(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) -> Result<(), String> {
        let mut lines = bytes.split(|byte| *byte == b'\n').peekable();
        while let Some(line) = lines.next() {
            grow(&mut self.0, line)?;
            if lines.peek().is_some() {
                self.end(frames)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, frames: &mut Vec<Frame>) -> Result<(), String> {
        let line = utf8(std::mem::take(&mut self.0))?;
        let line = line.trim();
        if !line.is_empty() {
            frames.push(Frame { event: String::new(), data: line.to_owned() });
        }
        Ok(())
    }
}
