"""Measures each format beside the same done by hand with onnxruntime's tools; --write puts the table into the page.

Run in `optimizer/`: python -m bench.quantization [--write] [minilm bert-base resnet-50 digits-128 digits-cnn]
"""

import argparse
import platform
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import ModelProto
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_dynamic, quantize_static
from onnxruntime.transformers.float16 import convert_float_to_float16

from gantry_optimizer.accuracy import accuracy
from gantry_optimizer.agreement import agreement
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.quantization import quantize
from gantry_optimizer.quantization.quiet import quiet
from gantry_optimizer.recipe import Quantize
from gantry_optimizer.runtime import answers, open_session
from gantry_optimizer.samples import Array, Samples
from gantry_optimizer.step import StepContext
from gantry_optimizer.weights import size_bytes
from tests.networks.encoder import BERT_BASE, MINILM, encoder
from tests.networks.resnet import resnet
from tests.quantization.contexts import digits, network

PAGE = Path(__file__).parents[2] / "docs" / "optimizer-quantization.md"
FORMATS: tuple[Quantize, ...] = ("int8-dynamic", "int8-static", "int4", "fp16")
ROUNDS = 25
COLUMNS = (
    *("network", "format", "made", "times smaller", "times faster"),
    *("same answers", "mean difference", "accuracy", "notes"),
)
WHOLE_NOISE = 1.0
"""Permitted drop for random weights: they answer nothing, so a gate would measure chance."""


@dataclass(frozen=True)
class Subject:
    """A network, the samples that calibrate and judge, and the inputs of a timed run."""

    model: ModelProto
    calibration: Samples
    judging: Samples
    timed: Mapping[str, Array]
    drop: float


def texts(count: int, seed: int) -> Samples:
    """Return texts of 16 to 64 random tokens."""
    random = np.random.default_rng(seed)
    made = [random.integers(0, 30_522, (1, length)) for length in random.integers(16, 65, count)]
    return Samples([{"input_ids": ids, "attention_mask": np.ones_like(ids)} for ids in made])


def pictures(count: int, seed: int) -> Samples:
    """Return pictures of noise."""
    random = np.random.default_rng(seed)
    return Samples(
        [{"pixel_values": random.standard_normal((1, 3, 224, 224), dtype=np.float32)} for _ in range(count)]
    )


def batch_of_texts() -> dict[str, Array]:
    """Return 8 texts of 128 tokens."""
    ids = np.random.default_rng(5).integers(0, 30_522, (8, 128))
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}


def of_digits(name: str) -> Subject:
    """Return a trained network of digits."""
    judging = digits(name, "judge")
    rows = np.concatenate([each["pixels"] for each in judging.requests[:64]])
    return Subject(network(name), digits(name, count=256), judging, {"pixels": rows}, 0.01)


SUBJECTS: Mapping[str, Callable[[], Subject]] = {
    "minilm": lambda: Subject(encoder(MINILM), texts(32, 0), texts(32, 1), batch_of_texts(), WHOLE_NOISE),
    "bert-base": lambda: Subject(
        encoder(BERT_BASE), texts(16, 0), texts(16, 1), batch_of_texts(), WHOLE_NOISE
    ),
    "resnet-50": lambda: Subject(
        resnet(), pictures(16, 0), pictures(8, 1), pictures(1, 2).requests[0], WHOLE_NOISE
    ),
    "digits-128": lambda: of_digits("digits-128"),
    "digits-cnn": lambda: of_digits("digits-cnn"),
}


class Reader(CalibrationDataReader):  # type: ignore[misc]
    """Reads all samples, as onnxruntime's examples do."""

    def __init__(self, samples: Samples) -> None:
        self.waiting = [dict(feeds) for feeds in samples.requests]

    def get_next(self) -> dict[str, Array] | None:
        """Return the next sample."""
        return self.waiting.pop() if self.waiting else None


