"""Rules about the form of a text. A text without a value has no form to judge."""

import re

from ..problems import broken

FORMATS = {
    "email": r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+",
    "url": r"https?://[^\s/?#:@]+(?::[0-9]{1,5})?(?:[/?#]\S*)?",
    "phone": r"\+?[0-9(](?:[ ()./-]*[0-9]){4,19}[)]?",
}


def length(rule, change):
    value = change.value(rule["field"])
    if value is None:
        return
    if len(value) < (rule.get("min") or 0) or (rule.get("max") is not None and len(value) > rule["max"]):
        yield broken(422, rule, rule["field"])


def pattern(rule, change):
    yield from _form(rule, change, rule["regex"])


def format(rule, change):
    yield from _form(rule, change, FORMATS[rule["format"]])


def _form(rule, change, regex):
    value = change.value(rule["field"])
    # An empty text is no value; whether one must be given is a rule of its own.
    if value and not re.fullmatch(regex, value):
        yield broken(422, rule, rule["field"])
