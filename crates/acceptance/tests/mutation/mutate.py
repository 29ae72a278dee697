"""Edits a generated service at random places and runs its tests after each edit.

    mutate.py DELIVERABLE --edits N [--seed S] [--only PREFIX] [--workers W]

An edit changes what the code means: a comparison, a condition, a number, a status, a statement, a call, an entry of the
model or of the API document. Every edit is reported on a line of JSON: where, what, and whether the tests noticed.
Edits that no client could see are not made: they are named below, each with the reason.
"""

import argparse
import ast
import glob
import json
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import threading

PATIENCE = 180

# Files whose code no rule of an epic is about: the wire, the start, the words of refusals.
SKIPPED_FILES = {"__init__.py", "__main__.py", "server.py", "problems.py"}

# What no client can see, by file and a piece of the line.
INVISIBLE = [
    ("store.py", "CREATE INDEX"),  # speed only
    ("store.py", "index ="),
    ("store.py", "hasattr(field.kind"),
    ("store.py", "unique ="),
    ("store.py", "PRAGMA"),  # durability under power loss
    ("store.py", "present"),  # columns of older versions
    ("store.py", "timeout="),
    ("store.py", "mkdir"),
    ("routes.py", "len(digits)"),  # speed only
    ("routes.py", "max_num_fields"),
    ("view.py", "_seen"),  # a cache
    ("view.py", "in record.computed"),  # a cache
    ("operations.py", "computed.clear"),  # a cache that nothing has filled yet
]

COMPARISONS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}
SIGNS = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "+"}
WORDS = {
    "lt": "le", "le": "lt", "gt": "ge", "ge": "gt", "eq": "ne", "ne": "eq", "in": "not_in", "not_in": "in",
    "empty": "given", "given": "empty", "add": "sub", "sub": "add", "mul": "add", "div": "mul", "sum": "max",
    "average": "sum", "min": "max", "max": "min", "create": "save", "save": "create", "update": "delete",
    "delete": "update", "list": "read", "read": "list", "_from": "_to", "_to": "_from",
}
STATUSES = {409: 422, 422: 409, 403: 409, 404: 409, 400: 422, 201: 200, 204: 200, 405: 404, 406: 200, 200: 201}
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}
SHORTENED = {"casefold", "lower", "strip", "rstrip", "upper"}
TYPES = {
    "text": "integer", "integer": "decimal", "decimal": "integer", "money": "decimal", "date": "date_time",
    "date_time": "date", "boolean": "text", "enum": "text", "reference": "integer",
}
SILENT_KEYS = {"id", "sources", "message", "name", "plural", "by_rule", "longest"}


class Source:
    """One file, with ways to change a piece of it."""

    def __init__(self, path, text):
        self.path, self.text = path, text
        self.lines = text.splitlines(keepends=True)
        self.tree = ast.parse(text)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                child.parent = node

    def place(self, line, column):
        # Columns of the syntax tree count bytes.
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def span(self, node):
        return self.place(node.lineno, node.col_offset), self.place(node.end_lineno, node.end_col_offset)

    def piece(self, node):
        start, end = self.span(node)
        return self.text[start:end]

    def edit(self, what, node, new):
        start, end = self.span(node)
        return self.replaced(what, node.lineno, start, end, new)

    def replaced(self, what, line, start, end, new):
        text = self.text[:start] + new + self.text[end:]
        if text == self.text:
            return None
        try:
            ast.parse(text)
        except SyntaxError:
            return None
        return {"file": self.path, "line": line, "what": what, "was": self.lines[line - 1].strip(), "text": text}


def is_words(node):
    """Whether a text stands there to be read by people."""
    while True:
        above = getattr(node, "parent", None)
        if above is None:
            return False
        if isinstance(above, (ast.JoinedStr, ast.FormattedValue)):
            return True
        if isinstance(above, ast.Call):
            called = ast.unparse(above.func)
            if called in ("Problem", "Invalid", "broken", "ValueError"):
                return above.args and node is not above.args[0] or called in ("Invalid", "ValueError")
        if isinstance(above, ast.stmt):
            return isinstance(above, ast.Expr) and isinstance(above.value, ast.Constant)
        node = above


