"""Weights of PyTorch: .safetensors, and what torch.save writes of a state_dict: tensors, and nothing else."""

import pickletools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from .archives import Archive, read_archive, written_archive
from .source import library, refused, said_by

FUNCTIONS = frozenset(
    [
        "collections OrderedDict",
        "torch Size",
        "torch._utils _rebuild_tensor_v2",
        "torch._utils _rebuild_parameter",
        *(
            f"torch {kind}Storage"
            for kind in [
                "Double",
                "Float",
                "Half",
                "BFloat16",
                "Long",
                "Int",
                "Short",
                "Char",
                "Byte",
                "Bool",
                "ComplexFloat",
                "ComplexDouble",
            ]
        ),
    ]
)
"""What the pickle of a state_dict names: a dictionary, tensors, and the types of their numbers."""


KEPT = ("data.pkl", "byteorder", "version", ".format_version", ".storage_alignment")
"""Files of an archive of weights beside the numbers."""


def weights_of(path: Path) -> Mapping[str, Any]:
    """Return the tensors of a file by name.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where a file has more than tensors.
    """
    if path.suffix.lower() == ".safetensors":
        try:
            tensors: Mapping[str, Any] = library("safetensors.torch", "torch").load_file(path)
        except SafetensorError as error:
            raise refused(f"{path.name} is no safetensors file: {error}") from error
        return tensors
    archive = checked_weights(path)
    torch = library("torch", "torch")
    try:
        loaded = torch.load(written_archive(archive), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises its own kinds for what it does not allow
        raise more_than_tensors(path, said_by(error)) from error
    if not isinstance(loaded, dict) or not all(isinstance(value, torch.Tensor) for value in loaded.values()):
        raise refused(f"{path.name} is no state_dict: tensors by name. Save model.state_dict().")
    return loaded


def checked_weights(path: Path) -> Archive:
    """Return the parts of an archive that are weights, once its pickle was seen to name nothing but tensors.

    Nothing is unpickled here: the operations of the pickle are read as a list.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with what the pickle names.
    """
    archive = read_archive(path)
    if any(name.startswith("code/") or name == "constants.pkl" for name in archive.files):
        raise refused(
            f"{path.name} is a TorchScript program, which brings code. Save it with torch.export.save (.pt2),"
            " or its state_dict with safetensors."
        )
    if "data.pkl" not in archive.files:
        raise refused(f"{path.name} has no weights: torch.save did not write it.")
    kept = {
        name: content
        for name, content in archive.files.items()
        if name in KEPT or (name.startswith("data/") and name[5:].isdigit())
    }
    try:
        named = names_of(kept["data.pkl"])
    except Exception as error:  # pickletools raises whatever it stumbles over
        raise more_than_tensors(path, said_by(error)) from error
    unknown = next((name for name in named if name not in FUNCTIONS), None)
    if unknown is not None:
        raise more_than_tensors(path, f"it names {unknown.replace(' ', '.', 1)[:80]}.")
    return Archive("model", kept)


def more_than_tensors(path: Path, said: str) -> Exception:
    """Return the refusal of a pickle that could run code."""
    return refused(
        f"{path.name} has more than tensors, and reading that runs the code that it names: {said}"
        " Save the state_dict of the model with safetensors."
    )


def names_of(pickle: bytes) -> list[str]:
    """Return "MODULE NAME" of everything that a pickle names, in the order in which it does.

    Names that are made at run time, by STACK_GLOBAL and the like, are no names that torch.save writes.
    """
    names = []
    for operation, argument, _ in pickletools.genops(pickle):
        if operation.name == "GLOBAL":
            names.append(str(argument))
        elif operation.name in ("STACK_GLOBAL", "INST", "OBJ", "EXT1", "EXT2", "EXT4", "NEWOBJ", "NEWOBJ_EX"):
            names.append(f"{operation.name} {argument}")
    return names
