"""Refusals, answered as problem details (RFC 9457)."""

TITLES = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
    500: "Internal Server Error",
}


class Problem(Exception):
    """One reason to refuse a request."""

    def __init__(self, status, detail, field=None, rule=None, headers=None):
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.rule = rule
        self.headers = headers or {}
        self.others = []

    def body(self):
        found = {"type": "about:blank", "title": TITLES[self.status], "status": self.status, **self._what()}
        if self.others:
            found["errors"] = [self._what()] + [other._what() for other in self.others]
        return found

    def _what(self):
        found = {"detail": self.detail}
        if self.field is not None:
            found["field"] = self.field
        if self.rule is not None:
            found["rule"] = self.rule["id"]
            found["criteria"] = self.rule["sources"]
        return found


def refuse(problems):
    """Raises the first problem, which names the others in `errors`; does nothing where there is none."""
    problems = list(problems)
    if problems:
        first = problems[0]
        first.others = problems[1:]
        raise first


def broken(status, rule, field=None, more=None):
    """The problem of a broken rule: its message and, where it helps, what exactly is wrong."""
    detail = rule["message"]
    if more is not None:
        detail += ": " + more
    return Problem(status, detail, field, rule)
