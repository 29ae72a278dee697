//! What goes wrong at a provider has a name, a bound and a price.

use crate::support::{opener, slept};
use async_trait::async_trait;
use maestro_models::{
    clock::Virtual,
    fake::{Answer, Fake, Said, Seen},
};
use maestro_ports::{
    Clock, Model,
    model::{Error, Message, OutputSchema, Progress, Reply, Request, Silent, Step, Stop, ToolSpec, Unnoted, Usage},
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const PRICES: &str = "
[[prices]]
model = \"anthropic:m\"
input = 1
output = 10
[[prices]]
model = \"openai:paid\"
input = 1
output = 10
";

/// A provider, a model of it, and the clock by which it waits.
struct Bench {
    fake: Fake,
    model: Arc<dyn Model>,
    clock: Arc<Virtual>,
}

impl Bench {
    async fn new(name: &str, script: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        let fake = Fake::start(script).await.unwrap();
        let (opener, clock) = opener(PRICES);
        let model = opener.model(&format!("{name}@{}", fake.url()).parse().unwrap()).unwrap();
        Self { fake, model, clock }
    }

    async fn ask(&self) -> Result<Reply, Error> {
        self.model.complete(&request(), &Silent).await
    }

    /// What a call costs at most.
    fn worst(&self) -> Usage {
        self.model.quote(&request()).unwrap().worst()
    }
}

fn request() -> Request {
    let tool = ToolSpec { name: "look".into(), description: "looks".into(), schema: json!({"type": "object"}) };
    Request {
        system: "s".into(),
        messages: vec![Message::User { text: "u".into() }],
        tools: vec![tool],
        max_output_tokens: Some(100),
        ..Request::default()
    }
}

fn told(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({"error": {"type": "api_error", "message": message}}))
}

#[tokio::test]
async fn a_storm_of_refusals_is_waited_for_by_the_clock_and_never_changes_the_model() {
    for (status, pause, name) in
        [(429, Some("20"), "anthropic:m"), (529, None, "anthropic:m"), (429, Some("7"), "openai:m")]
    {
        let bench = Bench::new(name, move |seen: &Seen| {
            if seen.number >= 40 {
                return if seen.path.ends_with("/messages") {
                    Said::text("done").anthropic(seen)
                } else {
                    Said::text("done").openai(seen)
                };
            }
            let answer = told(status, "no room");
            pause.map_or(answer.clone(), |pause| answer.header("retry-after", pause))
        })
        .await;
        assert_eq!(bench.ask().await.unwrap().text, "done");
        let seen = bench.fake.seen();
        assert_eq!(seen.len(), 41);
        assert!(seen.iter().all(|seen| seen.body["model"] == seen.body["model"] && !seen.body["model"].is_null()));
        let waited = slept(&bench.clock);
        let named = pause.map_or(60_000 * 30, |seconds| seconds.parse::<u64>().unwrap() * 1000 * 40);
        assert!(waited >= named, "{status}: it waited {waited} ms");
        assert_eq!(bench.ask().await.unwrap().text, "done");
    }
}

#[tokio::test]
async fn many_workers_wait_at_one_gate() {
    let bench = Bench::new("openai:m", |seen: &Seen| {
        if seen.number == 0 { told(429, "no room").header("retry-after", "30") } else { Said::text("x").openai(seen) }
    })
    .await;
    bench.ask().await.unwrap();
    let before = bench.fake.seen().len();
    let all: Vec<_> = (0..5)
        .map(|_| {
            let model = Arc::clone(&bench.model);
            tokio::spawn(async move { model.complete(&request(), &Silent).await.map(|reply| reply.text) })
        })
        .collect();
    for one in all {
        assert_eq!(one.await.unwrap().unwrap(), "x");
    }
    assert_eq!(bench.fake.seen().len(), before + 5, "nobody was refused once more");
    assert!(
        slept(&bench.clock) >= 30_000 + 2000,
        "after a refusal they go one after the other: {}",
        slept(&bench.clock)
    );
}

/// Puts the clock once, while somebody waits.
struct Puts(Arc<Virtual>, Mutex<Option<u64>>);

