//! How many digits a number may have behind its point.

use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use maestro_artifacts::{FieldKind, RuleKind};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "<fields> [must | may | mayonly] [be | have | contain] [%numeric] [stored | recorded | given | entered | kept | measured | written | shown] [with | to | and have] [<= | exactly | precisely] <word:n> (decimal | decimal place | decimal digit | place | digit > decimal point | digit > point | digit > comma)",
        places,
    ),
    (
        "<fields> mustnot (have | be given with | be entered with | contain) > <word:n> (decimal | decimal place | decimal digit | digit > decimal point | digit > point)",
        places,
    ),
];

/// Test values have no more.
const MOST: u32 = 5;

/// Money has two places anyway, and a whole number none.
fn places(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let figure = reading.part(&bound.words("n")?).first()?;
    let places: u32 = figure.word.parse().ok()?;
    let told = fields.into_iter().map(|field| {
        let named = reading.scope.lexicon.field(&field)?;
        let (entity, key) = (field.entity.clone(), field.field.clone());
        match &named.kind {
            FieldKind::Money => (places == 2).then(|| vec![Effect::has_field(&entity, &key)]),
            FieldKind::Decimal if places <= MOST => {
                Some(vec![Effect::Rule(RuleKind::Places { entity, field: key, places })])
            }
            _ => None,
        }
    });
    Some(told.collect::<Option<Vec<_>>>()?.concat())
}
