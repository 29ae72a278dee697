//! What providers are sent.

use crate::support::{NoAuthor, opener};
use maestro_domain::PersonaId;
use maestro_models::{
    Config,
    fake::{Answer, Fake, Said, Seen},
};
use maestro_ports::{
    Models, Secret, Secrets,
    model::{Error, Message, OutputSchema, Request, Silent, Thought, ThoughtContent, ToolCall, ToolSpec},
};
use serde_json::{Value, json};

const PRICES: &str = "
[[settings]]
model = \"anthropic:m\"
max_output_tokens = 77
body = { temperature = 0.5, metadata = { user_id = \"u\" } }
[[prices]]
model = \"anthropic:m\"
input = 1
output = 1
[[prices]]
model = \"bedrock:anthropic.claude-m\"
input = 1
output = 1
";

fn conversation() -> Request {
    let call = |id: &str, name: &str| ToolCall { id: id.into(), name: name.into(), arguments: json!({"at": id}) };
    let open = |text: &str, signature: Option<&str>| ThoughtContent::Open {
        text: text.into(),
        signature: signature.map(str::to_owned),
    };
    let thought = |after_text, after_calls, content| Thought { after_text, after_calls, content };
    Request {
        system: "You are careful.".into(),
        messages: vec![
            Message::User { text: "Look twice.".into() },
            Message::Assistant {
                text: "First, then second.".into(),
                calls: vec![call("c1", "look"), call("c2", "look")],
                thoughts: vec![
                    thought(0, 0, open("hm", Some("sig-1"))),
                    thought(6, 0, ThoughtContent::Redacted { data: "sealed".into() }),
                    thought(19, 1, open("so", Some("sig-2"))),
                    thought(19, 2, open("unsigned", None)),
                ],
            },
            Message::Tool { call: "c1".into(), result: json!({"seen": 1}), error: false },
            Message::Tool { call: "c2".into(), result: json!("too dark"), error: true },
        ],
        tools: vec![ToolSpec { name: "look".into(), description: "looks".into(), schema: json!({"type": "object"}) }],
        output: Some(OutputSchema { name: "o".into(), schema: json!({"type": "object"}) }),
        ..Request::default()
    }
}

/// What a provider sees of the conversation.
async fn sent(name: &str, answer: fn(&Seen) -> Answer) -> Seen {
    let fake = Fake::start(answer).await.unwrap();
    let model = opener(PRICES).0.model(&format!("{name}@{}", fake.url()).parse().unwrap()).unwrap();
    assert_eq!(model.complete(&conversation(), &Silent).await.unwrap().text, "ok");
    let mut seen = fake.seen();
    assert_eq!(seen.len(), 1);
    seen.remove(0)
}

#[tokio::test]
async fn anthropic_gets_thoughts_back_in_their_places_and_is_asked_to_cache() {
    let seen = sent("anthropic:m", |seen| Said::text("ok").anthropic(seen)).await;
    assert_eq!(
        (&*seen.path, seen.header("x-api-key"), seen.header("anthropic-version")),
        ("/v1/messages", Some("key-anthropic"), Some("2023-06-01"))
    );
    let cached = json!({"type": "ephemeral"});
    let expected = json!({
        "model": "m", "max_tokens": 77, "stream": true, "temperature": 0.5, "metadata": {"user_id": "u"},
        "system": [{"type": "text", "text": "You are careful.", "cache_control": cached}],
        "tools": [{"name": "look", "description": "looks", "input_schema": {"type": "object"}}],
        "output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}},
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "Look twice."}]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "hm", "signature": "sig-1"},
                {"type": "text", "text": "First,"},
                {"type": "redacted_thinking", "data": "sealed"},
                {"type": "text", "text": " then second."},
                {"type": "tool_use", "id": "c1", "name": "look", "input": {"at": "c1"}},
                {"type": "thinking", "thinking": "so", "signature": "sig-2"},
                {"type": "tool_use", "id": "c2", "name": "look", "input": {"at": "c2"}},
            ]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "c1", "content": "{\"seen\":1}"},
                {"type": "tool_result", "tool_use_id": "c2", "content": "too dark", "is_error": true, "cache_control": cached},
            ]},
        ],
    });
    assert_eq!(seen.body, expected);
}

