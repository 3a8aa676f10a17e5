"""A model's folder: which of its files are the graph, and a new folder with another graph."""

import errno
import shutil
from dataclasses import dataclass
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError
from onnx import ModelProto

from .external import location_of, read_stored, stored, stored_tensors
from .failure import OptimizationError
from .weights import LARGEST_FILE, save_model, weights_bytes

USUAL_GRAPHS = ("model.onnx", "onnx/model.onnx")
"""The names that the inference server looks for first."""


@dataclass(frozen=True)
class ModelFolder:
    """A folder and the path of the graph in it, relative to the folder."""

    path: Path
    graph: Path

    @property
    def graph_file(self) -> Path:
        """Return where the graph lies."""
        return self.path / self.graph


def open_folder(path: Path, file: str | None = None) -> ModelFolder:
    """Return the folder, with the graph that the inference server would serve.

    Parameters
    ----------
    file
        The graph's path, relative to `path`, where the user chose one.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where no graph is there, or several.
    """
    if not path.is_dir():
        raise OptimizationError("OptimizationFailed", f"{path} is no folder. Give the folder of a model.")
    if file is not None:
        return ModelFolder(path, chosen_graph(path, file))
    usual = next((Path(name) for name in USUAL_GRAPHS if (path / name).is_file()), None)
    if usual is not None:
        return ModelFolder(path, usual)
    found = sorted(graph.relative_to(path) for graph in graphs_in(path))
    if len(found) == 1:
        return ModelFolder(path, found[0])
    names = ", ".join(str(name) for name in found[:8])
    raise OptimizationError(
        "OptimizationUnsupported",
        f"{path} has {len(found)} graphs: {names}. Choose one of them with --file."
        if found
        else f"{path} has no .onnx file. Export the model to ONNX and call it model.onnx.",
    )


def graphs_in(path: Path) -> list[Path]:
    """Return the graphs where the inference server looks for them."""
    return [*path.glob("*.onnx"), *path.glob("onnx/*.onnx")]


def is_model(path: Path) -> bool:
    """Return whether a path is a folder with a graph."""
    return path.is_dir() and len(graphs_in(path)) > 0


def chosen_graph(path: Path, file: str) -> Path:
    """Return a graph that the user chose. It must lie in the folder."""
    relative = Path(file)
    inside = not relative.is_absolute() and ".." not in relative.parts
    if not inside or not (path / relative).is_file():
        raise OptimizationError("OptimizationUnsupported", f"{path} has no file {file}. Check --file.")
    return relative


def refuse_links(folder: ModelFolder) -> None:
    """Raise where a folder holds what is neither a file nor a folder: a copy would lack it, or wait for it.

    Links to files are read: caches of models have them.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with the path.
    """
    for path in sorted(folder.path.rglob("*")):
        said = None
        if path.is_symlink() and path.is_dir():
            said = "a link to a folder"
        elif path.is_symlink() and not path.exists():
            said = "a link that leads nowhere"
        elif not path.is_dir() and not path.is_file():
            said = "no file"
        if said is not None:
            name = path.relative_to(folder.path)
            raise OptimizationError(
                "OptimizationUnsupported",
                f"{name} is {said}. Give a folder without it, such as a copy by cp -rL.",
            )


def load_graph(folder: ModelFolder, *, far: bool = False) -> ModelProto:
    """Read the graph and the files of its weights.

    Parameters
    ----------
    far
        Weights in files stay there (far.py); `set_aside` has to follow, since onnxruntime wants them beside its graph.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where a file is no graph, or one of its weights is missing.
    """
    model = parsed(folder.graph_file)
    if model is None or not model.graph.node:
        what = "is no ONNX file, or has no node" if model else "is no ONNX file"
        raise OptimizationError("OptimizationUnsupported", f"{folder.graph} {what}. Export the model again.")
    read_stored(model, folder.graph_file.parent, leave=far)
    return model


def parsed(path: Path) -> ModelProto | None:
    """Read a graph without the files of its weights; None where the file is none."""
    try:
        return onnx.load_model(str(path), load_external_data=False)
    except DecodeError:
        return None


def weight_files(folder: ModelFolder, graph: Path | None = None) -> frozenset[Path]:
    """Return the files of weights of a graph, relative to the folder; the graph's own is not among them."""
    relative = graph or folder.graph
    model = parsed(folder.path / relative)
    tensors = [] if model is None else stored_tensors(model)
    return frozenset(relative.parent / location_of(tensor) for tensor in tensors)


def graph_bytes(folder: ModelFolder) -> int:
    """Return the bytes of the graph and of its weights in files, which are refused as `stored` says."""
    model = parsed(folder.graph_file)
    tensors = [] if model is None else stored_tensors(model)
    beside = folder.graph_file.parent
    return folder.graph_file.stat().st_size + sum(stored(tensor, beside).size for tensor in tensors)


def write_folder(folder: ModelFolder, model: ModelProto, made: Path) -> None:
    """Write `folder` with another graph into the empty folder `made`; other files are copied as they are."""
    other_graphs = [
        path.relative_to(folder.path)
        for path in folder.path.rglob("*.onnx")
        if path.relative_to(folder.path) != folder.graph
    ]
    needed = frozenset[Path]().union(*(weight_files(folder, graph) for graph in other_graphs))
    left_out = {folder.graph} | (weight_files(folder) - needed)
    for file in sorted(folder.path.rglob("*")):
        relative = file.relative_to(folder.path)
        if file.is_dir():
            (made / relative).mkdir(exist_ok=True)
        elif relative not in left_out:
            (made / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, made / relative)
    graph = made / folder.graph
    data = graph.with_name(f"{graph.name}_data")
    if weights_bytes(model) >= LARGEST_FILE and data.exists():
        raise OptimizationError(
            "OptimizationUnsupported",
            f"The weights go to {data.name}, and there is another file of this name. Rename it, or leave it out.",
        )
    save_model(model, graph)


def is_full(error: BaseException) -> bool:
    """Return whether an error says that a disk is full, or that a quota is."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
