//! Where a redirect leads.

use hyper::{Method, Uri, header::HeaderValue};

/// What is asked next, after a status and its `Location`; `None` where the status is the answer. Another method is only made
/// of one that reads, or where the service says so (303).
pub(crate) fn next(
    method: &Method,
    from: &Uri,
    status: u16,
    location: Option<&HeaderValue>,
) -> Option<(Method, String)> {
    let location = location?.to_str().ok()?;
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let method = match status {
        301 | 302 if reads => method.clone(),
        303 if reads => method.clone(),
        303 => Method::GET,
        307 | 308 => method.clone(),
        _ => return None,
    };
    Some((method, joined(from, location)))
}

/// An address as it stands in a document at another.
fn joined(from: &Uri, to: &str) -> String {
    let to = to.split('#').next().unwrap_or_default();
    let scheme = from.scheme_str().unwrap_or("https");
    let origin = format!("{scheme}://{}", from.authority().map_or("", |authority| authority.as_str()));
    let has_scheme = to.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    });
    if has_scheme {
        return to.to_owned();
    }
    if to.starts_with("//") {
        return format!("{scheme}:{to}");
    }
    if to.starts_with('/') {
        return format!("{origin}{to}");
    }
    let path = from.path();
    if to.is_empty() || to.starts_with('?') {
        return format!("{origin}{path}{to}");
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{origin}{folder}/{to}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_where_it_stands() {
        let from: Uri = "https://a.org:444/x/y?q=1".parse().unwrap();
        for (to, whole) in [
            ("http://b.org/z", "http://b.org/z"),
            ("//b.org/z#part", "https://b.org/z"),
            ("/z?k=a:b", "https://a.org:444/z?k=a:b"),
            ("z", "https://a.org:444/x/z"),
            ("?p=2", "https://a.org:444/x/y?p=2"),
            ("file:///etc/passwd", "file:///etc/passwd"),
        ] {
            assert_eq!(joined(&from, to), whole, "{to}");
        }
    }

    #[test]
    fn what_does_something_is_not_done_elsewhere_unasked() {
        let (from, to): (Uri, _) = ("https://a.org/".parse().unwrap(), HeaderValue::from_static("/z"));
        let next = |method: Method, status| next(&method, &from, status, Some(&to)).map(|(method, _)| method);
        assert_eq!(next(Method::GET, 302), Some(Method::GET));
        assert_eq!(next(Method::POST, 302), None);
        assert_eq!(next(Method::POST, 303), Some(Method::GET));
        assert_eq!(next(Method::PUT, 307), Some(Method::PUT));
        assert_eq!(next(Method::GET, 200), None);
    }
}
