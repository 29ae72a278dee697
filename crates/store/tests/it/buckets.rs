//! Token buckets that several processes share.

use maestro_domain::{TenantId, TokenBucket};
use maestro_ports::model::TokenBuckets;
use maestro_store::Home;

#[tokio::test]
async fn of_two_that_read_the_same_bucket_one_replaces_it() {
    let dir = tempfile::tempdir().unwrap();
    let open = |tenant: &str| Home::open(dir.path()).unwrap().store(TenantId::new(tenant).unwrap()).unwrap();
    let (first, second, stranger) = (open("acme"), open("acme"), open("other"));
    let model = "openai:m@https://models.example/v1#x";
    assert_eq!(first.bucket(model).await.unwrap(), None);
    let refused = |ms| TokenBucket::default().refused(Some(ms), 1_000);
    assert!(first.replace_bucket(model, None, refused(5_000)).await.unwrap());
    assert!(!second.replace_bucket(model, None, refused(9_000)).await.unwrap(), "it is there already");
    let read = second.bucket(model).await.unwrap();
    assert_eq!(read, Some(refused(5_000)));
    assert!(second.replace_bucket(model, read, refused(9_000)).await.unwrap());
    assert!(!first.replace_bucket(model, read, TokenBucket::default()).await.unwrap(), "it was replaced meanwhile");
    assert_eq!(first.bucket(model).await.unwrap(), Some(refused(9_000)));
    assert_eq!(first.bucket("another").await.unwrap(), None);
    assert_eq!(stranger.bucket(model).await.unwrap(), None);
}
