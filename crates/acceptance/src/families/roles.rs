//! Who may do what: the named roles, spelled in any way, and nobody else.

use super::{change, creation, deletion, in_state, some_change, workflow::origins};
use crate::{
    judge::{Caller, same_role},
    python::{Outcome, string},
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
    value::Val,
};
use maestro_artifacts::Action;

pub(super) fn transition(
    bench: &mut Bench<'_>,
    rule: usize,
    entity: &str,
    from: Option<&str>,
    to: &str,
    roles: &[String],
) -> bool {
    let mut sheet = bench.sheet(rule, entity, &format!("{to} is for {}", roles.join(" and ")));
    let mut succeeded = Vec::new();
    for origin in origins(sheet.bench, entity, from, to) {
        let Some((script, rec)) = super::transition(sheet.bench, entity, to) else { continue };
        let Some(state) = in_state(sheet.bench, entity, rec, &origin) else { continue };
        callers(&mut sheet, &script, &[state], roles, &mut succeeded);
    }
    let done = sheet.done();
    shut_out(bench, rule, roles, &succeeded);
    done
}

/// Whoever is named may really do it, in some case at least.
fn shut_out(bench: &mut Bench<'_>, rule: usize, roles: &[String], succeeded: &[String]) {
    let Some(role) = roles.iter().find(|role| !succeeded.contains(role)) else { return };
    let why = match bench.sides(rule) {
        (0, 0) => bench.rule(rule).map(|rule| bench.why_not(rule)).unwrap_or_default(),
        _ => format!("no requests were found in which {role} may do it while all other rules hold"),
    };
    bench.lack(rule, &[], &why);
}

/// Plays a script in the name of everybody who may, and of some who may not; notes the roles that it was accepted from.
fn callers(sheet: &mut Sheet<'_, '_>, script: &Script, wants: &[Want], roles: &[String], succeeded: &mut Vec<String>) {
    for caller in allowed(roles).into_iter().chain(refused(sheet, roles)) {
        let mut script = script.clone();
        if let Some(last) = script.last_mut() {
            last.caller = caller.clone();
        }
        if let (Some((_, Outcome::Accepted)), Caller::As(role)) = (sheet.probe(script, wants), caller) {
            succeeded.push(role);
        }
    }
}

fn allowed(roles: &[String]) -> Vec<Caller> {
    let mut all: Vec<Caller> = roles.iter().map(|role| Caller::As(role.clone())).collect();
    if let Some(role) = roles.first() {
        let other: String = role
            .chars()
            .map(|c| match c {
                ' ' => '-',
                c if c.is_lowercase() => c.to_ascii_uppercase(),
                c => c.to_ascii_lowercase(),
            })
            .collect();
        all.push(Caller::As(other));
        all.push(Caller::As(role.replace(' ', "_")));
    }
    all.dedup();
    all
}

fn refused(sheet: &Sheet<'_, '_>, roles: &[String]) -> Vec<Caller> {
    let known = &sheet.bench.writer.scripts.world.model.roles;
    let others = known.iter().filter(|role| !roles.iter().any(|one| same_role(one, role)));
    let mut all: Vec<Caller> = others.take(3).map(|role| Caller::As(role.clone())).collect();
    all.push(Caller::As("passer-by".to_owned()));
    all.push(Caller::Nobody);
    all
}

