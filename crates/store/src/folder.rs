//! Blobs as files: `<dir>/<tenant>/<run>/<hash>`.
//!
//! A blob is written under a temporary name and then renamed, so that a name never stands for half a blob when a process
//! ends. It is flushed to the disk when [`Blobs::flush`] asks for it; reading checks the hash, so what a loss of power left
//! half is told from what is whole. Several processes may use the folder.

use async_trait::async_trait;
use maestro_domain::{ContentHash, RunId, TenantId};
use maestro_ports::{Blobs, blobs};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Blobs in a folder.
#[derive(Debug, Clone)]
pub struct FolderBlobs {
    dir: PathBuf,
    /// Written by this process and not yet flushed: folder of the run → names.
    unflushed: Arc<Mutex<BTreeMap<PathBuf, BTreeSet<String>>>>,
}

/// Tells the temporary files of one process apart.
static TEMPORARY: AtomicU64 = AtomicU64::new(0);

fn failed(action: impl Into<String>, source: io::Error) -> blobs::Error {
    let action = action.into();
    match source.kind() {
        // A quota and a limit on the size of files are ends of room, too.
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            blobs::Error::Full { action, source: source.into() }
        }
        _ => blobs::Error::Io { action, source: source.into() },
    }
}

impl FolderBlobs {
    /// Opens the folder, or makes it.
    ///
    /// # Errors
    /// [`blobs::Error::Io`] when it cannot be made.
    pub fn open(dir: &Path) -> Result<Self, blobs::Error> {
        fs::create_dir_all(dir).map_err(|source| failed(format!("make the folder `{}`", dir.display()), source))?;
        Ok(Self { dir: dir.to_owned(), unflushed: Arc::default() })
    }

    /// The folder of a run. Ids hold neither slashes nor backslashes, and a run's starts with `run-`; what is left is a
    /// tenant called `.` or `..`.
    fn run_dir(&self, tenant: &TenantId, run: &RunId) -> PathBuf {
        let tenant = tenant.as_str();
        let tenant = if tenant.starts_with('.') { format!("%{tenant}") } else { tenant.to_owned() };
        self.dir.join(tenant).join(run.as_str())
    }

    async fn call<T: Send + 'static>(
        action: &'static str,
        work: impl FnOnce() -> Result<T, blobs::Error> + Send + 'static,
    ) -> Result<T, blobs::Error> {
        let job = tokio::task::spawn_blocking(work);
        job.await.map_err(|source| blobs::Error::Io { action: action.to_owned(), source: source.into() })?
    }
}

/// Whether a hash is one: a record that was tampered with must not become a path.
fn is_hash(hash: &ContentHash) -> bool {
    let text = hash.as_str();
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Writes a blob, unless it is there already; answers whether it wrote.
fn store(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<bool> {
    let path = dir.join(name);
    // Comparing heals a blob that was damaged; it costs less than writing.
    match fs::read(&path) {
        Ok(stored) if stored == bytes => return Ok(false),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => fs::create_dir_all(dir)?,
        Err(error) => return Err(error),
    }
    let (temporary, file) = temporary(dir)?;
    let written = write(file, bytes).and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        // Best effort: the first error is the one to tell, and a leftover goes when the run is deleted.
        fs::remove_file(&temporary).ok();
    }
    written.map(|()| true)
}

/// Puts blobs and their names on the disk. One that was deleted meanwhile needs no flushing.
fn flush(dir: &Path, names: &BTreeSet<String>) -> io::Result<()> {
    for name in names {
        match File::open(dir.join(name)) {
            Ok(file) => file.sync_all()?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    File::open(dir)?.sync_all()
}

fn temporary(dir: &Path) -> io::Result<(PathBuf, File)> {
    loop {
        let number = TEMPORARY.fetch_add(1, Ordering::Relaxed);
        let path = dir.join(format!(".{}-{number}.part", std::process::id()));
        match File::create_new(&path) {
            Ok(file) => return Ok((path, file)),
            // Left by a process of the same number that was killed.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

fn write(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)
}

#[async_trait]
impl Blobs for FolderBlobs {
    async fn put(&self, tenant: &TenantId, run: &RunId, bytes: &[u8]) -> Result<ContentHash, blobs::Error> {
        let (dir, bytes, unflushed) = (self.run_dir(tenant, run), bytes.to_vec(), Arc::clone(&self.unflushed));
        Self::call("store a blob", move || {
            let hash = ContentHash::of(&bytes);
            let wrote = store(&dir, hash.as_str(), &bytes)
                .map_err(|source| failed(format!("store a blob in `{}`", dir.display()), source))?;
            if wrote {
                let mut unflushed = unflushed.lock().unwrap_or_else(PoisonError::into_inner);
                unflushed.entry(dir).or_default().insert(hash.as_str().to_owned());
            }
            Ok(hash)
        })
        .await
    }

    async fn flush(&self, tenant: &TenantId, run: &RunId) -> Result<(), blobs::Error> {
        let (dir, unflushed) = (self.run_dir(tenant, run), Arc::clone(&self.unflushed));
        if !unflushed.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&dir) {
            return Ok(());
        }
        Self::call("flush blobs", move || {
            let names = unflushed.lock().unwrap_or_else(PoisonError::into_inner).remove(&dir).unwrap_or_default();
            if names.is_empty() {
                return Ok(());
            }
            flush(&dir, &names).map_err(|source| {
                let error = failed(format!("flush blobs in `{}`", dir.display()), source);
                unflushed.lock().unwrap_or_else(PoisonError::into_inner).entry(dir).or_default().extend(names);
                error
            })
        })
        .await
    }

    async fn get(&self, tenant: &TenantId, run: &RunId, hash: &ContentHash) -> Result<Vec<u8>, blobs::Error> {
        let (dir, hash) = (self.run_dir(tenant, run), hash.clone());
        if !is_hash(&hash) {
            return Err(blobs::Error::Missing { hash });
        }
        Self::call("read a blob", move || match fs::read(dir.join(hash.as_str())) {
            Ok(bytes) if ContentHash::of(&bytes) == hash => Ok(bytes),
            Ok(_) => Err(blobs::Error::Damaged { hash }),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(blobs::Error::Missing { hash }),
            Err(source) => Err(failed(format!("read blob {hash} in `{}`", dir.display()), source)),
        })
        .await
    }

    async fn delete_run(&self, tenant: &TenantId, run: &RunId) -> Result<(), blobs::Error> {
        let dir = self.run_dir(tenant, run);
        Self::call("delete blobs", move || match fs::remove_dir_all(&dir) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(source) => Err(failed(format!("delete `{}`", dir.display()), source)),
        })
        .await
    }
}
