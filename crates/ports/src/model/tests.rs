use super::*;

#[test]
fn what_was_written_before_thoughts_and_caches_is_still_read() {
    let turn = json!({
        "request": ContentHash::of(b"q"),
        "reply": {"text": "t", "calls": [], "usage": {"input_tokens": 3, "output_tokens": 2, "cost_micro_usd": 1}},
    });
    let turn: Turn = serde_json::from_value(turn).unwrap();
    assert_eq!((turn.reply.usage.prompt_tokens(), turn.reply.usage.tokens()), (3, 5));
    assert_eq!((turn.reply.stop, turn.reply.thoughts), (Stop::EndTurn, vec![]));
    let message: Message = serde_json::from_value(json!({"role": "assistant", "text": "t", "calls": []})).unwrap();
    assert_eq!(serde_json::to_value(&message).unwrap(), json!({"role": "assistant", "text": "t", "calls": []}));
}

#[test]
fn thoughts_keep_their_places_and_signatures() {
    let open = ThoughtContent::Open { text: "hm".into(), signature: Some("sig".into()) };
    let reply = Reply {
        thoughts: vec![
            Thought { after_text: 0, after_calls: 0, content: open },
            Thought { after_text: 4, after_calls: 1, content: ThoughtContent::Redacted { data: "x".into() } },
        ],
        stop: Stop::Other("odd".into()),
        ..Reply::default()
    };
    let text = serde_json::to_string(&reply).unwrap();
    assert_eq!(serde_json::from_str::<Reply>(&text).unwrap(), reply, "{text}");
}

#[test]
fn a_question_is_known_by_what_is_asked_and_not_by_how_long_the_answer_may_be() {
    let short = Request { system: "s".into(), max_output_tokens: Some(1), ..Request::default() };
    let long = Request { max_output_tokens: Some(9), task: "t".into(), ..short.clone() };
    assert_eq!(short.hash(), long.hash());
    let formed = Request { output: Some(OutputSchema { name: "o".into(), schema: json!({}) }), ..short.clone() };
    assert_ne!(short.hash(), formed.hash());
}

#[test]
fn only_what_was_begun_can_have_cost_something() {
    let spent = Usage { output_tokens: 4, ..Usage::default() };
    let cut = Error::Cut { model: "m".into(), reason: "r".into(), spent };
    assert_eq!((cut.spent(), cut.transient()), (spent, true));
    let unknown = Error::UnknownPrice { model: "m".into() };
    assert!(unknown.spent().is_free() && !unknown.transient());
}
