import bz2
import gzip
import lzma
import os
import pickle
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from gantry_optimizer.__main__ import main
from gantry_optimizer.export import source
from gantry_optimizer.export.formats import source_of
from gantry_optimizer.failure import OptimizationError


class Evil:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.marker}",)


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
}


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("suffix", [".pkl", ".joblib", ".skops", ".json", ".ubj", ".txt", ".cbm"])
@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_a_pickle_is_refused_and_runs_nothing_whatever_its_name(
    packed: str, suffix: str, protocol: int, tmp_path: Path
) -> None:
    marker = tmp_path / "ran"
    path = tmp_path / f"evil{suffix}"
    path.write_bytes(PACKED[packed](pickle.dumps(Evil(marker), protocol=protocol)))
    named = suffix in (".pkl", ".joblib")
    with pytest.raises(OptimizationError, match="is a pickle" if named or protocol >= 2 else None):
        source_of(path)
    assert not marker.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [("model.onnx", "ONNX already"), ("model.h5", "ends with none of"), ("model.PKL", "is a pickle")],
)
def test_other_files_are_refused_with_what_to_do_instead(name: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    with pytest.raises(OptimizationError, match=said):
        source_of(path)


def test_without_the_extra_a_sentence_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(f"No module named {name}")

    monkeypatch.setattr(source, "import_module", missing)
    path = tmp_path / "model.cbm"
    path.write_bytes(b"CBM1")
    with pytest.raises(OptimizationError, match=r"requirements-trees\.lock"):
        source_of(path)


def test_an_output_that_holds_the_model_or_is_there_already_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.cbm"
    path.write_bytes(b"CBM1")
    for output, options in ((tmp_path, ["--replace"]), (tmp_path, []), (tmp_path.parent, ["--replace"])):
        assert main(["--export", str(path), "--output", str(output), *options]) == 1
    assert path.exists()
    assert main([f"--export={tmp_path / 'none.cbm'}", "--output", str(tmp_path / "new")]) == 1


def test_options_of_an_export_that_are_wrong_end_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--export", "a", "--output", "b", "--quantize", "fp16"])
    assert ended.value.code == 2
    assert "--quantize" in capsys.readouterr().err
