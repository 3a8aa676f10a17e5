"""Reads .pt2 archives without running what they name.

`torch.export.load` believes an archive: weights and constants may be pickles, sample inputs are unpickled where they
are no plain tensors, shapes are texts that sympy evaluates, operators are followed from the module `torch`, names of
values become Python that is run, containers may name any module, and guards are Python code. So the archive is read
here, every such place is checked or emptied, and torch reads an archive of what was checked, from memory.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .archives import Archive, read_archive, written_archive
from .source import refused
from .torch_shapes import require_shape

FILES = re.compile(
    r"archive_format|archive_version|byteorder|\.data/version|\.data/serialization_id|models/model\.json"
    r"|data/weights/(weight_\d+|model_weights_config\.json)|data/constants/(tensor_\d+|model_constants_config\.json)"
    r"|data/sample_inputs/model\.pt"
)
"""Files of an archive that are graphs, tensors and versions."""

TARGETS = re.compile(
    r"torch\.ops\.(aten|prims)\.(?!from_file\b|save\b|_unsafe|_test|_print|__|warn\b|wait\b)[A-Za-z_]\w*(\.[A-Za-z]\w*)?"
    r"|torch\.ops\.aten\.__(and|or|xor|lshift|rshift)__\.(Tensor|Scalar)"
    r"|torch\.ops\.higher_order\.(cond|wrap_with_set_grad_enabled|wrap_with_autocast)"
    r"|_operator\.(add|sub|mul|truediv|floordiv|mod|neg|pow|eq|ne|lt|le|gt|ge|and_|or_|not_|getitem)"
    r"|torch\.sym_(int|float|max|min|not|ite|sum|sqrt)|math\.(ceil|floor|trunc|sqrt)"
)
"""Operators that calculate and do nothing else: `save` and `from_file` touch files, `_unsafe_*` check no bounds."""

NAME = re.compile(r"[\w.+-]{0,500}")
"""Names of parameters and modules, versions and kinds."""

TEXT = re.compile(r"[\w ,.>+*=()\[\]:-]{0,500}")
"""Arguments of operators that are texts, such as equations of sums."""

CONTAINERS = frozenset([None, "builtins.tuple", "builtins.list", "builtins.dict", "collections.OrderedDict"])
"""Containers of inputs and outputs whose contexts are nothing but names of keys."""

OBJECTS = frozenset(["as_custom_obj", "as_operator", "as_opaque", "custom_obj", "as_script_object"])
"""Arguments that are objects of classes."""

EMPTY = frozenset(["custom_obj_values", "treespec_namedtuple_fields"])
"""Tables of objects of classes."""

BY_NAME = frozenset(["tensor_values", "sym_int_values", "sym_bool_values", "sym_float_values"])
"""Tables whose keys are names of values."""


def checked_archive(path: Path) -> io.BytesIO:
    """Return an archive that holds what was checked of the one at `path`, without sample inputs and guards.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with the name of what could run code.
    """
    archive = read_archive(path)
    other = next((file for file in archive.files if FILES.fullmatch(file) is None), None)
    if other is not None:
        raise refused(
            f"{path.name} has {other[:80]}, which is neither a graph nor a tensor. Save it with torch.export.save."
        )
    files = {file: checked_file(file, content) for file, content in archive.files.items()}
    # PyTorch follows the name of the folder nowhere; a fixed one leaves no doubt.
    return written_archive(Archive("model", files))


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
    elif isinstance(value, dict):
        for key, item in value.items():
            require_safe_field(key, item)
    elif isinstance(value, str):
        require_match(NAME, value)


def require_safe_field(key: str, item: Any) -> None:  # noqa: ANN401 - JSON
    """Raise where a field of an object could run code."""
    require_match(NAME, key)
    if key in OBJECTS or (key in EMPTY and item):
        raise refused(f"The archive has objects of classes ({key}). Export a model of tensors only.")
    if key == "use_pickle" and item is not False:
        raise refused("The archive has a pickle among its tensors. Reading one runs the code that it names.")
    check = CHECKS.get(key)
    if check is not None:
        check(item)
    elif key == "metadata" and isinstance(item, dict):
        item.clear()  # where a node came from in its source; some of it is followed like an operator
    elif key == "guards_code":
        return  # it is emptied
    elif key in BY_NAME and isinstance(item, dict):
        require_identifiers(list(item))
        require_safe(list(item.values()))
    else:
        require_safe(item)


def require_match(pattern: re.Pattern[str], text: str) -> None:
    """Raise where a text could be more than a name: PyTorch writes Python of some and runs it."""
    if pattern.fullmatch(text) is None:
        raise refused(f"The archive has the name {text[:80]!r}, which has other characters than names have.")


def require_text(value: Any) -> None:  # noqa: ANN401 - JSON
    """Raise where an argument is no text of usual characters."""
    require_match(TEXT, value if isinstance(value, str) else str(value))


def require_identifiers(value: Any) -> None:  # noqa: ANN401 - JSON
    """Raise where names of values are no names of Python: they stand in the Python that PyTorch writes."""
    for name in value if isinstance(value, list) else [value]:
        if name is not None and name != "" and not (isinstance(name, str) and name.isidentifier()):
            raise refused(f"The archive has the name {str(name)[:80]!r}, which is no name of a value.")


def require_operator(target: Any) -> None:  # noqa: ANN401 - JSON
    """Raise where a node is no operator that only calculates."""
    if not isinstance(target, str) or TARGETS.fullmatch(target) is None:
        raise refused(f"The archive has the operator {str(target)[:80]}, which is none that only calculates.")


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
    require_identifiers(names)
    for child in spec.get("children_spec", []):
        require_containers(child)


def require_container_text(spec: Any) -> None:  # noqa: ANN401 - JSON
    """Raise as `require_containers` does, of a text of JSON."""
    require_containers(json.loads(spec) if isinstance(spec, str) else spec)


CHECKS: Mapping[str, Callable[[Any], None]] = {
    "target": require_operator,
    "expr_str": require_shape,
    "as_string": require_text,
    "name": require_identifiers,
    "as_name": require_identifiers,
    "forward_arg_names": require_identifiers,
    "in_spec": require_container_text,
    "out_spec": require_container_text,
}
"""What is asked of the values of some keys, wherever they are in a document."""
