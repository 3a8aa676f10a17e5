"""Weights that a graph keeps in files beside it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

import numpy as np
from onnx import ModelProto, TensorProto, helper

from .failure import OptimizationError
from .far import is_far, put_far
from .weights import tensors_in, tensors_of

BITS: dict[int, int] = {
    TensorProto.INT4: 4,
    TensorProto.UINT4: 4,
    TensorProto.FLOAT4E2M1: 4,
    TensorProto.INT2: 2,
}
BITS |= {TensorProto.UINT2: 2, TensorProto.FLOAT6E2M3: 6, TensorProto.FLOAT6E3M2: 6}
"""Bits of an element of the types that are packed in a file; others have whole bytes."""


@dataclass(frozen=True)
class Stored:
    """The place of the values of a tensor. `path`: relative to the folder of the graph; `offset`, `size`: bytes."""

    tensor: TensorProto
    path: PurePosixPath
    offset: int
    size: int


def stored_tensors(model: ModelProto, skip: int = 0) -> Iterator[TensorProto]:
    """Yield the tensors whose values lie in files, those of functions included, but for the first `skip` of all."""
    for tensors in (
        islice(tensors_of(model.graph), skip, None),
        *(tensors_in(function.node) for function in model.functions),
    ):
        for tensor in tensors:
            if tensor.data_location == TensorProto.EXTERNAL:
                yield tensor


def location_of(tensor: TensorProto) -> str:
    """Return the file that a tensor names, whatever it names."""
    return next((entry.value for entry in tensor.external_data if entry.key == "location"), "")


def stored(tensor: TensorProto, folder: Path) -> Stored:
    """Return where the values of a tensor lie, all of them in a file of the folder.

    Links to files are followed, as for all files of the folder.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with the tensor and the file.
    """
    named = location_of(tensor)
    path = PurePosixPath(named)
    if (
        named in ("", ".")
        or path.is_absolute()
        or ".." in named.replace("\\", "/").split("/")
        or "\0" in named
    ):
        raise unreadable(tensor, f"it names the file {named!r}, which is none of the model's folder")
    offset, length = number(tensor, "offset"), number(tensor, "length")
    size = bytes_of(tensor)
    if length is not None and length != size:
        raise unreadable(tensor, f"it has {size} bytes, and names {length} bytes of {named}")
    try:
        there = (folder / path).stat().st_size if (folder / path).is_file() else None
    except OSError:
        there = None
    if there is None:
        raise unreadable(tensor, f"there is no file {named}")
    if (offset or 0) + size > there:
        raise unreadable(tensor, f"it ends at byte {(offset or 0) + size} of {named}, which has {there}")
    return Stored(tensor, path, offset or 0, size)


def number(tensor: TensorProto, key: str) -> int | None:
    """Return a number of bytes that a tensor names, None where it does not."""
    text = next((entry.value for entry in tensor.external_data if entry.key == key), None)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise unreadable(tensor, f"its {key} is {text!r}, which is no number of bytes")
    return int(text)


def bytes_of(tensor: TensorProto) -> int:
    """Return the bytes of a tensor by its shape."""
    kind = tensor.data_type
    if kind in (TensorProto.UNDEFINED, TensorProto.STRING) or kind not in TensorProto.DataType.values():
        raise unreadable(tensor, "its type has no form in a file")
    if any(length < 0 for length in tensor.dims):
        raise unreadable(tensor, f"its shape is {list(tensor.dims)}")
    bits = BITS[kind] if kind in BITS else 8 * np.dtype(helper.tensor_dtype_to_np_dtype(kind)).itemsize
    return int(math.prod(tensor.dims) * bits + 7) // 8


def unreadable(tensor: TensorProto, why: str) -> OptimizationError:
    """Return the refusal of a tensor."""
    return OptimizationError(
        "OptimizationUnsupported",
        f"The weights {tensor.name[:80]!r} cannot be read: {why[:200]}. Give the folder with all its files, or export"
        " the model again.",
    )


def read_stored(model: ModelProto, folder: Path, *, leave: bool = False) -> None:
    """Read the values of all tensors that lie in files into the model.

    Parameters
    ----------
    leave
        Initializers of the main graph stay in their files, and are far from then on.

    Raises
    ------
    OptimizationError
        See `stored`.
    """
    initializers = len(model.graph.initializer) if leave else 0
    for tensor in islice(tensors_of(model.graph), initializers):
        if is_far(tensor):
            place = stored(tensor, folder)
            put_far(tensor, str((folder / place.path).resolve()), place.offset, place.size)
    for tensor in stored_tensors(model, initializers):
        place = stored(tensor, folder)
        with (folder / place.path).open("rb") as file:
            file.seek(place.offset)
            content = file.read(place.size)
        if len(content) < place.size:
            raise unreadable(tensor, f"{place.path} was made shorter meanwhile")
        tensor.raw_data = content
        del tensor.external_data[:]
        tensor.data_location = TensorProto.DEFAULT
