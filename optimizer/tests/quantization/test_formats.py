"""What each format makes of networks, measured on samples that it did not see."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnxruntime.quantization import quantize_dynamic

from gantry_optimizer.accuracy import accuracy
from gantry_optimizer.agreement import agreement
from gantry_optimizer.quantization import quantize
from gantry_optimizer.quantization.checks import prepared
from gantry_optimizer.quantization.integers import adds_in_32_bits, columns_in_8_bits
from gantry_optimizer.quantization.quiet import quiet
from gantry_optimizer.quantization.rows import in_8_bits
from gantry_optimizer.quantization.weighted import weighted_nodes
from gantry_optimizer.recipe import Quantize
from gantry_optimizer.runtime import answers, open_session, run
from gantry_optimizer.samples import stacked
from gantry_optimizer.weights import size_bytes

from ..networks.encoder import TINY, EncoderSize, encoder
from .contexts import context_of, digits, matrix, model_of, network, numbers, operators, outputs, texts

HIDDEN = EncoderSize(layers=2, width=64, heads=4, inner=256, vocabulary=500, positions=64)


@pytest.mark.parametrize(
    ("name", "fmt", "smaller"),
    [
        ("digits-128", "int8-dynamic", 3.0),
        ("digits-128", "int8-static", 2.5),
        ("digits-128", "int4", 3.5),
        ("digits-128", "fp16", 1.9),
        ("digits-cnn", "int8-static", 2.5),
        ("digits-cnn", "fp16", 1.9),
    ],
)
def test_a_network_of_digits_gets_smaller_and_stays_accurate(
    name: str, fmt: Quantize, smaller: float
) -> None:
    model, judging = network(name), digits(name, "judge")
    result = quantize(model, context_of(model, digits(name, count=160)), fmt)
    measured = accuracy(answers(model, judging), answers(result.model, judging), judging)
    assert measured is not None
    assert measured.difference >= -0.01
    assert size_bytes(model) / size_bytes(result.model) >= smaller
    onnx.checker.check_model(result.model, full_check=True)


def test_int8_by_rows_is_no_farther_from_float_than_by_hand(tmp_path: Path) -> None:
    model, judging = encoder(HIDDEN), texts(32, 500, seed=1)
    base = prepared(model)
    ours = in_8_bits(base, weighted_nodes(base).nodes, tables_in_4_bits=False, pairs_fit=False)
    onnx.save(model, tmp_path / "float.onnx")
    with quiet():
        quantize_dynamic(tmp_path / "float.onnx", tmp_path / "hand.onnx", per_channel=True)
    hand = onnx.load(tmp_path / "hand.onnx")
    before = answers(model, judging)
    by_rows, by_batch = (agreement(before, answers(each, judging), judging) for each in (ours, hand))
    assert by_rows.mean_difference <= by_batch.mean_difference
    assert by_rows.same_answers >= by_batch.same_answers
    assert size_bytes(ours) <= size_bytes(hand) * 1.05


@pytest.mark.parametrize("fmt", ["int8-dynamic", "int4"])
def test_rows_stay_apart(fmt: Quantize) -> None:
    model = encoder(HIDDEN)
    result = quantize(model, context_of(model, texts(64, 500), drop=0.2), fmt)
    session = open_session(result.model)
    samples = [each for each in texts(200, 500, seed=2).requests if each["input_ids"].shape[1] == 20][:4]
    together = run(session, stacked(samples))["last_hidden_state"]
    alone = [run(session, each)["last_hidden_state"] for each in samples]
    np.testing.assert_allclose(together, np.concatenate(alone), rtol=0, atol=1e-5)


def test_the_same_model_comes_out_each_time() -> None:
    model = encoder(TINY)
    context = context_of(model, texts(40), drop=0.05)
    first, second = (quantize(model, context, "int8-dynamic") for _ in range(2))
    assert first.model.SerializeToString(deterministic=True) == second.model.SerializeToString(
        deterministic=True
    )
    assert (first.kept, first.choices) == (second.kept, second.choices)


def test_rows_of_zeros_stay_zeros() -> None:
    model = model_of([onnx.helper.make_node("MatMul", ["x", "w"], ["logits"])], {"w": matrix(64, 32)})
    result = quantize(model, context_of(model, numbers(32), drop=0.2), "int8-dynamic")
    assert "MatMulIntegerToFloat" in operators(result.model)
    answer = run(open_session(result.model), {"x": np.zeros((2, 64), np.float32)})["logits"]
    assert not answer.any()
    assert len(outputs(result.model, numbers(2))) == 2


def test_pairs_that_fit_never_leave_16_bits() -> None:
    values = matrix(64, 100)
    values[10:12, ::3] = 4
    whole, scales = columns_in_8_bits(values, pairs_fit=True)
    sums = np.abs(whole[0::2].astype(int) + whole[1::2])
    assert sums.max() * 255 <= np.iinfo(np.int16).max
    assert np.abs(whole * scales - values).max() <= scales.max()


@pytest.mark.parametrize(
    ("cpuinfo", "wide"),
    [
        ("flags : fpu sse2 avx2 avx512_vnni", True),
        ("flags : fpu sse2 avx2 fma", False),
        ("Features : fp asimd asimddp", True),
    ],
)
def test_knows_processors_that_add_in_16_bits(cpuinfo: str, wide: bool) -> None:
    assert adds_in_32_bits(cpuinfo) is wide
