//! The two virtual environments: the server's, and the tools'. Their requirements do not get on with each other.

use crate::{Error, Stack, command::run};
use std::{fs, process::Command};

/// Name of the environment, and what is installed into it.
const ENVIRONMENTS: [(&str, &[&str]); 2] = [(SERVER, &["ministack[full]==1.5.33"]), (TOOLS, &["aws-sam-cli==1.170.0"])];

/// Holds the server.
pub(crate) const SERVER: &str = "server";
/// Holds the SAM CLI and the linter that it uses.
pub(crate) const TOOLS: &str = "tools";

impl Stack {
    /// Installs what is not installed yet, at its pinned version. `say` is told before anything that takes long.
    ///
    /// # Errors
    /// [`Error`] when Python has no `venv`, the packages cannot be had, or the folder cannot be written.
    pub fn install(&self, mut say: impl FnMut(&str)) -> Result<(), Error> {
        fs::create_dir_all(self.dir()).map_err(Error::io(format!("make `{}`", self.dir().display())))?;
        for (environment, packages) in ENVIRONMENTS {
            // Written last, so that an installation that broke off is done again.
            let mark = self.file(environment).join("installed");
            let wanted = packages.join("\n");
            if fs::read_to_string(&mark).is_ok_and(|found| found == wanted) {
                continue;
            }
            say(&format!("installing {}", packages.join(", ")));
            run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(self.file(environment)))?;
            let mut pip = Command::new(self.python(environment));
            run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages))?;
            fs::write(&mark, wanted).map_err(Error::io(format!("write `{}`", mark.display())))?;
        }
        Ok(())
    }
}
