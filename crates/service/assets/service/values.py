"""The types of fields: how a value is read from JSON or a query, kept in SQLite and shown.

Inside the engine values are plain Python: str, int, bool, Decimal (decimals and money), date, datetime (UTC).
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

LARGEST_INTEGER = 2**53
LARGEST_DECIMAL = 10**15
LARGEST_MONEY = Decimal(10) ** 13
LONGEST_TEXT = 10_000
CENT = Decimal("0.01")

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?"
    r"(?:([Zz])|([+-])([0-9]{2}):?([0-9]{2}))?"
)
SPACE_FOR_PLUS = re.compile(r" (?=[0-9]{2}:?[0-9]{2}$)")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
MONEY = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?")


class Invalid(Exception):
    """A value that is not one of the field's type; the text says what is expected."""


def is_empty(value):
    """No value: null, or a text of nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def rounded(number, step):
    """Halves go away from zero, as people round."""
    return number.quantize(step, rounding=ROUND_HALF_UP)


class Kind:
    """A type of field.

    Each subclass has its own `read(raw)`: the value of a JSON value; raises `Invalid`. The rest is overridden where it
    differs.
    """

    sql = "TEXT"
    numeric = False
    ranged = False

    def parse(self, text):
        """The value of a text, as in a query or a rule; raises `Invalid`."""
        return self.read(text)

    def constant(self, raw):
        """The value of a constant in a rule."""
        if raw is None:
            return None
        try:
            return self.parse(raw) if isinstance(raw, str) else self.read(raw)
        except Invalid:
            return raw

    def show(self, value):
        """The JSON value."""
        return value

    def save(self, value):
        """The value as SQLite keeps it."""
        return value

    def load(self, kept):
        """The value of what SQLite kept."""
        return kept

    def fit(self, value):
        """A value worked out from others as one of this type, or None where it is none."""
        return value

    def order(self, value):
        """What lists and totals are ordered by."""
        return value


# Letters of their own that people look up beside another; what is but an accent is taken off.
BESIDE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def looked_up(text):
    """A text as people look it up: upper and lower case are alike, and letters with accents stand beside those without.

    Texts that differ in nothing else have an order all the same.
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(BESIDE)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)), text.casefold(), text


class Text(Kind):
    def __init__(self, longest=LONGEST_TEXT):
        self.longest = longest

    def read(self, raw):
        if not isinstance(raw, str):
            raise Invalid("must be a text")
        if len(raw) > self.longest:
            raise Invalid(f"must have at most {self.longest} characters")
        if "\0" in raw or any("\ud800" <= letter <= "\udfff" for letter in raw):
            raise Invalid("must be valid Unicode text")
        return raw

    def order(self, value):
        return looked_up(value)


class Integer(Kind):
    sql = "INTEGER"
    numeric = True
    ranged = True

    def read(self, raw):
        if not is_number(raw):
            raise Invalid("must be a whole number")
        if abs(raw) > LARGEST_INTEGER:
            raise Invalid("must lie between -2^53 and 2^53")
        if raw != int(raw):
            raise Invalid("must be a whole number")
        return int(raw)

    def parse(self, text):
        return self.read(number(text))

    def fit(self, value):
        return int(rounded(Decimal(value), Decimal(1))) if is_number(value) and abs(value) <= LARGEST_INTEGER else None


class Decimals(Kind):
    numeric = True
    ranged = True

    def read(self, raw):
        if not is_number(raw):
            raise Invalid("must be a number")
        value = Decimal(raw)
        if abs(value) > LARGEST_DECIMAL:
            raise Invalid("must lie between -10^15 and 10^15")
        # What goes out is a JSON number: it must be the one that came in.
        if Decimal(repr(float(value))) != value:
            raise Invalid("must be a number of at most 15 significant digits")
        return value

    def parse(self, text):
        return self.read(number(text))

    def show(self, value):
        return int(value) if value == value.to_integral_value() and abs(value) <= LARGEST_INTEGER else float(value)

    def save(self, value):
        return format(value.normalize(), "f")

    def load(self, kept):
        return Decimal(kept)

    def fit(self, value):
        if not is_number(value) or abs(value) > LARGEST_DECIMAL:
            return None
        return rounded(Decimal(value), Decimal("1e-10")).normalize()


