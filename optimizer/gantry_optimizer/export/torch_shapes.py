"""Texts of shapes in .pt2 archives. sympy evaluates them as Python, so they have to be arithmetic of symbols."""

import ast
import re
from typing import Any

from .source import refused

LONGEST = 4096
"""Characters of a shape; those of real models have some hundreds."""

FUNCTIONS = frozenset(
    [
        "Symbol",
        "Integer",
        "Float",
        "Rational",
        "Add",
        "Mul",
        "Pow",
        "Mod",
        "PythonMod",
        "FloorDiv",
        "CleanDiv",
        "CeilDiv",
        "CeilToInt",
        "FloorToInt",
        "IntTrueDiv",
        "FloatTrueDiv",
        "Max",
        "Min",
        "ToFloat",
        "TruncToInt",
        "Eq",
        "Ne",
        "Equality",
        "Unequality",
        "GreaterThan",
        "LessThan",
        "StrictGreaterThan",
        "StrictLessThan",
        "And",
        "Or",
        "Not",
        "Piecewise",
        "ModularIndexing",
        "Where",
    ]
)
"""Functions of shapes, of sympy and of PyTorch."""

SYMBOL = re.compile(r"(s|u|zf|zuf)\d+|int_oo|true|false|True|False")

PARTS = (
    *(
        ast.Expression,
        ast.Call,
        ast.Name,
        ast.Load,
        ast.Constant,
        ast.keyword,
        ast.BinOp,
        ast.UnaryOp,
        ast.Compare,
    ),
    *(ast.Tuple, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.USub, ast.UAdd),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.BitAnd, ast.BitOr, ast.Invert),
)
"""Syntax of shapes: no attributes, no indices, no texts but names of symbols."""

LARGEST = 1 << 62
"""No length of an axis is larger; powers of such numbers would fill the memory."""


def require_shape(text: Any) -> None:  # noqa: ANN401 - JSON
    """Raise where the text of a shape is more than arithmetic of symbols."""
    unsafe = refused(f"The archive has the shape {str(text)[:80]}, which is no arithmetic.")
    if not isinstance(text, str) or len(text) > LONGEST:
        raise unsafe
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise unsafe from error
    if not all(is_arithmetic(node) for node in ast.walk(tree)):
        raise unsafe


def is_arithmetic(node: ast.AST) -> bool:
    """Return whether a part of a shape only calculates."""
    if isinstance(node, ast.Name):
        return node.id in FUNCTIONS or SYMBOL.fullmatch(node.id) is not None
    if is_power(node):
        return is_small_power(node)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name)
    if isinstance(node, ast.Constant):
        return is_plain(node.value)
    return isinstance(node, PARTS)


def is_power(node: ast.AST) -> bool:
    """Return whether a part of a shape is a power, written as an operator or as a function."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "Pow"
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)


def is_small_power(node: ast.AST) -> bool:
    """Return whether a power is one of an axis: powers of powers, and large exponents, would fill the memory."""
    parts = (
        node.args
        if isinstance(node, ast.Call)
        else [node.left, node.right]
        if isinstance(node, ast.BinOp)
        else []
    )
    if len(parts) != 2 or any(map(is_power, ast.walk(parts[0]))):
        return False
    exponent = parts[1]
    if isinstance(exponent, ast.Call) and len(exponent.args) == 1:
        exponent = exponent.args[0]
    if isinstance(exponent, ast.UnaryOp):
        exponent = exponent.operand
    return isinstance(exponent, ast.Constant) and isinstance(exponent.value, int) and exponent.value <= 8


def is_plain(value: object) -> bool:
    """Return whether a constant is a number, or the name of a symbol."""
    if isinstance(value, int | float):
        return abs(value) <= LARGEST
    return isinstance(value, str) and SYMBOL.fullmatch(value) is not None
