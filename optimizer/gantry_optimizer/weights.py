"""The weights of a graph: their size, and files that hold more than protobuf can."""

import gzip
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from google.protobuf.message import Message
from onnx import GraphProto, ModelProto, NodeProto, TensorProto

from .far import FILE, append, bring_near, far_tensors, is_far, place_of, put_far

LARGEST_FILE = (1 << 31) - (1 << 20)
"""Bytes of weights in one protobuf file; the format ends at 2 GiB, and the nodes need room."""

INLINE_BELOW = 1024
"""Bytes; smaller weights stay in the graph's file, since shapes are inferred from them."""

LARGEST_COMPRESSED = 1 << 30
"""Bytes; compressing more takes minutes."""


def tensors_of(graph: GraphProto) -> Iterator[TensorProto]:
    """Yield all weights: initializers and attributes, those of subgraphs included."""
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    yield from tensors_in(graph.node)


def tensors_in(nodes: Iterable[NodeProto]) -> Iterator[TensorProto]:
    """Yield the weights in attributes of nodes, those of subgraphs included."""
    for node in nodes:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            for inner in [*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs]:
                yield from tensors_of(inner)


def tensor_bytes(tensor: TensorProto) -> int:
    """Return the bytes that a tensor takes in a file."""
    if is_far(tensor):
        return next((int(entry.value) for entry in tensor.external_data if entry.key == "length"), 0)
    return len(tensor.raw_data) if tensor.HasField("raw_data") else tensor.ByteSize()


def weights_bytes(model: ModelProto) -> int:
    """Return the bytes of all weights, whatever their number: `ByteSize` ends at 2 GiB."""
    return sum(tensor_bytes(tensor) for tensor in tensors_of(model.graph))


def save_model(model: ModelProto, path: Path) -> tuple[Path, ...]:
    """Write a graph; weights over 2 GiB go to `NAME_data` beside it. `model` stays as it is.

    Far weights that lie beside `path` already are named there, whatever their number.

    Returns
    -------
    tuple of Path
        The files that were written.
    """
    homes = {place_of(tensor)[0].parent for tensor in far_tensors(model)}
    if path.parent.resolve() not in homes and weights_bytes(model) < LARGEST_FILE:
        if homes:
            whole = ModelProto()
            whole.CopyFrom(model)
            bring_near(whole)
            model = whole
        path.write_bytes(model.SerializeToString())
        return (path,)
    data = path.with_name(f"{path.name}_data")
    data.unlink(missing_ok=True)
    shell = without_initializers(model)
    with data.open("wb") as file:
        for tensor in model.graph.initializer:
            add_apart(shell.graph, tensor, path.parent.resolve(), data.name, file)
        for graph in inner_graphs(shell.graph):
            for tensor in graph.initializer:
                if is_large(tensor):
                    put_far(tensor, data.name, *append(file, tensor))
    path.write_bytes(shell.SerializeToString())
    if data.stat().st_size == 0:
        data.unlink()
        return (path,)
    return (path, data)


def is_large(tensor: TensorProto) -> bool:
    """Return whether the values of a tensor go to a file of weights."""
    return tensor.data_type != TensorProto.STRING and tensor_bytes(tensor) >= INLINE_BELOW


def add_apart(graph: GraphProto, tensor: TensorProto, home: Path, data: str, file: BinaryIO) -> None:
    """Add a tensor to a graph whose weights lie in files; values that are not in a file of `home` go to `file`."""
    kept = graph.initializer.add()
    if not is_far(tensor) and not is_large(tensor):
        kept.CopyFrom(tensor)
        return
    kept.name, kept.data_type = tensor.name, tensor.data_type
    kept.dims.extend(tensor.dims)
    path, offset, length = place_of(tensor) if is_far(tensor) else (None, 0, 0)
    if path is not None and path.parent == home:
        put_far(kept, path.name, offset, length)
    else:
        put_far(kept, data, *append(file, tensor))


def without_initializers(model: ModelProto) -> ModelProto:
    """Return a copy that lacks the initializers of the main graph, which are nearly all of a large model."""
    made = ModelProto()
    copy_fields(model, made, "graph")
    copy_fields(model.graph, made.graph, "initializer")
    return made


def copy_fields(source: Message, target: Message, without: str) -> None:
    """Copy the fields of a message to an empty one, but for one of them."""
    for field, value in source.ListFields():
        if field.name == without:
            continue
        if hasattr(value, "extend"):
            getattr(target, field.name).extend(value)
        elif isinstance(value, Message):
            getattr(target, field.name).CopyFrom(value)
        else:
            setattr(target, field.name, value)


def inner_graphs(graph: GraphProto) -> Iterator[GraphProto]:
    """Yield the graphs within the nodes of a graph."""
    for node in graph.node:
        for attribute in node.attribute:
            for inner in [*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs]:
                yield inner
                yield from inner_graphs(inner)


def set_aside(model: ModelProto, folder: Path) -> None:
    """Move the initializers of a large model to a file in `folder`, in place, one after the other."""
    path = (folder / FILE).resolve()
    with path.open("wb") as file:
        for tensor in model.graph.initializer:
            if is_far(tensor) or is_large(tensor):
                put_far(tensor, str(path), *append(file, tensor))


@contextmanager
def as_file(model: ModelProto) -> Iterator[Path]:
    """Yield the path of a file with the graph, beside its far weights where it has some; it goes with the block."""
    home = next((place_of(tensor)[0].parent for tensor in far_tensors(model)), None)
    with tempfile.TemporaryDirectory(prefix="gantry-optimize-") as folder:
        path = Path(folder) / "model.onnx" if home is None else home / f"{Path(folder).name}.onnx"
        written = save_model(model, path)
        try:
            yield path
        finally:
            for file in written:
                file.unlink(missing_ok=True)


def size_bytes(model: ModelProto) -> int:
    """Return the bytes of the files of a graph."""
    total = weights_bytes(model)
    return total if total >= LARGEST_FILE or any(far_tensors(model)) else model.ByteSize()


def compressed_bytes(model: ModelProto) -> int | None:
    """Return the bytes of the file after gzip; None where the model is too large to try."""
    if weights_bytes(model) >= LARGEST_COMPRESSED:
        return None
    return len(gzip.compress(model.SerializeToString(), compresslevel=6, mtime=0))
