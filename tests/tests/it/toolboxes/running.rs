//! Scenarios of tools that the referee works for.

use super::desk::{Desk, expect, scenarios};
use serde_json::{Value, json};

scenarios! {
    build,
    contract_test,
    format_code,
    lint_code,
    measure_coverage,
    run_tests,
    sample_mutants,
    smoke_test,
    start_service,
}

const LIMITS: &str = "def may_lend(count, active):\n    if not active:\n        return False\n    return count < 3\n\n\ndef \
                      fee(days):\n    return days * 2\n";
const TESTS: &str = "import unittest\nfrom service import limits\n\n\nclass Limits(unittest.TestCase):\n    def test_bound(self):\n        \
                     self.assertTrue(limits.may_lend(2, True))\n        self.assertFalse(limits.may_lend(3, True))\n        \
                     self.assertIs(limits.may_lend(2, False), False)\n";

fn limits(desk: &mut Desk) {
    desk.file("service/__init__.py", "");
    desk.file("service/limits.py", LIMITS);
    desk.file("tests/test_limits.py", TESTS);
}

/// A module that compiles but cannot be imported is found, and one that does not compile.
async fn build(mut desk: Desk) -> Result<(), String> {
    limits(&mut desk);
    let fine = desk.call("build", json!({})).await?;
    expect(fine == json!({"files": 2, "modules": 2, "problems": []}), &fine)?;
    desk.file("service/page.py", "x = 1\nfrom service.limits import gone\n");
    let broken = desk.call("build", json!({"package": "service"})).await?;
    expect(broken["problems"][0]["path"] == "service/page.py" && broken["problems"][0]["line"] == 2, &broken)?;
    desk.file("service/page.py", "x = (1\n");
    let broken = desk.call("build", json!({})).await?;
    expect(broken["problems"][0]["message"].as_str().unwrap().contains("does not compile"), &broken)
}

/// The finished library keeps what its document promises; a promise that is not kept is found.
async fn contract_test(mut desk: Desk) -> Result<(), String> {
    desk.library().await;
    let kept = desk.call("contract_test", json!({})).await?;
    expect(kept["success"] == true && kept["operations"].as_array().unwrap().len() > 10, &kept)?;
    let mut document: Value = serde_json::from_slice(&files(&desk)["openapi.json"]).unwrap();
    document["paths"]["/tools"]["get"]["responses"] = json!({"204": {"description": "nothing"}});
    let changed = serde_json::to_vec(&document).unwrap();
    desk.context.upstream.values_mut().next().unwrap().files.insert("openapi.json".into(), changed);
    let broken = desk.call("contract_test", json!({})).await?;
    let names: Vec<_> = broken["not_passed"].as_array().unwrap().iter().map(|one| one["name"].to_string()).collect();
    expect(broken["success"] == false && names.iter().any(|name| name.contains("tools")), &names)
}

fn files(desk: &Desk) -> &std::collections::BTreeMap<String, Vec<u8>> {
    &desk.context.upstream.values().next().unwrap().files
}

/// Form changes and meaning does not, not even inside of texts.
async fn format_code(mut desk: Desk) -> Result<(), String> {
    let text = "x=1\ndef f(a,b=2):\n    return {'k':a==b ,'t':'''two  \n\n\n  lines '''}   \nclass A: pass\n";
    desk.file("service/a.py", text);
    desk.file("service/broken.py", "def f(:\n");
    let done = desk.call("format_code", json!({"below": "service"})).await?;
    let expected =
        "x = 1\n\n\ndef f(a, b=2):\n    return {'k':a == b, 't':'''two  \n\n\n  lines '''}\n\n\nclass A: pass\n";
    expect(
        done["changed"] == json!(["service/a.py"]) && desk.text("service/a.py") == expected,
        &desk.text("service/a.py"),
    )?;
    expect(done["kept"][0]["path"] == "service/broken.py", &done)?;
    let again = desk.call("format_code", json!({"below": "service"})).await?;
    expect(again["changed"] == json!([]), &again)
}

/// Each kind of mistake, in Python and JavaScript.
async fn lint_code(mut desk: Desk) -> Result<(), String> {
    let python = "import os\nimport json\n\n\ndef f(a, seen=[]):\n    try:\n        return undefined(a)\n        print(a)\n    except:\n        \
                  pass\n    unused = 1\n    if a == None:\n        return json\n    d = {1: 2, 1: 3}\n    return d\n";
    desk.file("service/a.py", python);
    desk.file("web/a.js", "export const f = (x) => x == y;\n");
    let linted = desk.call("lint_code", json!({})).await?;
    let findings = linted["findings"].as_array().unwrap();
    let found: Vec<_> =
        findings.iter().map(|one| format!("{}:{}", one["line"], one["code"].as_str().unwrap())).collect();
    let expected = [
        "1:loose-equality",
        "1:undefined-name",
        "1:unused-import",
        "5:mutable-default",
        "7:undefined-name",
        "8:unreachable-code",
        "9:bare-except",
        "11:unused-variable",
        "12:none-comparison",
        "14:duplicate-key",
    ];
    expect(found == expected, &found)?;
    desk.file("service/a.py", LIMITS);
    desk.file("web/a.js", "export const f = (x) => x === 1;\n");
    let clean = desk.call("lint_code", json!({})).await?;
    expect(clean["findings"] == json!([]) && clean["files"] == 2, &clean)
}

