//! Names of models. A run is stored with one, and whoever goes on with it opens the same models by it alone.

use maestro_domain::PersonaId;
use maestro_personas::ModelTier;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// Who answers for a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// The Anthropic Messages API.
    Anthropic,
    /// Amazon Bedrock Converse.
    Bedrock,
    /// OpenAI Chat Completions, or whatever speaks it.
    Openai,
    /// A file of replies.
    Scripted,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Anthropic, Self::Bedrock, Self::Openai, Self::Scripted];

    /// Its word in names.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic",
            Self::Bedrock => "bedrock",
            Self::Openai => "openai",
            Self::Scripted => "scripted",
        }
    }
}

/// One model: the built-in author by its bare name, another as `provider:name`, with `@URL` where it is not at the
/// provider's own address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// The model of this program, by its name.
    BuiltIn(String),
    /// A provider's.
    Of {
        /// Whose.
        provider: Provider,
        /// What the provider calls it; a path for scripted replies.
        model: String,
        /// The provider's base URL, where it is not its own.
        url: Option<String>,
    },
}

/// A name that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no model `{name}`: {why}")]
pub struct Unknown {
    /// What was given.
    pub name: String,
    /// What is wrong with it.
    pub why: String,
}

/// The name of the built-in author.
pub const BUILT_IN: &str = "blueprint";

impl FromStr for Name {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let unknown = |why: &str| Unknown { name: text.to_owned(), why: why.to_owned() };
        if text == BUILT_IN {
            return Ok(Self::BuiltIn(text.to_owned()));
        }
        let (provider, model) = text.split_once(':').ok_or_else(|| {
            unknown("models are `blueprint`, `anthropic:NAME`, `bedrock:ID`, `openai:NAME` and `scripted:FILE`")
        })?;
        let provider = Provider::ALL.into_iter().find(|known| known.id() == provider);
        let provider =
            provider.ok_or_else(|| unknown("the providers are `anthropic`, `bedrock`, `openai` and `scripted`"))?;
        let (model, url) = match model.find("@http") {
            Some(at) if provider != Provider::Scripted => {
                let (model, url) = model.split_at(at);
                (model, url.strip_prefix('@').map(|url| url.trim_end_matches('/').to_owned()))
            }
            _ => (model, None),
        };
        if model.is_empty() {
            return Err(unknown("the provider is followed by the model's name"));
        }
        let all = format!("{model}{}", url.as_deref().unwrap_or_default());
        if all.chars().any(|c| c.is_control() || matches!(c, ';' | '=')) {
            return Err(unknown("`;`, `=` and control characters cannot be part of it"));
        }
        Ok(Self::Of { provider, model: model.to_owned(), url })
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(name) => f.write_str(name),
            Self::Of { provider, model, url } => {
                write!(f, "{}:{model}", provider.id())?;
                url.iter().try_for_each(|url| write!(f, "@{url}"))
            }
        }
    }
}

impl Name {
    /// The name by which prices are found: without the address.
    #[must_use]
    pub fn priced(&self) -> String {
        match self {
            Self::BuiltIn(name) => name.clone(),
            Self::Of { provider, model, .. } => format!("{}:{model}", provider.id()),
        }
    }
}

/// Which model each persona has: one for all, others for a tier or a persona. Written as
/// `one;judgment=another;solution_architect=a third`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// For all of whom nothing else is said.
    pub default: Name,
    /// By tier.
    pub tiers: BTreeMap<ModelTier, Name>,
    /// By persona; it wins over the tier.
    pub personas: BTreeMap<PersonaId, Name>,
}

impl Choice {
    /// One model for all.
    #[must_use]
    pub fn of(name: Name) -> Self {
        Self { default: name, tiers: BTreeMap::new(), personas: BTreeMap::new() }
    }

    /// The model of a persona.
    #[must_use]
    pub fn of_persona(&self, persona: PersonaId, tier: ModelTier) -> &Name {
        self.personas.get(&persona).or_else(|| self.tiers.get(&tier)).unwrap_or(&self.default)
    }

    /// All models, each once.
    #[must_use]
    pub fn names(&self) -> Vec<&Name> {
        let mut names: Vec<_> =
            std::iter::once(&self.default).chain(self.tiers.values()).chain(self.personas.values()).collect();
        names.sort();
        names.dedup();
        names
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.default.fmt(f)?;
        self.tiers.iter().try_for_each(|(tier, name)| write!(f, ";{}={name}", tier.id()))?;
        self.personas.iter().try_for_each(|(persona, name)| write!(f, ";{}={name}", persona.id()))
    }
}

impl FromStr for Choice {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let mut parts = text.split(';');
        let mut choice = Self::of(parts.next().unwrap_or_default().parse()?);
        for part in parts {
            let unknown = |why: String| Unknown { name: text.to_owned(), why };
            let (of, name) =
                part.split_once('=').ok_or_else(|| unknown(format!("`{part}` says for whom it is not")))?;
            let name = name.parse()?;
            if let Some(tier) = ModelTier::ALL.into_iter().find(|tier| tier.id() == of) {
                choice.tiers.insert(tier, name);
            } else if let Some(persona) = PersonaId::from_id(of) {
                choice.personas.insert(persona, name);
            } else {
                return Err(unknown(format!("`{of}` is neither a tier nor a persona")));
            }
        }
        Ok(choice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for text in [
            "blueprint",
            "anthropic:claude-sonnet-4-5",
            "bedrock:us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "bedrock:arn:aws:bedrock:eu-west-1:1:inference-profile/x",
            "openai:qwen3:8b@http://127.0.0.1:11434/v1",
            "openai:org/model@v2",
            "scripted:replies/a.yaml",
        ] {
            assert_eq!(text.parse::<Name>().unwrap().to_string(), text);
        }
        assert_eq!("openai:qwen3@http://127.0.0.1:1/v1/".parse::<Name>().unwrap().priced(), "openai:qwen3");
        for bad in
            ["", "gpt-5", "cohere:command", "openai:", "openai:@http://a", "openai:a;b", "openai:a\nb", "Blueprint"]
        {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_choice_is_stored_in_one_line_and_the_nearest_word_counts() {
        let text = "openai:a;judgment=anthropic:b;fast=blueprint;solution_architect=bedrock:c";
        let choice: Choice = text.parse().unwrap();
        assert_eq!(choice.to_string(), text);
        let of = |persona, tier| choice.of_persona(persona, tier).to_string();
        assert_eq!(of(PersonaId::SolutionArchitect, ModelTier::Judgment), "bedrock:c");
        assert_eq!(of(PersonaId::QaEngineer, ModelTier::Judgment), "anthropic:b");
        assert_eq!(of(PersonaId::QaEngineer, ModelTier::Standard), "openai:a");
        assert_eq!(choice.names().len(), 4);
        for bad in ["openai:a;b", "openai:a;cook=blueprint", "openai:a;fast=", ""] {
            assert!(bad.parse::<Choice>().is_err(), "{bad}");
        }
    }
}
