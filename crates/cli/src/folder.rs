//! The files of a folder, and writing into it. Nothing that is a link is followed, so nothing outside of it is read or written.

use crate::stop::Stop;
use nix::{
    errno::Errno,
    fcntl::{OFlag, open, openat},
    sys::stat::{Mode, mkdirat},
    unistd::{UnlinkatFlags, unlinkat},
};
use std::{
    collections::BTreeMap,
    fs,
    io::{Read, Write},
    os::{fd::OwnedFd, unix::fs::OpenOptionsExt},
    path::{Path, PathBuf},
};

/// Most files that are taken.
const MOST_FILES: usize = 10_000;
/// Most bytes of one file that is taken; larger ones are left out.
const MOST_BYTES: u64 = 4 << 20;
/// Folders that are not the deliverable's own.
const FOREIGN: [&str; 4] = [".git", "__pycache__", "node_modules", "target"];

/// A folder.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A folder that is there.
    pub(crate) fn open(path: &Path) -> Result<Self, Stop> {
        let stop = |error: &dyn std::error::Error| {
            Stop::unusable(format!("the folder `{}` cannot be used: {error}", path.display()))
        };
        let found = fs::canonicalize(path).map_err(|error| stop(&error))?;
        if found.is_dir() { Ok(Self(found)) } else { Err(stop(&Errno::ENOTDIR)) }
    }

    /// Its files by path.
    pub(crate) fn files(&self) -> Result<BTreeMap<String, Vec<u8>>, Stop> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            let unreadable = |error: &std::io::Error| {
                Stop::unusable(format!("`{}` cannot be read", folder.display())).because(error)
            };
            for entry in fs::read_dir(&folder).map_err(|error| unreadable(&error))? {
                let entry = entry.map_err(|error| unreadable(&error))?;
                let kind = entry.file_type().map_err(|error| unreadable(&error))?;
                let path = entry.path();
                if kind.is_dir() && !FOREIGN.iter().any(|name| entry.file_name() == **name) {
                    folders.push(path);
                } else if kind.is_file()
                    && let Some(bytes) = read(&path)
                    && let Some(name) = path.strip_prefix(&self.0).ok().and_then(Path::to_str)
                {
                    files.insert(name.to_owned(), bytes);
                }
                if files.len() > MOST_FILES {
                    return Err(Stop::unusable(format!("`{}` has more than {MOST_FILES} files", self.0.display())));
                }
            }
        }
        Ok(files)
    }

    /// Writes a file, or removes it where there are no bytes. The path is plain.
    pub(crate) fn put(&self, path: &str, bytes: Option<&[u8]>) -> Result<(), Stop> {
        self.change(path, bytes).map_err(|error| {
            Stop::unusable(format!("`{path}` cannot be written below `{}`", self.0.display())).because(&error)
        })
    }

    fn change(&self, path: &str, bytes: Option<&[u8]>) -> std::io::Result<()> {
        let folder = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let mut at = open(&self.0, folder, Mode::empty())?;
        let (parents, name) = path.rsplit_once('/').map_or((None, path), |(parents, name)| (Some(parents), name));
        for part in parents.into_iter().flat_map(|parents| parents.split('/')) {
            match mkdirat(&at, part, Mode::from_bits_truncate(0o755)) {
                Ok(()) | Err(Errno::EEXIST) => {}
                Err(error) => return Err(error.into()),
            }
            at = openat(&at, part, folder, Mode::empty())?;
        }
        match bytes {
            Some(bytes) => {
                let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_TRUNC | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
                let file: OwnedFd = openat(&at, name, flags, Mode::from_bits_truncate(0o644))?;
                fs::File::from(file).write_all(bytes)
            }
            None => Ok(unlinkat(&at, name, UnlinkatFlags::NoRemoveDir)?),
        }
    }
}

/// A file's bytes; nothing where it became a link meanwhile, is too large or cannot be read.
fn read(path: &Path) -> Option<Vec<u8>> {
    let file = fs::OpenOptions::new().read(true).custom_flags(OFlag::O_NOFOLLOW.bits()).open(path).ok()?;
    let mut bytes = Vec::new();
    let read = file.take(MOST_BYTES + 1).read_to_end(&mut bytes).ok()?;
    (read as u64 <= MOST_BYTES).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_neither_read_nor_written_through() {
        let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("secret"), "x").unwrap();
        std::os::unix::fs::symlink(outside.path(), inside.path().join("away")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret"), inside.path().join("file")).unwrap();
        fs::create_dir(inside.path().join("docs")).unwrap();
        fs::write(inside.path().join("docs/a.md"), "a").unwrap();
        let folder = Folder::open(inside.path()).unwrap();
        assert_eq!(folder.files().unwrap().into_keys().collect::<Vec<_>>(), ["docs/a.md"]);
        assert!(folder.put("away/new", Some(b"y")).is_err());
        assert!(folder.put("file", Some(b"y")).is_err());
        folder.put("docs/deep/b.md", Some(b"b")).unwrap();
        folder.put("docs/a.md", None).unwrap();
        assert_eq!(folder.files().unwrap().into_keys().collect::<Vec<_>>(), ["docs/deep/b.md"]);
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
        assert_eq!(fs::read(outside.path().join("secret")).unwrap(), b"x");
    }
}
