"""Folders of Hugging Face: config.json and safetensors, whose class is one of the library transformers itself."""

import inspect
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..plain import counted
from ..samples import Array, Feeds
from .hugging_face_files import Config, checked_config, copied_files, link_weights
from .source import Source, library, refused, said_by
from .torch_modules import Axes, Module, exported


@dataclass(frozen=True)
class Task:
    """What is exported of an architecture.

    Parameters
    ----------
    loader
        The class of transformers that reads the folder.
    outputs
        The outputs that the server reads.
    is_picture
        Whether the model takes pictures; the others take texts.
    """

    loader: str
    outputs: tuple[str, ...]
    is_picture: bool = False


TASKS: Mapping[str, Task] = {
    "ForSequenceClassification": Task("AutoModelForSequenceClassification", ("logits",)),
    "ForTokenClassification": Task("AutoModelForTokenClassification", ("logits",)),
    "ForQuestionAnswering": Task("AutoModelForQuestionAnswering", ("start_logits", "end_logits")),
    "ForMaskedLM": Task("AutoModelForMaskedLM", ("logits",)),
    "ForImageClassification": Task("AutoModelForImageClassification", ("logits",), is_picture=True),
    "Model": Task("AutoModel", ("last_hidden_state",)),
}
"""Tasks by the end of the architecture's name in config.json."""

GENERATING = (
    "ForCausalLM",
    "LMHeadModel",
    "ForConditionalGeneration",
    "MarianMTModel",
    "VisionEncoderDecoderModel",
)
"""Ends of the names of architectures that write texts; they have a past."""

EXAMPLE_ROWS = 3
EXAMPLE_TOKENS = 17
"""Lengths of the example that is followed; no other axis of a model is likely to have them."""

OPTIONAL = ("pooler.",)
"""Weights that no output depends on that is exported."""


def folder_source(path: Path) -> Source:
    """Read a folder of Hugging Face and convert its model.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where the folder names code, has no safetensors, or its task is not exported here.
    """
    config = checked_config(path)
    task = task_of(config)
    architecture = config["architectures"][0]
    with tempfile.TemporaryDirectory(prefix="gantry-export-") as made:
        seen = Path(made)
        link_weights(path, seen)
        shutil.copyfile(path / "config.json", seen / "config.json")
        model = loaded(seen, task)
    if type(model).__name__ != architecture:
        # GPT2LMHeadModel ends as an encoder's name does, and would lose its head.
        raise refused(f"transformers reads {architecture} as {type(model).__name__}, which is another model.")
    feeds, axes = picture_example(path, config) if task.is_picture else text_example(model, config)
    source = exported(answering(model, list(feeds), task.outputs), feeds, axes, task.outputs)
    return replace(source, copied=copied_files(path))


def task_of(config: Config) -> Task:
    """Return what is exported of the architecture that config.json names."""
    names = config.get("architectures")
    name = names[0] if isinstance(names, list) and len(names) == 1 else None
    if not isinstance(name, str):
        raise refused("config.json has no `architectures` with one name, so nobody knows which model it is.")
    if name.endswith(GENERATING):
        raise refused(
            f"The architecture {name[:80]} writes texts, token by token, from keys and values of those before, and such"
            " graphs are not exported here. Export them with `optimum-cli export onnx --task text-generation-with-past`"
            " (`text2text-generation-with-past` for an encoder with a decoder), and serve the folder as it is."
        )
    end = next((end for end in TASKS if name.endswith(end)), None)
    is_text = isinstance(config.get("vocab_size"), int)
    if end is None or is_text == TASKS[end].is_picture:
        raise refused(
            f"The architecture {name[:80]} is not exported here: only those that end with {', '.join(TASKS)},"
            " the last for texts. Export the model to .pt2 with torch.export.save, and give that file."
        )
    return TASKS[end]


