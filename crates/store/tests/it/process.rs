//! Real processes: killed while they write, started several at once, out of disk space.
//!
//! A child is this test binary again, told by an argument to run one of the `child_` tests below; without the variable
//! that names its folder such a test does nothing.

use crate::samples::{EPIC, claimed, epic, granted, hash, run, run_id, task, tenant, wait};
use maestro_domain::{Amount, ArtifactKind, Grant, Limit, Phase, TaskState, task::Claim};
use maestro_ports::{
    blobs,
    model::{Reply, Turn, Usage},
    table,
};
use maestro_store::{
    Error, Home, Records, Store,
    budget::{Call, Refused},
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

const FOLDER: &str = "MAESTRO_STORE_TEST_FOLDER";

fn folder() -> Option<PathBuf> {
    env::var_os(FOLDER).map(PathBuf::from)
}

fn child(program: &mut Command, test: &str, dir: &Path) -> Child {
    let arguments = [&format!("process::{test}"), "--exact", "--nocapture", "--test-threads=1"];
    let command = program.args(arguments).env(FOLDER, dir);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn itself() -> Command {
    Command::new(env::current_exe().unwrap())
}

fn lines(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok)
}

fn open(dir: &Path) -> Store {
    Home::open(dir).unwrap().store(tenant()).unwrap()
}

/// Completes one task after the other and says so; each has an artifact with a file of its own.
async fn work(store: &Store, from: u32) -> Result<(), Error> {
    let run = run_id("1");
    for n in from.. {
        let name = format!("t/{n}");
        let Claim::Work { row, .. } = store.claim(&run, &task(&name), &hash("input"), 0, 100).await? else {
            panic!("nobody else works on `{name}`")
        };
        let files = BTreeMap::from([("f".to_owned(), n.to_string().repeat(2_000).into_bytes())]);
        let artifact = store.put_artifact(&run, Phase::Design, ArtifactKind::Design, &json!(n), &files).await?;
        let records = Records { artifacts: vec![(n, artifact)], ..Records::default() };
        store.complete(&run, &row, &json!({ "n": n }), records, 1).await?;
        store.append(&run, &json!({ "n": n })).await?;
        eprintln!("acknowledged {n}");
    }
    Ok(())
}

/// Reads everything and answers how many tasks are completed; what a task handed over is there if and only if it is.
async fn completed(store: &Store) -> u32 {
    let run = run_id("1");
    let artifacts = store.artifacts(&run).await.unwrap();
    let mut count = 0;
    for row in store.tasks(&run).await.unwrap() {
        let TaskState::Completed { result } = &row.state else { continue };
        let n: u32 = row.task.as_str().trim_start_matches("t/").parse().unwrap();
        assert_eq!(store.result(&run, result).await.unwrap(), json!({ "n": n }));
        let stored = artifacts.iter().find(|stored| stored.attempt == n).expect("its artifact");
        assert_eq!(*store.read_document(&run, &stored.artifact).await.unwrap(), json!(n));
        let files = store.read_files(&run, &stored.artifact).await.unwrap();
        assert_eq!(files["f"], n.to_string().repeat(2_000).into_bytes());
        count += 1;
    }
    assert_eq!(artifacts.len(), count as usize, "no artifact without its task");
    count
}

#[test]
fn child_works() {
    let Some(dir) = folder() else { return };
    wait(async {
        let store = open(&dir);
        let from = completed(&store).await;
        store.release_all(&run_id("1"), 0).await.unwrap();
        work(&store, from).await.unwrap();
    });
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    wait(open(dir.path()).create_run(&run("1", 1), &epic(), EPIC, &granted())).unwrap();
    let mut before = 0;
    for round in 0..8_usize {
        let mut child = child(&mut itself(), "child_works", dir.path());
        // Killed after a different number of acknowledgements, at whatever it does then.
        let mut lines = lines(&mut child).filter(|line| line.starts_with("acknowledged"));
        let mut last = lines.nth(3 + round * 2).expect("the child works");
        child.kill().unwrap();
        child.wait().unwrap();
        last = lines.last().unwrap_or(last);
        let acknowledged: u32 = last.trim_start_matches("acknowledged ").parse().unwrap();
        let store = open(dir.path());
        let now = wait(completed(&store));
        // The child may have been killed between a commit and saying so, but not more than one.
        assert!((acknowledged + 1..=acknowledged + 2).contains(&now), "{acknowledged} was said, {now} are there");
        assert!(now > before);
        let events = wait(store.events(&run_id("1"), 0, 10_000)).unwrap();
        // Not counted: a child that was killed after a task was completed left that one without its event.
        let told = json!({ "n": acknowledged });
        assert!(events.iter().any(|entry| entry.event == told), "a commit for the process survives its end, too");
        before = now;
    }
}

#[test]
fn child_opens_and_counts() {
    let Some(dir) = folder() else { return };
    wait(async {
        let store = open(&dir);
        match store.create_run(&run("1", 1), &epic(), EPIC, &granted()).await {
            Ok(_) => eprintln!("created"),
            Err(Error::RunExists { .. }) => {}
            Err(error) => panic!("{error}"),
        }
        for _ in 0..25 {
            loop {
                let mut stored = store.run(&run_id("1")).await.unwrap();
                stored.run.changed_ms += 1;
                match store.update_run(&mut stored).await {
                    Ok(()) => break,
                    Err(Error::Changed { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        }
        if let Ok(Claim::Work { .. }) = store.claim(&run_id("1"), &task("t"), &hash("i"), 0, 1_000).await {
            eprintln!("claimed");
        }
    });
}

/// Spends a cent for one turn after the other, several branches at once, until the budget covers no more.
#[test]
fn child_spends() {
    let Some(dir) = folder() else { return };
    wait(async {
        let store = open(&dir);
        let branches = (0..3).map(|branch| {
            let store = store.clone();
            tokio::spawn(async move {
                for turn in 1.. {
                    let name = format!("t/{}/{branch}", std::process::id());
                    let call = Call { task: task(&name), input: hash("i"), turn, rework: false };
                    let worst = Amount { micro_usd: 30_000, tokens: 3 };
                    let held = match store.reserve(&run_id("1"), &call, "m", worst).await {
                        Ok(held) => held,
                        Err(Refused::Exhausted(_)) => return,
                        Err(error) => panic!("{error}"),
                    };
                    let usage = Usage { input_tokens: 1, cost_micro_usd: 10_000, ..Usage::default() };
                    let reply = Reply { usage, ..Reply::default() };
                    store.settle(&run_id("1"), &call, held, &Turn { request: hash("q"), reply }).await.unwrap();
                    eprintln!("spent");
                }
            })
        });
        for branch in branches.collect::<Vec<_>>() {
            branch.await.unwrap();
        }
    });
}

#[test]
fn processes_that_spend_at_once_do_not_overspend() {
    let dir = tempfile::tempdir().unwrap();
    let amount = Limit { micro_usd: Some(1_000_000), tokens: None };
    wait(async {
        let store = open(dir.path());
        let grant = Grant { amount, by: "ada".into(), at_ms: 1 };
        store.create_run(&run("1", 1), &epic(), EPIC, &grant).await.unwrap();
    });
    let mut children: Vec<_> = (0..2).map(|_| child(&mut itself(), "child_spends", dir.path())).collect();
    let said: Vec<_> = children.iter_mut().map(|child| lines(child).collect::<Vec<_>>()).collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success(), "{said:#?}");
    }
    let spent = said.iter().flatten().filter(|line| *line == "spent").count() as u64;
    let account = wait(open(dir.path()).account(Some(&run_id("1")))).unwrap().unwrap();
    assert_eq!(account.spent, Amount { micro_usd: spent * 10_000, tokens: spent }, "every call is counted once");
    assert_eq!(account.reserved, Amount::ZERO);
    // A branch stops when its worst case is not covered; what two others hold may be free again afterwards.
    let left = account.left().micro_usd;
    assert!(left < 3 * 30_000, "{left}");
}

#[test]
fn several_processes_share_a_home_from_its_first_moment() {
    for _ in 0..3 {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("home");
        let mut children: Vec<_> = (0..4).map(|_| child(&mut itself(), "child_opens_and_counts", &home)).collect();
        let said: Vec<_> = children.iter_mut().flat_map(|child| lines(child).collect::<Vec<_>>()).collect();
        for child in &mut children {
            assert!(child.wait().unwrap().success(), "{said:#?}");
        }
        assert_eq!(said.iter().filter(|line| *line == "created").count(), 1, "{said:?}");
        assert_eq!(said.iter().filter(|line| *line == "claimed").count(), 1, "{said:?}");
        let stored = wait(open(&home).run(&run_id("1"))).unwrap();
        assert_eq!(stored.run.changed_ms, 1 + 4 * 25, "no update was lost");
    }
}

#[test]
fn child_fills_the_disk() {
    let Some(dir) = folder() else { return };
    wait(async {
        let store = open(&dir);
        let error = work(&store, 0).await.unwrap_err();
        assert!(matches!(error, Error::Table(table::Error::Io { .. })), "{error:?}");
        let source = std::error::Error::source(&error).expect("a cause");
        eprintln!("failed {error}: {source}");
        let error = store.put_blob(&run_id("1"), &vec![1; 5_000_000]).await.unwrap_err();
        assert!(matches!(error, Error::Blobs(blobs::Error::Full { .. })), "{error:?}");
        assert!(error.full());
        assert!(open_again(&dir).is_ok(), "what is there can still be read");
    });
}

fn open_again(dir: &Path) -> Result<Store, Error> {
    Home::open(dir)?.store(tenant())
}

#[test]
fn a_full_disk_is_an_error_and_leaves_nothing_half_written() {
    let dir = tempfile::tempdir().unwrap();
    wait(open(dir.path()).create_run(&run("1", 1), &epic(), EPIC, &granted())).unwrap();
    // No file may grow past 1 MB: writes then fail as they do on a full disk, without a file system of our own.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\""]).arg(env::current_exe().unwrap());
    let mut child = child(&mut shell, "child_fills_the_disk", dir.path());
    let said: Vec<_> = lines(&mut child).collect();
    assert!(child.wait().unwrap().success(), "{said:#?}");
    assert!(said.iter().any(|line| line.starts_with("failed")), "{said:#?}");
    let acknowledged = said.iter().filter(|line| line.starts_with("acknowledged")).count();

    let store = open(dir.path());
    let now = wait(completed(&store)) as usize;
    assert!((acknowledged..=acknowledged + 1).contains(&now), "{acknowledged} were said, {now} are there");
    let blobs = dir.path().join(format!("blobs/acme/{}", run_id("1")));
    for entry in std::fs::read_dir(blobs).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!name.starts_with('.'), "`{name}` was left behind");
        assert_eq!(hash_of(&path), name, "a name never stands for half a blob");
    }
    wait(async {
        store.release_all(&run_id("1"), 0).await.unwrap();
        let row = claimed(&store, &run_id("1"), "t/after", 0).await;
        let written = store.complete(&run_id("1"), &row, &json!(1), Records::default(), 1).await;
        written.expect("with space again, work goes on");
    });
}

fn hash_of(path: &Path) -> String {
    maestro_domain::ContentHash::of(&std::fs::read(path).unwrap()).to_string()
}
