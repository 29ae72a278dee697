//! What is said in one task: the question as it grows, and how it is shortened when it does not fit.

use crate::Brief;
use maestro_domain::{ArtifactKind, ContentHash};
use maestro_ports::model::{Message, Reply, Request, ToolCall, ToolSpec};
use maestro_tools::Context;
use serde_json::{Value, json};

/// Messages at the end that are never shortened: what the persona works on right now.
const KEPT: usize = 4;
/// Bytes of JSON that an old answer or argument may have before it is left out.
const SHORT: usize = 600;

/// One conversation, ready to be asked.
pub(crate) struct Conversation {
    request: Request,
}

impl Conversation {
    /// The first question.
    pub(crate) fn begin(brief: &Brief, context: &Context) -> Self {
        let request = Request {
            persona: context.persona.to_string(),
            task: brief.task.clone(),
            input: brief.input.clone(),
            system: brief.system.clone(),
            messages: vec![Message::User { text: brief.opening.clone() }],
            tools: brief.tools.specs().into_iter().map(|tool| with_document(tool, context.output)).collect(),
            ..Request::default()
        };
        Self { request }
    }

    pub(crate) const fn request(&self) -> &Request {
        &self.request
    }

    /// Adds a reply, what its calls came to, and a word of ours.
    pub(crate) fn add(&mut self, reply: Reply, answers: Vec<(Value, bool)>, nudge: Option<String>) {
        let ids: Vec<_> = reply.calls.iter().map(|call| call.id.clone()).collect();
        let messages = &mut self.request.messages;
        // Providers refuse an empty message.
        if !(reply.text.trim().is_empty() && ids.is_empty() && reply.thoughts.is_empty()) {
            messages.push(reply.into_message());
        }
        for (call, (result, error)) in ids.into_iter().zip(answers) {
            messages.push(Message::Tool { call, result, error });
        }
        if let Some(text) = nudge {
            messages.push(Message::User { text });
        }
    }

    /// Whether the question is this one once it is shortened, and is not this one as it is.
    pub(crate) fn fits_shortened(&self, question: &ContentHash) -> bool {
        if self.request.hash() == *question {
            return false;
        }
        let mut other = Self { request: self.request.clone() };
        other.shorten() && other.request.hash() == *question
    }

    /// Leaves out what old tools answered and were given; says whether there was anything to leave out. The task itself and
    /// the last messages stay whole. The same conversation is always shortened alike.
    pub(crate) fn shorten(&mut self) -> bool {
        let last = self.request.messages.len().saturating_sub(KEPT);
        let mut shorter = false;
        for message in self.request.messages.iter_mut().take(last).skip(1) {
            shorter |= match message {
                Message::Tool { result, .. } => leave_out(result),
                Message::Assistant { calls, .. } => {
                    calls.iter_mut().fold(false, |any, ToolCall { arguments, .. }| leave_out_members(arguments) | any)
                }
                Message::User { .. } => false,
            };
        }
        shorter
    }
}

/// The tool that hands work over takes one document, whose schema is that of the persona's artifact.
fn with_document(mut tool: ToolSpec, output: ArtifactKind) -> ToolSpec {
    if tool.name == maestro_tools::SUBMIT
        && let Some(document) = tool.schema.pointer_mut("/properties/document")
    {
        let said = document.get("description").cloned();
        let mut schema = maestro_artifacts::schema(output);
        // What contains itself is referred to from the root.
        let definitions = schema.as_object_mut().and_then(|schema| schema.remove("$defs"));
        if let (Some(schema), Some(said)) = (schema.as_object_mut(), said) {
            schema.insert("description".to_owned(), said);
        }
        *document = schema;
        if let (Some(definitions), Some(root)) = (definitions, tool.schema.as_object_mut()) {
            root.insert("$defs".to_owned(), definitions);
        }
    }
    tool
}

fn leave_out(value: &mut Value) -> bool {
    let bytes = value.to_string().len();
    if bytes <= SHORT {
        return false;
    }
    *value = json!({"left_out": format!("{bytes} bytes, to save room; call the tool again if you need them")});
    true
}

/// Arguments stay an object of the same members, so that calls still read like calls.
fn leave_out_members(arguments: &mut Value) -> bool {
    let Value::Object(members) = arguments else { return false };
    members.values_mut().fold(false, |any, member| {
        let bytes = member.to_string().len();
        if bytes <= SHORT {
            return any;
        }
        *member = json!(format!("({bytes} bytes left out)"));
        true
    })
}
