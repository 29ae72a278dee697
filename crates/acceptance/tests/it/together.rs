//! Records that are deleted together: wrong ways to do it, which the tests must notice.

use crate::{
    fixtures,
    mutants::{bent, check_dropped, notice_engine, unnoticed},
};
use maestro_artifacts::RuleKind;

#[test]
fn every_rule_of_the_kennel_counts() {
    check_dropped(fixtures::KENNEL);
    let requirements = fixtures::load(fixtures::KENNEL);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    assert_eq!(unnoticed(bent(&requirements), &suite), Vec::<String>::new());
}

/// The rules on what goes along, of these records or of all.
fn of(demand: &RuleKind, these: &[&str]) -> bool {
    matches!(demand, RuleKind::Cascade { entity, .. } if these.is_empty() || these.contains(&entity.as_str()))
}

#[test]
fn children_that_stay_are_noticed() {
    let stay = ("self.store.delete(record) for record in gone]", "self.store.delete(record) for record in gone[:1]]");
    notice_engine(fixtures::KENNEL, "service/operations.py", stay, |demand| of(demand, &[]));
    // One step is not all the way.
    let deeper = ("    for one in found:\n", "    for one in [record]:\n");
    notice_engine(fixtures::KENNEL, "service/together.py", deeper, |demand| of(demand, &["dose"]));
}

#[test]
fn a_circle_without_end_is_noticed() {
    // Whoever goes round and round comes to the end of something.
    let endless = (
        "                    if (entity.key, child.id) not in known:\n",
        "                    if len(found) > 1000:\n                        raise RecursionError\n                    \
         if True:\n",
    );
    let in_circles = |demand: &RuleKind| of(demand, &["toy", "dog", "section"]);
    notice_engine(fixtures::KENNEL, "service/together.py", endless, in_circles);
}

#[test]
fn deleting_more_than_belongs_to_the_record_is_noticed() {
    let any = ("for child in store.find(entity, {field.key: one.id}):", "for child in store.find(entity):");
    notice_engine(fixtures::KENNEL, "service/together.py", any, |demand| of(demand, &[]));
    // What the record itself refers to is not its own.
    let upwards = (
        "    found = [record]\n",
        "    found = [record]\n    for field in record.entity.kept():\n        \
         if getattr(field.kind, \"entity\", None) == \"owner\":\n            \
         found.append(store.get(schema.entities[\"owner\"], record.values[field.key]))\n",
    );
    notice_engine(fixtures::KENNEL, "service/together.py", upwards, |demand| of(demand, &["vaccination"]));
}

const KEPT: &str =
    "                refuse(problem for change in changes for problem in _kept(stage, change, gone[0]))\n";

#[test]
fn one_that_goes_though_it_must_be_kept_is_noticed() {
    let only_its_own = KEPT.replace("in changes for", "in changes[:1] for");
    let by_rule = |demand: &RuleKind| of(demand, &["vaccination", "visit"]);
    notice_engine(fixtures::KENNEL, "service/operations.py", (KEPT, &only_its_own), by_rule);
    let only_its_own = ("    for record in records:\n", "    for record in records[:1]:\n");
    notice_engine(fixtures::KENNEL, "service/together.py", only_its_own, |demand| of(demand, &["visit"]));
}

#[test]
fn a_deletion_that_stops_halfway_is_noticed() {
    // Those that nothing keeps are gone for good when the first comes that is kept.
    let halfway = "                for change in changes[1:] + changes[:1]:\n                    \
         found = list(_kept(stage, change, gone[0]))\n                    \
         if found:\n                        \
         self.store._db.execute(\"COMMIT\")\n                        \
         self.store._db.execute(\"BEGIN\")\n                        \
         refuse(found)\n                    \
         self.store.delete(change.before)\n";
    let by_rule = |demand: &RuleKind| of(demand, &["vaccination", "visit"]);
    notice_engine(fixtures::KENNEL, "service/operations.py", (KEPT, halfway), by_rule);
}

#[test]
fn asking_for_the_role_of_those_that_go_along_is_noticed() {
    let asked = "            refuse(rules.problems(rules.ROLES, changes[0]))\n";
    let all = "            refuse(found for change in changes for found in rules.problems(rules.ROLES, change))\n";
    notice_engine(fixtures::KENNEL, "service/operations.py", (asked, all), |demand| of(demand, &["vaccination"]));
}
