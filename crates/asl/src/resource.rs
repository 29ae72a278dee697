//! What a Task's `Resource` says about how the task is run and how its history looks.

use std::sync::Arc;

/// How an execution waits for a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// The answer to the request is the result.
    RequestResponse,
    /// The started job's end is the result (`.sync`).
    Sync,
    /// The same, with parsed output (`.sync:2`).
    Sync2,
    /// Whoever holds the task token gives the result (`.waitForTaskToken`).
    WaitForTaskToken,
}

/// What kind of thing runs a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integration {
    /// A Lambda function named by its ARN.
    Lambda,
    /// An activity that workers poll.
    Activity,
    /// A service integration, `arn:aws:states:::...`, or a resource that is not yet substituted.
    Service,
}

/// A parsed `Resource`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The text of the field.
    pub arn: Arc<str>,
    /// What runs it.
    pub integration: Integration,
    /// How the result comes.
    pub pattern: Pattern,
}

impl Resource {
    /// Parses a resource. Text with `${Name}` tokens is taken as it is.
    ///
    /// # Errors
    /// When the text is neither an ARN nor a token.
    pub fn parse(text: &str) -> Result<Self, String> {
        let pattern = if text.ends_with(".waitForTaskToken") {
            Pattern::WaitForTaskToken
        } else if text.ends_with(".sync") {
            Pattern::Sync
        } else if text.ends_with(".sync:2") {
            Pattern::Sync2
        } else {
            Pattern::RequestResponse
        };
        let mut parts = text.split(':').skip(2);
        let integration = match (parts.next(), parts.nth(2)) {
            (Some("lambda"), _) => Integration::Lambda,
            (Some("states"), Some("activity")) => Integration::Activity,
            _ => Integration::Service,
        };
        let plausible = text.starts_with("arn:") || crate::expr::has_substitution(text);
        if !plausible {
            return Err("a resource is an ARN such as `arn:aws:states:::lambda:invoke`".into());
        }
        Ok(Self { arn: text.into(), integration, pattern })
    }

    /// How AWS names it in messages: a service integration by its service, all else by its ARN.
    #[must_use]
    pub fn short_name(&self) -> &str {
        match (self.integration, self.arn.strip_prefix("arn:")) {
            (Integration::Service, Some(rest)) => {
                let mut parts = rest.split(':').skip(4);
                match (parts.next(), parts.next()) {
                    (Some("aws-sdk"), Some(service)) | (Some(service), _) => service,
                    (None, _) => &self.arn,
                }
            }
            _ => &self.arn,
        }
    }

    /// Whether the context object names a token while the task runs: a job that is waited for may hand one on too.
    #[must_use]
    pub fn has_token(&self) -> bool {
        self.pattern != Pattern::RequestResponse
    }

    /// Whether the task is answered by its token.
    #[must_use]
    pub fn waits_for_token(&self) -> bool {
        self.pattern == Pattern::WaitForTaskToken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_integrations_and_patterns_apart() {
        let cases = [
            ("arn:aws:lambda:us-east-1:000000000000:function:f", Integration::Lambda, Pattern::RequestResponse),
            ("arn:aws:states:us-east-1:0:activity:a", Integration::Activity, Pattern::RequestResponse),
            ("arn:aws:states:::lambda:invoke", Integration::Service, Pattern::RequestResponse),
            ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", Integration::Service, Pattern::WaitForTaskToken),
            ("arn:aws:states:::states:startExecution.sync:2", Integration::Service, Pattern::Sync2),
            ("arn:aws:states:::codebuild:startBuild.sync", Integration::Service, Pattern::Sync),
            ("${Function}", Integration::Service, Pattern::RequestResponse),
        ];
        for (text, integration, pattern) in cases {
            let resource = Resource::parse(text).unwrap();
            assert_eq!((resource.integration, resource.pattern), (integration, pattern), "{text}");
        }
        for (text, name) in [
            ("arn:aws:states:::lambda:invoke", "lambda"),
            ("arn:aws:states:::aws-sdk:dynamodb:getItem", "dynamodb"),
            ("arn:aws:lambda:us-east-1:0:function:f", "arn:aws:lambda:us-east-1:0:function:f"),
        ] {
            assert_eq!(Resource::parse(text).unwrap().short_name(), name);
        }
        assert!(Resource::parse("lambda").is_err());
    }
}
