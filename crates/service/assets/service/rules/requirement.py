"""What must hold of a record, or of one it refers to, at the moment of an action."""

from ..conditions import holds
from ..problems import broken


def requires(rule, change):
    if not _is_moment(rule["at"], change):
        return
    for test in rule["condition"]:
        via = test.get("via") if test["test"] != "children" else None
        # Where nothing is referred to there is nothing to meet the condition.
        if via and change.value(via) is None:
            continue
        if not holds([test], change.after, change.view):
            yield broken(409, rule, via or test.get("field"))
            return


def _is_moment(at, change):
    if at["moment"] == "create":
        return change.before is None
    if at["moment"] == "transition":
        return change.makes(at)
    return True
