//! User stories: the wish, and what it comes to.

use super::{Outcome, gap};
use crate::effect::Effect;
use crate::engine::{Engine, Gap};
use crate::family::wish;
use crate::lexicon::one_role;
use crate::restate;
use maestro_artifacts::Action;
use maestro_domain::Statement;

pub(super) fn of_story(engine: &Engine<'_>, statement: &Statement) -> Outcome {
    if let Some((first, second)) = two(&statement.text) {
        let told = |text: String| of_story(engine, &Statement { text, ..statement.clone() });
        let (first, second) = (told(first), told(second));
        return Outcome {
            effects: [first.effects, second.effects].concat(),
            carried: first.carried || second.carried,
            gap: first.gap.or(second.gap),
        };
    }
    let Some((role, wish)) = wish::story(&statement.text) else {
        // A title such as "Borrow a tool": a wish by itself, else what its criteria say.
        let tokens = wish::tokens(engine, &statement.text);
        return match wish::read(engine, &tokens) {
            Some(effects) => Outcome { effects, ..Outcome::default() },
            None => Outcome {
                gap: Some(gap(&statement.text, "no wish of this kind is known")),
                carried: true,
                ..Outcome::default()
            },
        };
    };
    let mut effects: Vec<Effect> = role
        .into_iter()
        .filter(|role| role.split_whitespace().count() <= 4 && !role.contains(['<', '/']))
        .map(|role| Effect::Role { name: one_role(&role) })
        .collect();
    let spelled = crate::telegram::spelled(engine.lexicon, &wish);
    let told = spelled.as_deref().unwrap_or(&wish);
    let plain = crate::fields::prose::rewrite(told).map(|plain| wish::tokens(engine, &plain));
    let tokens = wish::tokens(engine, told);
    let read = plain
        .and_then(|plain| wish::read(engine, &plain))
        .or_else(|| wish::read(engine, &tokens))
        .or_else(|| engine.sentence(&wish).ok())
        .or_else(|| restate::read(engine, &tokens, &mut |clause| wish::read(engine, clause)))
        .or_else(|| {
            // "log inspections of a hive: date, mites, remarks": what stands behind the mark are its fields.
            let (object, fields) = wish.split_once(": ").filter(|(object, _)| !object.contains(" with "))?;
            wish::read(engine, &wish::tokens(engine, &format!("{object} with {fields}")))
        })
        .or_else(|| {
            // "maintain products (code, name, price)"
            let (object, fields) = wish.split_once(" (").filter(|(object, _)| !object.contains(" with "))?;
            let fields = fields.strip_suffix(')').filter(|fields| fields.contains(", ") && !fields.contains('('))?;
            wish::read(engine, &wish::tokens(engine, &format!("{object} with {fields}")))
        })
        .or_else(|| wish::read(engine, &wish::tokens(engine, &simply(&wish)?)));
    match read {
        Some(more) => {
            // Who wants to change states is shown doing so; only other statements restrict.
            let roles: Vec<String> = effects
                .iter()
                .filter_map(|effect| if let Effect::Role { name } = effect { Some(name.clone()) } else { None })
                .collect();
            for effect in &more {
                if let (Effect::Transition { entity, to, .. }, [role]) = (effect, roles.as_slice()) {
                    effects.push(Effect::Actor { entity: entity.clone(), to: to.clone(), role: role.clone() });
                }
            }
            effects.extend(more);
            Outcome { effects, ..Outcome::default() }
        }
        None => {
            let why =
                engine.sentence(&wish).err().map_or_else(|| "no wish of this kind is known".to_owned(), |gap| gap.why);
            // What the wish does name by itself stays known: the verbs of its first part.
            Outcome { effects, gap: Some(Gap { quote: wish, why }), carried: true }
        }
    }
}

/// "Plan shifts in advance", "keep the members' details up to date": what is done, without how and when.
fn simply(wish: &str) -> Option<String> {
    const HOW: &[&str] = &[
        " in advance",
        " ahead of time",
        " in one place",
        " at a glance",
        " quickly",
        " easily",
        " at any time",
        " online",
        " in good time",
    ];
    const FRESH: &[&str] = &[" up to date", " up-to-date", " current", " accurate", " correct"];
    let kept = wish.strip_prefix("keep ").and_then(|rest| FRESH.iter().find_map(|fresh| rest.strip_suffix(fresh)));
    if let Some(kept) = kept {
        let kept = kept.strip_prefix("the ").unwrap_or(kept);
        // "The members' details"
        return Some(match kept.split_once("' ").or_else(|| kept.split_once("’ ")) {
            Some((whose, what)) => format!("update the {what} of {whose}"),
            None => format!("update {kept}"),
        });
    }
    HOW.iter().find_map(|how| wish.strip_suffix(how)).map(str::to_owned)
}

/// "As a clerk I want to enter claims, and as a manager I want to approve them": two stories.
fn two(text: &str) -> Option<(String, String)> {
    [", and as ", "; as ", " and as ", ". As "].iter().find_map(|joint| {
        let (first, second) = text.split_once(joint)?;
        let wishes =
            |text: &str| text.contains(" I want ") || text.contains(" I would like ") || text.contains(" I need ");
        let who = ["a ", "an ", "the "].iter().any(|article| second.starts_with(article));
        (who && wishes(first) && wishes(second)).then(|| (first.to_owned(), format!("As {second}")))
    })
}

/// The capabilities of keeping a kind of record.
pub(crate) fn capabilities(entity: &str) -> Vec<Effect> {
    [Action::Create, Action::Read, Action::List].map(|action| Effect::capability(entity, action)).to_vec()
}
