"""Changes one thing of the code at a time and asks whether the tests notice."""

import ast
import hashlib
import os
import queue
import re
import shutil
import tempfile
import threading
import time

import sources
import traced

WORKERS = 2
SWAPS = {
    "==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "in": "not in", "not in": "in", "is": "is not",
    "is not": "is", "and": "or", "or": "and", "+": "-", "-": "+", "*": "+", "/": "*", "//": "*", "%": "+",
}
SYMBOL = re.compile(r"not\s+in|is\s+not|[=!<>]=|//|\bin\b|\bis\b|\band\b|\bor\b|[<>+\-*/%]")


def main(argument):
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        end, said, took = traced.run_tests(sources.ROOT, argument["tests"], argument["seconds"] / 2, traced=folder)
        seen = traced.executed(folder)
    if end != "ok":
        return {"baseline": end, "said": said, "mutants": [], "candidates": 0}
    end, said, took = traced.run_tests(sources.ROOT, argument["tests"], argument["seconds"] / 2)
    candidates = []
    for path in sources.paths(argument["below"]):
        if not path.startswith(argument["tests"].rstrip("/") + "/"):
            try:
                candidates += [one for one in of_file(path, sources.read(path)) if one["line"] in seen.get(path, ())]
            except (SyntaxError, ValueError):
                continue
    chosen = choose(candidates, argument["count"], argument["seed"])
    deadline = began + argument["seconds"]
    results = try_all(chosen, argument["tests"], max(5.0, 3 * took + 5), deadline, took)
    return {"baseline": "ok", "said": "", "candidates": len(candidates), "mutants": results}


def of_file(path, text):
    """Every change of one operator, constant, condition or return that the file allows."""
    tree = ast.parse(text)
    data = text.encode("utf-8")
    starts = [0]
    for line in data.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)

    def begin(node):
        return starts[node.lineno - 1] + node.col_offset

    def end(node):
        return starts[node.end_lineno - 1] + node.end_col_offset

    found = []

    def add(node, start, stop, new):
        old = data[start:stop].decode("utf-8", "replace")
        if old != new:
            found.append({"path": path, "line": node.lineno, "start": start, "stop": stop, "old": old, "new": new})

    def symbol(node, left, right):
        start, stop = end(left), begin(right)
        match = SYMBOL.search(data[start:stop].decode("utf-8", "replace"))
        if match:
            new = SWAPS.get(" ".join(match.group().split()))
            if new:
                add(node, start + match.start(), start + match.end(), new)

    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            symbol(node, node.left, node.comparators[0])
        elif isinstance(node, ast.BoolOp):
            symbol(node, node.values[0], node.values[1])
        elif isinstance(node, ast.BinOp) and not isinstance(node.left, (ast.Constant, ast.JoinedStr)):
            symbol(node, node.left, node.right)
        elif isinstance(node, ast.Constant) and id(node) not in docs and node.end_lineno == node.lineno:
            if isinstance(node.value, bool):
                add(node, begin(node), end(node), str(not node.value))
            elif isinstance(node.value, int):
                add(node, begin(node), end(node), str(node.value + 1))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            add(node, begin(node), begin(node.operand), "")
        elif isinstance(node, (ast.If, ast.While)) and isinstance(node.test, (ast.Name, ast.Call, ast.Attribute)):
            add(node.test, begin(node.test), end(node.test), "not (%s)" % data[begin(node.test):end(node.test)].decode("utf-8"))
        elif isinstance(node, ast.Return) and node.value is not None and not (
                isinstance(node.value, ast.Constant) and node.value.value is None):
            add(node, begin(node.value), end(node.value), "None")
    return found


def choose(candidates, count, seed):
    """A sample that is the same each time, first one of each line, spread over the files."""
    def rank(one):
        key = "%s:%s:%s:%s:%s" % (seed, one["path"], one["start"], one["old"], one["new"])
        return hashlib.sha256(key.encode("utf-8")).hexdigest()

    ordered = sorted(candidates, key=rank)
    seen, first, rest = set(), [], []
    for one in ordered:
        place = (one["path"], one["line"])
        (rest if place in seen else first).append(one)
        seen.add(place)
    return (first + rest)[:count]


def try_all(chosen, tests, patience, deadline, took):
    waiting, results = queue.Queue(), [None] * len(chosen)
    for item in enumerate(chosen):
        waiting.put(item)

    def work():
        with tempfile.TemporaryDirectory() as folder:
            root = os.path.join(folder, "copy")
            shutil.copytree(sources.ROOT, root, ignore=shutil.ignore_patterns(".*"))
            while True:
                try:
                    at, one = waiting.get_nowait()
                except queue.Empty:
                    return
                results[at] = try_one(root, one, tests, patience, deadline, took)

    threads = [threading.Thread(target=work) for _ in range(min(WORKERS, len(chosen)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [one for one in results if one is not None]


def try_one(root, one, tests, patience, deadline, took):
    shown = {key: one[key] for key in ("path", "line", "old", "new")}
    shown["old"], shown["new"] = shown["old"][:120], shown["new"][:120]
    if time.monotonic() + took * 2 > deadline:
        return dict(shown, outcome="not tried")
    file = os.path.join(root, one["path"])
    with open(file, "rb") as read:
        data = read.read()
    try:
        with open(file, "wb") as write:
            write.write(data[: one["start"]] + one["new"].encode("utf-8") + data[one["stop"]:])
        end, _, _ = traced.run_tests(root, tests, patience, fail_fast=True)
    finally:
        with open(file, "wb") as write:
            write.write(data)
    return dict(shown, outcome={"ok": "survived", "failed": "noticed", "timed out": "noticed"}[end])
