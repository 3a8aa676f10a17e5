import io
import json
import os
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gantry_optimizer.export.formats import source_of
from gantry_optimizer.export.torch_models import examples_of
from gantry_optimizer.export.torch_weights import checked_weights
from gantry_optimizer.failure import OptimizationError

GOLDEN = Path(__file__).parent / "golden-torch"


class Evil:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.marker}",)


def weights(path: Path, pickled: bytes, more: dict[str, bytes] | None = None, **options: Any) -> Path:
    """Write what torch.save writes, with a pickle of ours."""
    with zipfile.ZipFile(path, "w", **options) as made:
        for name, content in {
            "data.pkl": pickled,
            "version": b"3\n",
            "data/0": b"\0" * 8,
            **(more or {}),
        }.items():
            made.writestr(f"archive/{name}", content)
    return path


@pytest.mark.parametrize(
    "name", ["model.pt", "model.pth", "pytorch_model.bin", "model.pt2", "model.skops", "model"]
)
@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_weights_that_would_run_a_command_are_refused_whatever_their_name(
    name: str, protocol: int, tmp_path: Path
) -> None:
    marker = tmp_path / "ran"
    path = weights(tmp_path / name, pickle.dumps(OrderedDict(a=Evil(marker)), protocol=protocol))
    with pytest.raises(OptimizationError, match=r"posix.system|STACK_GLOBAL"):
        checked_weights(path)
    with pytest.raises(OptimizationError):
        source_of(path, "none.py:None", tmp_path / "none.npz")
    assert not marker.exists()


PICKLES = {
    "hub": b"\x80\x02ctorch.hub\nload\n(tR.",
    "load": b"\x80\x02ctorch\nload\n(tR.",
    "getattr": b"\x80\x02c__builtin__\ngetattr\n(tR.",
    "dotted": b"\x80\x04ctorch\nos.system\n(tR.",
    "inst": b"(X\x02\x00\x00\x00idiposix\nsystem\n.",
    "extension": b"\x80\x02\x82\x01.",
    "not-a-pickle": b"hello",
    "empty": b"",
    "cut": b"\x80\x02ccollections\nOrderedDict",
}


@pytest.mark.parametrize("kind", PICKLES)
def test_a_pickle_that_names_more_than_tensors_is_refused_and_not_read(kind: str, tmp_path: Path) -> None:
    with pytest.raises(OptimizationError, match="has more than tensors"):
        checked_weights(weights(tmp_path / "model.pt", PICKLES[kind]))


def test_what_torch_itself_saves_is_kept_and_other_files_of_the_archive_go(tmp_path: Path) -> None:
    archive = checked_weights(GOLDEN / "digits-mlp.pt")
    assert {"data.pkl", "data/0", "data/1", "data/2", "data/3"} <= set(archive.files)
    plain = pickle.dumps(OrderedDict(), protocol=2)
    extra = {"data/evil.py": b"import os", "extra.pkl": b"\x80\x02.", ".data/serialization_id": b"1"}
    kept = checked_weights(weights(tmp_path / "a.pt", plain, extra)).files
    assert set(kept) == {"data.pkl", "version", "data/0"}


def test_programs_of_torchscript_are_refused_by_name(tmp_path: Path) -> None:
    path = weights(tmp_path / "a.pt", b"\x80\x02.", {"code/__torch__.py": b"def f(): pass"})
    with pytest.raises(OptimizationError, match="TorchScript"):
        checked_weights(path)


def test_weights_that_unpack_to_more_than_they_have_are_refused(tmp_path: Path) -> None:
    bomb = weights(
        tmp_path / "a.pt", b"\x80\x02.", {"data/1": b"\0" * (1 << 20)}, compression=zipfile.ZIP_DEFLATED
    )
    with pytest.raises(OptimizationError, match="is compressed"):
        checked_weights(bomb)


@pytest.mark.parametrize("name", ["old.pt", "pytorch_model.bin"])
def test_weights_of_torch_before_1_6_are_a_row_of_pickles_and_refused(name: str, tmp_path: Path) -> None:
    rows = io.BytesIO()
    parts: list[Any] = [0x1950A86A20F9469CFC6C, 1001, {}, OrderedDict(), []]
    for part in parts:
        pickle.dump(part, rows, protocol=2)
    path = tmp_path / name
    path.write_bytes(rows.getvalue())
    with pytest.raises(OptimizationError, match="is a pickle"):
        source_of(path)


def test_weights_need_a_class_and_a_data_set_and_other_models_take_no_class() -> None:
    with pytest.raises(OptimizationError, match=r"--class FILE\.py:NAME"):
        source_of(GOLDEN / "digits-mlp.pt")
    with pytest.raises(OptimizationError, match="--dataset"):
        source_of(GOLDEN / "digits-mlp.pt", "modules.py:DigitsMlp")
    for path in (GOLDEN / "digits-mlp.pt2", GOLDEN / "bert"):
        with pytest.raises(OptimizationError, match="--class is for weights"):
            source_of(path, "modules.py:DigitsMlp")


@pytest.mark.parametrize(
    "text", ["{}", "no", json.dumps({"a": {"dtype": "F32", "shape": [9], "data_offsets": [0, 9]}})]
)
def test_what_is_no_archive_is_refused_by_its_name(text: str, tmp_path: Path) -> None:
    for suffix in (".pt", ".pt2", ".bin"):
        path = tmp_path / f"model{suffix}"
        path.write_text(text)
        with pytest.raises(OptimizationError, match="no archive of PyTorch"):
            source_of(path)


def test_axes_whose_lengths_differ_between_samples_may_have_any_length() -> None:
    feeds, axes = examples_of(
        [{"ids": np.ones((1, length), dtype=np.int64), "age": np.ones((1, 1))} for length in (3, 5, 4)]
    )
    assert axes == {"ids": {0: "batch", 1: "sequence"}, "age": {0: "batch"}}
    assert (feeds["ids"].shape, feeds["age"].shape, str(feeds["age"].dtype)) == ((2, 5), (2, 1), "float32")
    with pytest.raises(OptimizationError, match="another number of axes"):
        examples_of([{"ids": np.ones((1, 3))}, {"ids": np.ones((1, 3, 1))}])
