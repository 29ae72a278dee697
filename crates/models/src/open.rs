//! Opens models by their names: the built-in author, clients of providers, scripted replies, and a choice of several.

use crate::{
    client::{Client, Terms},
    config::Config,
    http::Http,
    names::{Choice, Name, Provider, Unknown},
    price::{self, Price, Table},
    providers::{
        Dialect,
        anthropic::Anthropic,
        bedrock::{Bedrock, Caller},
        ollama::Ollama,
        openai::{Openai, Profile},
        responses::Responses,
    },
    scripted::Scripted,
    sigv4::Credentials,
    surroundings::Surroundings,
};
use maestro_domain::PersonaId;
use maestro_ports::{
    Model, Models, Timer,
    model::{Error, TokenBuckets},
};
use maestro_web::Base;
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
};

const ANTHROPIC: &str = "https://api.anthropic.com";
const OPENAI: &str = "https://api.openai.com/v1";
/// Tokens that a reply may have where nobody says: a long file fits, and a worst case does not eat a budget.
const MAX_OUTPUT_TOKENS: u64 = 16_384;

/// Opens models. Each is opened once, so that all who ask it wait for the same gate.
pub struct Opener {
    config: Config,
    surroundings: Surroundings,
    built_in: Option<Arc<dyn Model>>,
    timer: Arc<dyn Timer>,
    buckets: Option<Arc<dyn TokenBuckets>>,
    opened: Mutex<BTreeMap<Name, Opened>>,
}

#[derive(Clone)]
enum Opened {
    Client(Arc<Client>),
    Other(Arc<dyn Model>),
}

impl Opened {
    fn model(self) -> Arc<dyn Model> {
        match self {
            Self::Client(client) => client,
            Self::Other(model) => model,
        }
    }
}

impl Opener {
    /// An opener. `built_in` is the author that needs no key.
    #[must_use]
    pub fn new(config: Config, surroundings: Surroundings, built_in: Arc<dyn Model>, timer: Arc<dyn Timer>) -> Self {
        let author = Some(built_in);
        Self { config, surroundings, built_in: author, timer, buckets: None, opened: Mutex::default() }
    }

    /// An opener for tasks that the built-in author does not do.
    #[must_use]
    pub fn without_author(config: Config, surroundings: Surroundings, timer: Arc<dyn Timer>) -> Self {
        Self { config, surroundings, built_in: None, timer, buckets: None, opened: Mutex::default() }
    }

    /// The same, where several processes ask and wait together; without it, each waits for itself.
    #[must_use]
    pub fn sharing(mut self, buckets: Arc<dyn TokenBuckets>) -> Self {
        self.buckets = Some(buckets);
        self
    }

    /// Which model works for whom, for a new run: `explicit` for all, else what the configuration says. Addresses that are not
    /// the providers' own become part of the names, so that whoever goes on with the run asks the same.
    ///
    /// # Errors
    /// [`Error::Unable`] when a name is none.
    pub fn choose(&self, explicit: Option<&str>) -> Result<Choice, Error> {
        let explicit = explicit.map(str::parse).transpose();
        let explicit = explicit.map_err(|error: Unknown| Error::Unable { model: error.name, reason: error.why })?;
        let Choice { default, tiers, personas } = self.config.choice(explicit);
        Ok(Choice {
            default: self.placed(default),
            tiers: tiers.into_iter().map(|(of, name)| (of, self.placed(name))).collect(),
            personas: personas.into_iter().map(|(of, name)| (of, self.placed(name))).collect(),
        })
    }

    /// Tries a model out without asking it anything: it can be opened, has a price, and somebody listens at its address.
    ///
    /// # Errors
    /// What is missing, in words.
    pub async fn check(&self, name: &Name) -> Result<String, String> {
        let opened = self.one(name).map_err(|error| error.to_string())?;
        let model = opened.clone().model();
        let request = maestro_ports::model::Request::default();
        let quote = model.quote(&request).map_err(|error| error.to_string())?;
        let Opened::Client(client) = opened else { return Ok(format!("`{name}` is there")) };
        client.reach().await?;
        let free = if quote.cost_micro_usd == 0 { ", free of charge" } else { "" };
        Ok(format!("`{name}` is configured and its provider can be reached{free}"))
    }

