"""Who may do what. Names of roles compare without case, spaces, hyphens and underscores."""

from ..problems import broken


def plain(role):
    return "".join(letter for letter in role.casefold() if letter not in " -_\t")


def action(rule, change):
    if _is_about(rule, change):
        yield from _only(rule, change)


def barred(rule, change):
    if _is_about(rule, change) and _is_named(rule, change.role):
        yield broken(403, rule, None, "not for {}".format(" or ".join(rule["roles"])))


def transition(rule, change):
    if change.reaches(rule):
        yield from _only(rule, change)


def _is_about(rule, change):
    if rule["action"] != change.action:
        return False
    fields = rule.get("fields")
    if fields:
        touched = change.touched()
        return any(key in touched for key in fields)
    return not _is_transition_with_roles(change)


def _is_named(rule, role):
    return role is not None and plain(role) in map(plain, rule["roles"])


def _only(rule, change):
    if not _is_named(rule, change.role):
        yield broken(403, rule, None, "only for {}".format(" or ".join(rule["roles"])))


def _is_transition_with_roles(change):
    """A mere change of state that has roles of its own is theirs, whoever may edit the record otherwise."""
    if change.transition is None:
        return False
    named = [rule for rule in change.view.schema.rules(change.entity, "transition_role") if change.makes(rule)]
    return bool(named) and set(change.touched()) <= {change.state_field} | needed_fields(change)


def needed_fields(change):
    """The fields that the change of state requires: they may come along with it."""
    rules = change.view.schema.rules(change.entity, "transition_requires")
    return {key for rule in rules if change.makes(rule) for key in rule.get("fields", ())}
