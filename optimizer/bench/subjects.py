"""The models of the table of recipes, with the samples that calibrate, judge and are timed."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from bench.quantization import SUBJECTS, Subject, of_digits
from gantry_optimizer.dataset import read_samples
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.folder import load_graph, open_folder
from gantry_optimizer.generated import generated_samples
from gantry_optimizer.latency import largest_batch
from gantry_optimizer.samples import halves_of

ROOT = Path(__file__).parents[2]

SHIPPED = ("customer-service", "chest-xray", "breast-cancer")
GOLDEN = ("feature-extraction", "text-classification-roberta", "question-answering", "image-classification")
DIGITS = ("digits-32", "digits-128", "digits-deep", "digits-cnn")
LARGE = ("minilm", "resnet-50", "bert-base")

SHARE = 0.05
"""Permitted loss of shipped models: at most 50 samples judge, so that one answer is 2 %."""


def of_folder(path: Path, file: Path | None) -> Subject:
    """Return the model of a folder with the samples of a file; with generated ones where there are too few."""
    model = load_graph(open_folder(path))
    try:
        samples = generated_samples(model) if file is None or not file.exists() else read_samples(file, model)
    except OptimizationError:
        samples = generated_samples(model)
    calibration, judging = halves_of(samples)
    return Subject(model, calibration, judging, largest_batch(judging), SHARE)


def subjects(work: Path) -> Mapping[str, Callable[[], Subject]]:
    """Return all models by name; `work` holds the samples of shipped ones as NAME.safetensors."""
    made: dict[str, Callable[[], Subject]] = {}
    for name in SHIPPED:
        made[name] = partial(of_folder, ROOT / "examples" / name / "model", work / f"{name}.safetensors")
    for name in GOLDEN:
        made[name] = partial(of_folder, ROOT / "inference-server/golden/models" / name, None)
    for name in DIGITS:
        made[name] = partial(of_digits, name)
    return made | {name: SUBJECTS[name] for name in LARGE}
