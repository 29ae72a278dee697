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

fn deed(action: Action, fields: &[String]) -> String {
    let what = match action {
        Action::Create => "creating",
        Action::Read => "reading",
        Action::List => "listing",
        Action::Update => "changing",
        Action::Delete => "deleting",
    };
    if fields.is_empty() { what.to_owned() } else { format!("{what} {}", fields.join(" and ")) }
}

/// These roles, spelled in any way, are refused; others, and requests without a role, are not.
pub(super) fn barred(
    bench: &mut Bench<'_>,
    rule: usize,
    entity: &str,
    action: Action,
    fields: &[String],
    roles: &[String],
) -> bool {
    let name = deed(action, fields);
    let mut sheet = bench.sheet(rule, entity, &format!("{name} is not for {}", roles.join(" or ")));
    match action {
        Action::Read | Action::List => {
            let callers = allowed(roles).into_iter().chain(refused(&sheet, roles)).collect();
            reading(&mut sheet, entity, action, callers);
        }
        Action::Delete => {
            if let Some((script, _)) = deletion(sheet.bench, entity) {
                shut(&mut sheet, &script, roles);
            }
        }
        Action::Create | Action::Update if fields.is_empty() => {
            let start = if action == Action::Create {
                creation(sheet.bench, entity).map(|(script, _)| script)
            } else {
                some_change(&sheet, entity, Expect::Accepted, &|_| Vec::new())
            };
            if let Some(script) = start {
                shut(&mut sheet, &script, roles);
            }
        }
        Action::Create | Action::Update => {
            for field in fields {
                if let Some(script) = giving(&sheet, entity, field, action) {
                    shut(&mut sheet, &script, roles);
                }
            }
            // What the rule does not speak of stays open to them.
            if let Some(mut script) = leaving(&sheet, entity, fields, action) {
                if let (Some(last), Some(role)) = (script.last_mut(), roles.first()) {
                    last.caller = Caller::As(role.clone());
                }
                if let Some(found) = sheet.solve(script, Expect::Accepted, &[]) {
                    sheet.play(&found);
                }
            }
        }
    }
    sheet.done()
}

/// Plays a script that is accepted in the name of everybody who may not, and of some who may.
fn shut(sheet: &mut Sheet<'_, '_>, script: &Script, roles: &[String]) {
    let Some(open) = sheet.solve(script.clone(), Expect::Accepted, &[]) else { return };
    let by = |script: &Script, caller: Caller| {
        let mut script = script.clone();
        if let Some(last) = script.last_mut() {
            last.caller = caller;
        }
        script
    };
    for caller in allowed(roles) {
        // Where other rules keep it from them too, they are refused all the same.
        let alone = sheet.probe(by(&open, caller.clone()), &[]).is_some();
        let shut = by(&open, caller);
        if !alone && matches!(sheet.bench.writer.outcome(&shut), Outcome::Refused(403, _)) {
            sheet.play(&shut);
        }
    }
    let accepted = sheet.accepted;
    for caller in refused(sheet, roles) {
        if let Some(found) = sheet.solve(by(&open, caller), Expect::Accepted, &[]) {
            sheet.play(&found);
        }
    }
    if sheet.accepted == accepted {
        sheet.play(&open);
    }
}

pub(super) fn action(
    bench: &mut Bench<'_>,
    rule: usize,
    entity: &str,
    action: Action,
    fields: &[String],
    roles: &[String],
) -> bool {
    let name = deed(action, fields);
    let mut sheet = bench.sheet(rule, entity, &format!("{name} is for {}", roles.join(" and ")));
    let mut succeeded = Vec::new();
    match action {
        Action::Read | Action::List => {
            let callers = allowed(roles).into_iter().chain(refused(&sheet, roles)).collect();
            reading(&mut sheet, entity, action, callers);
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
                if let Some(found) = giving(&sheet, entity, field, action) {
                    callers(&mut sheet, &found, &[], roles, &mut succeeded);
                }
            }
            // What the rule does not speak of stays open to all.
            if let Some(mut script) = leaving(&sheet, entity, fields, action) {
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

/// A request that gives a field a value, which is accepted from somebody.
fn giving(sheet: &Sheet<'_, '_>, entity: &str, field: &str, action: Action) -> Option<Script> {
    let start = if action == Action::Create { creation } else { change };
    let world = &sheet.bench.writer.scripts.world;
    let values = world.candidates(&Default::default(), 0, entity, world.field(entity, field)?);
    for value in values.iter().take(4) {
        let (mut script, _) = start(sheet.bench, entity)?;
        let value = super::fresh(&mut script, value);
        script.pin([(field, value)]);
        if let Some(found) = sheet.solve(script, Expect::Accepted, &[]) {
            return Some(found);
        }
    }
    world.target(entity, field)?;
    let (script, rec) = start(sheet.bench, entity)?;
    sheet
        .solve(script, Expect::Accepted, &[Want::Given(rec, field.to_owned())])
        .filter(|found| found.last().is_some_and(|last| matches!(last.sets.get(field), Some(Val::Ref(_)))))
}

/// A request that leaves fields alone.
fn leaving(sheet: &Sheet<'_, '_>, entity: &str, fields: &[String], action: Action) -> Option<Script> {
    if action == Action::Create {
        let (mut script, _) = creation(sheet.bench, entity)?;
        fields.iter().for_each(|field| script.omit(field));
        return Some(script);
    }
    some_change(sheet, entity, Expect::Accepted, &|_| Vec::new())
        .filter(|script| script.last().is_some_and(|last| !last.sets.keys().any(|key| fields.contains(key))))
}

/// Reads a record, or the list, in the name of each.
fn reading(sheet: &mut Sheet<'_, '_>, entity: &str, action: Action, callers: Vec<Caller>) {
    let Some((script, rec)) = creation(sheet.bench, entity) else { return };
    sheet.play(&script);
    let path = sheet.bench.writer.path(entity);
    let target = match action {
        Action::List => string(&path),
        _ => format!("f\"{path}/{{{}['id']}}\"", sheet.body.var(rec)),
    };
    let restrictions = sheet.bench.writer.scripts.world.restricting(entity, &[action]);
    for caller in callers {
        let role = match &caller {
            Caller::As(role) => Some(role.as_str()),
            Caller::Nobody | Caller::Fitting => None,
        };
        let said = role.map_or_else(|| "None".to_owned(), string);
        let asked = format!("self.request(\"GET\", {target}, None, {said})");
        if restrictions.iter().all(|one| one.allows(role)) {
            sheet.line(format!("self.assertEqual({asked}.status, 200)"));
        } else {
            sheet.line(format!("self.assert_refused({asked}, 403)"));
        }
    }
}