def by_hand(subject: Subject, fmt: Quantize, folder: Path) -> ModelProto:
    """Do what onnxruntime's documentation says, with its defaults and a scale for each channel."""
    source, target = folder / "float.onnx", folder / "hand.onnx"
    onnx.save(subject.model, source)
    with quiet():
        if fmt == "int8-dynamic":
            quantize_dynamic(source, target, per_channel=True)
        elif fmt == "int8-static":
            how = {"per_channel": True, "activation_type": QuantType.QUInt8, "weight_type": QuantType.QInt8}
            quantize_static(source, target, Reader(subject.calibration), **how)
        elif fmt == "int4":
            # This tool needs onnx-ir, which the optimizer does without.
            from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

            tool = MatMulNBitsQuantizer(onnx.load(source), block_size=32, is_symmetric=True, bits=4)
            tool.process()
            return tool.model.model
        else:
            return convert_float_to_float16(onnx.load(source), keep_io_types=True)
    return onnx.load(target)


def speedups(models: list[ModelProto], feeds: Mapping[str, Array]) -> list[float]:
    """Return the first model's time by that of each; one thread, in turns.

    Times are the shortest of all turns, of the processor for this thread: other programs count less.
    """
    sessions = [open_session(model) for model in models]
    times = np.zeros((ROUNDS, len(sessions)))
    once = time.thread_time()
    sessions[0].run(None, dict(feeds))
    repeats = max(1, int(0.02 / max(time.thread_time() - once, 1e-6)))
    for turn in range(ROUNDS):
        for place, session in enumerate(sessions):
            start = time.thread_time()
            for _ in range(repeats):
                session.run(None, dict(feeds))
            times[turn, place] = time.thread_time() - start
    shortest = times.min(axis=0)
    return [float(shortest[0] / each) for each in shortest]


def rows_of(name: str, subject: Subject) -> Iterable[str]:
    """Yield a line of the table for each format, ours and by hand."""
    before = answers(subject.model, subject.judging)
    for fmt in FORMATS:
        made: dict[str, ModelProto] = {}
        notes: dict[str, str] = {}
        with tempfile.TemporaryDirectory() as folder:
            context = StepContext(
                subject.model,
                subject.calibration,
                subject.judging,
                subject.drop,
                1,
                Path(folder),
                lambda _: None,
            )
            try:
                result = quantize(subject.model, context, fmt)
                made["Gantry"] = result.model
                taken = [each.name for each in result.choices if each.chosen]
                kept = f"{len(result.kept)} nodes stay" if result.kept else ""
                notes["Gantry"] = ", ".join([*taken, *([kept] if kept else [])])
            except OptimizationError as error:
                yield f"| {name} | {fmt} | Gantry | | | | | | {error.reason} |"
            try:
                hand = by_hand(subject, fmt, Path(folder))
                answers(hand, subject.judging.part([0]))
                made["by hand"] = hand
            except Exception as error:
                yield f"| {name} | {fmt} | by hand | | | | | | fails: {type(error).__name__} |"
        gains = speedups([subject.model, *made.values()], subject.timed)[1:]
        for (who, model), gain in zip(made.items(), gains, strict=True):
            after = answers(model, subject.judging)
            compared = agreement(before, after, subject.judging)
            measured = accuracy(before, after, subject.judging)
            right = "" if measured is None else f"{measured.before:.4f} → {measured.after:.4f}"
            size = size_bytes(subject.model) / size_bytes(model)
            yield (
                f"| {name} | {fmt} | {who} | {size:.2f} | {gain:.2f} | {compared.same_answers:.3f} |"
                f" {compared.mean_difference:.2g} | {right} | {notes.get(who, '')} |"
            )


def machine() -> str:
    """Return the processor's name, and what it adds products of bytes with."""
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    found = re.search(r"model name\s*:\s*(.+)", text)
    wide = "with VNNI" if "vnni" in text else "without VNNI"
    return f"{found[1] if found else platform.machine()} {wide}, onnxruntime {ort.__version__}, 1 thread"


def main() -> None:
    """Print the table, and write it into the page when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("subjects", nargs="*", default=list(SUBJECTS))
    told = parser.parse_args()
    lines = [
        f"Measured on {machine()}.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"|{' --- |' * len(COLUMNS)}",
    ]
    for name in told.subjects:
        for line in rows_of(name, SUBJECTS[name]()):
            print(line, flush=True)
            lines.append(line)
    if told.write:
        table = "\n".join(lines)
        page = PAGE.read_text(encoding="utf-8")
        marked = f"<!-- measured -->\n{table}\n<!-- /measured -->"
        PAGE.write_text(
            re.sub(r"<!-- measured -->.*<!-- /measured -->", marked, page, flags=re.S), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
