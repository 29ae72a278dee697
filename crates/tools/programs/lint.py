"""Finds mistakes in Python that its compiler lets pass, by syntax trees and symbol tables."""

import ast
import builtins
import symtable

import sources

IMPLICIT = set(dir(builtins)) | {"__file__", "__name__", "__doc__", "__package__", "__spec__", "__path__", "__class__",
                                  "__annotations__", "__builtins__", "__module__", "__qualname__", "__debug__"}
ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTABLE_CALLS = {"list", "dict", "set", "bytearray", "defaultdict", "deque", "OrderedDict", "Counter"}


class Lint(ast.NodeVisitor):
    """One file."""

    def __init__(self, path, text):
        self.path, self.text, self.found = path, text, []
        self.lines = text.splitlines()
        self.tree = ast.parse(text, path)

    def add(self, node, code, message):
        line = node if isinstance(node, int) else getattr(node, "lineno", 0)
        self.found.append({"path": self.path, "line": line, "code": code, "message": message})

    def run(self):
        self.visit(self.tree)
        self.names()
        return self.found

    # Statements that follow each other.

    def generic_visit(self, node):
        for field in ("body", "orelse", "finalbody"):
            body = getattr(node, field, None)
            if isinstance(body, list):
                self.unreachable(body)
                self.redefined(body)
        super().generic_visit(node)

    def unreachable(self, body):
        for before, after in zip(body, body[1:]):
            if isinstance(before, ENDS) or ends(before):
                self.add(after, "unreachable-code", "nothing gets here: the statement before it always leaves")
                return

    def redefined(self, body):
        seen = {}
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                if node.name in seen and not node.decorator_list and not used_between(body, seen[node.name], node):
                    self.add(node, "redefined", "`%s` is defined again; the one at line %d is never used"
                             % (node.name, seen[node.name].lineno))
                seen[node.name] = node

    # Single nodes.

    def visit_FunctionDef(self, node):
        self.function(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def function(self, node):
        arguments = node.args
        for default in arguments.defaults + [one for one in arguments.kw_defaults if one is not None]:
            if isinstance(default, MUTABLE) or (isinstance(default, ast.Call) and name_of(default.func) in MUTABLE_CALLS):
                self.add(default, "mutable-default", "the default of `%s` is made once and shared by all calls" % node.name)
        for other in ast.walk(node):
            if isinstance(other, ast.Try):
                for inner in other.finalbody:
                    for left in ast.walk(inner):
                        if isinstance(left, ast.Return):
                            self.add(left, "return-in-finally", "it swallows any exception on its way")
        returns = [one for one in own_nodes(node) if isinstance(one, ast.Return)]
        values = [one for one in returns if one.value is not None]
        if values and len(values) < len(returns):
            bare = next(one for one in returns if one.value is None)
            self.add(bare, "mixed-returns", "`%s` returns a value elsewhere; say `return None` or return one" % node.name)
        self.generic_visit(node)

    def visit_ExceptHandler(self, node):
        if node.type is None:
            self.add(node, "bare-except", "it catches everything, even the wish to stop; name what may happen")
        elif name_of(node.type) in ("Exception", "BaseException") and all(isinstance(one, ast.Pass) for one in node.body):
            self.add(node, "swallowed-exception", "it hides every failure; name what may happen, or report it")
        self.generic_visit(node)

    def visit_Compare(self, node):
        operands = [node.left] + node.comparators
        for operator, left, right in zip(node.ops, operands, operands[1:]):
            if isinstance(operator, (ast.Eq, ast.NotEq)) and any(is_constant(one, None) for one in (left, right)):
                self.add(node, "none-comparison", "compare to None by `is` or `is not`")
            if isinstance(operator, (ast.Is, ast.IsNot)) and any(is_literal(one) for one in (left, right)):
                self.add(node, "is-literal", "`is` compares identity; use `==`")
            if ast.dump(left) == ast.dump(right):
                self.add(node, "self-comparison", "both sides are the same")
        self.generic_visit(node)

    def visit_Assert(self, node):
        if isinstance(node.test, ast.Tuple) and node.test.elts:
            self.add(node, "assert-tuple", "a tuple is always true; take the parentheses away")
        elif isinstance(node.test, ast.Constant) and node.test.value:
            self.add(node, "assert-constant", "it can never fail")
        self.generic_visit(node)

    def visit_Assign(self, node):
        if len(node.targets) == 1 and ast.dump(node.targets[0]).replace("Store", "Load") == ast.dump(node.value):
            self.add(node, "self-assignment", "it changes nothing")
        self.generic_visit(node)

    def visit_Dict(self, node):
        seen = set()
        for key in node.keys:
            if isinstance(key, ast.Constant):
                value = (type(key.value).__name__, key.value)
                if value in seen:
                    self.add(key, "duplicate-key", "the key %r is there twice; the last one wins" % (key.value,))
                seen.add(value)
        self.generic_visit(node)

    def visit_JoinedStr(self, node):
        if not any(isinstance(part, ast.FormattedValue) for part in node.values):
            self.add(node, "empty-f-string", "nothing is filled in; take the `f` away")
        # Formats inside of it are such nodes too, and hold nothing as a rule.
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_If(self, node):
        if isinstance(node.test, ast.Tuple) and node.test.elts:
            self.add(node, "condition-tuple", "a tuple is always true")
        self.generic_visit(node)

    def visit_Call(self, node):
        if name_of(node.func) in ("open",) and isinstance(node.func, ast.Name) and len(node.args) >= 1:
            mode = node.args[1] if len(node.args) > 1 else None
            text = not (isinstance(mode, ast.Constant) and isinstance(mode.value, str) and "b" in mode.value)
            if text and not any(word.arg in ("encoding", None, "mode") for word in node.keywords) and len(node.args) < 4:
                self.add(node, "open-encoding", "name the encoding of a text file")
        self.generic_visit(node)

    # Names, by the compiler's own tables.

    def names(self):
        table = symtable.symtable(self.text, self.path, "exec")
        if any(isinstance(node, ast.ImportFrom) and any(one.name == "*" for one in node.names)
               for node in ast.walk(self.tree)):
            return
        bound = {symbol.get_name() for symbol in table.get_symbols()
                 if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()}
        bound |= declared_global(self.tree)
        loads = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                loads.setdefault(node.id, []).append(node.lineno)
        self.undefined(table, bound, loads)
        self.unused_imports()
        self.unused_locals(table)

    def undefined(self, table, bound, loads):
        pending = [table]
        reported = set()
        while pending:
            scope = pending.pop()
            pending.extend(scope.get_children())
            for symbol in scope.get_symbols():
                name = symbol.get_name()
                if not symbol.is_referenced() or name in reported or name in IMPLICIT or name in bound:
                    continue
                if symbol.is_global() or (scope.get_type() == "module" and not symbol.is_assigned()):
                    if loads.get(name):
                        reported.add(name)
                        self.add(loads[name][0], "undefined-name", "`%s` is defined nowhere" % name)

    def unused_imports(self):
        # A package's first file imports for others; `__all__` and comments say so elsewhere.
        if self.path.endswith("__init__.py"):
            return
        exported = exports(self.tree)
        used = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        # Names in annotations that are texts.
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
                used |= set(node.value.replace("[", " ").replace("]", " ").replace(".", " ").replace(",", " ").split())
        for node in ast.walk(self.tree):
            if not isinstance(node, (ast.Import, ast.ImportFrom)) or getattr(node, "module", "") == "__future__":
                continue
            if "noqa" in (self.lines[node.lineno - 1] if node.lineno <= len(self.lines) else ""):
                continue
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                if name not in used and name not in exported and alias.asname != alias.name:
                    self.add(node, "unused-import", "`%s` is imported and never used" % name)

    def unused_locals(self, table):
        pending = [table]
        while pending:
            scope = pending.pop()
            pending.extend(scope.get_children())
            if scope.get_type() != "function":
                continue
            for symbol in scope.get_symbols():
                name = symbol.get_name()
                if (symbol.is_local() and symbol.is_assigned() and not symbol.is_referenced() and not name.startswith("_")
                        and not symbol.is_parameter() and not symbol.is_namespace() and not symbol.is_imported()
                        and not captured(scope, name)):
                    line = plain_assignment(self.tree, scope.get_lineno(), name)
                    if line:
                        self.add(line, "unused-variable", "`%s` is given a value that nobody reads" % name)


def captured(scope, name):
    for child in scope.get_children():
        for symbol in child.get_symbols():
            if symbol.get_name() == name and symbol.is_free():
                return True
        if captured(child, name):
            return True
    return False


def plain_assignment(tree, function_line, name):
    """The line of `name = ...` in the function; None where it is bound by a loop, `with`, unpacking and the like."""
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([function.lineno] + [one.lineno for one in function.decorator_list])
            if function_line in (first, function.lineno):
                for node in own_nodes(function):
                    if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
                        return node.lineno
                    if isinstance(node, ast.ExceptHandler) and node.name == name:
                        return node.lineno
    return None


def own_nodes(function):
    """Nodes of a function without those of functions and classes inside of it."""
    pending = list(function.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            pending.extend(ast.iter_child_nodes(node))


def ends(node):
    """Whether both ways through an `if` leave."""
    return (isinstance(node, ast.If) and node.body and node.orelse
            and all(isinstance(body[-1], ENDS) or ends(body[-1]) for body in (node.body, node.orelse)))


def used_between(body, first, second):
    between = body[body.index(first) + 1: body.index(second)]
    return any(isinstance(one, ast.Name) and one.id == first.name for node in between for one in ast.walk(node))


def declared_global(tree):
    return {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}


def exports(tree):
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets):
                found |= {one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)}
    return found


def name_of(node):
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def is_constant(node, value):
    return isinstance(node, ast.Constant) and node.value is value


def is_literal(node):
    return isinstance(node, (ast.Tuple, ast.List, ast.Dict, ast.Set)) or (
        isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes, int, float)) and not isinstance(node.value, bool))


def main(argument):
    found, files = [], sources.paths(argument["below"])
    for path in files:
        try:
            found += Lint(path, sources.read(path)).run()
        except (SyntaxError, ValueError, RecursionError) as error:
            found.append({"path": path, "line": getattr(error, "lineno", 0) or 0, "code": "syntax-error",
                          "message": str(error)[:300]})
    found.sort(key=lambda one: (one["path"], one["line"], one["code"]))
    return {"files": len(files), "findings": found[:300]}
