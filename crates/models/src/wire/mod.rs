//! How a stream of bytes is cut into frames, whatever the borders of its chunks: server-sent events, lines of JSON, and the
//! event stream of AWS. What a frame means is the provider's.

mod event_stream;
mod lines;
mod sse;

pub(crate) use event_stream::EventStream;
pub(crate) use lines::Lines;
pub(crate) use sse::Sse;

/// Most bytes that one frame may have.
const MOST_FRAME: usize = 4 << 20;

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Frame {
    /// What kind it says it is; empty where it does not.
    pub(crate) event: String,
    /// What it holds.
    pub(crate) data: String,
}

/// Cuts bytes into frames. A fault is told in words; nothing that comes after it counts.
pub(crate) trait Framing: Send {
    /// Takes the next bytes and adds the frames that are complete.
    fn feed(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) -> Result<(), String>;

    /// Says that nothing more comes.
    fn end(&mut self, frames: &mut Vec<Frame>) -> Result<(), String>;
}

/// A body that is one frame.
#[derive(Default)]
pub(crate) struct Whole(Vec<u8>);

impl Framing for Whole {
    fn feed(&mut self, bytes: &[u8], _: &mut Vec<Frame>) -> Result<(), String> {
        grow(&mut self.0, bytes)
    }

    fn end(&mut self, frames: &mut Vec<Frame>) -> Result<(), String> {
        let data = utf8(std::mem::take(&mut self.0))?;
        frames.push(Frame { event: String::new(), data });
        Ok(())
    }
}

fn grow(buffer: &mut Vec<u8>, bytes: &[u8]) -> Result<(), String> {
    if buffer.len() + bytes.len() > MOST_FRAME {
        return Err(format!("one piece of it is longer than {} MiB", MOST_FRAME >> 20));
    }
    buffer.extend_from_slice(bytes);
    Ok(())
}

fn utf8(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| format!("it is not UTF-8: {}", error.utf8_error()))
}

#[cfg(test)]
mod tests;