def loaded(folder: Path, task: Task) -> Module:
    """Return the model of a folder, in float32.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where transformers does not know it, or weights are missing.
    """
    # Nothing is asked of the network, whatever a configuration names. transformers reads these when it is imported.
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    torch, transformers = library("torch", "torch"), library("transformers", "torch")
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    try:
        model, info = getattr(transformers, task.loader).from_pretrained(
            folder,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
            dtype=torch.float32,
            # Written with single operators of ONNX, whatever config.json asks for.
            attn_implementation="eager",
        )
    except Exception as error:  # transformers raises whatever it stumbles over
        raise refused(f"transformers cannot load this folder: {said_by(error)}") from error
    missing = sorted(name for name in info["missing_keys"] if not name.startswith(OPTIONAL))
    wrong = missing or sorted(map(str, info["mismatched_keys"]))
    if wrong:
        raise refused(
            f"The folder lacks {counted(len(wrong), 'weight')} of its architecture, such as {wrong[0][:120]};"
            " transformers would make them up. Save a model that is trained for the task."
        )
    return model


def text_example(model: Module, config: Config) -> tuple[Feeds, Axes]:
    """Return token numbers for a model of texts. Kinds of tokens are an input where there are several."""
    shape = (EXAMPLE_ROWS, EXAMPLE_TOKENS)
    rng = np.random.default_rng(0)
    feeds: dict[str, Array] = {
        "input_ids": rng.integers(0, config["vocab_size"], shape),
        "attention_mask": np.ones(shape, dtype=np.int64),
    }
    if has_kinds(model):
        feeds["token_type_ids"] = np.zeros(shape, dtype=np.int64)
    return feeds, {name: {0: "batch", 1: "sequence"} for name in feeds}


def has_kinds(model: Module) -> bool:
    """Return whether a model tells kinds of tokens apart, such as question and text."""
    kinds = getattr(model.config, "type_vocab_size", None)
    return (
        isinstance(kinds, int)
        and kinds > 1
        and "token_type_ids" in inspect.signature(model.forward).parameters
    )


def picture_example(path: Path, config: Config) -> tuple[Feeds, Axes]:
    """Return pictures of the size that the model takes, or that its processor makes."""
    height, width = size_of(config.get("image_size")) or processed_size(path)
    channels = config.get("num_channels", 3)
    pixels = np.random.default_rng(0).standard_normal((EXAMPLE_ROWS, channels, height, width))
    return {"pixel_values": pixels.astype(np.float32)}, {"pixel_values": {0: "batch"}}


def size_of(value: Any) -> tuple[int, int] | None:  # noqa: ANN401 - JSON
    """Return (height, width) of a configuration, in pixels."""
    if isinstance(value, dict):
        value = value.get("shortest_edge") or [value.get("height"), value.get("width")]
    if isinstance(value, int):
        return (value, value)
    if isinstance(value, list) and len(value) == 2 and all(isinstance(side, int) for side in value):
        return (value[0], value[1])
    return None


def processed_size(path: Path) -> tuple[int, int]:
    """Return (height, width) of what the processor of pictures makes."""
    try:
        processor = json.loads((path / "preprocessor_config.json").read_text(encoding="utf-8"))
        found = size_of(processor.get("crop_size")) or size_of(processor.get("size"))
    except (OSError, ValueError, AttributeError, RecursionError):
        found = None
    if found is None:
        raise refused(
            "Neither image_size of config.json nor crop_size or size of preprocessor_config.json says how large"
            " pictures are."
        )
    return found


def answering(model: Module, inputs: list[str], outputs: tuple[str, ...]) -> Module:
    """Return a module that takes the inputs in order, and answers the outputs in order."""
    torch = library("torch", "torch")

    class Answering(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *given: Any) -> tuple[Any, ...]:  # noqa: ANN401 - tensors
            found = self.model(**dict(zip(inputs, given, strict=True)), return_dict=True)
            return tuple(found[name] for name in outputs)

    return Answering()
