//! What the environment says about providers: keys and addresses. Whoever hosts models reads it, once; this crate does not.

use maestro_ports::{Secret, Secrets, secrets};

/// Keys and addresses.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// `ANTHROPIC_API_KEY`.
    pub anthropic_key: Option<Secret>,
    /// `ANTHROPIC_BASE_URL`.
    pub anthropic_url: Option<String>,
    /// `OPENAI_API_KEY`.
    pub openai_key: Option<Secret>,
    /// `OPENAI_BASE_URL`.
    pub openai_url: Option<String>,
    /// `AWS_BEARER_TOKEN_BEDROCK`.
    pub bedrock_token: Option<Secret>,
    /// `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`.
    pub bedrock_url: Option<String>,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
    pub aws: Option<(String, Secret, Option<Secret>)>,
    /// `AWS_REGION`, or `AWS_DEFAULT_REGION`.
    pub region: Option<String>,
}

impl Surroundings {
    /// Reads variables; an empty one counts as not set.
    #[must_use]
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let secret = |name: &str| text(name).map(|value| Secret::new(value.trim()));
        Self {
            anthropic_key: secret("ANTHROPIC_API_KEY"),
            anthropic_url: text("ANTHROPIC_BASE_URL"),
            openai_key: secret("OPENAI_API_KEY"),
            openai_url: text("OPENAI_BASE_URL"),
            bedrock_token: secret("AWS_BEARER_TOKEN_BEDROCK"),
            bedrock_url: text("AWS_ENDPOINT_URL_BEDROCK_RUNTIME"),
            aws: text("AWS_ACCESS_KEY_ID")
                .zip(secret("AWS_SECRET_ACCESS_KEY"))
                .map(|(id, key)| (id, key, secret("AWS_SESSION_TOKEN"))),
            region: text("AWS_REGION").or_else(|| text("AWS_DEFAULT_REGION")),
        }
    }

    /// Takes the keys that are missing from where secrets are kept, under the names of their variables.
    ///
    /// # Errors
    /// When one may be there and cannot be read.
    pub async fn fill(&mut self, secrets: &dyn Secrets) -> Result<(), secrets::Error> {
        let places = [
            (&mut self.anthropic_key, "ANTHROPIC_API_KEY"),
            (&mut self.openai_key, "OPENAI_API_KEY"),
            (&mut self.bedrock_token, "AWS_BEARER_TOKEN_BEDROCK"),
        ];
        for (place, name) in places {
            if place.is_none() {
                *place = secrets.secret(name).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;

    struct Kept;

    #[async_trait]
    impl Secrets for Kept {
        async fn secret(&self, name: &str) -> Result<Option<Secret>, secrets::Error> {
            Ok((name != "AWS_BEARER_TOKEN_BEDROCK").then(|| Secret::new(format!("kept {name}"))))
        }
    }

    #[tokio::test]
    async fn what_the_environment_does_not_say_comes_from_the_secrets_and_is_never_printed() {
        let mut all = Surroundings::read(|name| match name {
            "ANTHROPIC_API_KEY" => Some(" sk-ant \n".into()),
            "OPENAI_API_KEY" => Some(String::new()),
            "AWS_ACCESS_KEY_ID" => Some("AKIA".into()),
            "AWS_SECRET_ACCESS_KEY" => Some("aws-secret".into()),
            _ => None,
        });
        all.fill(&Kept).await.unwrap();
        assert_eq!(all.anthropic_key.as_ref().unwrap().expose(), "sk-ant");
        assert_eq!(all.openai_key.as_ref().unwrap().expose(), "kept OPENAI_API_KEY");
        assert!(all.bedrock_token.is_none() && all.aws.is_some());
        let printed = format!("{all:?}");
        assert!(
            !printed.contains("sk-ant") && !printed.contains("kept") && !printed.contains("aws-secret"),
            "{printed}"
        );
    }
}