#[tokio::test]
async fn bedrock_is_signed_and_gets_cache_points() {
    let seen = sent("bedrock:anthropic.claude-m", |_| {
        Answer::json(
            200,
            &json!({
                "output": {"message": {"content": [{"text": "ok"}]}},
                "stopReason": "end_turn",
                "usage": {"inputTokens": 1, "outputTokens": 1},
            }),
        )
    })
    .await;
    assert_eq!(seen.path, "/model/anthropic.claude-m/converse-stream");
    let signed = seen.header("authorization").unwrap();
    assert!(
        signed.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20251124/eu-central-1/bedrock/aws4_request"),
        "{signed}"
    );
    assert_eq!(seen.header("x-amz-security-token"), Some("session-aws"));
    let point = json!({"cachePoint": {"type": "default"}});
    assert_eq!(seen.body["system"][1], point);
    assert!(seen.body["system"][0]["text"].as_str().unwrap().contains("JSON Schema"));
    assert_eq!(seen.body["toolConfig"]["tools"][1], point);
    let messages = seen.body["messages"].as_array().unwrap();
    assert_eq!(messages[1]["content"][2], json!({"reasoningContent": {"redactedContent": "sealed"}}));
    assert_eq!(
        messages[1]["content"][5]["reasoningContent"]["reasoningText"],
        json!({"text": "so", "signature": "sig-2"})
    );
    assert_eq!(
        messages[2]["content"][1]["toolResult"],
        json!({"toolUseId": "c2", "content": [{"text": "too dark"}], "status": "error"})
    );
    assert_eq!(messages[2]["content"][2], point);
}

#[tokio::test]
async fn openai_gets_what_it_knows() {
    let seen = sent("openai:m", |seen| Said::text("ok").openai(seen)).await;
    assert_eq!((&*seen.path, seen.header("authorization")), ("/chat/completions", Some("Bearer key-openai")));
    let messages = seen.body["messages"].as_array().unwrap();
    assert_eq!(messages[0], json!({"role": "system", "content": "You are careful."}));
    assert_eq!(
        messages[2]["tool_calls"][1],
        json!({"id": "c2", "type": "function", "function": {"name": "look", "arguments": "{\"at\":\"c2\"}"}})
    );
    assert_eq!(messages[2]["reasoning_content"], "hmsounsigned");
    assert_eq!(messages[4], json!({"role": "tool", "tool_call_id": "c2", "content": "too dark"}));
    assert_eq!(seen.body["stream_options"], json!({"include_usage": true}));
    assert_eq!(seen.body["response_format"]["json_schema"]["name"], "o");
}

#[tokio::test]
async fn openai_is_not_told_how_to_stream_where_the_configuration_wants_the_answer_whole() {
    let fake = Fake::start(|_: &Seen| {
        let choice = json!({"message": {"content": "ok"}, "finish_reason": "stop"});
        let usage = json!({"prompt_tokens": 3, "completion_tokens": 2});
        Answer::json(200, &json!({"choices": [choice], "usage": usage}))
    });
    let fake = fake.await.unwrap();
    let config = "[[settings]]\nmodel = \"openai:m\"\nbody = { stream = false }\n";
    let model = opener(config).0.model(&format!("openai:m@{}", fake.url()).parse().unwrap()).unwrap();
    let reply = model.complete(&conversation(), &Silent).await.unwrap();
    assert_eq!((&*reply.text, reply.usage.input_tokens, reply.usage.output_tokens), ("ok", 3, 2));
    let seen = fake.seen();
    assert_eq!((&seen[0].body["stream"], seen[0].body.get("stream_options")), (&json!(false), None));
}