def engine_edits(source):
    name = os.path.basename(source.path)
    hidden = [words for file, words in INVISIBLE if file == name]
    for node in ast.walk(source.tree):
        line = getattr(node, "lineno", None)
        if line is None or any(words in source.lines[line - 1] for words in hidden):
            continue
        yield from edits_of(source, node)


def edits_of(source, node):
    if isinstance(node, ast.Compare):
        for at, (op, right) in enumerate(zip(node.ops, node.comparators)):
            left = node.left if at == 0 else node.comparators[at - 1]
            start, end = source.span(left)[1], source.span(right)[0]
            between = source.text[start:end]
            new = COMPARISONS[type(op)]
            old = between.strip().strip("()").strip()
            if old:
                changed = between.replace(old, new, 1)
                yield source.replaced(f"`{old}` became `{new}`", node.lineno, start, end, changed)
    elif isinstance(node, ast.BoolOp):
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:]):
            start, end = source.span(left)[1], source.span(right)[0]
            changed = source.text[start:end].replace(old, new, 1)
            yield source.replaced(f"`{old}` became `{new}`", node.lineno, start, end, changed)
        for one in node.values:
            yield source.edit("a part of a condition dropped", one, "True" if old == "and" else "False")
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield source.edit("`not` dropped", node, f"({source.piece(node.operand)})")
    elif isinstance(node, ast.BinOp) and type(node.op) in SIGNS and not isinstance(node.left, ast.JoinedStr):
        start, end = source.span(node.left)[1], source.span(node.right)[0]
        between = source.text[start:end]
        old = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%"}[type(node.op)]
        new = SIGNS[type(node.op)]
        yield source.replaced(f"`{old}` became `{new}`", node.lineno, start, end, between.replace(old, new, 1))
    elif isinstance(node, ast.If):
        yield source.edit("a condition always holds", node.test, "True")
        yield source.edit("a condition never holds", node.test, "False")
    elif isinstance(node, ast.IfExp):
        yield source.edit("a condition always holds", node.test, "True")
        yield source.edit("a condition never holds", node.test, "False")
    elif isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield source.edit("a condition always holds", test, "True")
    elif isinstance(node, ast.Constant) and not is_words(node):
        value = node.value
        if isinstance(value, bool):
            yield source.edit(f"`{value}` became `{not value}`", node, str(not value))
        elif isinstance(value, int):
            new = STATUSES.get(value, value + 1)
            yield source.edit(f"`{value}` became `{new}`", node, str(new))
        elif isinstance(value, str) and value in WORDS:
            yield source.edit(f"`{value}` became `{WORDS[value]}`", node, repr(WORDS[value]))
    elif isinstance(node, ast.Expr):
        if isinstance(node.value, (ast.Yield, ast.YieldFrom)):
            yield source.edit("a refusal dropped", node, "if False: yield")
        elif isinstance(node.value, ast.Call):
            yield source.edit("a call dropped", node, "pass")
    elif isinstance(node, ast.Raise) and node.exc is not None:
        yield source.edit("a refusal dropped", node, "pass")
    elif isinstance(node, ast.Return) and isinstance(node.value, (ast.Compare, ast.BoolOp, ast.Call)):
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) not in ("any", "all", "bool", "compare"):
            return
        yield source.edit("an answer negated", node.value, f"not ({source.piece(node.value)})")
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in NAMES:
            yield source.edit(f"`{node.func.id}` became another", node.func, NAMES[node.func.id])
        if isinstance(node.func, ast.Attribute) and node.func.attr in SHORTENED and not node.args:
            yield source.edit(f"`{node.func.attr}` dropped", node, source.piece(node.func.value))
        for keyword in node.keywords:
            if keyword.arg in ("reverse", "key"):
                yield source.edit("an order changed", keyword.value, f"not {source.piece(keyword.value)}"
                                  if keyword.arg == "reverse" else "lambda record: record.id")
    elif isinstance(node, ast.Dict) and source.path.endswith("rules/__init__.py"):
        for key, value in zip(node.keys, node.values):
            start, end = source.span(key)[0], source.span(value)[1]
            end = source.text.index(",", end) + 1 if "," in source.text[end : end + 1] else end
            yield source.replaced("a kind of rule dropped", key.lineno, start, end, "")


