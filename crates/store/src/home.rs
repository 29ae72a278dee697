//! The folder in which everything of one machine is kept, such as `.maestro`.
//!
//! ```text
//! layout      the number of this layout
//! .gitignore  `*`: nothing here belongs into a repository
//! table.db    rows
//! blobs/      blobs by tenant, run and hash
//! scratch/    what may be deleted at any time
//! log/        logs
//! ```

use crate::{Error, FolderBlobs, RecentBlobs, SqliteTable, Store};
use maestro_domain::TenantId;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The layout that this program writes and the newest that it reads.
const LAYOUT: u64 = 1;

/// An opened home.
#[derive(Debug, Clone)]
pub struct Home {
    dir: PathBuf,
}

fn failed(action: &str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let action = format!("{action} `{}`", path.display());
    move |source| Error::Home { action, source }
}

impl Home {
    /// Opens the folder, or makes it. A folder that holds other things is used too; they are left alone.
    ///
    /// # Errors
    /// [`Error::NewerHome`] or [`Error::BadLayout`], and then nothing was written; [`Error::Home`] when something cannot
    /// be made.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, Error> {
        let given = dir.as_ref();
        // Absolute, so that a later change of the working directory moves nothing.
        let dir = std::path::absolute(given).map_err(failed("find", given))?;
        let home = Self { dir };
        if !home.known()? {
            home.create()?;
        }
        for part in [home.blobs_dir(), home.scratch_dir(), home.log_dir()] {
            fs::create_dir_all(&part).map_err(failed("make the folder", &part))?;
        }
        Ok(home)
    }

    /// The folder itself, as an absolute path.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The file of the table.
    #[must_use]
    pub fn table_path(&self) -> PathBuf {
        self.dir.join("table.db")
    }

    /// The folder of the blobs.
    #[must_use]
    pub fn blobs_dir(&self) -> PathBuf {
        self.dir.join("blobs")
    }

    /// A folder for what may be deleted at any time.
    #[must_use]
    pub fn scratch_dir(&self) -> PathBuf {
        self.dir.join("scratch")
    }

    /// The folder of the logs.
    #[must_use]
    pub fn log_dir(&self) -> PathBuf {
        self.dir.join("log")
    }

    /// Opens the store of a tenant. Blocks while it does.
    ///
    /// # Errors
    /// [`Error::Table`] or [`Error::Blobs`] when a part cannot be opened or is of a newer program.
    pub fn store(&self, tenant: TenantId) -> Result<Store, Error> {
        let table = SqliteTable::open(&self.table_path())?;
        let blobs = FolderBlobs::open(&self.blobs_dir())?;
        Ok(Store::new(Arc::new(table), Arc::new(RecentBlobs::over(blobs)), tenant))
    }

    /// Looks over the table, if there is one, without changing anything. Blocks while it does.
    ///
    /// # Errors
    /// [`Error::Table`] when it is damaged, cannot be opened or is of a newer program.
    pub fn check(&self) -> Result<(), Error> {
        Ok(SqliteTable::check(&self.table_path())?)
    }

    fn layout_path(&self) -> PathBuf {
        self.dir.join("layout")
    }

    /// Whether the folder is a home of this layout; `false` when it is none yet.
    fn known(&self) -> Result<bool, Error> {
        let path = self.layout_path();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(failed("read", &path)(error)),
        };
        let text = String::from_utf8_lossy(&bytes);
        match text.trim().parse::<u64>() {
            Ok(found) if found > LAYOUT => Err(Error::NewerHome { place: self.dir.clone(), found, known: LAYOUT }),
            Ok(LAYOUT) => Ok(true),
            Ok(_) | Err(_) => Err(Error::BadLayout { place: path, text: text.trim().chars().take(40).collect() }),
        }
    }

    fn create(&self) -> Result<(), Error> {
        fs::create_dir_all(&self.dir).map_err(failed("make the folder", &self.dir))?;
        let mut entries = fs::read_dir(&self.dir).map_err(failed("read the folder", &self.dir))?;
        // In a folder that holds other things, `*` would hide those from their repository.
        if entries.next().is_none() {
            let path = self.dir.join(".gitignore");
            fs::write(&path, "*\n").map_err(failed("write", &path))?;
        }
        // By rename: another process that opens the home now reads either no number or the whole of it.
        let temporary = self.dir.join(format!(".layout-{}", std::process::id()));
        let written =
            fs::write(&temporary, format!("{LAYOUT}\n")).and_then(|()| fs::rename(&temporary, self.layout_path()));
        if written.is_err() {
            // Best effort: the first error is the one to tell.
            fs::remove_file(&temporary).ok();
        }
        written.map_err(failed("write", &self.layout_path()))
    }
}
