//! Writers at once: what a rule about several records refuses one after the other, it refuses as well when all come together.

use crate::{
    judge::Act,
    python::Outcome,
    script::{Expect, Script, Want},
    suite::Bench,
};

/// Writes a test in which the creation that ends a script is sent many times at once, for the first of the scripts that
/// fits: accepted once, and refused by the rule from then on.
pub(super) fn write(bench: &mut Bench<'_>, rule: usize, entity: &str, starts: Vec<(Script, Vec<Want>)>) {
    let found = starts.into_iter().find_map(|(script, wants)| {
        let found = bench.writer.scripts.solve(script, Expect::Accepted, &wants)?;
        let again =
            found.last().filter(|last| last.act == Act::Create && last.entity == entity).and_then(|_| found.again())?;
        let course = bench.writer.scripts.run(&again, Expect::Breaks(rule), &[]);
        let refused = course.last.iter().any(|fault| fault.rule() == Some(rule));
        (refused && matches!(bench.writer.outcome(&again), Outcome::Refused(409, _))).then_some(found)
    });
    let Some(script) = found else { return };
    let mut sheet = bench.sheet(rule, entity, &format!("only one of many {entity} at once is taken"));
    sheet.setup(&script);
    sheet.race(&script);
    sheet.done();
}