def model_edits(source):
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "RULES":
            for rule in node.value.elts:
                kind = ast.literal_eval(rule)["kind"]
                start, end = source.span(rule)
                yield source.replaced(f"a {kind} rule dropped", rule.lineno, start, end + 1, "")
                yield from value_edits(source, rule, kind)
        elif isinstance(node, ast.Assign) and node.targets[0].id == "ENTITIES":
            yield from value_edits(source, node.value, "entity")


def value_edits(source, node, where):
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values):
            name = key.value
            if name in SILENT_KEYS and not isinstance(value, ast.Dict):
                continue
            if name == "type":
                new = TYPES[value.value]
                yield source.edit(f"{where}: type `{value.value}` became `{new}`", value, repr(new))
            elif name == "kind":
                continue
            elif name == "path":
                yield source.edit(f"{where}: path changed", value, repr(value.value + "x"))
            else:
                yield from value_edits(source, value, f"{where}.{name}")
    elif isinstance(node, ast.List):
        for one in node.elts:
            if len(node.elts) > 1 or where.endswith(("transitions", "when", "condition", "roles")):
                start, end = source.span(one)
                if source.text[end : end + 1] == ",":
                    end += 1
                yield source.replaced(f"{where}: an element dropped", one.lineno, start, end, "")
            yield from value_edits(source, one, where)
        if where.endswith("roles"):
            more = source.piece(node)[:-1].rstrip().rstrip(",") + ', "passer-by"]'
            yield source.edit(f"{where}: one more", node, more)
    elif isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            yield source.edit(f"{where}: `{value}` became `{not value}`", node, str(not value))
        elif isinstance(value, int):
            for new in (value + 1, value - 1):
                yield source.edit(f"{where}: `{value}` became `{new}`", node, repr(new))
        elif isinstance(value, str):
            yield from text_edits(source, node, value, where)


def text_edits(source, node, value, where):
    last = where.rsplit(".", 1)[-1]
    if value in WORDS and last in ("op", "test", "expr", "measure", "moment", "action"):
        yield source.edit(f"{where}: `{value}` became `{WORDS[value]}`", node, repr(WORDS[value]))
        return
    whole, _, part = value.partition(".")
    if whole.lstrip("-").isdigit() and (not part or part.isdigit()):
        for by in (1, -1):
            new = str(int(whole) + by) + ("." + part if part else "")
            yield source.edit(f"{where}: `{value}` became `{new}`", node, repr(new))
        return
    if last in ("initial", "from", "to", "roles", "values", "value", "regex"):
        yield source.edit(f"{where}: `{value}` became another", node, repr(value + "x"))


def document_edits(path, text):
    """Edits of the API document: a property, parameter, method, answer or limit that is not there, or another."""
    document = json.loads(text)
    found = []

    def visit(node, trail):
        if isinstance(node, dict):
            for key, value in list(node.items()):
                here = trail + [key]
                above = trail[-1] if trail else ""
                if key in ("description", "summary", "title", "x-rules", "tags", "operationId", "info", "x-roles"):
                    continue
                if above in ("properties", "paths", "responses") or (len(trail) == 2 and trail[0] == "paths"):
                    found.append(("dropped", here, None))
                if key in ("minimum", "maximum", "minLength", "maxLength") and isinstance(value, int) and abs(value) < 10**6:
                    found.append(("changed", here, value + 1))
                if key == "default" and isinstance(value, int):
                    found.append(("changed", here, value + 1))
                if key == "type" and value in ("string", "integer", "number", "boolean"):
                    found.append(("changed", here, "integer" if value == "string" else "string"))
                if key == "format" and value in ("date", "date-time", "email"):
                    found.append(("changed", here, "date" if value != "date" else "date-time"))
                if key == "enum" and len(value) > 1:
                    found.append(("changed", here, value[1:]))
                if key == "required" and isinstance(value, list) and value:
                    found.append(("changed", here, value[1:]))
                if key == "readOnly":
                    found.append(("changed", here, not value))
                visit(value, here)
        elif isinstance(node, list):
            for at, value in enumerate(node):
                if trail[-1] == "parameters":
                    found.append(("dropped", trail + [at], None))
                visit(value, trail + [at])

    visit(document, [])
    for what, trail, new in found:
        if trail[0] == "components" and trail[1] == "schemas" and trail[2] == "problem":
            continue
        if trail[:2] in (["paths", "/"], ["paths", "/health"], ["paths", "/openapi.json"], ["paths", "/web/{file}"]):
            continue
        yield {"file": path, "line": 0, "what": f"{what} {'/'.join(map(str, trail))}", "was": "", "trail": trail, "new": new}


