//! Epics from a random grammar: invented nouns, random fields, random rules in random words. Each is built by a whole run, and
//! the software is exercised over HTTP by expectations that come from the grammar, not from the generated tests.

use crate::HELPER;
use maestro_domain::RunStatus;
use maestro_ports::{
    Referee,
    referee::{Action, Job, Limits},
};
use maestro_tests::{Bed, real_referee};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, fmt::Write as _, path::Path, sync::Arc};

/// A small generator of numbers (splitmix64), so that a failing epic can be made again from its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }

    /// A noun nobody has heard of, unlike those before.
    fn noun(&mut self, taken: &mut Vec<String>) -> String {
        loop {
            let word: String = [
                *self.pick(&["bl", "d", "fr", "g", "k", "m", "pl", "r", "sn", "t", "v", "z"]),
                *self.pick(&["a", "e", "i", "o", "u"]),
                *self.pick(&["b", "d", "g", "l", "m", "n", "r", "t"]),
                *self.pick(&["a", "e", "i", "o", "u"]),
                *self.pick(&["ck", "lt", "mp", "n", "nd", "rk", "t"]),
            ]
            .concat();
            if !taken.contains(&word) {
                taken.push(word.clone());
                return word;
            }
        }
    }
}

/// One request and the status that the grammar expects.
struct Expect {
    what: String,
    method: &'static str,
    path: String,
    body: Value,
    role: Option<String>,
    status: u16,
}

/// An epic and what its software must do.
struct Sentence {
    epic: String,
    expects: Vec<Expect>,
}

enum Kind {
    Text { max: usize, unique: bool },
    Integer { min: i64, max: i64 },
    Date { not_future: bool },
    Boolean,
    Choice(Vec<String>),
    Email,
}

struct Field {
    name: String,
    kind: Kind,
    required: bool,
}

impl Field {
    fn valid(&self, n: usize) -> Value {
        match &self.kind {
            Kind::Text { .. } => json!(format!("v{n}")),
            Kind::Integer { min, .. } => json!(min),
            Kind::Date { .. } => json!("2020-02-29"),
            Kind::Boolean => json!(true),
            Kind::Choice(values) => json!(values[0]),
            Kind::Email => json!(format!("a{n}@example.org")),
        }
    }

    /// Values that must be refused, and why.
    fn wrong(&self) -> Vec<(&'static str, Value)> {
        match &self.kind {
            Kind::Text { max, .. } => vec![("too long", json!("x".repeat(max + 1))), ("no text", json!(7))],
            Kind::Integer { min, max } => {
                vec![("too small", json!(min - 1)), ("too large", json!(max + 1)), ("no integer", json!("many"))]
            }
            Kind::Date { not_future } => {
                let mut wrong = vec![("no date", json!("2023-02-29"))];
                if *not_future {
                    wrong.push(("in the future", json!("2999-01-01")));
                }
                wrong
            }
            Kind::Boolean => vec![("no boolean", json!("perhaps"))],
            Kind::Choice(_) => vec![("no choice", json!("none-of-these"))],
            Kind::Email => vec![("no address", json!("nobody"))],
        }
    }

    fn words(&self, dice: &mut Dice) -> String {
        let mut notes = match &self.kind {
            Kind::Text { max, .. } => {
                vec!["text".to_owned(), format!("{} {max} characters", dice.pick(&["at most", "max", "up to"]))]
            }
            Kind::Integer { min, max } => vec![
                "integer".to_owned(),
                match dice.roll(3) {
                    0 => format!("between {min} and {max}"),
                    1 => format!("{min} to {max}"),
                    _ => format!("at least {min}, at most {max}"),
                },
            ],
            Kind::Date { .. } => vec!["date".to_owned()],
            Kind::Boolean => vec![(*dice.pick(&["boolean", "yes/no"])).to_owned()],
            Kind::Choice(values) => vec![format!("one of {}", values.join(", "))],
            Kind::Email => vec!["e-mail".to_owned()],
        };
        if self.required {
            notes.push("required".to_owned());
        }
        if matches!(self.kind, Kind::Text { unique: true, .. }) {
            notes.push("unique".to_owned());
        }
        format!("- {} ({})", self.name, notes.join(", "))
    }
}