#[tokio::test]
async fn nothing_is_asked_without_a_price_or_a_key_or_in_clear() {
    let (opener, _) = crate::support::opener(PRICES);
    let fake = Fake::start(|seen: &Seen| Said::text("ok").anthropic(seen)).await.unwrap();
    let model = opener.model(&format!("anthropic:nobody-knows@{}", fake.url()).parse().unwrap()).unwrap();
    for error in
        [model.quote(&conversation()).unwrap_err(), model.complete(&conversation(), &Silent).await.unwrap_err()]
    {
        assert!(matches!(error, Error::UnknownPrice { .. }), "{error:?}");
    }
    assert!(fake.seen().is_empty());
    let refused = |name: &str| opener.model(&name.parse().unwrap()).err().unwrap().to_string();
    assert!(refused("openai:m@http://models.example.org/v1").contains("in clear"));
    let unknown = opener.open("blue", PersonaId::QaEngineer).err().unwrap();
    assert!(matches!(unknown, Error::Unable { .. }), "{unknown:?}");
    let bare = maestro_models::Opener::new(
        maestro_models::Config::default(),
        maestro_models::Surroundings::default(),
        std::sync::Arc::new(NoAuthor),
        std::sync::Arc::new(maestro_models::clock::Virtual::default()),
    );
    for (name, missing) in [
        ("anthropic:claude-sonnet-4-5", "ANTHROPIC_API_KEY"),
        ("openai:gpt-5", "OPENAI_API_KEY"),
        ("bedrock:amazon.nova-pro-v1:0", "AWS_BEARER_TOKEN_BEDROCK"),
    ] {
        let error = bare.model(&name.parse().unwrap()).err().unwrap();
        assert!(matches!(error, Error::Authentication { .. }) && error.to_string().contains(missing), "{error}");
    }
}

#[tokio::test]
async fn personas_have_the_models_that_were_chosen_for_them_and_the_name_says_so() {
    let config = "
[models]
default = \"blueprint\"
[models.tiers]
judgment = \"openai:wise\"
[models.personas]
technical_writer = \"openai:quick\"
";
    let fake = Fake::start(|seen: &Seen| Said::text(seen.body["model"].as_str().unwrap()).openai(seen)).await.unwrap();
    let surroundings =
        maestro_models::Surroundings { openai_url: Some(format!("{}/v1/", fake.url())), ..Default::default() };
    let opener = maestro_models::Opener::new(
        maestro_models::Config::parse("m", config).unwrap(),
        surroundings,
        std::sync::Arc::new(NoAuthor),
        std::sync::Arc::new(maestro_models::clock::Virtual::default()),
    );
    let name = opener.choose(None).unwrap().to_string();
    assert_eq!(name, format!("blueprint;judgment=openai:wise@{0}/v1;technical_writer=openai:quick@{0}/v1", fake.url()));
    // Whoever goes on with the run has another environment.
    let (later, _) = crate::support::opener("");
    let asks = Request { messages: vec![Message::User { text: "u".into() }], ..Request::default() };
    for (persona, answers) in [(PersonaId::TechnicalWriter, "quick"), (PersonaId::SolutionArchitect, "wise")] {
        let model = later.open(&name, persona).unwrap();
        assert_eq!(model.complete(&asks, &Silent).await.unwrap().text, answers);
        assert!(model.quote(&asks).unwrap().model.starts_with(&format!("openai:{answers}@")));
    }
    assert_eq!(later.open(&name, PersonaId::DevopsEngineer).unwrap().name(), "blueprint");
    let explicit = opener.choose(Some("scripted:a.yaml")).unwrap();
    assert_eq!(explicit.to_string(), "scripted:a.yaml");
    assert!(opener.choose(Some("gpt-5")).is_err());
    let check: Value = json!(opener.check(&"openai:wise".parse().unwrap()).await.unwrap_err());
    assert!(check.as_str().unwrap().contains("OPENAI_API_KEY"), "{check}");
    let reachable = format!("openai:wise@{}/v1", fake.url()).parse().unwrap();
    assert!(opener.check(&reachable).await.unwrap().contains("can be reached"));
    assert_eq!(fake.seen().len(), 2, "a check asks nothing");
}

