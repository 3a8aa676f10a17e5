"""The weights of a graph: their size, and files that hold more than protobuf can."""

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto

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
    return len(tensor.raw_data) if tensor.HasField("raw_data") else tensor.ByteSize()


def weights_bytes(model: ModelProto) -> int:
    """Return the bytes of all weights, whatever their number: `ByteSize` ends at 2 GiB."""
    return sum(tensor_bytes(tensor) for tensor in tensors_of(model.graph))


def save_model(model: ModelProto, path: Path) -> tuple[Path, ...]:
    """Write a graph; weights over 2 GiB go to `NAME_data` beside it. `model` stays as it is.

    Returns
    -------
    tuple of Path
        The files that were written.
    """
    if weights_bytes(model) < LARGEST_FILE:
        path.write_bytes(model.SerializeToString())
        return (path,)
    data = path.with_name(f"{path.name}_data")
    data.unlink(missing_ok=True)
    # onnx moves the weights out of the object that it saves, so it is given back what it took.
    kept = [(tensor, tensor.raw_data) for tensor in tensors_of(model.graph)]
    try:
        onnx.save_model(
            model,
            str(path),
            save_as_external_data=True,
            all_tensors_to_one_file=True,
            location=data.name,
            size_threshold=INLINE_BELOW,
            convert_attribute=False,
        )
    finally:
        for tensor, raw in kept:
            if not tensor.HasField("raw_data") and raw:
                tensor.raw_data = raw
            del tensor.external_data[:]
            tensor.data_location = TensorProto.DEFAULT
    return (path, data)


def size_bytes(model: ModelProto) -> int:
    """Return the bytes of the files of a graph."""
    total = weights_bytes(model)
    return total if total >= LARGEST_FILE else model.ByteSize()


def compressed_bytes(model: ModelProto) -> int | None:
    """Return the bytes of the file after gzip; None where the model is too large to try."""
    if weights_bytes(model) >= LARGEST_COMPRESSED:
        return None
    return len(gzip.compress(model.SerializeToString(), compresslevel=6, mtime=0))
