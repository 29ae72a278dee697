//! Timestamps in the two forms that Step Functions knows.

use jiff::{SignedDuration, Timestamp};

/// As in histories and the context object: milliseconds and `Z`.
pub(crate) fn format(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Parses an ISO-8601 extended offset date-time: upper-case `T`, seconds optional, offset required.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    shaped(text).then(|| text.parse().ok()).flatten()
}

/// `jiff` reads more forms than AWS does (a space for the `T`, lower case), so the shape is checked apart.
fn shaped(text: &str) -> bool {
    let mut rest = text.as_bytes();
    let mut digits = |count: usize, before: Option<u8>| {
        if let Some(wanted) = before {
            match rest.split_first() {
                Some((found, tail)) if *found == wanted => rest = tail,
                _ => return false,
            }
        }
        match rest.split_at_checked(count) {
            Some((head, tail)) if head.iter().all(u8::is_ascii_digit) => {
                rest = tail;
                true
            }
            _ => false,
        }
    };
    let date = digits(4, None) && digits(2, Some(b'-')) && digits(2, Some(b'-'));
    if !(date && digits(2, Some(b'T')) && digits(2, Some(b':'))) {
        return false;
    }
    digits(2, Some(b':'));
    if let Some((b'.', tail)) = rest.split_first() {
        let fraction = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&fraction) {
            return false;
        }
        rest = tail.get(fraction..).unwrap_or_default();
    }
    match rest {
        b"Z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => [h1, h2, m1, m2].iter().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

/// `at` plus `seconds`, at the end of time if need be.
pub(crate) fn after(at: Timestamp, seconds: f64) -> Timestamp {
    let duration = SignedDuration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(SignedDuration::MAX);
    at.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_aws_accepts() {
        for text in [
            "2016-03-05T21:29:29Z",
            "2016-03-05T21:29:29.243167252Z",
            "2016-03-05T21:29:29+01:00",
            "2016-03-05T21:29:29.1-08:30",
        ] {
            assert!(parse(text).is_some(), "{text}");
        }
        for text in [
            "2016-13-05T21:29:29Z",
            "05-12-2016T21:29:29Z",
            "2016-12-05T25:29:29Z",
            "2016-12-05 21:29:29Z",
            "2016-12-05t21:29:29z",
            "2016-12-05T21:29:29",
            "2016-12-05",
            "",
            "2016-12-05T21:29:29.Z",
            "2016-12-05T21:29:29.1234567890Z",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn formats_milliseconds() {
        assert_eq!(format("2024-01-02T03:04:05.678901Z".parse().unwrap()), "2024-01-02T03:04:05.678Z");
        assert_eq!(format("2024-01-02T03:04:05Z".parse().unwrap()), "2024-01-02T03:04:05.000Z");
    }
}
