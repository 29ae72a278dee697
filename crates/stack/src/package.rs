//! Packages of functions: one zip file for each binary, built once however many functions use it.

use crate::Error;
use std::{
    fs::{self, File},
    io,
    path::Path,
    process::{Command, Stdio},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// The binaries that the template names.
pub const FUNCTIONS: [&str; 12] = [
    "maestro-fn-compensate",
    "maestro-fn-dead-letters",
    "maestro-fn-gate",
    "maestro-fn-intake",
    "maestro-fn-node",
    "maestro-fn-persona",
    "maestro-fn-phase",
    "maestro-fn-publish",
    "maestro-fn-referee",
    "maestro-fn-referee-done",
    "maestro-fn-settle",
    "maestro-fn-verify",
];

/// Lambda starts the file of this name.
const BOOTSTRAP: &str = "bootstrap";

/// Where the template looks for packages, below the checkout.
pub const PACKAGES: &str = "target/lambda";

/// How packages are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// As quick as can be: they are used here, at once.
    Quick,
    /// As small as can be.
    Small,
}

impl Packing {
    /// The level of compression.
    const fn level(self) -> i64 {
        match self {
            Self::Quick => 1,
            Self::Small => 9,
        }
    }
}

/// Packs the binaries of one folder to where the template looks for them, below `out`.
///
/// # Errors
/// [`Error`] when a binary is missing or a package cannot be written.
pub fn package(binaries: &Path, out: &Path, packing: Packing) -> Result<(), Error> {
    for name in FUNCTIONS {
        let binary = binaries.join(name);
        if !binary.is_file() {
            return Err(Error::NotBuilt { path: binary });
        }
        let folder = out.join(name);
        fs::create_dir_all(&folder).map_err(Error::io(format!("make `{}`", folder.display())))?;
        let target = folder.join("bootstrap.zip");
        pack(&binary, &folder, &target, packing).map_err(Error::io(format!("write `{}`", target.display())))?;
    }
    Ok(())
}

fn pack(binary: &Path, folder: &Path, target: &Path, packing: Packing) -> io::Result<()> {
    // Beside its place and then moved there: a package is whole or not there.
    let part = tempfile::Builder::new().prefix(".part-").tempdir_in(folder)?;
    let bare = part.path().join(BOOTSTRAP);
    if !strip(binary, &bare) {
        fs::copy(binary, &bare)?;
    }
    let packed = part.path().join("packed");
    let mut zip = ZipWriter::new(File::create(&packed)?);
    let options = SimpleFileOptions::default().unix_permissions(0o755).compression_level(Some(packing.level()));
    zip.start_file(BOOTSTRAP, options).map_err(io::Error::other)?;
    io::copy(&mut File::open(&bare)?, &mut zip)?;
    zip.finish().map_err(io::Error::other)?;
    fs::rename(&packed, target)
}

/// Leaves debugging information out, where the linker's tools are there; packages without are small.
fn strip(binary: &Path, target: &Path) -> bool {
    let mut strip = Command::new("strip");
    strip.arg("-o").arg(target).arg(binary).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    strip.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn packages_hold_one_program_each() {
        let dir = tempfile::tempdir().unwrap();
        let (binaries, out) = (dir.path().join("binaries"), dir.path().join("out"));
        fs::create_dir(&binaries).unwrap();
        let missing = package(&binaries, &out, Packing::Quick).unwrap_err().to_string();
        assert!(missing.contains("maestro-fn-compensate` is missing"), "{missing}");
        for name in FUNCTIONS {
            fs::write(binaries.join(name), name).unwrap();
        }
        package(&binaries, &out, Packing::Quick).unwrap();
        package(&binaries, &out, Packing::Small).unwrap();
        for name in FUNCTIONS {
            let folder = out.join(name);
            assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing half-written stays");
            let mut zip = zip::ZipArchive::new(File::open(folder.join("bootstrap.zip")).unwrap()).unwrap();
            let mut file = zip.by_name(BOOTSTRAP).unwrap();
            assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755));
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            assert_eq!(text, name);
        }
    }
}
