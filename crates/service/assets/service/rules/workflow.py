"""Which changes of state are allowed."""

from ..problems import broken


def allowed(rule, change):
    states = change.states
    if states is None:
        return
    workflow = change.entity.workflow
    old, new = states
    if change.before is None:
        if new != workflow["initial"]:
            yield broken(409, rule, workflow["field"], "a new record starts as `{}`".format(workflow["initial"]))
        return
    following = [way["to"] for way in workflow["transitions"] if way["from"] == old]
    if new not in following:
        ways = " or ".join(f"`{state}`" for state in following) or "no other state"
        yield broken(409, rule, workflow["field"], f"from `{old}` to {ways}, not to `{new}`")