/// A function that no test calls is named, also where the test starts a process of its own.
async fn measure_coverage(mut desk: Desk) -> Result<(), String> {
    limits(&mut desk);
    let covered = desk.call("measure_coverage", json!({})).await?;
    let file = &covered["files"][0];
    expect(file["path"] == "service/limits.py" && file["never_called"] == json!(["fee"]), &covered)?;
    expect(file["missing"] == json!(["8"]) && covered["tests"] == "ok", &covered)?;
    let process = "import subprocess, sys, unittest\n\n\nclass Fee(unittest.TestCase):\n    def test_fee(self):\n        \
                   subprocess.run([sys.executable, '-c', 'from service.limits import fee; fee(1)'], check=True)\n";
    desk.file("tests/test_fee.py", process);
    let covered = desk.call("measure_coverage", json!({"below": "service"})).await?;
    expect(covered["percent"] == 100.0, &covered)
}

/// A failing test is told by name and message.
async fn run_tests(mut desk: Desk) -> Result<(), String> {
    limits(&mut desk);
    let good = desk.call("run_tests", json!({"dir": "tests"})).await?;
    expect(good["success"] == true && good["ran"] == 1, &good)?;
    desk.file("service/limits.py", &LIMITS.replace("< 3", "< 4"));
    let bad = desk.call("run_tests", json!({"dir": "tests"})).await?;
    expect(bad["not_passed"][0]["name"] == "test_limits.Limits.test_bound", &bad)
}

/// Tests that look at both sides of a bound notice every change; those that look at one do not.
async fn sample_mutants(mut desk: Desk) -> Result<(), String> {
    limits(&mut desk);
    let all = json!({"tests": "tests", "below": "service", "count": 20});
    let strong = desk.call("sample_mutants", all.clone()).await?;
    expect(strong["survived"] == json!([]) && strong["noticed"].as_u64() >= Some(4), &strong)?;
    desk.file("tests/test_limits.py", &TESTS.replace("        self.assertFalse(limits.may_lend(3, True))\n", ""));
    let weak = desk.call("sample_mutants", all.clone()).await?;
    let survived: Vec<_> = weak["survived"].as_array().unwrap().iter().map(|one| one["new"].clone()).collect();
    expect(survived.contains(&json!("<=")) && survived.contains(&json!("4")), &weak)?;
    desk.file("service/limits.py", &LIMITS.replace("< 3", "< 2"));
    let failing = desk.call("sample_mutants", all).await;
    expect(failing.as_ref().is_err_and(|why| why.contains("do not pass as the software is")), &failing)
}

/// A request of one's own is answered by the running service, and a wrong expectation is told.
async fn smoke_test(mut desk: Desk) -> Result<(), String> {
    desk.library().await;
    let own = json!({"requests": [
        {"method": "GET", "path": "/tools", "status": 200, "contains": "items"},
        {"method": "POST", "path": "/tools", "body": {}, "status": 201},
    ]});
    let tested = desk.call("smoke_test", own).await?;
    let failed = tested["failed"].as_array().unwrap();
    expect(tested["passed"].as_u64() >= Some(7) && failed.len() == 1 && failed[0]["name"] == "POST /tools", &tested)
}

/// The library starts twice on the same data and ends by itself; a service that does not start is told with its reason.
async fn start_service(mut desk: Desk) -> Result<(), String> {
    desk.library().await;
    let started = desk.call("start_service", json!({})).await?;
    let rounds = started["rounds"].as_array().unwrap();
    let fine = rounds.iter().all(|round| round["exit_code"] == 0 && round["listens_on"] == json!(["loopback"]));
    expect(
        fine && rounds.len() == 2 && rounds[1]["files"].as_object().is_some_and(|files| !files.is_empty()),
        &started,
    )?;
    desk.context.upstream.clear();
    desk.file("app.py", "raise SystemExit('no port')\n");
    let broken = desk.call("start_service", json!({"start": {"command": ["python3", "app.py"]}})).await?;
    let why = broken["rounds"][0]["why"].as_str().unwrap_or_default();
    expect(broken["rounds"][0]["started"] == false && why.contains("no port"), &broken)
}
