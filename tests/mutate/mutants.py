"""Small changes of meaning to a Python source, one at a time: what a slip of the hand would do.

A mutant is named by its file, its place in the list of all changes that file admits, and the words before and after.
The list is the same on every run; a sample is drawn by hash, so that it is spread over a package and stays the same
until the code around a mutant changes.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_FLIPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_SWAPS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitAnd: ast.BitOr,
}  # fmt: skip
# what says nothing about meaning: annotations, docstrings, messages
_SILENT = {"annotation", "returns", "decorator_list", "type_params"}
_SILENT_NAMES = {"__all__", "message", "msg"}

Replace = Callable[[ast.AST | None], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    path: Path
    number: int
    line: int
    last_line: int
    kind: str
    before: str
    after: str
    inside: bool  # a function, whose lines only some tests run; what stands in a module runs when it is imported

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.kind}: {self.before} → {self.after}"


def mutants(path: Path) -> list[Mutant]:
    """Every mutant of a file, in the order of its syntax tree."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for number, (node, inside, kind, change) in enumerate(_changes(tree)):
        before = _short(node)
        after = _short(change(ast.parse(ast.unparse(node)).body[0] if isinstance(node, ast.stmt) else _copy(node)))
        last = node.test if isinstance(node, ast.If) else node
        found.append(Mutant(path, number, node.lineno, last.end_lineno or node.lineno, kind, before, after, inside))
    return found


def mutated(path: Path, number: int) -> ast.Module:
    """The file's tree with its change of this number made."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for n, (node, _, _, change) in enumerate(_changes(tree)):
        if n == number:
            new = change(node)
            if new is not node:
                ast.copy_location(new, node)
                _put(tree, node, new)
            return ast.fix_missing_locations(tree)
    message = f"{path} has no mutant {number}"
    raise ValueError(message)


def sample(folder: Path, count: int, seed: int) -> list[Mutant]:
    """``count`` mutants of a package's files, drawn by the hash of what they change and of the seed."""
    keyed = []
    for path in sorted(folder.rglob("*.py")):
        seen: dict[str, int] = {}
        for mutant in mutants(path):
            name = f"{path.relative_to(folder).as_posix()} {mutant.kind} {mutant.before} {mutant.after}"
            seen[name] = seen.get(name, 0) + 1
            keyed.append((hashlib.sha256(f"{seed} {name} {seen[name]}".encode()).hexdigest(), mutant))
    keyed.sort(key=lambda item: item[0])
    return sorted((mutant for _, mutant in keyed[:count]), key=lambda m: (m.path, m.number))


def _changes(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, bool, str, Callable[[ast.AST], ast.AST]]]:
    for node, inside in _walk(tree, inside=False):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in _FLIPS:
            yield node, inside, "comparison", _flipped
        elif isinstance(node, ast.BoolOp):
            yield node, inside, "and/or", _switched
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, inside, "not", lambda n: n.operand  # type: ignore[attr-defined]
        elif isinstance(node, ast.BinOp) and type(node.op) in _SWAPS and not isinstance(node.left, ast.JoinedStr):
            yield node, inside, "operator", _swapped
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield node, inside, "constant", lambda n: ast.Constant(not n.value)  # type: ignore[attr-defined]
        elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            yield node, inside, "constant", _moved
        elif isinstance(node, ast.If):
            yield node, inside, "branch never taken", lambda n: _with_test(n, ast.Constant(value=False))
            yield node, inside, "condition denied", lambda n: _with_test(n, ast.UnaryOp(ast.Not(), n.test))  # type: ignore[attr-defined]
        elif isinstance(node, ast.Tuple | ast.Set) and _members(node):
            yield node, inside, "member dropped", _without_last
        elif isinstance(node, ast.Call) and _word_list(node):
            yield node, inside, "word dropped", _without_word
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield node, inside, "statement dropped", lambda _: ast.Pass()


def _walk(node: ast.AST, *, inside: bool) -> Iterator[tuple[ast.AST, bool]]:
    for field, value in ast.iter_fields(node):
        if field in _SILENT:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _silent(child):
                continue
            within = inside or (isinstance(node, ast.FunctionDef) and field == "body")
            yield child, within
            yield from _walk(child, inside=within)


def _silent(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Name) and t.id in _SILENT_NAMES for t in node.targets)
    return isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def _members(node: ast.Tuple | ast.Set) -> bool:
    return len(node.elts) > 1 and all(isinstance(e, ast.Constant) for e in node.elts)


def _word_list(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = node.args[0] if len(node.args) == 1 else None
    return name == "words" and isinstance(first, ast.Constant) and len(str(first.value).split()) > 1


def _copy(node: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(node), mode="eval").body


def _put(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
            elif isinstance(value, list):
                value[:] = [new if item is old else item for item in value]


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.If):
        node = node.test
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else text[:87] + "…"


def _flipped(node: ast.AST) -> ast.AST:
    node.ops[0] = _FLIPS[type(node.ops[0])]()  # type: ignore[attr-defined]
    return node


def _switched(node: ast.AST) -> ast.AST:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()  # type: ignore[attr-defined]
    return node


def _swapped(node: ast.AST) -> ast.AST:
    node.op = _SWAPS[type(node.op)]()  # type: ignore[attr-defined]
    return node


def _moved(node: ast.AST) -> ast.AST:
    value = node.value  # type: ignore[attr-defined]
    return ast.Constant(value + 1 if isinstance(value, int) else value * 1.5 or 1.0)


def _with_test(node: ast.AST, test: ast.expr) -> ast.AST:
    node.test = test  # type: ignore[attr-defined]
    return node


def _without_last(node: ast.AST) -> ast.AST:
    node.elts.pop()  # type: ignore[attr-defined]
    return node


def _without_word(node: ast.AST) -> ast.AST:
    """One word of the list less: which, its own letters decide."""
    constant = node.args[0]  # type: ignore[attr-defined]
    words = constant.value.split()
    drop = int(hashlib.sha256(constant.value.encode()).hexdigest(), 16) % len(words)
    gone = words.pop(drop)
    constant.value = " ".join(words)
    node.dropped = gone  # type: ignore[attr-defined]
    return node