pub(super) fn action(
    bench: &mut Bench<'_>,
    rule: usize,
    entity: &str,
    action: Action,
    fields: &[String],
    roles: &[String],
) -> bool {
    let what = match action {
        Action::Create => "creating",
        Action::Read => "reading",
        Action::List => "listing",
        Action::Update => "changing",
        Action::Delete => "deleting",
    };
    let name = if fields.is_empty() { what.to_owned() } else { format!("{what} {}", fields.join(" and ")) };
    let mut sheet = bench.sheet(rule, entity, &format!("{name} is for {}", roles.join(" and ")));
    let mut succeeded = Vec::new();
    match action {
        Action::Read | Action::List => {
            reading(&mut sheet, entity, action, roles);
            succeeded.extend_from_slice(roles);
        }
        Action::Delete => {
            if let Some((script, _)) = deletion(sheet.bench, entity) {
                callers(&mut sheet, &script, &[], roles, &mut succeeded);
            }
        }
        Action::Create | Action::Update if fields.is_empty() => {
            let start = if action == Action::Create {
                creation(sheet.bench, entity).map(|(script, _)| script)
            } else {
                some_change(&sheet, entity, Expect::Accepted, &|_| Vec::new())
            };
            if let Some(script) = start {
                callers(&mut sheet, &script, &[], roles, &mut succeeded);
            }
        }
        Action::Create | Action::Update => {
            for field in fields {
                let start = if action == Action::Create { creation } else { change };
                with_field(&mut sheet, entity, field, start, roles, &mut succeeded);
            }
            // What the rule does not speak of stays open to all.
            let rest = if action == Action::Create {
                creation(sheet.bench, entity).map(|(mut script, _)| {
                    fields.iter().for_each(|field| script.omit(field));
                    script
                })
            } else {
                some_change(&sheet, entity, Expect::Accepted, &|_| Vec::new()).filter(|script| {
                    script.last().is_some_and(|last| !last.sets.keys().any(|key| fields.contains(key)))
                })
            };
            if let Some(mut script) = rest {
                if let Some(last) = script.last_mut() {
                    last.caller = Caller::Nobody;
                }
                if let Some(found) = sheet.solve(script, Expect::Accepted, &[]) {
                    sheet.play(&found);
                }
            }
        }
    }
    let done = sheet.done();
    shut_out(bench, rule, roles, &succeeded);
    done
}

fn with_field(
    sheet: &mut Sheet<'_, '_>,
    entity: &str,
    field: &str,
    start: fn(&Bench<'_>, &str) -> Option<(Script, usize)>,
    roles: &[String],
    succeeded: &mut Vec<String>,
) {
    let Some(meta) = sheet.bench.writer.scripts.world.field(entity, field) else { return };
    let values = sheet.bench.writer.scripts.world.candidates(&Default::default(), 0, entity, meta);
    for value in values.iter().take(4) {
        let Some((mut script, _)) = start(sheet.bench, entity) else { return };
        let value = super::fresh(&mut script, value);
        script.pin([(field, value)]);
        if let Some(found) = sheet.solve(script, Expect::Accepted, &[]) {
            callers(sheet, &found, &[], roles, succeeded);
            return;
        }
    }
    if sheet.bench.writer.scripts.world.target(entity, field).is_some()
        && let Some((script, rec)) = start(sheet.bench, entity)
        && let Some(found) = sheet.solve(script, Expect::Accepted, &[Want::Given(rec, field.to_owned())])
        && found.last().is_some_and(|last| matches!(last.sets.get(field), Some(Val::Ref(_))))
    {
        callers(sheet, &found, &[], roles, succeeded);
    }
}

fn reading(sheet: &mut Sheet<'_, '_>, entity: &str, action: Action, roles: &[String]) {
    let Some((script, rec)) = creation(sheet.bench, entity) else { return };
    sheet.play(&script);
    let path = sheet.bench.writer.path(entity);
    let target = match action {
        Action::List => string(&path),
        _ => format!("f\"{path}/{{{}['id']}}\"", sheet.body.var(rec)),
    };
    let said = |caller: &Caller| match caller {
        Caller::As(role) => string(role),
        Caller::Nobody | Caller::Fitting => "None".to_owned(),
    };
    for caller in allowed(roles) {
        sheet.line(format!("self.assertEqual(self.request(\"GET\", {target}, None, {}).status, 200)", said(&caller)));
    }
    for caller in refused(sheet, roles) {
        sheet.line(format!("self.assert_refused(self.request(\"GET\", {target}, None, {}), 403)", said(&caller)));
    }
}
