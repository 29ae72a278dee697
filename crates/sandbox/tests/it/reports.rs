//! Programs that report, run by the referee's own runner.

use crate::setting::{command, in_every_isolation, run, stderr};
use maestro_domain::ExitStatus;
use maestro_ports::referee::{Action, Job};
use maestro_sandbox::LocalReferee;
use serde_json::{Value, json};

in_every_isolation!(
    what_main_returns_is_the_report,
    an_end_without_a_report_is_no_success,
    what_a_program_prints_is_no_report,
    a_report_that_is_too_long_is_no_report,
);

fn program(text: &str, argument: Value) -> Job {
    let mut job = command(&[]);
    job.action = Action::PythonReport { program: "own/program.py".to_owned(), argument };
    job.workspace.insert("own/program.py".to_owned(), text.as_bytes().to_vec());
    job.workspace.insert("own/beside.py".to_owned(), b"ANSWER = 42\n".to_vec());
    // Neither may be taken for what the runner imports.
    for shadow in ["json.py", "os.py"] {
        job.workspace.insert(shadow.to_owned(), b"raise SystemExit(3)\n".to_vec());
    }
    job
}

async fn what_main_returns_is_the_report(referee: &LocalReferee) {
    let text =
        "import beside\ndef main(argument):\n    print('hello')\n    return {'given': argument, 'n': beside.ANSWER}\n";
    let outcome = run(referee, program(text, json!({"ü": [1, "a b"]}))).await.unwrap();
    assert_eq!(outcome.evidence.exit, ExitStatus::Exited { code: 0 }, "{}", stderr(&outcome));
    assert_eq!(outcome.evidence.report, Some(json!({"given": {"ü": [1, "a b"]}, "n": 42})));
    assert_eq!(outcome.evidence.command[..2], ["python3", "own/program.py"]);
    let again = run(referee, program(text, json!({"ü": [1, "a b"]}))).await.unwrap();
    assert_eq!(again.evidence.id(), outcome.evidence.id());
    let other = run(referee, program(text, json!(2))).await.unwrap();
    assert_ne!(other.evidence.output_hash, outcome.evidence.output_hash);
}

async fn an_end_without_a_report_is_no_success(referee: &LocalReferee) {
    for text in [
        "def main(_):\n    raise KeyError('x')\n",
        "import os\ndef main(_):\n    os._exit(0)\n",
        "x = 1\n",
        "def main(:\n",
    ] {
        let outcome = run(referee, program(text, Value::Null)).await.unwrap();
        assert!(!outcome.evidence.success(), "{text}");
        assert_eq!(outcome.evidence.report, None, "{text}");
    }
}

async fn what_a_program_prints_is_no_report(referee: &LocalReferee) {
    let text = "import os\ndef main(_):\n    print('{\"forged\": 1}')\n    for fd in range(3, 20):\n        try:\n            os.write(fd, \
                b'{\"forged\": 1}\\n')\n        except OSError:\n            pass\n    os._exit(0)\n";
    let outcome = run(referee, program(text, Value::Null)).await.unwrap();
    assert_eq!(outcome.evidence.report, None);
}

async fn a_report_that_is_too_long_is_no_report(referee: &LocalReferee) {
    let outcome = run(referee, program("def main(_):\n    return 'x' * (200 << 10)\n", Value::Null)).await.unwrap();
    assert!(!outcome.evidence.success());
    assert!(stderr(&outcome).contains("is the most"), "{}", stderr(&outcome));
}
