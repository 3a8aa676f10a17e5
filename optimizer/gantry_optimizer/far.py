"""Weights of large models, which stay in a file of this run: nothing holds them all, and copies of a graph are small.

A tensor is far where its values lie in a file, named by its whole path. Graphs of 1 GiB and more have such tensors from
the time when they are read; `array_of` reads one of them, and `save_model` writes them on.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from onnx import ModelProto, TensorProto, numpy_helper

from .samples import Array

CHUNK = 16 << 20
"""Bytes that are copied at a time."""

PAGE = 4096
"""Bytes to which places in files are aligned: onnxruntime maps them then, and reads nothing."""

FILE = "weights.bin"


def is_far(tensor: TensorProto) -> bool:
    """Return whether the values of a tensor lie in a file."""
    return tensor.data_location == TensorProto.EXTERNAL


def place_of(tensor: TensorProto) -> tuple[Path, int, int]:
    """Return the path, the offset and the length in bytes of a far tensor."""
    entries = {entry.key: entry.value for entry in tensor.external_data}
    return Path(entries["location"]), int(entries["offset"]), int(entries["length"])


def put_far(tensor: TensorProto, location: str, offset: int, length: int) -> None:
    """Say that the values of a tensor lie in a file, in place; those that it has go."""
    for field in ("raw_data", "float_data", "double_data", "int32_data", "int64_data", "uint64_data"):
        tensor.ClearField(field)
    del tensor.external_data[:]
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", str(offset)), ("length", str(length))):
        tensor.external_data.add(key=key, value=value)


def array_of(tensor: TensorProto) -> Array:
    """Return the values of a tensor, near or far; a far one is read into memory and not kept."""
    return numpy_helper.to_array(near(tensor) if is_far(tensor) else tensor)


def near(tensor: TensorProto) -> TensorProto:
    """Return a copy of a far tensor that has its values."""
    made = TensorProto(name=tensor.name, data_type=tensor.data_type, dims=tensor.dims)
    path, offset, length = place_of(tensor)
    with path.open("rb") as file:
        file.seek(offset)
        made.raw_data = file.read(length)
    return made


def bring_near(model: ModelProto) -> None:
    """Read the values of all far tensors of the main graph into the model, in place."""
    for tensor in model.graph.initializer:
        if is_far(tensor):
            tensor.CopyFrom(near(tensor))


def far_tensors(model: ModelProto) -> Iterator[TensorProto]:
    """Yield the far tensors of the main graph."""
    return (tensor for tensor in model.graph.initializer if is_far(tensor))


def parts_of(tensor: TensorProto) -> Iterator[bytes]:
    """Yield the bytes of a tensor as files of weights have them, a part after the other."""
    if is_far(tensor):
        path, offset, length = place_of(tensor)
        with path.open("rb") as file:
            file.seek(offset)
            for start in range(0, length, CHUNK):
                yield file.read(min(CHUNK, length - start))
    else:
        yield tensor.raw_data if tensor.HasField("raw_data") else raw(tensor)


def raw(tensor: TensorProto) -> bytes:
    """Return the bytes of a tensor that has its numbers in a field of their type."""
    made = numpy_helper.from_array(numpy_helper.to_array(tensor))
    return bytes(made.raw_data)


def append(file: BinaryIO, tensor: TensorProto) -> tuple[int, int]:
    """Write the values of a tensor at the end of a file, and return their offset and length in bytes."""
    offset = file.seek(-(-file.seek(0, 2) // PAGE) * PAGE)
    length = 0
    for part in parts_of(tensor):
        length += file.write(part)
    return offset, length