impl Progress for Puts {
    fn step(&self, step: Step<'_>) {
        if let (Step::Waits { .. }, Some(to)) = (step, self.1.lock().unwrap().take()) {
            self.0.set(to);
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_put_while_somebody_waits_neither_lengthens_the_wait_nor_fails_the_call() {
    const HOUR: u64 = 3_600_000;
    for to in [1_764_000_000_000 - 7 * HOUR, 1_764_000_000_000 + 7 * HOUR] {
        let bench = Bench::new("openai:m", |seen: &Seen| {
            if seen.number < 2 {
                told(429, "no room").header("retry-after", "30")
            } else {
                Said::text("x").openai(seen)
            }
        })
        .await;
        let progress = Puts(Arc::clone(&bench.clock), Mutex::new(Some(to)));
        assert_eq!(bench.model.complete(&request(), &progress).await.unwrap().text, "x");
        assert!(progress.1.lock().unwrap().is_none(), "it was put");
        let slept = bench.clock.slept_ms();
        assert!((30_000..=120_000).contains(&slept), "it waited {slept} ms at {to}");
        assert_eq!(bench.fake.seen().len(), 3, "asked again after each refusal, and no more often");
    }
}

#[tokio::test]
async fn who_has_no_patience_is_told_until_when() {
    let fake = Fake::start(|_: &Seen| told(429, "no room").header("retry-after", "50")).await.unwrap();
    let (opener, clock) = opener("[models]\npatience_seconds = 90\n");
    let model = opener.model(&format!("openai:m@{}", fake.url()).parse().unwrap()).unwrap();
    let waits = Waits::default();
    let error = model.complete(&request(), &waits).await.unwrap_err();
    let Error::Throttled { until_ms: Some(until), .. } = error else { panic!("{error:?}") };
    assert_eq!(until - clock.now_ms(), 50_000);
    assert_eq!(fake.seen().len(), 2, "once more after 50 s, and then it would be too long");
    assert_eq!(waits.0.lock().unwrap().len(), 1, "the wait was told");
}

/// Has time to ask until then.
struct Until(u64);

impl Progress for Until {
    fn step(&self, _: Step<'_>) {}

    fn asks_until_ms(&self) -> Option<u64> {
        Some(self.0)
    }
}

#[tokio::test]
async fn who_has_no_time_for_a_wait_does_not_begin_it() {
    let bench = Bench::new("anthropic:m", |seen: &Seen| match seen.number {
        0 => told(429, "no room").header("retry-after", "50"),
        1 | 2 => told(503, "out of order"),
        _ => Said::text("x").anthropic(seen),
    })
    .await;
    let begun = bench.clock.now_ms();
    let asked = async |within_ms| bench.model.complete(&request(), &Until(bench.clock.now_ms() + within_ms)).await;
    // Refused once, and then not even asked: everybody was told to wait for that long.
    for _ in 0..2 {
        let error = asked(49_000).await.unwrap_err();
        assert!(matches!(error, Error::Late { until_ms, .. } if until_ms == begun + 50_000), "{error:?}");
        assert_eq!((error.spent(), bench.clock.slept_ms(), bench.fake.seen().len()), (Usage::default(), 0, 1));
    }
    // In time, but a provider that is out of order takes longer: half a second, and then two.
    let error = asked(51_000).await.unwrap_err();
    assert!(matches!(&error, Error::Late { reason, .. } if reason.contains("out of order")), "{error:?}");
    assert_eq!((error.spent(), bench.fake.seen().len()), (Usage::default(), 3));
    assert!(bench.clock.now_ms() <= begun + 51_000, "nothing was waited for that could not be asked");
    assert_eq!(asked(2_000).await.unwrap().text, "x");
}

#[derive(Default)]
struct Waits(Mutex<Vec<u64>>);

impl Progress for Waits {
    fn step(&self, step: Step<'_>) {
        if let Step::Waits { until_ms } = step {
            self.0.lock().unwrap().push(until_ms);
        }
    }
}

/// Notes waits, with the questions that the provider had seen by then; after some of them nothing can be noted any more.
struct Notes<'a> {
    fake: &'a Fake,
    noted: Mutex<Vec<(bool, usize)>>,
    most: usize,
}

#[async_trait]
impl Progress for Notes<'_> {
    fn step(&self, _: Step<'_>) {}

    async fn waits(&self, waits: bool) -> Result<(), Unnoted> {
        let mut noted = self.noted.lock().unwrap();
        if noted.len() == self.most {
            return Err("no room on the disk".into());
        }
        noted.push((waits, self.fake.seen().len()));
        Ok(())
    }
}

#[tokio::test]
async fn a_wait_is_noted_before_it_begins_and_before_the_question_goes_out_again() {
    let bench = Bench::new("openai:m", |seen: &Seen| match seen.number {
        0 | 1 => told(429, "no room").header("retry-after", "30"),
        2 => told(503, "out of order"),
        _ => Said::text("x").openai(seen),
    })
    .await;
    let notes = Notes { fake: &bench.fake, noted: Mutex::default(), most: 99 };
    assert_eq!(bench.model.complete(&request(), &notes).await.unwrap().text, "x");
    // The last pair is the bucket's: after refusals, one question goes out at a time.
    let expected = [(true, 1), (false, 1), (true, 2), (false, 2), (true, 3), (false, 3), (true, 3), (false, 3)];
    assert_eq!(*notes.noted.lock().unwrap(), expected);
    // Nothing is noted of a question that goes out at once.
    let bench = Bench::new("openai:m", |seen: &Seen| Said::text("x").openai(seen)).await;
    let notes = Notes { fake: &bench.fake, noted: Mutex::default(), most: 0 };
    assert_eq!(bench.model.complete(&request(), &notes).await.unwrap().text, "x");

    // What cannot be noted does not go out: it might be paid for, and nobody would know.
    for most in [0, 1] {
        let bench = Bench::new("openai:m", |_: &Seen| told(429, "no room").header("retry-after", "30")).await;
        let notes = Notes { fake: &bench.fake, noted: Mutex::default(), most };
        let error = bench.model.complete(&request(), &notes).await.unwrap_err();
        assert!(matches!(error, Error::Unnoted { .. }), "{error:?}");
        assert_eq!((bench.fake.seen().len(), error.spent()), (1, Usage::default()), "after {most} notes");
    }
}

#[tokio::test]
async fn what_is_out_of_order_is_tried_a_few_times() {
    let bench = Bench::new("anthropic:m", |seen: &Seen| {
        if seen.number < 3 {
            told(500 + u16::try_from(seen.number).unwrap(), "oh")
        } else {
            Said::text("up").anthropic(seen)
        }
    })
    .await;
    assert_eq!(bench.ask().await.unwrap().text, "up");
    assert_eq!(slept(&bench.clock), 500 + 2000 + 8000);

    let bench = Bench::new("anthropic:m", |_: &Seen| told(503, "down for ever")).await;
    let error = bench.ask().await.unwrap_err();
    assert!(matches!(&error, Error::Unavailable { reason, .. } if reason.contains("down for ever")), "{error:?}");
    assert_eq!((bench.fake.seen().len(), error.spent()), (4, Usage::default()));

    let nobody = { Fake::start(|_: &Seen| told(500, "")).await.unwrap().url().to_owned() };
    let model = opener("").0.model(&format!("openai:m@{nobody}").parse().unwrap()).unwrap();
    let error = model.complete(&request(), &Silent).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
}

type Expected = fn(&Error) -> bool;

#[tokio::test]
async fn refusals_have_names() {
    let cases: [(&str, Answer, Expected); 8] = [
        ("anthropic:m", told(400, "prompt is too long: 212000 tokens > 200000 maximum"), |e| {
            matches!(e, Error::ContextOverflow { .. })
        }),
        ("openai:m", Answer::json(400, &json!({"error": {"code": "context_length_exceeded", "message": "x"}})), |e| {
            matches!(e, Error::ContextOverflow { .. })
        }),
        ("openai:m", told(500, "the request exceeds the available context size"), |e| {
            matches!(e, Error::ContextOverflow { .. })
        }),
        ("anthropic:m", told(401, "invalid x-api-key"), |e| matches!(e, Error::Authentication { .. })),
        ("openai:m", Answer::json(429, &json!({"error": {"code": "insufficient_quota", "message": "pay"}})), |e| {
            matches!(e, Error::Authentication { .. })
        }),
        ("anthropic:m", told(404, "model: m"), |e| matches!(e, Error::Unable { .. })),
        (
            "anthropic:m",
            told(400, "tools.0: bad schema"),
            |e| matches!(e, Error::BadRequest { reason, .. } if reason.contains("bad schema")),
        ),
        ("openai:m", Answer::json(400, &json!({"error": {"code": "content_filter", "message": "no"}})), |e| {
            matches!(e, Error::Refused { .. })
        }),
    ];
    for (name, answer, expected) in cases {
        let bench = Bench::new(name, move |_: &Seen| answer.clone()).await;
        let error = bench.ask().await.unwrap_err();
        assert!(expected(&error), "{error:?}");
        assert_eq!((bench.fake.seen().len(), error.spent()), (1, Usage::default()), "{error}");
        assert!(!format!("{error} {error:?}").contains("key-"), "no key in {error:?}");
    }
}

fn call_stream(seen: &Seen) -> Answer {
    Said::call("look", json!({"at": "Grüße über Köln"})).anthropic(seen)
}

#[tokio::test]
async fn a_stream_that_is_cut_is_never_a_reply_and_costs_the_worst_case() {
    let length = 900;
    let bench = Bench::new("anthropic:m", move |seen: &Seen| call_stream(seen).cut_after(50 + seen.number * 25)).await;
    for _ in 0..length / 25 {
        match bench.ask().await {
            Err(Error::Cut { spent, .. }) => {
                assert_eq!(spent.output_tokens, 100, "as much may have been written as was allowed");
                assert!(
                    spent.cost_micro_usd >= 1000 && spent.cost_micro_usd <= bench.worst().cost_micro_usd,
                    "{spent:?}"
                );
            }
            // All was there but the end of the connection.
            Ok(reply) => assert_eq!(reply.calls[0].arguments["at"], "Grüße über Köln"),
            Err(other) => panic!("{other:?}"),
        }
    }
    // One that ends in good order, but too early.
    for name in ["anthropic:m", "openai:paid"] {
        let bench = Bench::new(name, |seen: &Seen| {
            if seen.path.ends_with("messages") {
                Answer::events(&[(
                    "message_start",
                    json!({"type": "message_start", "message": {"usage": {"input_tokens": 3}}}),
                )])
            } else {
                Answer::events(&[("", json!({"choices": [{"delta": {"content": "half a sen"}}]}))])
            }
        })
        .await;
        let error = bench.ask().await.unwrap_err();
        assert!(matches!(error, Error::Cut { .. }), "{error:?}");
        assert!(error.spent().cost_micro_usd >= 1000);
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_and_texts_that_are_no_events_are_malformed() {
    let bad = b"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9}}}\n\nevent: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\xc3\x28\"}}\n\n";
    for answer in [
        Answer::bytes("text/event-stream", bad.to_vec()).chunked(1),
        Answer::events(&[("", json!("{no json"))]),
        Answer::bytes("application/json", "[]"),
        Answer::bytes("text/html", "<html>sign in</html>"),
    ] {
        let bench = Bench::new("anthropic:m", move |_: &Seen| answer.clone()).await;
        let error = bench.ask().await.unwrap_err();
        assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
        assert!(error.spent().cost_micro_usd >= 1000, "{error:?}");
    }
}

#[tokio::test]
async fn a_reply_of_ten_megabytes_is_refused_without_holding_it() {
    let piece = "x".repeat(64 << 10);
    let delta = json!({"choices": [{"delta": {"content": piece}}]});
    let stream: Vec<_> = std::iter::repeat_n(("", delta), 160).collect();
    let one = json!({"choices": [{"message": {"content": "y".repeat(10 << 20)}, "finish_reason": "stop"}]});
    for answer in [Answer::events(&stream), Answer::json(200, &one)] {
        let bench = Bench::new("openai:paid", move |_: &Seen| answer.clone()).await;
        let error = bench.ask().await.unwrap_err();
        assert!(matches!(&error, Error::Malformed { what, .. } if what.contains("4 MiB")), "{error}");
        assert_eq!(error.spent().output_tokens, 100);
    }
}

#[tokio::test]
async fn errors_inside_a_stream_have_names() {
    let start = || ("message_start", json!({"type": "message_start", "message": {"usage": {"input_tokens": 3}}}));
    let text = || {
        (
            "content_block_start",
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "hm"}}),
        )
    };
    let error = |kind: &str| ("error", json!({"type": "error", "error": {"type": kind, "message": "no"}}));
    // Before anything was said, it is waited for.
    let first = Answer::events(&[start(), error("overloaded_error")]);
    let bench =
        Bench::new(
            "anthropic:m",
            move |seen: &Seen| if seen.number < 5 { first.clone() } else { Said::text("ok").anthropic(seen) },
        )
        .await;
    assert_eq!(bench.ask().await.unwrap().text, "ok");
    assert!(slept(&bench.clock) > 5000);
    // Afterwards it is a cut, with its cause and its price.
    for kind in ["overloaded_error", "api_error"] {
        let answer = Answer::events(&[start(), text(), error(kind)]);
        let bench = Bench::new("anthropic:m", move |_: &Seen| answer.clone()).await;
        let error = bench.ask().await.unwrap_err();
        assert!(matches!(&error, Error::Cut { reason, .. } if reason.contains(kind)), "{error:?}");
        assert_eq!((error.spent().input_tokens, error.spent().output_tokens), (3, 100));
    }
    for (data, expected) in [
        (json!({"error": {"message": "This model's maximum context length is 4096 tokens", "code": 400}}), "too long"),
        (json!({"error": {"message": "no", "code": "content_filter"}}), "refuses to answer"),
        (json!({"error": "cuda out of memory"}), "cannot be reached"),
    ] {
        let answer = Answer::events(&[("", data)]);
        let bench = Bench::new("openai:m", move |_: &Seen| answer.clone()).await;
        assert!(bench.ask().await.unwrap_err().to_string().contains(expected), "{expected}");
    }
}

fn openai(choice: Value) -> Answer {
    Answer::json(200, &json!({"choices": [choice], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}))
}

#[tokio::test]
async fn ends_of_replies_have_names() {
    let call = |arguments: &str| json!({"id": "c", "function": {"name": "look", "arguments": arguments}});
    for (choice, stop, calls) in [
        (json!({"message": {"content": "a"}, "finish_reason": "stop"}), Stop::EndTurn, 0),
        (json!({"message": {"content": "a"}, "finish_reason": "length"}), Stop::MaxTokens, 0),
        (
            json!({"message": {"content": "", "tool_calls": [call("{\"a\": [1, 2")]}, "finish_reason": "length"}),
            Stop::MaxTokens,
            0,
        ),
        (
            json!({"message": {"tool_calls": [call("{}"), call("{\"a\": ")]}, "finish_reason": "length"}),
            Stop::MaxTokens,
            1,
        ),
        (json!({"message": {"content": "", "refusal": "I will not"}, "finish_reason": "stop"}), Stop::Refusal, 0),
        (json!({"message": {"content": "x"}, "finish_reason": "content_filter"}), Stop::Refusal, 0),
        (json!({"message": {"content": "x"}, "finish_reason": "moon_phase"}), Stop::Other("moon_phase".into()), 0),
        (json!({"message": {"tool_calls": [call("")]}, "finish_reason": "stop"}), Stop::ToolUse, 1),
    ] {
        let bench = Bench::new("openai:paid", move |_: &Seen| openai(choice.clone())).await;
        let reply = bench.ask().await.unwrap();
        assert_eq!((&reply.stop, reply.calls.len()), (&stop, calls), "{reply:?}");
        assert_eq!((reply.usage.input_tokens, reply.usage.cost_micro_usd), (7, 27));
    }
    for (choice, words) in [
        (json!({"message": {"content": " "}, "finish_reason": "stop"}), "empty"),
        (json!({"message": {"tool_calls": [call("{\"a\": [1, 2")]}, "finish_reason": "tool_calls"}), "arguments"),
        (json!({"message": {"tool_calls": [call("[1]")]}, "finish_reason": "tool_calls"}), "arguments"),
        (
            json!({"message": {"tool_calls": [{"id": "c", "function": {"arguments": "{}"}}]}, "finish_reason": "tool_calls"}),
            "no tool",
        ),
        (json!({"message": {"content": "x"}, "finish_reason": "tool_calls"}), "calls none"),
    ] {
        let bench = Bench::new("openai:paid", move |_: &Seen| openai(choice.clone())).await;
        let error = bench.ask().await.unwrap_err();
        assert!(matches!(&error, Error::Malformed { what, .. } if what.contains(words)), "{error:?}");
        assert_eq!(error.spent().cost_micro_usd, 27, "what was told was paid");
    }
}

#[tokio::test]
async fn calls_that_are_numbered_alike_are_told_apart_by_their_ids() {
    let call = |id: Option<&str>, name: Option<&str>, more: &str| {
        let function = json!({"name": name, "arguments": more});
        ("", json!({"choices": [{"delta": {"tool_calls": [{"index": 0, "id": id, "function": function}]}}]}))
    };
    let answer = Answer::events(&[
        call(Some("a"), Some("look"), "{\"n\":"),
        call(Some("a"), None, "1}"),
        call(Some("b"), Some("look"), "{\"n\":"),
        call(None, None, "2}"),
        ("", json!({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]})),
    ]);
    let bench = Bench::new("openai:m", move |_: &Seen| answer.clone()).await;
    let calls = bench.ask().await.unwrap().calls;
    let told: Vec<_> = calls.iter().map(|call| (&*call.id, call.arguments["n"].as_u64())).collect();
    assert_eq!(told, [("a", Some(1)), ("b", Some(2))]);
}

#[tokio::test]
async fn a_provider_that_does_not_count_costs_the_worst_case() {
    for usage in [Value::Null, json!({}), json!({"prompt_tokens": 0, "completion_tokens": 0})] {
        let bench = Bench::new("openai:paid", move |_: &Seen| {
            Answer::json(
                200,
                &json!({"choices": [{"message": {"content": "x"}, "finish_reason": "stop"}], "usage": usage}),
            )
        })
        .await;
        assert_eq!(bench.ask().await.unwrap().usage, bench.worst());
        assert!(bench.worst().cost_micro_usd >= 1000);
    }
}

#[tokio::test]
async fn who_drops_the_call_cancels_it() {
    let bench = Bench::new("openai:m", |_: &Seen| told(429, "no room")).await;
    let (model, clock) = (Arc::clone(&bench.model), Arc::clone(&bench.clock));
    let call = tokio::spawn(async move { model.complete(&request(), &Silent).await.map(|reply| reply.text) });
    while clock.slept_ms() < 100_000 {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    let asked = bench.fake.seen().len();
    tokio::task::yield_now().await;
    assert!(bench.fake.seen().len() <= asked + 1, "nothing goes on by itself");
}

#[tokio::test]
async fn a_small_server_that_breaks_at_a_form_is_asked_in_words() {
    let bench = Bench::new("openai:m", |seen: &Seen| {
        if seen.body.get("response_format").is_some() {
            told(500, "json_schema")
        } else {
            Said::text("{}").openai(seen)
        }
    })
    .await;
    let formed =
        Request { output: Some(OutputSchema { name: "o".into(), schema: json!({"type": "object"}) }), ..request() };
    for asked in [2, 3] {
        assert_eq!(bench.model.complete(&formed, &Silent).await.unwrap().text, "{}");
        let seen = bench.fake.seen();
        assert_eq!(seen.len(), asked, "it is remembered");
        let system = seen.last().unwrap().body["messages"][0]["content"].as_str().unwrap().to_owned();
        assert!(system.contains("JSON Schema") && system.contains("\"object\""), "{system}");
        assert_eq!(seen.last().unwrap().body["repeat_penalty"], 1.0);
    }
    let said = "<tool_call>{\"name\": \"look\", \"arguments\": {\"at\": \"x\"}}</tool_call>";
    let bench = Bench::new("openai:m", move |seen: &Seen| Said::text(said).openai(seen)).await;
    let reply = bench.ask().await.unwrap();
    assert_eq!((reply.calls.len(), &*reply.text, reply.stop), (1, "", Stop::ToolUse));
}
