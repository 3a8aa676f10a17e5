"""Networks with layers that repeat, and what a step is told of them."""

import tempfile
from pathlib import Path

import numpy as np
from onnx import ModelProto

from gantry_optimizer.distillation.lessons import Teacher
from gantry_optimizer.runtime import open_session, run
from gantry_optimizer.samples import Samples
from gantry_optimizer.step import StepContext

from ..networks.encoder import EncoderSize, encoder
from ..pruning.networks import model_of, normal, statements

SIZE = EncoderSize(layers=4, width=32, heads=4, inner=64, vocabulary=120, positions=64, classes=4)
CLS, SEP = 1, 2


def text_encoder(layers: int = 4) -> ModelProto:
    """Return an encoder of 4 classes."""
    return encoder(EncoderSize(layers, 32, 4, 64, vocabulary=120, positions=64, classes=4))


def texts(count: int, seed: int = 0) -> Samples:
    """Return texts of a few lengths that begin and end with the same tokens."""
    draw = np.random.default_rng(seed)
    requests = []
    for _ in range(count):
        inner = draw.integers(3, 120, draw.integers(2, 5) * 3)
        ids = np.array([[CLS, *inner, SEP]], dtype=np.int64)
        requests.append({"input_ids": ids, "attention_mask": np.ones_like(ids)})
    return Samples(requests)


def residual_pictures(blocks: int = 3) -> ModelProto:
    """Return convolutions of 4 channels with something that goes past them, from [batch, 1, 6, 6] to 3 scores."""
    lines = ["c = Conv <pads = [1, 1, 1, 1]> (x, first)", "h0 = Relu (c)"]
    constants = {"first": normal(4, 1, 3, 3), "last": normal(4, 3, seed=9), "axes": np.array([2, 3])}
    for at in range(blocks):
        constants |= {f"a{at}": normal(4, 4, 3, 3, seed=at), f"b{at}": normal(4, 4, 3, 3, seed=at + 50)}
        lines += [
            f"d{at} = Conv <pads = [1, 1, 1, 1]> (h{at}, a{at})",
            f"e{at} = Relu (d{at})",
            f"f{at} = Conv <pads = [1, 1, 1, 1]> (e{at}, b{at})",
            f"g{at} = Add (f{at}, h{at})",
            f"h{at + 1} = Relu (g{at})",
        ]
    lines += [f"m = ReduceMean <keepdims = 0> (h{blocks}, axes)", "y = MatMul (m, last)"]
    return model_of(statements("\n".join(lines)), constants, ("batch", 1, 6, 6))


def context_of(model: ModelProto, samples: Samples) -> StepContext:
    """Return what a step is told."""
    return StepContext(model, samples, samples, 0.01, 1, Path(tempfile.gettempdir()), lambda _: None)


def teacher_of(model: ModelProto, output: str = "logits") -> Teacher:
    """Return a model as what is learned from."""
    return Teacher(open_session(model), output)


def scores(model: ModelProto, samples: Samples, output: str = "logits") -> np.ndarray:
    """Return float32 [samples, classes]."""
    session = open_session(model)
    return np.concatenate([run(session, feeds)[output] for feeds in samples.requests])
