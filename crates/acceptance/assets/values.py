"""Values of fields: texts and numbers that no other record has, days and instants reckoned from now."""

import calendar
import datetime
import itertools
import unicodedata

OMIT = object()  # as a value: leave the field out

_serial = itertools.count(1)
_counts = {}  # those that have a counter of their own


def _code(number):
    """A number in letters, six of them: any part of it reads otherwise in capitals."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number or len(text) < 6:
        number, letter = divmod(number, len(letters))
        text = letters[letter] + text
    return text


def text(label):
    """A text that no other record has."""
    return f"{label} {_code(next(_serial))}"


def alphabetical(value):
    """What a text is sorted by: neither case nor accents count, as long as anything else tells two texts apart."""
    apart = unicodedata.normalize("NFKD", value.casefold())
    for letter, others in {"o": "ø", "l": "ł", "d": "đð", "i": "ı", "ae": "æ", "oe": "œ", "th": "þ"}.items():
        for other in others:
            apart = apart.replace(other, letter)
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn"), value.casefold(), value


def text_of(length):
    """A text of exactly so many characters; it differs from all others where there is room for that."""
    code = _code(next(_serial))
    return code[-length:] if length < len(code) else code.rjust(length, "a")


def coded(*sets):
    """A text with one character out of each set, counting through them so that texts differ."""
    number, chosen = next(_counts.setdefault(sets, itertools.count(1))), []
    for options in reversed(sets):
        number, index = divmod(number, len(options))
        chosen.append(options[index])
    return "".join(reversed(chosen))


def counted(what, low, high):
    """A whole number that no other record has in this field, as long as there are any left."""
    count = _counts.setdefault(what, itertools.count())
    return low + next(count) % (high - low + 1)


def email(length=None):
    """An e-mail address that no other record has."""
    name, host = "person." + _code(next(_serial)), "@example.org"
    if length is not None:
        name = name.rjust(length - len(host), "a")[-(length - len(host)):]
    return name + host


def url(length=None):
    """A web address that no other record has."""
    start, name = "https://example.org/", _code(next(_serial))
    if length is not None:
        name = name.rjust(length - len(start), "a")[-(length - len(start)):]
    return start + name


def phone(length=None):
    """A telephone number that no other record has."""
    number = f"44163296{next(_serial) % 10000:04d}"
    if length is None or length == len(number) + 1:
        return "+" + number
    if length <= len(number):
        return number[-length:]
    return "+44" + " " * (length - len(number) - 1) + number[2:]


def utc():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def day(days=0):
    """The day so many days after today (UTC)."""
    return (utc().date() + datetime.timedelta(days=days)).isoformat()


def year(plus=0):
    """The year so many years after this one (UTC)."""
    return utc().year + plus


def at(days=0, seconds=0):
    """The instant so many days and seconds after the start of today (UTC)."""
    start = utc().replace(hour=0, minute=0, second=0)
    return (start + datetime.timedelta(days=days, seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def months_later(value, months, days=0, seconds=0):
    """The date or instant so many calendar months after another one (or the last day of a shorter month), and so many
    days and seconds after that.
    """
    form = "%Y-%m-%d" if len(value) == 10 else "%Y-%m-%dT%H:%M:%SZ"
    start = datetime.datetime.strptime(value, form)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    moved = start.replace(year=year, month=month + 1, day=min(start.day, last))
    return (moved + datetime.timedelta(days=days, seconds=seconds)).strftime(form)


def from_now(seconds):
    """The instant so many seconds after this one."""
    return (utc() + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def fill(values, given):
    """Takes `given` values over the usual ones; usual values that are functions are called only where needed."""
    merged = {**values, **given}
    return {key: value() if callable(value) else value for key, value in merged.items() if value is not OMIT}
