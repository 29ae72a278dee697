//! State machines that are made as they are needed: one of each definition, named after what it holds, so that all runs of
//! the same text use the same.

use crate::Lazy;
use aws_sdk_sfn::{
    Client,
    error::{DisplayErrorContext, ProvideErrorMetadata},
};
use maestro_domain::ContentHash;
use std::collections::BTreeMap;

/// A definition that could not become a state machine.
#[derive(Debug, thiserror::Error)]
#[error("the state machine of `{definition}` cannot be made: {reason}")]
pub struct Error {
    definition: String,
    reason: String,
}

/// A definition in which names of the form `${NAME}` stand for what is known only where it is made.
#[derive(Debug, Clone)]
pub struct Definition {
    /// What people call it.
    pub name: String,
    /// The name that stands for its ARN in others.
    pub token: Option<String>,
    /// Amazon States Language.
    pub text: String,
}

/// Makes state machines.
#[derive(Debug, Clone)]
pub struct Machines {
    client: Lazy<Client>,
    prefix: String,
    role: String,
    /// ARNs of state machines begin so.
    arns: String,
}

/// How much of a hash is in a name: names have up to 80 characters.
const HASH: usize = 32;

impl Machines {
    /// Machines whose names begin so, with this role; `like` is the ARN of anything in the same place.
    #[must_use]
    pub fn new(client: Lazy<Client>, prefix: impl Into<String>, role: impl Into<String>, like: &str) -> Self {
        let mut parts = like.split(':');
        let (partition, region, account) = (parts.nth(1), parts.nth(1), parts.next());
        let [partition, region, account] = [partition, region, account].map(Option::unwrap_or_default);
        let arns = format!("arn:{partition}:states:{region}:{account}:stateMachine:");
        Self { client, prefix: prefix.into(), role: role.into(), arns }
    }

    /// Makes the machines of definitions that start each other, and answers their ARNs. `values` are what stands
    /// behind names. What is there already stays as it is.
    ///
    /// # Errors
    /// [`Error`] when one cannot be made, or names what there is not.
    pub async fn make(
        &self,
        definitions: &[Definition],
        mut values: BTreeMap<String, String>,
    ) -> Result<Vec<String>, Error> {
        let mut arns = vec![None; definitions.len()];
        loop {
            let mut made = false;
            for (definition, arn) in definitions.iter().zip(&mut arns).filter(|(_, arn)| arn.is_none()) {
                let Ok(text) = supplied(&definition.text, &values) else { continue };
                let there = self.one(&definition.name, &text).await?;
                values.extend(definition.token.clone().map(|token| (token, there.clone())));
                (*arn, made) = (Some(there), true);
            }
            match definitions.iter().zip(&arns).find(|(_, arn)| arn.is_none()) {
                None => return Ok(arns.into_iter().flatten().collect()),
                Some((definition, _)) if !made => {
                    let missing = supplied(&definition.text, &values).err().unwrap_or_default();
                    let reason = format!("nothing stands behind `{missing}`");
                    return Err(Error { definition: definition.name.clone(), reason });
                }
                Some(_) => {}
            }
        }
    }

    async fn one(&self, called: &str, text: &str) -> Result<String, Error> {
        let hash = ContentHash::of(text.as_bytes());
        let name = format!("{}-{}", self.prefix, hash.as_str().get(..HASH).unwrap_or_default());
        let create = self.client.create_state_machine().name(&name).definition(text).role_arn(&self.role);
        match create.send().await {
            Ok(made) => Ok(made.state_machine_arn),
            // Its name is that of its text, so it is the same.
            Err(error) if error.code() == Some("StateMachineAlreadyExists") => Ok(format!("{}{name}", self.arns)),
            Err(error) => Err(Error { definition: called.to_owned(), reason: DisplayErrorContext(&error).to_string() }),
        }
    }
}

/// A text with what stands behind its names, or the first of which nothing is known.
fn supplied(text: &str, values: &BTreeMap<String, String>) -> Result<String, String> {
    let mut parts = text.split("${");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        whole.push_str(values.get(name).ok_or_else(|| name.to_owned())?);
        whole.push_str(rest);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_way_to_what_stands_behind_them() {
        let values = BTreeMap::from([("A".to_owned(), "1".to_owned()), ("B".to_owned(), "2".to_owned())]);
        assert_eq!(supplied("x${A}y${B}$.z", &values).as_deref(), Ok("x1y2$.z"));
        assert_eq!(supplied("x${C}", &values), Err("C".to_owned()));
    }
}
