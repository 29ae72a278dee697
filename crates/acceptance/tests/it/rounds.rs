//! Limits on records that agree in a day and more, and rules that look through two references one after the other.

use crate::{
    fixtures,
    mutants::{bent, check_dropped, miscounted, notice_engine, unnoticed},
};
use maestro_artifacts::RuleKind;

#[test]
fn every_rule_of_the_rounds_counts() {
    check_dropped(fixtures::ROUNDS);
    let requirements = fixtures::load(fixtures::ROUNDS);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let mut mutants = bent(&requirements);
    mutants.extend(miscounted(&requirements));
    assert_eq!(unnoticed(mutants, &suite), Vec::<String>::new());
}

#[test]
fn instants_that_do_not_agree_by_their_day_are_noticed() {
    let same = ("day_of(found[key]) == day for", "found[key] == change.value(key) for");
    let by_day = |demand: &RuleKind| matches!(demand, RuleKind::Quota { by, .. } if by.iter().any(|key| key == "at"));
    notice_engine(fixtures::ROUNDS, "service/rules/quota.py", same, by_day);
}