fn sentence(dice: &mut Dice) -> Sentence {
    let mut taken = Vec::new();
    let entity = dice.noun(&mut taken);
    let path = format!("/{entity}s");
    let mut fields: Vec<Field> = (0..3 + dice.roll(3))
        .map(|_| {
            let kind = match dice.roll(6) {
                0 => Kind::Text { max: 5 + dice.roll(30), unique: dice.roll(2) == 0 },
                1 => {
                    let min = dice.roll(5) as i64;
                    Kind::Integer { min, max: min + 1 + dice.roll(50) as i64 }
                }
                2 => Kind::Date { not_future: dice.roll(2) == 0 },
                3 => Kind::Boolean,
                4 => Kind::Choice((0..2 + dice.roll(2)).map(|_| dice.noun(&mut taken)).collect()),
                _ => Kind::Email,
            };
            Field { name: dice.noun(&mut taken), kind, required: dice.roll(2) == 0 }
        })
        .collect();
    fields[0].required = true;
    let states: Vec<String> = (0..3).map(|_| dice.noun(&mut taken)).collect();
    let role = dice.noun(&mut taken);

    let mut epic =
        format!("# Register of {entity}s\n\nWe keep a register of {entity}s.\n\n## {}\n\n", capital(&entity));
    let _ = writeln!(epic, "Each {entity} has:\n");
    for field in &fields {
        let _ = writeln!(epic, "{}", field.words(dice));
    }
    let _ = writeln!(epic, "\n## Rules\n");
    for field in &fields {
        if let Kind::Date { not_future: true } = field.kind {
            let must = dice.pick(&["may not be in the future", "must not be in the future", "cannot be in the future"]);
            let _ = writeln!(epic, "- The {} {must}.", field.name);
        }
    }
    let arrow = dice.pick(&[" → ", " -> "]);
    let _ = writeln!(epic, "- The status of a {entity} goes {}.", states.join(arrow));
    let only = dice.pick(&["Only a ROLE may move a ENTITY to STATE.", "Only ROLEs can move a ENTITY to STATE."]);
    let _ = writeln!(epic, "- {}", only.replace("ROLE", &role).replace("ENTITY", &entity).replace("STATE", &states[2]));
    let _ = writeln!(epic, "\n## Stories\n\n### As a {role}, I want to register {entity}s so that I find them again\n");
    let first = &fields[0].name;
    let _ = writeln!(epic, "- A {entity} without a {first} is refused.");

    let body = |n: usize| -> Map<String, Value> { fields.iter().map(|f| (f.name.clone(), f.valid(n))).collect() };
    let mut expects = Vec::new();
    let mut expect = |what: String, method, path: String, body: Value, role: Option<&str>, status| {
        expects.push(Expect { what, method, path, body, role: role.map(str::to_owned), status });
    };
    expect("a valid one is created".into(), "POST", path.clone(), json!(body(1)), None, 201);
    for field in &fields {
        let mut without = body(2);
        without.remove(&field.name);
        // What was created here must not stand in the way of a later one with the same unique value.
        let n = 100 + taken.iter().position(|word| *word == field.name).unwrap();
        for other in fields.iter().filter(|other| other.name != field.name) {
            without.insert(other.name.clone(), other.valid(n));
        }
        let status = if field.required { 422 } else { 201 };
        expect(format!("without {}", field.name), "POST", path.clone(), json!(without), None, status);
        for (why, value) in field.wrong() {
            let mut wrong = body(3);
            wrong.insert(field.name.clone(), value);
            expect(format!("{} {why}", field.name), "POST", path.clone(), json!(wrong), None, 422);
        }
        if matches!(field.kind, Kind::Text { unique: true, .. }) {
            let mut twice = body(4);
            twice.insert(field.name.clone(), field.valid(1));
            expect(format!("{} twice", field.name), "POST", path.clone(), json!(twice), None, 409);
        }
    }
    let one = format!("{path}/1");
    let to = |state: &str| json!({"status": state});
    expect("skipping a state".into(), "PATCH", one.clone(), to(&states[2]), Some(&role), 409);
    expect("first step".into(), "PATCH", one.clone(), to(&states[1]), None, 200);
    expect("no way back".into(), "PATCH", one.clone(), to(&states[0]), None, 409);
    expect("last step without role".into(), "PATCH", one.clone(), to(&states[2]), None, 403);
    expect("last step by another".into(), "PATCH", one.clone(), to(&states[2]), Some("passer-by"), 403);
    expect("last step by the role".into(), "PATCH", one, to(&states[2]), Some(&role.to_uppercase()), 200);
    Sentence { epic, expects }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Starts the service and makes the requests in order.
const EXERCISE: &str = r#"
import http.client, json, os, subprocess, sys, tempfile, unittest

class Exercise(unittest.TestCase):
    def test_expectations(self):
        with open("exercise/expects.json") as file:
            expects = json.load(file)
        with tempfile.TemporaryDirectory() as data:
            env = dict(os.environ, PORT="0", DATA_DIR=data)
            service = subprocess.Popen([sys.executable, "-m", "service"], env=env, stdout=subprocess.PIPE, text=True)
            try:
                port = int(service.stdout.readline().rsplit(":", 1)[1])
                for expect in expects:
                    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                    headers = {"Content-Type": "application/json"}
                    if expect["role"]:
                        headers["X-Role"] = expect["role"]
                    connection.request(expect["method"], expect["path"], json.dumps(expect["body"]), headers)
                    response = connection.getresponse()
                    said = response.read().decode()
                    self.assertEqual(response.status, expect["status"], expect["what"] + ": " + said)
                    connection.close()
            finally:
                service.terminate()
                self.assertEqual(service.wait(10), 0)
                service.stdout.close()
"#;

fn read_tree(root: &Path, dir: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_tree(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_epics_are_built_and_keep_their_rules() {
    for seed in 1..=8 {
        let made = sentence(&mut Dice(seed));
        let scratch = tempfile::tempdir().unwrap();
        let referee = Arc::new(real_referee(HELPER, scratch.path()));
        let bed = Bed::new(referee.clone());
        let run = bed.create(made.epic.as_bytes()).await.unwrap();
        let (ended, _) = bed.execute(&run).await.unwrap();
        assert_eq!(ended.run.status, RunStatus::Ok, "seed {seed}: {:?}\n{}", ended.run.reason, made.epic);

        let mut workspace = BTreeMap::new();
        read_tree(&bed.out(), &bed.out(), &mut workspace);
        let expects: Vec<_> = made
            .expects
            .iter()
            .map(|e| {
                json!({
                    "what": e.what, "method": e.method, "path": e.path, "body": e.body, "role": e.role, "status": e.status,
                })
            })
            .collect();
        workspace.insert("exercise/expects.json".into(), json!(expects).to_string().into_bytes());
        workspace.insert("exercise/test_exercise.py".into(), EXERCISE.as_bytes().to_vec());
        let job = Job {
            name: "exercise".into(),
            workspace,
            action: Action::PythonTests { dir: "exercise".into() },
            env: [].into(),
            limits: Limits::default(),
        };
        let evidence = referee.run(job).await.unwrap().evidence;
        assert_eq!(evidence.tests.len(), 1, "seed {seed}");
        assert!(evidence.success(), "seed {seed}: {}\n{}", evidence.tests[0].message, made.epic);
    }
}
