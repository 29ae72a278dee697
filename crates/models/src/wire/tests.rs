use super::*;

fn fed(mut framing: impl Framing, chunks: &[&[u8]]) -> Result<Vec<Frame>, String> {
    let mut frames = Vec::new();
    for chunk in chunks {
        framing.feed(chunk, &mut frames)?;
    }
    framing.end(&mut frames)?;
    Ok(frames)
}

fn split_everywhere<F: Framing + Default>(bytes: &[u8]) -> Vec<Frame> {
    let whole = fed(F::default(), &[bytes]).unwrap();
    for at in 0..=bytes.len() {
        let (one, two) = bytes.split_at(at);
        assert_eq!(fed(F::default(), &[one, two]).unwrap(), whole, "split at {at}");
    }
    let single: Vec<_> = bytes.chunks(1).collect();
    assert_eq!(fed(F::default(), &single).unwrap(), whole);
    whole
}

#[test]
fn server_sent_events_of_all_line_ends() {
    let text = "\u{feff}event: a\r\ndata: {\"ü\":\r\ndata: 1}\r\n\r\n: hi\n\ndata:x\rid: 4\r\rdata\n\nevent: none\n\ndata: last\n";
    let frames = split_everywhere::<Sse>(text.as_bytes());
    let told: Vec<_> = frames.iter().map(|frame| (&*frame.event, &*frame.data)).collect();
    assert_eq!(told, [("a", "{\"ü\":\n1}"), ("", "x"), ("", ""), ("", "last")]);
    assert_eq!(fed(Sse::default(), &[b"data: cut"]).unwrap(), [], "a line that was cut is not an event");
}

#[test]
fn lines_of_json() {
    let frames = split_everywhere::<Lines>("{\"a\":\"ü\"}\r\n\n{\"b\":2}".as_bytes());
    let told: Vec<_> = frames.iter().map(|frame| &*frame.data).collect();
    assert_eq!(told, ["{\"a\":\"ü\"}", "{\"b\":2}"]);
}

#[test]
fn what_is_not_utf8_or_too_long_is_told() {
    assert!(fed(Sse::default(), &[b"data: \xc3", b"\x28\n\n"]).unwrap_err().contains("not UTF-8"));
    assert!(fed(Lines::default(), &[b"\xff\n"]).unwrap_err().contains("not UTF-8"));
    let long = vec![b'a'; 1 << 20];
    assert!(fed(Sse::default(), &[b"data: ", &long, &long, &long, &long]).unwrap_err().contains("4 MiB"));
    assert!(fed(Whole::default(), &[&long, &long, &long, &long, b"a"]).unwrap_err().contains("4 MiB"));
}

/// A message of an event stream with these headers of kind string.
pub(crate) fn message(headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let mut head = Vec::new();
    for (name, value) in headers {
        head.push(u8::try_from(name.len()).unwrap());
        head.extend(name.as_bytes());
        head.push(7);
        head.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        head.extend(value.as_bytes());
    }
    let total = u32::try_from(PRELUDE_AND_TAIL + head.len() + payload.len()).unwrap();
    let mut bytes = total.to_be_bytes().to_vec();
    bytes.extend(u32::try_from(head.len()).unwrap().to_be_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes.extend(head);
    bytes.extend(payload);
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes
}

const PRELUDE_AND_TAIL: usize = 16;

#[test]
fn event_streams_are_checked() {
    let mut bytes = message(&[(":event-type", "messageStart"), (":message-type", "event")], b"{}");
    bytes.extend(message(&[(":exception-type", "throttlingException")], b"{\"message\":\"slow\"}"));
    let frames = split_everywhere::<EventStream>(&bytes);
    let told: Vec<_> = frames.iter().map(|frame| (&*frame.event, &*frame.data)).collect();
    assert_eq!(told, [("messageStart", "{}"), ("!throttlingException", "{\"message\":\"slow\"}")]);

    for at in 0..bytes.len() {
        let mut bent = bytes.clone();
        bent[at] ^= 1;
        assert!(fed(EventStream::default(), &[&bent]).is_err(), "byte {at} was changed");
    }
    assert!(fed(EventStream::default(), &[&bytes[..9]]).unwrap_err().contains("inside a message"));
}
