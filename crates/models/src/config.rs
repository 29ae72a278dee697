//! `maestro.toml`: which model works for whom, where providers are, and what models cost. Strict: what is not known here is
//! refused with its place.

use crate::{
    names::{Choice, Name},
    price::Price,
    providers::openai::Profile,
};
use maestro_domain::{FileError, PersonaId, with_causes};
use maestro_personas::ModelTier;
use maestro_ports::Secrets;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What `maestro.toml` says about models.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[models]`: who works with which.
    #[serde(default)]
    pub models: Models,
    /// `[providers]`: where they are.
    #[serde(default)]
    pub providers: Providers,
    /// `[[settings]]`: how a model is asked.
    #[serde(default)]
    pub settings: Vec<Settings>,
    /// `[[prices]]`: what models cost; they win over the table that comes with the program.
    #[serde(default)]
    pub prices: Vec<Price>,
    /// `[mcp]`: tools from outside; whoever hosts them reads it.
    #[serde(default, rename = "mcp")]
    _mcp: serde::de::IgnoredAny,
    /// `[http]`: hosts that workflows may call; read there, too.
    #[serde(default, rename = "http")]
    _http: serde::de::IgnoredAny,
}

/// Who works with which model.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Models {
    /// For all of whom nothing else is said; the built-in author where it is not given.
    #[serde(default, deserialize_with = "optional_name")]
    pub default: Option<Name>,
    /// By tier.
    #[serde(default, deserialize_with = "names")]
    pub tiers: BTreeMap<ModelTier, Name>,
    /// By persona.
    #[serde(default, deserialize_with = "names")]
    pub personas: BTreeMap<PersonaId, Name>,
    /// Seconds of throttling after which a task fails instead of waiting on; without it, it waits as long as it takes.
    pub patience_seconds: Option<u64>,
}

/// Where providers are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Providers {
    /// The Anthropic Messages API.
    #[serde(default)]
    pub anthropic: Address,
    /// Amazon Bedrock.
    #[serde(default)]
    pub bedrock: Region,
    /// OpenAI, or whatever speaks the same.
    #[serde(default)]
    pub openai: Address,
}

/// Where a provider is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Its base URL, where it is not the provider's own.
    pub base_url: Option<String>,
}

/// Where Bedrock is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// The region of AWS.
    pub region: Option<String>,
    /// The base URL, where it is not that of the region.
    pub base_url: Option<String>,
}

/// How one model is asked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Which, such as `openai:qwen3-coder`.
    pub model: String,
    /// Tokens that a reply may have where a task does not say.
    pub max_output_tokens: Option<u64>,
    /// How far its server keeps to OpenAI's original.
    pub profile: Option<Profile>,
    /// What is added to every request as it is, such as `temperature`.
    #[serde(default)]
    pub body: Map<String, Value>,
}

impl Config {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`FileError`] with the place.
    pub fn parse(path: &str, text: &str) -> Result<Self, FileError> {
        let at = |span: Option<std::ops::Range<usize>>, what: &str| {
            FileError::at(path, text, span.map_or(0, |span| span.start), what)
        };
        let config: Self = toml::from_str(text).map_err(|error| at(error.span(), error.message()))?;
        for price in &config.prices {
            let place = text.find(&price.model).map(|start| start..start);
            price.check().map_err(|what| at(place.clone(), &what))?;
            if !price.model.contains(':') {
                let what = format!("`{}` names no provider: prices are of models such as `openai:NAME`", price.model);
                return Err(at(place, &what));
            }
        }
        Ok(config)
    }

    /// What is kept beside the keys, as the text of a `maestro.toml` under the name `MAESTRO_CONFIG`: for hosts that have no file.
    /// Nothing where there is none.
    ///
    /// # Errors
    /// In words, when it cannot be read or is not right.
    pub async fn kept(secrets: &dyn Secrets) -> Result<Self, String> {
        const NAME: &str = "MAESTRO_CONFIG";
        match secrets.secret(NAME).await.map_err(|error| with_causes(&error))? {
            Some(text) => Self::parse(NAME, text.expose()).map_err(|error| error.to_string()),
            None => Ok(Self::default()),
        }
    }

    /// Which model works for whom; `explicit` is what the user asked for now, and then it works for all.
    #[must_use]
    pub fn choice(&self, explicit: Option<Name>) -> Choice {
        match explicit {
            Some(name) => Choice::of(name),
            None => Choice {
                default: self
                    .models
                    .default
                    .clone()
                    .unwrap_or_else(|| Name::BuiltIn(crate::names::BUILT_IN.to_owned())),
                tiers: self.models.tiers.clone(),
                personas: self.models.personas.clone(),
            },
        }
    }

    /// How a model is asked, by its name without an address.
    pub(crate) fn settings_of(&self, priced: &str) -> Option<&Settings> {
        self.settings.iter().find(|settings| settings.model == priced)
    }
}

fn optional_name<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Name>, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

fn names<'de, D: Deserializer<'de>, K: Deserialize<'de> + Ord>(from: D) -> Result<BTreeMap<K, Name>, D::Error> {
    let texts = BTreeMap::<K, String>::deserialize(from)?;
    texts.into_iter().map(|(of, text)| text.parse().map(|name| (of, name)).map_err(D::Error::custom)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_documentation_is_read() {
        let page = include_str!("../../../docs/models.md");
        let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
        let config = Config::parse("maestro.toml", example).unwrap();
        let choice = config.choice(None);
        assert!(choice.names().len() > 2, "{choice}");
        assert_eq!(choice.to_string().parse::<Choice>().unwrap(), choice);
        assert!(!config.prices.is_empty() && !config.settings.is_empty());
        let name: Name = "openai:x".parse().unwrap();
        assert_eq!(config.choice(Some(name.clone())), Choice::of(name));
    }

    #[test]
    fn faults_are_told_with_their_line() {
        for (text, line, words) in [
            ("[models]\n\ndefualt = \"blueprint\"\n", 3, "defualt"),
            ("[models]\ndefault = \"gpt\"\n", 2, "gpt"),
            ("[models.tiers]\ngenius = \"blueprint\"\n", 2, "genius"),
            ("[models.personas]\ncook = \"blueprint\"\n", 2, "cook"),
            ("\n[[prices]]\nmodel = \"openai:m\"\ninput = -1\noutput = 1\n", 3, "price"),
            ("[[prices]]\nmodel = \"m\"\ninput = 1\noutput = 1\n", 2, "provider"),
            ("[[settings]]\nmodel = \"openai:m\"\nprofile = \"odd\"\n", 3, "odd"),
            ("[providers.openai]\nkey = \"sk\"\n", 2, "key"),
            ("[models\n", 1, ""),
        ] {
            let error = Config::parse("maestro.toml", text).unwrap_err();
            assert_eq!(error.line, line, "{text}: {error}");
            assert!(error.to_string().contains(words), "{error}");
        }
        assert_eq!(Config::parse("m", "").unwrap().choice(None).to_string(), "blueprint");
    }
}