    /// One model.
    ///
    /// # Errors
    /// [`Error`] when it cannot be opened: a key is missing, or there is no such model.
    pub fn model(&self, name: &Name) -> Result<Arc<dyn Model>, Error> {
        Ok(self.one(name)?.model())
    }

    fn placed(&self, name: Name) -> Name {
        match name {
            Name::Of { provider, model, url: None } => {
                let url = self.configured_url(provider);
                Name::Of { provider, model, url }
            }
            other => other,
        }
    }

    /// What the environment says, else what the file says, where it is not the provider's own address.
    fn configured_url(&self, provider: Provider) -> Option<String> {
        let (said, file) = match provider {
            Provider::Anthropic => (&self.surroundings.anthropic_url, &self.config.providers.anthropic.base_url),
            Provider::Openai => (&self.surroundings.openai_url, &self.config.providers.openai.base_url),
            Provider::Bedrock => (&self.surroundings.bedrock_url, &self.config.providers.bedrock.base_url),
            Provider::Scripted => return None,
        };
        let url = said.as_ref().or(file.as_ref())?.trim_end_matches('/');
        let url = if provider == Provider::Anthropic { url.strip_suffix("/v1").unwrap_or(url) } else { url };
        (url != ANTHROPIC && url != OPENAI).then(|| url.to_owned())
    }

