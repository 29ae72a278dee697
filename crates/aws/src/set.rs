//! Blobs that are kept as one object. Its name is made of theirs, so whoever knows which blobs they are finds it.
//!
//! In it, one after the other: a blob's hash as text, its length as eight bytes, the blob.

use maestro_domain::ContentHash;
use maestro_ports::blobs::Error;
use std::collections::BTreeMap;

/// Characters of a hash.
const DIGITS: usize = 64;
/// Bytes of a length.
const LENGTH: usize = 8;

/// The name of a set, in whichever order its hashes are.
pub(crate) fn name(hashes: &[ContentHash]) -> String {
    let mut texts: Vec<_> = hashes.iter().map(ContentHash::as_str).collect();
    texts.sort_unstable();
    texts.dedup();
    format!("set-{}", ContentHash::of(texts.join("\n").as_bytes()))
}

/// One object of blobs with these hashes.
pub(crate) fn pack(hashes: &[ContentHash], blobs: &[&[u8]]) -> Vec<u8> {
    let blobs: BTreeMap<_, _> = hashes.iter().zip(blobs).collect();
    let mut packed = Vec::with_capacity(blobs.values().map(|blob| DIGITS + LENGTH + blob.len()).sum());
    for (hash, blob) in blobs {
        packed.extend_from_slice(hash.as_str().as_bytes());
        packed.extend_from_slice(&u64::try_from(blob.len()).unwrap_or(u64::MAX).to_be_bytes());
        packed.extend_from_slice(blob);
    }
    packed
}

/// The blobs of these hashes out of their object, each checked against its hash.
pub(crate) fn unpack(hashes: &[ContentHash], packed: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let mut blobs = BTreeMap::new();
    let mut rest = packed;
    while let Some((hash, blob, behind)) = next(rest) {
        blobs.insert(hash, blob);
        rest = behind;
    }
    let blob = |hash: &ContentHash| match blobs.get(hash.as_str().as_bytes()) {
        Some(blob) if ContentHash::of(blob) == *hash => Ok(blob.to_vec()),
        _ => Err(Error::Damaged { hash: hash.clone() }),
    };
    hashes.iter().map(blob).collect()
}

/// The first blob of a packed object with its hash, and what comes behind it.
fn next(packed: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (hash, rest) = packed.split_at_checked(DIGITS)?;
    let (length, rest) = rest.split_first_chunk::<LENGTH>()?;
    let (blob, rest) = rest.split_at_checked(usize::try_from(u64::from_be_bytes(*length)).ok()?)?;
    Some((hash, blob, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_back_and_what_was_changed_does_not() {
        let blobs: [&[u8]; 3] = [b"one", b"", b"one"];
        let hashes = blobs.map(ContentHash::of);
        let mut packed = pack(&hashes, &blobs);
        assert_eq!(unpack(&hashes, &packed).unwrap(), blobs);
        assert_eq!(name(&hashes), name(&[ContentHash::of(b""), ContentHash::of(b"one")]), "a set has no order");
        let last = packed.len() - 1;
        packed[last] ^= 1;
        assert!(matches!(unpack(&hashes, &packed), Err(Error::Damaged { .. })));
        for cut in 0..last {
            assert!(unpack(&hashes, &packed[..cut]).is_err(), "{cut} bytes are not all");
        }
    }
}