class Money(Kind):
    """Decimal text with two places; kept as whole cents."""

    sql = "INTEGER"
    numeric = True
    ranged = True

    def read(self, raw):
        if isinstance(raw, str) and MONEY.fullmatch(raw):
            raw = Decimal(raw)
        if not is_number(raw):
            raise Invalid('must be an amount of money such as "12.50"')
        if abs(raw) >= LARGEST_MONEY:
            raise Invalid("must be less than 10000000000000.00")
        if Decimal(raw) != rounded(Decimal(raw), CENT):
            raise Invalid("must have at most two decimal places")
        return rounded(Decimal(raw), CENT)

    def show(self, value):
        return format(rounded(value, CENT), "f")

    def save(self, value):
        return int(value * 100)

    def load(self, kept):
        return Decimal(kept).scaleb(-2)

    def fit(self, value):
        return rounded(Decimal(value), CENT) if is_number(value) and abs(value) <= LARGEST_INTEGER else None


class Date(Kind):
    ranged = True

    def read(self, raw):
        try:
            if isinstance(raw, str) and DATE.fullmatch(raw):
                return date.fromisoformat(raw)
        except ValueError:
            pass
        raise Invalid("must be a date such as 2024-01-31")

    def show(self, value):
        return value.isoformat()

    save = show

    def load(self, kept):
        return date.fromisoformat(kept)

    def fit(self, value):
        return day_of(value) if isinstance(value, date) else None


class DateTime(Kind):
    """An instant, to the second, in UTC; without an offset UTC is meant."""

    ranged = True

    def read(self, raw):
        found = DATE_TIME.fullmatch(raw) if isinstance(raw, str) else None
        if found is None:
            raise Invalid("must be a date and time such as 2024-01-31T09:30:00Z")
        day, hour, minute, second, _, sign, off_hours, off_minutes = found.groups()
        try:
            clock = time(int(hour), int(minute), int(second or 0), tzinfo=timezone.utc)
            moment = datetime.combine(date.fromisoformat(day), clock)
            if sign:
                if int(off_hours) > 23 or int(off_minutes) > 59:
                    raise ValueError
                offset = timedelta(hours=int(off_hours), minutes=int(off_minutes))
                moment = moment + offset if sign == "-" else moment - offset
            return moment
        except (ValueError, OverflowError):
            raise Invalid("must be a date and time such as 2024-01-31T09:30:00Z") from None

    def parse(self, text):
        """A bare date is accepted too and means the whole day: the answer is then a `date`."""
        # In a query an unescaped `+` arrives as a space.
        return Date().read(text) if DATE.fullmatch(text) else self.read(SPACE_FOR_PLUS.sub("+", text))

    def show(self, value):
        return value.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"

    save = show

    def load(self, kept):
        return datetime.fromisoformat(kept[:-1]).replace(tzinfo=timezone.utc)

    def fit(self, value):
        if isinstance(value, datetime):
            return value.replace(microsecond=0)
        return datetime.combine(value, time(tzinfo=timezone.utc)) if isinstance(value, date) else None


class Boolean(Kind):
    sql = "INTEGER"

    def read(self, raw):
        if not isinstance(raw, bool):
            raise Invalid("must be true or false")
        return raw

    def parse(self, text):
        # Some clients write the words of their own language, `True`.
        if text.lower() not in ("true", "false"):
            raise Invalid("must be true or false")
        return text.lower() == "true"

    def save(self, value):
        return int(value)

    def load(self, kept):
        return bool(kept)

    def fit(self, value):
        return value if isinstance(value, bool) else None


class Enum(Kind):
    def __init__(self, values):
        self.values = values

    def read(self, raw):
        if not isinstance(raw, str) or raw not in self.values:
            raise Invalid("must be one of: {}".format(", ".join(self.values)))
        return raw

    def order(self, value):
        return looked_up(value)


class Reference(Kind):
    sql = "INTEGER"

    def __init__(self, entity):
        self.entity = entity

    def read(self, raw):
        if not is_number(raw) or not 0 < raw <= LARGEST_INTEGER or raw != int(raw):
            raise Invalid("must be the id of a record, a whole number from 1")
        return int(raw)

    def parse(self, text):
        return self.read(number(text))


def number(text):
    """The number that a text spells; raises `Invalid`."""
    try:
        if NUMBER.fullmatch(text):
            return Decimal(text)
    except InvalidOperation:
        pass
    raise Invalid("must be a number")


def is_number(value):
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def day_of(value):
    """The day of a date or of an instant (UTC)."""
    return value.date() if isinstance(value, datetime) else value


KINDS = {
    "text": lambda spec: Text(spec.get("longest", LONGEST_TEXT)),
    "integer": lambda spec: Integer(),
    "decimal": lambda spec: Decimals(),
    "money": lambda spec: Money(),
    "date": lambda spec: Date(),
    "date_time": lambda spec: DateTime(),
    "boolean": lambda spec: Boolean(),
    "enum": lambda spec: Enum(spec["values"]),
    "reference": lambda spec: Reference(spec["entity"]),
}
