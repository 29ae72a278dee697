//! Rules that count records in later states only, which no record can be made in: it takes one change or several, a role
//! and further fields to bring it there.

use crate::{
    fixtures,
    mutants::{bent, check_dropped, miscounted, unnoticed},
};

#[test]
fn every_rule_of_the_studios_counts() {
    check_dropped(fixtures::STUDIOS);
    let requirements = fixtures::load(fixtures::STUDIOS);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let mut mutants = bent(&requirements);
    mutants.extend(miscounted(&requirements));
    assert_eq!(unnoticed(mutants, &suite), Vec::<String>::new());
}
