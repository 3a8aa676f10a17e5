"""Measures students beside the pruned model that they begin as; prints the rows of docs/optimizer-distillation.md.

Run in `optimizer/` with requirements-torch.lock: python -m bench.distillation [digits-32 digits-cnn chest-xray …]
Customer service and chest X-ray draw their samples by the programs of `examples/`, judged by samples of other seeds.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto

from gantry_optimizer.accuracy import accuracy
from gantry_optimizer.agreement import agreement
from gantry_optimizer.distillation import distill
from gantry_optimizer.distillation.lessons import Teacher
from gantry_optimizer.distillation.student import student_of
from gantry_optimizer.latency import latency
from gantry_optimizer.recipe import Distill
from gantry_optimizer.runtime import answers, open_session
from gantry_optimizer.samples import Samples
from gantry_optimizer.step import StepContext
from gantry_optimizer.weights import size_bytes

ROOT = Path(__file__).parents[2]
DIGITS = ROOT / "optimizer/tests/pruning/golden"
EXAMPLES = ROOT / "examples"
COLUMNS = (
    "model",
    "stays",
    "samples",
    "smaller",
    "faster",
    "same answers",
    "accuracy",
    "before training",
    "seconds",
)


@dataclass(frozen=True)
class Row:
    """One student."""

    subject: str
    samples: int
    how: Distill


ROWS = (
    Row("digits-32", 300, Distill(width=0.25)),
    Row("digits-cnn", 100, Distill(width=0.125)),
    Row("digits-cnn", 300, Distill(width=0.125)),
    Row("digits-cnn", 300, Distill(width=0.25)),
    Row("customer-service", 128, Distill(layers=0.5)),
    Row("customer-service", 500, Distill(layers=0.5)),
    Row("customer-service", 500, Distill(layers=0.5, width=0.5)),
    Row("customer-service", 2000, Distill(layers=0.5, width=0.5)),
    Row("chest-xray", 300, Distill(width=0.5, epochs=15)),
)


def main() -> None:
    """Print a row for each student, as soon as it is measured."""
    options = argparse.ArgumentParser()
    options.add_argument("subjects", nargs="*", default=sorted({row.subject for row in ROWS}))
    wanted = options.parse_args().subjects
    print(f"| {' | '.join(COLUMNS)} |\n| {' | '.join('---' for _ in COLUMNS)} |")
    for row in ROWS:
        if row.subject in wanted:
            print(f"| {' | '.join(measured(row))} |", flush=True)


def measured(row: Row) -> Iterator[str]:
    """Yield the cells of a row."""
    model, learned, judging = SUBJECTS[row.subject](row.samples)
    context = StepContext(model, learned, judging, 0.01, 1, Path(), lambda line: print(line, file=sys.stderr))
    teacher = Teacher(open_session(model), "logits")
    untrained = student_of(model, teacher, learned, row.how, context).model
    result = distill(model, context, row.how)
    known, first = answers(model, judging), answers(untrained, judging)
    last = answers(result.model, judging)
    taught, begun = accuracy(known, last, judging), accuracy(known, first, judging)
    assert taught is not None and begun is not None and result.distillation is not None  # noqa: S101, PT018
    low, high = taught.interval
    parts = (("layers", row.how.layers), ("width", row.how.width))
    yield row.subject
    yield ", ".join(f"{name} {share:g}" for name, share in parts if share < 1)
    yield str(row.samples)
    yield f"{size_bytes(model) / size_bytes(result.model):.2f}"
    yield f"{latency(model, result.model, judging).speedup:.2f}"
    yield f"{agreement(known, last, judging).same_answers:.3f}"
    yield f"{taught.before:.4f} → {taught.after:.4f} ({low:+.4f} to {high:+.4f})"
    yield f"{begun.after:.4f}"
    yield f"{result.distillation.seconds:.0f}"


def digits_32(count: int) -> tuple[ModelProto, Samples, Samples]:
    """Return the network of 32 hidden neurons."""
    return digits("digits-32", (64,), count)


def digits_cnn(count: int) -> tuple[ModelProto, Samples, Samples]:
    """Return the convolutions of digits."""
    return digits("digits-cnn", (1, 8, 8), count)


def digits(name: str, shape: tuple[int, ...], count: int) -> tuple[ModelProto, Samples, Samples]:
    """Return a network, and the digits to learn from and to judge by."""
    data = np.load(DIGITS / "digits.npz")

    def part(which: str, most: int | None) -> Samples:
        pixels = np.asarray(data[which][:most] / 16, np.float32).reshape(-1, 1, *shape)
        labels = np.asarray(data[f"{which}_labels"][:most], np.int64)
        return Samples([{"pixels": one} for one in pixels], labels, "logits")

    return onnx.load(DIGITS / f"{name}.onnx"), part("learn", count), part("judge", None)


def drawn(seed: int) -> random.Random:
    """Return numbers by a seed."""
    return random.Random(seed)  # noqa: S311


def customer_service(count: int) -> tuple[ModelProto, Samples, Samples]:
    """Return the classifier of messages; it is judged by templates and words that nothing was trained on."""
    sys.path.insert(0, str(EXAMPLES / "customer-service"))
    import corpus  # type: ignore[import-not-found]
    from tokenizers import Tokenizer

    folder = EXAMPLES / "customer-service/model"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def part(pairs: Sequence[tuple[str, str]]) -> Samples:
        encoded = [(tokenizer.encode(text).ids, name) for name, text in pairs]
        labels = [corpus.CATEGORIES.index(name) if name in corpus.CATEGORIES else -1 for _, name in encoded]
        requests = []
        for ids, _ in encoded:
            row = np.array([ids], dtype=np.int64)
            others = {"attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
            requests.append({"input_ids": row, **others})
        return Samples(requests, np.array(labels, dtype=np.int64), "logits")

    written = corpus.sentences("train.tsv", "train", 14, drawn(1))
    drawn(2).shuffle(written)
    held = corpus.sentences("heldout.tsv", "heldout", 12, drawn(3))
    return onnx.load(folder / "model.onnx"), part(written[:count]), part(held)


def chest_xray(count: int) -> tuple[ModelProto, Samples, Samples]:
    """Return the network of pictures; it is judged by 1000 of them."""
    sys.path.insert(0, str(EXAMPLES / "chest-xray"))
    import xray

    mean = np.array([0.485, 0.456, 0.406], dtype=np.float32).reshape(3, 1, 1)
    deviation = np.array([0.229, 0.224, 0.225], dtype=np.float32).reshape(3, 1, 1)

    def part(seed: int, most: int) -> Samples:
        findings = len(xray.FINDINGS)
        drawn = (xray.draw(at % findings, np.random.default_rng([seed, at])) for at in range(most))
        pixels = [
            ((one / np.float32(255) - mean) / deviation)[np.newaxis].astype(np.float32) for one in drawn
        ]
        return Samples([{"pixel_values": one} for one in pixels], np.arange(most) % findings, "logits")

    return onnx.load(EXAMPLES / "chest-xray/model/model.onnx"), part(1, count), part(2, 1000)


SUBJECTS = {
    "digits-32": digits_32,
    "digits-cnn": digits_cnn,
    "customer-service": customer_service,
    "chest-xray": chest_xray,
}

if __name__ == "__main__":
    main()
