"""What must hold of a record, or of one it refers to, at the moment of an action."""

from ..conditions import holds
from ..problems import broken


def requires(rule, change):
    for test in rule["condition"]:
        via = test.get("via") if test["test"] != "children" else None
        # The field of the record itself that leads there.
        own = via and via.split(".")[0]
        if not _is_moment(rule["at"], change, own):
            continue
        # Where nothing is referred to there is nothing to meet the condition.
        if via and change.view.referenced(change.after, via) is None:
            continue
        if not holds([test], change.after, change.view):
            yield broken(409, rule, own or test.get("field"))
            return


def _is_moment(at, change, via):
    if at["moment"] == "create":
        # A load that is moved to another order is added to it.
        return change.before is None or bool(via) and change.before.values.get(via) != change.value(via)
    if at["moment"] == "transition":
        return change.reaches(at)
    return True
