//! One stack for all tests of this program: installed once, started when the first test asks, gone with the last.

use maestro_aws::{Clients, Endpoint};
use maestro_stack::{FUNCTIONS, Lifeline, Outputs, Server, Stack, package};
use maestro_tests::checkout;
use std::{path::Path, process::Command, sync::OnceLock};

/// Name of the deployed stack.
const NAME: &str = "maestro-tests";

/// The folder is kept between runs: installing takes longer than all tests.
fn folder() -> Stack {
    Stack::new(Path::new(env!("CARGO_TARGET_TMPDIR")).join("stack"))
}

fn up() -> &'static (Server, Lifeline) {
    static UP: OnceLock<(Server, Lifeline)> = OnceLock::new();
    UP.get_or_init(|| {
        folder().install(|what| println!("{what}")).unwrap();
        folder().up_while().unwrap()
    })
}

/// Clients of an empty stack: nothing is deployed for them.
pub(crate) async fn clients() -> Clients {
    let url = tokio::task::spawn_blocking(|| up().0.endpoint()).await.unwrap();
    Clients::new(&Endpoint::Local { url, credentials: ("test".into(), "test".into()) }).await
}

/// What the template gives out, once it is deployed with the functions of this build.
pub(crate) async fn deployed() -> &'static Outputs {
    tokio::task::spawn_blocking(deploy).await.unwrap()
}

fn deploy() -> &'static Outputs {
    static OUTPUTS: OnceLock<Outputs> = OnceLock::new();
    up();
    OUTPUTS.get_or_init(|| {
        let binaries = Path::new(env!("CARGO_BIN_EXE_maestro-tests-referee")).parent().unwrap();
        let mut build = Command::new(env!("CARGO"));
        build.arg("build").args(FUNCTIONS.iter().flat_map(|name| ["--package", name])).current_dir(checkout());
        // What this very build was told of its package would make crates anew that look at it.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_") && name != "CARGO_HOME") {
            build.env_remove(name);
        }
        // The same folder as that of this very build, wherever it is.
        build.env("CARGO_TARGET_DIR", binaries.parent().unwrap());
        assert!(build.status().unwrap().success());
        package(binaries, &checkout().join("target/lambda")).unwrap();
        folder().deploy(checkout(), NAME).unwrap()
    })
}

#[test]
fn the_template_is_clean() {
    up();
    folder().lint(checkout()).unwrap();
}