#[tokio::test]
async fn keys_come_from_one_secret_that_is_read_once_and_never_told() {
    let config = "[[prices]]\nmodel = \"openai:m\"\ninput = 3\noutput = 15\n";
    let keys = json!({"ANTHROPIC_API_KEY": "kept-secret", "OTHER": "x", "MAESTRO_CONFIG": config}).to_string();
    let spoiled = json!({"MAESTRO_CONFIG": config.replace("3", "-3")}).to_string();
    let fake = Fake::start(move |seen: &Seen| match seen.body["SecretId"].as_str() {
        Some("maestro/models") => Answer::json(200, &json!({"Name": "maestro/models", "SecretString": keys})),
        Some("spoiled") => Answer::json(200, &json!({"SecretString": spoiled})),
        Some("empty") => Answer::json(200, &json!({"SecretString": "{}"})),
        Some("broken") => Answer::json(200, &json!({"SecretString": "kept-secret"})),
        _ => Answer::json(400, &json!({"__type": "ResourceNotFoundException", "Message": "no such secret"})),
    })
    .await
    .unwrap();
    let surroundings = maestro_models::Surroundings {
        aws: Some(("AKIDEXAMPLE".into(), Secret::new("key-aws"), None)),
        region: Some("eu-central-1".into()),
        ..Default::default()
    };
    let of = |name: &str| {
        let clock = std::sync::Arc::new(maestro_models::clock::Virtual::at(1_764_000_000_000));
        maestro_models::SecretsManager::new(name, &surroundings, Some(fake.url()), clock).unwrap()
    };
    let mut filled = surroundings.clone();
    filled.fill(&of("maestro/models")).await.unwrap();
    assert_eq!(filled.anthropic_key.unwrap().expose(), "kept-secret");
    assert!(filled.openai_key.is_none());
    let seen = fake.seen();
    assert_eq!(seen.len(), 1, "one request for all keys");
    assert_eq!(seen[0].header("x-amz-target"), Some("secretsmanager.GetSecretValue"));
    assert_eq!(seen[0].header("content-type"), Some("application/x-amz-json-1.1"));
    let signed = seen[0].header("authorization").unwrap();
    assert!(signed.contains("/eu-central-1/secretsmanager/") && signed.contains("x-amz-target"), "{signed}");
    // What `maestro.toml` says stands there too, and is read as strictly.
    let prices =
        |config: Config| config.prices.into_iter().map(|price| (price.model, price.output)).collect::<Vec<_>>();
    assert_eq!(prices(Config::kept(&of("maestro/models")).await.unwrap()), [("openai:m".to_owned(), 15.0)]);
    assert!(prices(Config::kept(&of("empty")).await.unwrap()).is_empty());
    let told = Config::kept(&of("spoiled")).await.unwrap_err();
    assert!(told.contains("`MAESTRO_CONFIG`, line 2: the price of `openai:m`"), "{told}");
    assert!(Config::kept(&of("nowhere")).await.unwrap_err().contains("no such secret"));
    assert!(of("nowhere").if_there().secret("A").await.unwrap().is_none());
    assert!(of("broken").if_there().secret("A").await.is_err(), "it is there");
    for (name, words) in [("nowhere", "no such secret"), ("broken", "no JSON object")] {
        let error = of(name).secret("ANTHROPIC_API_KEY").await.unwrap_err();
        let told = format!("{error} {:?}", error);
        assert!(told.contains(words) && told.contains(name) && !told.contains("kept-secret"), "{told}");
    }
}
