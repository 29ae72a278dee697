//! Deploying the template with the SAM CLI, as on AWS.

use crate::{Error, Server, Stack, command::run, install::TOOLS};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path, process::Command};

/// What the template gives out, by name.
pub type Outputs = BTreeMap<String, String>;

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
    /// Deploys the template of a checkout under a name. Its packages must be there.
    ///
    /// # Errors
    /// [`Error`] when the server is not up or the template cannot be deployed.
    pub fn deploy(&self, checkout: &Path, name: &str) -> Result<Outputs, Error> {
        let server = self.server().ok_or(Error::Down)?;
        let mut sam = self.sam(&server, checkout);
        sam.args(["deploy", "--template-file", "infra/template.yaml", "--stack-name", name]);
        sam.args(["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]);
        sam.args(["--no-confirm-changeset", "--no-fail-on-empty-changeset", "--parameter-overrides"]).args(PARAMETERS);
        run(&mut sam)?;
        self.outputs(checkout, name)
    }

    /// What a deployed template gives out.
    ///
    /// # Errors
    /// [`Error`] when the server is not up or nothing of this name is deployed.
    pub fn outputs(&self, checkout: &Path, name: &str) -> Result<Outputs, Error> {
        let server = self.server().ok_or(Error::Down)?;
        let mut sam = self.sam(&server, checkout);
        let told = run(sam.args(["list", "stack-outputs", "--stack-name", name, "--output", "json"]))?;
        let outputs: Vec<Output> =
            serde_json::from_str(&told).map_err(|error| Error::io("read what was deployed")(error.into()))?;
        Ok(outputs.into_iter().map(|output| (output.output_key, output.output_value)).collect())
    }

    /// Checks the template with the linter; needs no server.
    ///
    /// # Errors
    /// [`Error::Program`] with what the linter says.
    pub fn lint(&self, checkout: &Path) -> Result<(), Error> {
        let mut sam = Command::new(self.file(TOOLS).join("bin/sam"));
        self.apart(&mut sam).current_dir(checkout);
        run(sam.args(["validate", "--lint", "--template-file", "infra/template.yaml"])).map(drop)
    }

    fn sam(&self, server: &Server, checkout: &Path) -> Command {
        let mut sam = Command::new(self.file(TOOLS).join("bin/sam"));
        self.apart(&mut sam).current_dir(checkout).env("AWS_ENDPOINT_URL", server.endpoint());
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
