"""Formats Python without changing what it means: the syntax tree is the same before and after, or the file stays as it is."""

import ast
import io
import tokenize

import sources

# Texts that are reported at once; what is left is for another call.
REPORT_CHARACTERS = 60000
TIGHT_BEFORE = {",", ";", ")", "]", "}"}
SPACED = {"=", "==", "!=", "<", ">", "<=", ">=", "+=", "-=", "*=", "/=", "//=", "%=", "&=", "|=", "^=", ">>=", "<<=", "**=", "@=",
          ":=", "->"}


def main(argument):
    changed, kept, left, files = {}, [], [], sources.paths(argument["below"])
    room = REPORT_CHARACTERS
    for path in files:
        text = sources.read(path)
        try:
            before = ast.dump(ast.parse(text))
        except (SyntaxError, ValueError) as error:
            kept.append({"path": path, "why": "it does not parse: %s" % error})
            continue
        after = tidy(text)
        if after == text:
            continue
        try:
            same = ast.dump(ast.parse(after)) == before
        except (SyntaxError, ValueError):
            same = False
        if same and len(after) > room:
            left.append(path)
        elif same:
            changed[path] = after
            room -= len(after)
        else:
            kept.append({"path": path, "why": "formatting would have changed what it means"})
    return {"files": len(files), "changed": changed, "kept": kept, "left": left}


def tidy(text):
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    spaced = operators(text)
    lines = blanks(spaced)
    return "\n".join(lines).strip("\n") + "\n" if any(line.strip() for line in lines) else ""


def tokens_of(text):
    return list(tokenize.generate_tokens(io.StringIO(text).readline))


def operators(text):
    """One blank around what compares or assigns, after commas and before comments; none before commas and closing brackets."""
    try:
        tokens = tokens_of(text)
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return text
    lines = text.split("\n")
    edits, calls = [], []
    for before, token in zip(tokens, tokens[1:]):
        if before.type == tokenize.OP and before.string in "([{":
            calls.append(before.string)
        if before.type == tokenize.OP and before.string in ")]}" and calls:
            calls.pop()
        if before.end[0] != token.start[0] or before.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.NEWLINE):
            continue
        gap = lines[token.start[0] - 1][before.end[1]: token.start[1]]
        if gap.strip():
            continue
        wanted = between(before, token, bool(calls))
        if wanted is not None and wanted != gap:
            edits.append((token.start[0] - 1, before.end[1], token.start[1], wanted))
    for row, start, end, wanted in reversed(edits):
        lines[row] = lines[row][:start] + wanted + lines[row][end:]
    return "\n".join(lines)


def between(before, token, bracketed):
    if token.type == tokenize.COMMENT:
        return "  "
    if token.type == tokenize.OP and token.string in TIGHT_BEFORE:
        # `(1,)` and `x[1, :]` stay as they are.
        return "" if before.string != "," or token.string in ",;" else None
    if before.type == tokenize.OP and before.string == "," and token.type != tokenize.NEWLINE:
        return " " if token.string not in ")]}" else None
    for one in (before, token):
        if one.type == tokenize.OP and one.string in SPACED:
            # A default or a keyword argument has no blanks, unless it has an annotation: both are left alone.
            return None if one.string == "=" and bracketed else " "
    return None


def blanks(text):
    """Blanks at line ends go; two empty lines around what stands at the top, at most one elsewhere."""
    try:
        tokens = tokens_of(text)
        strings = {row for token in tokens if token.type == tokenize.STRING
                   for row in range(token.start[0], token.end[0])}
        tree = ast.parse(text)
    except (tokenize.TokenError, SyntaxError, ValueError, IndentationError):
        return text.split("\n")
    tops = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            tops.add(min([node.lineno] + [one.lineno for one in node.decorator_list]))
    out = []
    for number, line in enumerate(text.split("\n"), 1):
        # A line that ends inside of a text keeps its blanks: they are part of it.
        line = line if number in strings else line.rstrip()
        inside = number in strings or (number - 1) in strings
        if number in tops:
            at = len(out)
            # Comments directly above belong to it.
            while at > 0 and out[at - 1].startswith("#"):
                at -= 1
            while at > 0 and not out[at - 1].strip():
                at -= 1
                del out[at]
            if at > 0:
                out[at:at] = ["", ""]
        if not line and not inside:
            if not out or out[-2:] == ["", ""]:
                continue
        out.append(line)
    return out