    fn one(&self, name: &Name) -> Result<Opened, Error> {
        if let Some(opened) = self.opened.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(opened.clone());
        }
        let opened = match name {
            Name::BuiltIn(author) => match &self.built_in {
                Some(built_in) => Opened::Other(Arc::clone(built_in)),
                None => {
                    let reason = "it writes software in runs of epics, and answers nothing else".to_owned();
                    return Err(Error::Unable { model: author.clone(), reason });
                }
            },
            Name::Of { provider: Provider::Scripted, model, .. } => {
                Opened::Other(Arc::new(Scripted::read(&name.to_string(), Path::new(model))?))
            }
            Name::Of { provider, model, url } => {
                Opened::Client(Arc::new(self.client(name, *provider, model, url.as_deref())?))
            }
        };
        // Whoever was first counts.
        let mut all = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(all.entry(name.clone()).or_insert(opened).clone())
    }

    fn client(&self, name: &Name, provider: Provider, model: &str, url: Option<&str>) -> Result<Client, Error> {
        let unable = |reason: String| Error::Unable { model: name.to_string(), reason };
        let region = self.region();
        let own = match provider {
            Provider::Anthropic => ANTHROPIC.to_owned(),
            Provider::Openai => OPENAI.to_owned(),
            Provider::Bedrock | Provider::Scripted => {
                format!("https://bedrock-runtime.{}.amazonaws.com", region.unwrap_or("us-east-1"))
            }
        };
        let base = Base::parse(url.unwrap_or(&own)).map_err(unable)?;
        let priced = name.priced();
        let settings = self.config.settings_of(&priced);
        let body = settings.map(|settings| settings.body.clone()).unwrap_or_default();
        let (model, loopback) = (model.to_owned(), base.loopback());
        let (dialect, keyed): (Box<dyn Dialect>, _) = match provider {
            Provider::Anthropic => {
                let key = self.surroundings.anthropic_key.clone();
                let keyed = key.is_some();
                (Box::new(Anthropic { model, key, body }), keyed.then_some(()).ok_or("`ANTHROPIC_API_KEY` is not set"))
            }
            Provider::Openai => {
                let key = self.surroundings.openai_key.clone();
                let keyed = key.is_some() || url.is_some();
                let profile = settings.and_then(|settings| settings.profile).unwrap_or(match url {
                    None => Profile::Openai,
                    Some(_) if loopback => Profile::Local,
                    Some(_) => Profile::Compatible,
                });
                let dialect: Box<dyn Dialect> = match profile {
                    Profile::Responses => Box::new(Responses { model, key, body }),
                    Profile::Ollama => Box::new(Ollama { model, key, body }),
                    Profile::Openai | Profile::Compatible | Profile::Local => {
                        Box::new(Openai { model, key, profile, body, takes_form: AtomicBool::new(true) })
                    }
                };
                (dialect, keyed.then_some(()).ok_or("`OPENAI_API_KEY` is not set"))
            }
            Provider::Bedrock | Provider::Scripted => {
                let caller = self.caller();
                let known = !matches!(caller, Caller::Nobody);
                let keyed = if known && (region.is_some() || url.is_some()) {
                    Ok(())
                } else if known {
                    Err("`AWS_REGION` is not set")
                } else {
                    Err(
                        "neither `AWS_BEARER_TOKEN_BEDROCK` nor `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` are set",
                    )
                };
                let region = region.unwrap_or("us-east-1").to_owned();
                (Box::new(Bedrock { model, region, caller, body }), keyed)
            }
        };
        if !base.private() {
            return Err(unable(format!(
                "`{}` would read keys and prompts in clear; use https, or an address of this machine",
                base.authority()
            )));
        }
        if !loopback {
            keyed.map_err(|missing| Error::Authentication { model: name.to_string(), reason: missing.to_owned() })?;
        }
        let price = self.price(&priced, provider, loopback).map_err(unable)?;
        let terms = Terms {
            price,
            max_output_tokens: settings.and_then(|settings| settings.max_output_tokens).unwrap_or(MAX_OUTPUT_TOKENS),
            patience_ms: self.config.models.patience_seconds.map(|seconds| seconds.saturating_mul(1000)),
        };
        Ok(Client::new(name, dialect, Http::new(base), terms, Arc::clone(&self.timer), self.buckets.clone()))
    }

    /// What a model costs: as the file says, else as the table says. What runs on this machine costs nothing.
    fn price(&self, priced: &str, provider: Provider, loopback: bool) -> Result<Option<Price>, String> {
        let own = price::find(&self.config.prices, &[], priced);
        if let Some(price) = own {
            return Ok(Some(price.clone()));
        }
        if loopback && provider == Provider::Openai {
            return Ok(Some(Price::zero(priced)));
        }
        let table = Table::built_in()?;
        let known = price::find(&[], &table.prices, priced).or_else(|| {
            // The profile of a geography costs what the region's own does.
            let (geography, model) = priced.strip_prefix("bedrock:")?.split_once('.')?;
            let geography = matches!(geography, "us" | "us-gov" | "eu" | "apac" | "au" | "ca" | "jp" | "in");
            geography.then(|| price::find(&[], &table.prices, &format!("bedrock:{model}")))?
        });
        Ok(known.cloned())
    }

    fn region(&self) -> Option<&str> {
        self.surroundings.region.as_deref().or(self.config.providers.bedrock.region.as_deref())
    }

    fn caller(&self) -> Caller {
        if let Some(token) = &self.surroundings.bedrock_token {
            return Caller::Bearer(token.clone());
        }
        match &self.surroundings.aws {
            Some((access_key, secret_key, session)) => Caller::Signed(Credentials {
                access_key: access_key.clone(),
                secret_key: secret_key.clone(),
                session: session.clone(),
            }),
            None => Caller::Nobody,
        }
    }
}

impl Models for Opener {
    fn open(&self, name: &str, persona: PersonaId) -> Result<Arc<dyn Model>, Error> {
        let unable = |reason: String| Error::Unable { model: name.to_owned(), reason };
        let choice: Choice = name.parse().map_err(|error: Unknown| unable(error.why))?;
        let tier = maestro_personas::get(persona).map_err(|error| unable(error.to_string()))?.model_tier;
        self.model(choice.of_persona(persona, tier))
    }
}
