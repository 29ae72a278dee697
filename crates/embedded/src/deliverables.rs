//! Deliverables as folders. A folder appears whole or not at all.

use async_trait::async_trait;
use maestro_domain::{Run, TenantId};
use maestro_ports::deliverable::{Deliverables, Error};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// Puts deliverables into the folder that each run names.
#[derive(Debug, Clone, Copy)]
pub struct FolderDeliverables {
    /// A deliverable of another run may be replaced.
    pub force: bool,
}

impl FolderDeliverables {
    /// Whether a deliverable could be put here, without touching anything.
    ///
    /// # Errors
    /// [`Error::Occupied`] with what is in the way.
    pub fn check(&self, place: &Path, run: Option<&str>) -> Result<(), Error> {
        let occupied = |why: &str| Err(Error::Occupied { place: place.display().to_string(), why: why.to_owned() });
        let mut entries = match fs::read_dir(place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => return occupied("is not a folder"),
            Err(source) => return Err(Error::Io { place: place.display().to_string(), source }),
            Ok(entries) => entries,
        };
        if entries.next().is_none() {
            return Ok(());
        }
        let manifest = fs::read(place.join("maestro.json")).ok().and_then(|b| serde_json::from_slice::<Value>(&b).ok());
        let of = manifest.as_ref().and_then(|manifest| manifest.get("run")).and_then(Value::as_str);
        match of {
            // Only what a run wrote is ever replaced: a folder of somebody's own work never is, by force or not.
            None => occupied("is not empty and holds no deliverable"),
            Some(of) if Some(of) == run || self.force => Ok(()),
            Some(_) => occupied("holds the deliverable of another run"),
        }
    }
}

#[async_trait]
impl Deliverables for FolderDeliverables {
    async fn publish(&self, _: &TenantId, run: &Run, files: BTreeMap<String, Vec<u8>>) -> Result<String, Error> {
        let (this, place, id) = (*self, PathBuf::from(&run.out), run.id.to_string());
        blocking(place.clone(), move || {
            this.check(&place, Some(&id))?;
            replace(&place, &id, &files).map_err(|source| Error::Io { place: place.display().to_string(), source })?;
            Ok(place.display().to_string())
        })
        .await
    }

    async fn withdraw(&self, _: &TenantId, run: &Run) -> Result<bool, Error> {
        let (place, id) = (PathBuf::from(&run.out), run.id.to_string());
        blocking(place.clone(), move || {
            let own = Self { force: false }.check(&place, Some(&id)).is_ok();
            if !own || !place.join("maestro.json").exists() {
                return Ok(false);
            }
            fs::remove_dir_all(&place).map_err(|source| Error::Io { place: place.display().to_string(), source })?;
            Ok(true)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    place: PathBuf,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined
        .unwrap_or_else(|error| Err(Error::Io { place: place.display().to_string(), source: io::Error::other(error) }))
}

/// Writes everything beside the place, then moves it there.
fn replace(place: &Path, run: &str, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    let parent = place.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(parent)?;
    let beside = |what: &str| parent.join(format!(".{run}.{what}"));
    let (staged, old) = (beside("staged"), beside("old"));
    let written = (|| {
        remove(&staged)?;
        for (path, bytes) in files {
            let target = staged.join(path);
            fs::create_dir_all(target.parent().unwrap_or(&staged))?;
            fs::write(target, bytes)?;
        }
        remove(&old)?;
        if place.exists() {
            fs::rename(place, &old)?;
        }
        fs::rename(&staged, place).inspect_err(|_| {
            // Put back what was there; if that fails too, it is still whole, beside the place.
            let _kept = fs::rename(&old, place);
        })
    })();
    remove(&staged)?;
    written?;
    remove(&old)
}

fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_domain::{ContentHash, RunId, RunStatus};
    use maestro_ports::suites::{Shelf, deliverables_suite};
    use std::sync::Arc;
    use tempfile::TempDir;

    /// Folders below one, which is gone with it.
    struct Folders(TempDir);

    /// The files below a folder, by their paths from it.
    fn below(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }

    #[async_trait(?Send)]
    impl Shelf for Folders {
        fn deliverables(&self) -> &dyn Deliverables {
            &FolderDeliverables { force: false }
        }

        fn out(&self, run: &str) -> String {
            self.0.path().join("out").join(run).display().to_string()
        }

        async fn found(&self, _: &TenantId, run: &Run) -> Option<BTreeMap<String, Vec<u8>>> {
            let (place, mut found) = (Path::new(&run.out), BTreeMap::new());
            place.exists().then(|| below(place, place, &mut found))?;
            Some(found)
        }
    }

    #[tokio::test]
    async fn folders_pass_the_suite() {
        deliverables_suite(async || Arc::new(Folders(tempfile::tempdir().unwrap())) as Arc<dyn Shelf>).await;
    }

    fn run(id: &str, out: &Path) -> Run {
        Run {
            id: RunId::new(id).unwrap(),
            epic: "E".into(),
            epic_hash: ContentHash::of(b""),
            model: "blueprint".into(),
            scope: "feature".into(),
            out: out.display().to_string(),
            status: RunStatus::Running,
            reason: None,
            rounds: vec![],
            executions: 1,
            created_ms: 0,
            changed_ms: 0,
        }
    }

    fn files(run: &str, more: &str) -> BTreeMap<String, Vec<u8>> {
        let manifest = serde_json::json!({"run": run}).to_string().into_bytes();
        [("maestro.json".to_owned(), manifest), (more.to_owned(), b"x".to_vec())].into()
    }

    #[tokio::test]
    async fn replaces_its_own_and_leaves_everything_else_alone() {
        let tenant = TenantId::local();
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("a/out");
        let gentle = FolderDeliverables { force: false };
        let one = run("run-1", &out);
        gentle.publish(&tenant, &one, files("run-1", "docs/a.md")).await.unwrap();
        gentle.publish(&tenant, &one, files("run-1", "docs/b.md")).await.unwrap();
        assert!(!out.join("docs/a.md").exists() && out.join("docs/b.md").exists());

        let two = run("run-2", &out);
        let refused = gentle.publish(&tenant, &two, files("run-2", "c")).await.unwrap_err().to_string();
        assert!(refused.contains("another run"), "{refused}");
        assert!(!gentle.withdraw(&tenant, &two).await.unwrap());
        FolderDeliverables { force: true }.publish(&tenant, &two, files("run-2", "c")).await.unwrap();
        assert!(out.join("c").exists() && !out.join("docs").exists());
        assert!(gentle.withdraw(&tenant, &two).await.unwrap());
        assert!(!out.exists());

        fs::create_dir_all(&out).unwrap();
        fs::write(out.join("thesis.txt"), "mine").unwrap();
        let refused = FolderDeliverables { force: true }.publish(&tenant, &two, files("run-2", "c")).await;
        assert!(refused.unwrap_err().to_string().contains("holds no deliverable"));
        assert_eq!(fs::read(out.join("thesis.txt")).unwrap(), b"mine");
        assert_eq!(fs::read_dir(dir.path().join("a")).unwrap().count(), 1, "nothing half-written stays");
    }
}
