//! The two virtual environments: the server's, and the tools'. Their requirements do not get on with each other.

use crate::{Error, Stack, command::run};
use std::{fs, panic::resume_unwind, path::PathBuf, process::Command, thread};

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
        let missing = ENVIRONMENTS.into_iter().filter(|(environment, packages)| {
            !fs::read_to_string(self.mark(environment)).is_ok_and(|found| found == wanted(packages))
        });
        let missing: Vec<_> = missing.collect();
        for (_, packages) in &missing {
            say(&format!("installing {}", packages.join(", ")));
        }
        // Side by side: each waits for the network, and they have nothing in common.
        thread::scope(|scope| {
            let fill = |(environment, packages)| scope.spawn(move || self.fill(environment, packages));
            let filling: Vec<_> = missing.into_iter().map(fill).collect();
            filling.into_iter().try_for_each(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }

    fn fill(&self, environment: &str, packages: &[&str]) -> Result<(), Error> {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(self.file(environment)))?;
        let mut pip = Command::new(self.python(environment));
        // Compiled by whoever starts it first: most of the modules never are.
        let quiet = ["-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"];
        run(pip.args(quiet).args(packages))?;
        let mark = self.mark(environment);
        fs::write(&mark, wanted(packages)).map_err(Error::io(format!("write `{}`", mark.display())))
    }

    /// Written last, so that an installation that broke off is done again.
    fn mark(&self, environment: &str) -> PathBuf {
        self.file(environment).join("installed")
    }
}

/// What the mark of an environment says.
fn wanted(packages: &[&str]) -> String {
    packages.join("\n")
}