def with_document_edit(text, edit):
    document = json.loads(text)
    node = document
    for key in edit["trail"][:-1]:
        node = node[key]
    if edit["what"].startswith("dropped"):
        del node[edit["trail"][-1]]
    else:
        node[edit["trail"][-1]] = edit["new"]
    return json.dumps(document)


def all_edits(deliverable):
    found = {"engine": [], "model": [], "document": []}
    service = os.path.join(deliverable, "service")
    for folder, folders, files in os.walk(service):
        folders.sort()
        for file in sorted(files):
            path = os.path.join(folder, file)
            short = os.path.relpath(path, deliverable)
            if not file.endswith(".py") or (file in SKIPPED_FILES and not short.endswith("rules/__init__.py")):
                continue
            source = Source(short, open(path, encoding="utf-8").read())
            kind = "model" if file == "model.py" else "engine"
            found[kind] += [e for e in (model_edits if kind == "model" else engine_edits)(source) if e]
    document = os.path.join(deliverable, "openapi.json")
    if os.path.exists(document):
        found["document"] += document_edits("openapi.json", open(document, encoding="utf-8").read())
    return found


def chosen(deliverable, count, seed, only):
    found = all_edits(deliverable)
    if only:
        found = {kind: [e for e in edits if e["file"].startswith(only)] for kind, edits in found.items()}
    draw = random.Random(seed)
    shares = {"engine": 0.45, "model": 0.45, "document": 0.1}
    picked = []
    for kind, edits in found.items():
        wanted = len(edits) if only or count == 0 else round(count * shares[kind])
        picked += draw.sample(edits, min(wanted, len(edits)))
    draw.shuffle(picked)
    return picked[: count or None], {kind: len(edits) for kind, edits in found.items()}


def noticed(folder, edit):
    path = os.path.join(folder, edit["file"])
    original = open(path, encoding="utf-8").read()
    text = edit.get("text") or with_document_edit(original, edit)
    try:
        write(path, text)
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        command = [sys.executable, "-m", "unittest", "discover", "-f", "-s", "tests"]
        try:
            ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return True, "took too long"
        return ran.returncode != 0, ran.stderr[-300:]
    finally:
        write(path, original)


def write(path, text):
    """Writes a source and drops what was compiled of it: two versions written within a second may look alike."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    folder, name = os.path.split(path)
    for compiled in glob.glob(os.path.join(glob.escape(folder), "__pycache__", os.path.splitext(name)[0] + ".*")):
        os.remove(compiled)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("deliverable")
    parser.add_argument("--edits", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    edits, counts = chosen(options.deliverable, options.edits, options.seed, options.only)
    open_edits, lock = queue.Queue(), threading.Lock()
    for edit in edits:
        open_edits.put(edit)

    def work():
        with tempfile.TemporaryDirectory(prefix="edited-") as folder:
            own = os.path.join(folder, "deliverable")
            ignored = shutil.ignore_patterns("__pycache__", "data")
            shutil.copytree(options.deliverable, own, ignore=ignored)
            while True:
                try:
                    edit = open_edits.get_nowait()
                except queue.Empty:
                    return
                seen, _ = noticed(own, edit)
                shown = {key: edit[key] for key in ("file", "line", "what", "was")}
                with lock:
                    print(json.dumps({**shown, "noticed": seen}, ensure_ascii=False), flush=True)

    workers = [threading.Thread(target=work) for _ in range(options.workers)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(json.dumps({"possible": counts, "made": len(edits)}), flush=True)


if __name__ == "__main__":
    main()
