//! Deploying the template with the SAM CLI, as on AWS.

use crate::{Error, Stack, command::run, install::TOOLS};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fs, path::Path, process::Command};

/// What the template gives out, by name.
pub type Outputs = BTreeMap<String, String>;

/// What a stack holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployed {
    /// The name under which the template was deployed.
    pub name: String,
    /// What the template gave out.
    pub outputs: Outputs,
}

/// The template, below the checkout.
const TEMPLATE: &str = "infra/template.yaml";

/// Holds what was deployed last.
pub(crate) const DEPLOYED: &str = "deployed.json";

/// What runs on this machine was built on it, and belongs to nobody else.
const PARAMETERS: [&str; 3] = [
    if cfg!(target_arch = "aarch64") { "Architecture=arm64" } else { "Architecture=x86_64" },
    "Emulator=yes",
    "Tenant=local",
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    output_key: String,
    output_value: String,
}

impl Stack {
    /// Builds and deploys the template of a checkout under a name, to what speaks for AWS at an endpoint. Its packages must
    /// be there: building takes them as they are.
    ///
    /// # Errors
    /// [`Error`] when the template cannot be deployed.
    pub fn deploy(&self, endpoint: &str, checkout: &Path, name: &str) -> Result<Deployed, Error> {
        let built = self.file("built").join(name);
        let mut build = self.sam(endpoint, checkout);
        run(build.args(["build", "--template-file", TEMPLATE, "--build-dir"]).arg(&built))?;
        let mut sam = self.sam(endpoint, checkout);
        sam.args(["deploy", "--stack-name", name, "--template-file"]).arg(built.join("template.yaml"));
        sam.args(["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]);
        sam.args(["--no-confirm-changeset", "--no-fail-on-empty-changeset", "--parameter-overrides"]).args(PARAMETERS);
        run(&mut sam)?;
        let told = run(self.sam(endpoint, checkout).args([
            "list",
            "stack-outputs",
            "--stack-name",
            name,
            "--output",
            "json",
        ]))?;
        let outputs: Vec<Output> =
            serde_json::from_str(&told).map_err(|error| Error::io("read what was deployed")(error.into()))?;
        let outputs = outputs.into_iter().map(|output| (output.output_key, output.output_value)).collect();
        Ok(Deployed { name: name.to_owned(), outputs })
    }

    /// Writes down what was deployed to this stack.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be written.
    pub fn remember(&self, deployed: &Deployed) -> Result<(), Error> {
        let text = serde_json::to_vec(deployed).unwrap_or_default();
        fs::write(self.file(DEPLOYED), text).map_err(Error::io("write down what was deployed"))
    }

    /// What [`Stack::remember`] wrote down.
    #[must_use]
    pub fn deployed(&self) -> Option<Deployed> {
        serde_json::from_slice(&fs::read(self.file(DEPLOYED)).ok()?).ok()
    }

    /// What a deployed function logged, such as `gate` or `phase-design`.
    ///
    /// # Errors
    /// [`Error`] when the server is not up, or knows no such function.
    pub fn function_log(&self, function: &str) -> Result<String, Error> {
        let server = self.server().ok_or(Error::Down)?;
        let name = self.deployed().map_or_else(|| crate::NAME.to_owned(), |deployed| deployed.name);
        let mut sam = self.sam(&server.endpoint(), self.dir());
        run(sam.args(["logs", "--cw-log-group", &format!("/aws/lambda/{name}-{function}")]))
    }

    /// Checks a template with the linter; needs no server.
    ///
    /// # Errors
    /// [`Error::Program`] with what the linter says.
    pub fn lint(&self, template: &Path) -> Result<(), Error> {
        let mut sam = Command::new(self.file(TOOLS).join("bin/sam"));
        run(self.apart(&mut sam).args(["validate", "--lint", "--template-file"]).arg(template)).map(drop)
    }

    fn sam(&self, endpoint: &str, checkout: &Path) -> Command {
        let mut sam = Command::new(self.file(TOOLS).join("bin/sam"));
        self.apart(&mut sam).current_dir(checkout).env("AWS_ENDPOINT_URL", endpoint);
        sam
    }

    /// Sets everything by which a tool would find the user's own account.
    fn apart<'a>(&self, tool: &'a mut Command) -> &'a mut Command {
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") {
                tool.env_remove(name);
            }
        }
        tool.env("HOME", self.dir())
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("SAM_CLI_TELEMETRY", "0")
            .env("SAM_CLI_ENABLE_LANGUAGE_EXTENSIONS", "1")
    }
}
