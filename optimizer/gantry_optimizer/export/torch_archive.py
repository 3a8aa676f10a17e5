"""Reads .pt2 archives without running what they name.

`torch.export.load` believes an archive: weights and constants may be pickles, sample inputs are unpickled where they
are no plain tensors, shapes are texts that sympy evaluates, operators are followed from the module `torch`,
containers may name any module, and guards are Python code. So the archive is read here, every such place is checked
or emptied, and a new archive of what was checked is written. torch reads only that one.
"""

import ast
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .source import refused

LARGEST = 16 << 30
"""Bytes that an archive may unpack to."""

NAMES = re.compile(
    r"archive_format|archive_version|byteorder|\.data/version|\.data/serialization_id|models/model\.json"
    r"|data/weights/(weight_\d+|model_weights_config\.json)|data/constants/(tensor_\d+|model_constants_config\.json)"
    r"|data/sample_inputs/model\.pt"
)
"""Files of an archive that are graphs, tensors and versions."""

TARGETS = re.compile(
    r"torch\.ops\.(aten|prims)\.(?!from_file\b)[A-Za-z]\w*(\.[A-Za-z]\w*)?"
    r"|torch\.ops\.higher_order\.(cond|wrap_with_set_grad_enabled|wrap_with_autocast)"
    r"|_operator\.(add|sub|mul|truediv|floordiv|mod|neg|pow|eq|ne|lt|le|gt|ge|and_|or_|not_|getitem)"
    r"|torch\.sym_(int|float|max|min|not|ite|sum|sqrt)|math\.(ceil|floor|trunc|sqrt)"
)
"""Operators that calculate and do nothing else."""

FUNCTIONS = frozenset(
    [
        *(
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
        ),
        *(
            "CeilDiv",
            "CeilToInt",
            "FloorToInt",
            "IntTrueDiv",
            "FloatTrueDiv",
            "Max",
            "Min",
            "ToFloat",
            "TruncToInt",
        ),
        *(
            "Eq",
            "Ne",
            "Equality",
            "Unequality",
            "GreaterThan",
            "LessThan",
            "StrictGreaterThan",
            "StrictLessThan",
        ),
        *("And", "Or", "Not", "Piecewise", "ModularIndexing", "Where"),
    ]
)
"""Functions of shapes."""

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

CONTAINERS = frozenset([None, "builtins.tuple", "builtins.list", "builtins.dict", "collections.OrderedDict"])
"""Containers of inputs and outputs whose contexts are nothing but names of keys."""

CODE = frozenset(["as_custom_obj", "as_operator", "as_opaque", "custom_obj", "as_script_object"])
"""Arguments that are objects of classes."""


EMPTY = frozenset(["custom_obj_values", "treespec_namedtuple_fields"])
"""Tables of objects of classes."""


def checked_archive(path: Path) -> bytes:
    """Return an archive that holds what was checked of the one at `path`, without sample inputs and guards.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with the name of what could run code.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise refused(f"{path.name} unpacks to more than {LARGEST >> 30} GiB.")
            files = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise refused(f"{path.name} is no .pt2 archive: {error}") from error
    if len(files) != len(entries):
        raise refused(f"{path.name} has two files of one name.")
    return written(path.name, files)


def written(name: str, files: dict[str, bytes]) -> bytes:
    """Return a new archive of the files that were checked."""
    top = {file.partition("/")[0] for file in files}
    if len(top) != 1:
        raise refused(f"{name} is no .pt2 archive: its files lie in {len(top)} folders.")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for file, content in files.items():
            short = file.partition("/")[2]
            if NAMES.fullmatch(short) is None:
                raise refused(
                    f"{name} has {short[:80]}, which is neither a graph nor a tensor. Save it with torch.export.save."
                )
            archive.writestr(file, checked_file(short, content))
    return made.getvalue()


def checked_file(file: str, content: bytes) -> bytes:
    """Return the content of a file: of JSON what was checked, of sample inputs nothing."""
    if file.endswith(".pt"):
        return b""
    if not file.endswith(".json"):
        return content
    try:
        document = json.loads(content)
        require_safe(document)
    except (ValueError, RecursionError) as error:
        raise refused(f"{file} of the archive cannot be read: {str(error)[:200]}") from error
    if isinstance(document, dict) and "guards_code" in document:
        document["guards_code"] = []
    return json.dumps(document).encode()


def require_safe(value: Any) -> None:  # noqa: ANN401 - JSON
    """Raise where a part of a document could run code."""
    if isinstance(value, list):
        for item in value:
            require_safe(item)
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key in CODE or (key in EMPTY and item):
            raise refused(f"The archive has objects of classes ({key}). Export a model of tensors only.")
        if key == "use_pickle" and item is not False:
            raise refused(
                "The archive has a pickle among its tensors. Reading one runs the code that it names."
            )
        check = CHECKS.get(key)
        if check is not None:
            check(item)
        elif key == "metadata" and isinstance(item, dict):
            item.clear()  # where a node came from in its source; some of it is followed like an operator
        else:
            require_safe(item)


def require_operator(target: Any) -> None:  # noqa: ANN401 - JSON
    """Raise where a node is no operator that only calculates."""
    if not isinstance(target, str) or TARGETS.fullmatch(target) is None:
        raise refused(f"The archive has the operator {str(target)[:80]}, which is none that only calculates.")


def require_shape(text: Any) -> None:  # noqa: ANN401 - JSON
    """Raise where the text of a shape is more than arithmetic of symbols: sympy evaluates it as Python."""
    unsafe = refused(f"The archive has the shape {str(text)[:80]}, which is no arithmetic.")
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError) as error:
        raise unsafe from error
    for node in ast.walk(tree):
        if not isinstance(node, PARTS):
            raise unsafe
        if isinstance(node, ast.Name) and node.id not in FUNCTIONS and SYMBOL.fullmatch(node.id) is None:
            raise unsafe
        if isinstance(node, ast.Call) and not isinstance(node.func, ast.Name):
            raise unsafe
        if isinstance(node, ast.Constant) and not is_plain(node.value):
            raise unsafe


def is_plain(value: object) -> bool:
    """Return whether a constant is a number, or the name of a symbol."""
    return isinstance(value, int | float) or (isinstance(value, str) and SYMBOL.fullmatch(value) is not None)


def require_containers(spec: Any) -> None:  # noqa: ANN401 - JSON
    """Raise where inputs or outputs are kept in anything but tuples, lists and dictionaries of names."""
    if isinstance(spec, list) and len(spec) == 2 and isinstance(spec[0], int):
        spec = spec[1]
    if not isinstance(spec, dict) or spec.get("type") not in CONTAINERS:
        kind = spec.get("type") if isinstance(spec, dict) else spec
        raise refused(
            f"The archive keeps its inputs or outputs in {str(kind)[:80]}. Use tuples and dictionaries."
        )
    context = spec.get("context")
    names = json.loads(context) if isinstance(context, str) else context
    if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise refused("The archive has containers with more than names of keys.")
    for child in spec.get("children_spec", []):
        require_containers(child)


CHECKS: Mapping[str, Callable[[Any], None]] = {
    "target": require_operator,
    "expr_str": require_shape,
    "in_spec": lambda spec: require_containers(json.loads(spec)),
    "out_spec": lambda spec: require_containers(json.loads(spec)),
}
"""What is asked of the values of some keys, wherever they are in a document."""
