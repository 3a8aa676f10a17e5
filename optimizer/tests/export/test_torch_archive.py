import json
import zipfile
from copy import copy
from pathlib import Path
from typing import Any

import pytest

from gantry_optimizer.export.torch_archive import checked_archive
from gantry_optimizer.failure import OptimizationError

GOLDEN = Path(__file__).parent / "golden-torch"

LEAF = '{"type": null, "context": null, "children_spec": []}'
SPEC = f'[1, {{"type": "builtins.tuple", "context": "null", "children_spec": [{LEAF}]}}]'
SHAPE = "Symbol('s77', positive=True, integer=True)"


def node(target: str = "torch.ops.aten.relu.default", **more: Any) -> dict[str, Any]:
    return {"target": target, "inputs": [], "metadata": {"torch_fn": "os.system"}, **more}


def archive(
    path: Path,
    nodes: list[dict[str, Any]],
    weights: Any = None,
    more: dict[str, bytes] | None = None,
    spec: str = SPEC,
) -> Path:
    model = {
        "graph_module": {"graph": {"nodes": nodes}, "module_call_graph": [{"signature": {"in_spec": spec}}]}
    }
    files = {
        "models/model.json": json.dumps({**model, "guards_code": ["__import__('os').system('id')"]}).encode(),
        "data/weights/model_weights_config.json": json.dumps({"config": weights or {}}).encode(),
        "data/sample_inputs/model.pt": b"\x80\x02cposix\nsystem\n",
        **(more or {}),
    }
    with zipfile.ZipFile(path, "w") as made:
        for name, content in files.items():
            made.writestr(f"n/{name}", content)
    return path


def test_what_is_plain_is_kept_and_guards_sample_inputs_and_origins_go(tmp_path: Path) -> None:
    path = archive(tmp_path / "n.pt2", [node(shape={"expr_str": SHAPE}), node("_operator.mul")])
    with zipfile.ZipFile(checked_archive(path)) as made:
        document = json.loads(made.read("model/models/model.json"))
        assert made.read("model/data/sample_inputs/model.pt") == b""
    assert document["guards_code"] == []
    assert document["graph_module"]["graph"]["nodes"][0]["metadata"] == {}
    assert document["graph_module"]["graph"]["nodes"][0]["shape"]["expr_str"] == SHAPE


@pytest.mark.parametrize("name", ["digits-mlp.pt2", "digits-cnn.pt2", "encoder.pt2"])
def test_what_pytorch_itself_saves_is_kept(name: str) -> None:
    with zipfile.ZipFile(GOLDEN / name) as source, zipfile.ZipFile(checked_archive(GOLDEN / name)) as made:
        kept = {file.partition("/")[2]: made.read(file) for file in made.namelist()}
        for file in source.namelist():
            short = file.partition("/")[2]
            if not short.endswith((".json", ".pt")):
                assert kept[short] == source.read(file)
    assert json.loads(kept["models/model.json"])["graph_module"]["graph"]["nodes"]


@pytest.mark.parametrize("name", ["_softmax.default", "__and__.Tensor", "add_.Tensor", "sym_size.int"])
def test_operators_that_calculate_are_kept(name: str, tmp_path: Path) -> None:
    assert checked_archive(archive(tmp_path / "n.pt2", [node(f"torch.ops.aten.{name}")]))


@pytest.mark.parametrize(
    "target",
    [
        "torch.os.system",
        "torch.ops.aten.from_file.default",
        "torch.ops.aten.save.default",
        "torch.ops.aten.save",
        "torch.ops.aten._unsafe_index_put.default",
        "torch.ops.aten._print.default",
        "torch.load",
        "torch.ops.load_library",
        "_operator.methodcaller",
        "torch.hub.load",
        "#ext:evil",
        "torch.ops.aten.__class__",
        "torch.ops.mine.run",
        "math.__loader__",
    ],
)
def test_operators_that_do_more_than_calculate_are_refused_by_name(target: str, tmp_path: Path) -> None:
    with pytest.raises(OptimizationError, match="none that only calculates") as refusal:
        checked_archive(archive(tmp_path / "n.pt2", [node(target)]))
    assert target in refusal.value.sentence


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('id')",
        "Symbol('s1').__class__",
        "s1[0]",
        "lambda: 1",
        "eval('1')",
        "Symbol('__import__')",
        "[x for x in s1]",
        "open",
        "1 if s1 else 2",
        "f'{s1}'",
        "(",
        ["s1"],
    ],
)
def test_shapes_that_are_more_than_arithmetic_are_refused(text: Any, tmp_path: Path) -> None:
    with pytest.raises(OptimizationError, match="no arithmetic"):
        checked_archive(archive(tmp_path / "n.pt2", [node(shape={"expr_str": text})]))


@pytest.mark.parametrize(
    "text",
    [
        *("9**9**9**9", "Pow(Pow(9, 99), 99)", "Integer(9)**Integer(10**9)", "1" * 5000, "1e400"),
        *("Pow(" * 12 + "9" + ", 8)" * 12, "(" * 12 + "9" + "**8)" * 12, "Max(9, Pow(s0, 8) + 1)**8"),
    ],
)
def test_shapes_that_would_fill_the_memory_are_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(OptimizationError, match="no arithmetic"):
        checked_archive(archive(tmp_path / "n.pt2", [node(shape={"expr_str": text})]))


@pytest.mark.parametrize(
    "text", ["2*s77 + 1", "Max(1, FloorDiv(s0, 8))", "Eq(s0, u1)", "s0 <= 4", "Pow(s0, 2)*s1**2"]
)
def test_arithmetic_of_shapes_is_kept(text: str, tmp_path: Path) -> None:
    assert checked_archive(archive(tmp_path / "n.pt2", [node(shape={"expr_str": text})]))


@pytest.mark.parametrize(
    "name",
    [
        "data/constants/custom_obj_0",
        "data/constants/opaque_obj_0",
        "data/weights/model.pt",
        "data/constants/model.pt",
        "data/aotinductor/model/a.so",
        "extra/a.py",
        "models/other.json",
        "../models/model.json",
    ],
)
def test_files_that_are_neither_graphs_nor_tensors_are_refused_by_name(name: str, tmp_path: Path) -> None:
    path = archive(tmp_path / "n.pt2", [node()], more={name: b"\x80\x02."})
    with pytest.raises(OptimizationError, match="neither a graph nor a tensor") as refusal:
        checked_archive(path)
    assert name in refusal.value.sentence


@pytest.mark.parametrize("mark", [True, 1, None, "no"])
def test_a_weight_that_is_a_pickle_is_refused(mark: Any, tmp_path: Path) -> None:
    weights = {"a": {"path_name": "weight_0", "use_pickle": mark}}
    with pytest.raises(OptimizationError, match="a pickle among its tensors"):
        checked_archive(archive(tmp_path / "n.pt2", [node()], weights))


@pytest.mark.parametrize(
    "spec",
    [
        '[1, {"type": "collections.defaultdict", "context": "{\\"default_factory_name\\": 1}", "children_spec": []}]',
        '[1, {"type": "builtins.dict", "context": "[{\\"__enum__\\": 1}]", "children_spec": []}]',
        '[1, {"type": "transformers.ModelOutput", "context": "null", "children_spec": []}]',
    ],
)
def test_containers_that_name_a_module_are_refused(spec: str, tmp_path: Path) -> None:
    with pytest.raises(OptimizationError, match=r"containers with more|keeps its inputs"):
        checked_archive(archive(tmp_path / "n.pt2", [node()], spec=spec))


def test_objects_of_classes_among_the_arguments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OptimizationError, match="objects of classes"):
        checked_archive(archive(tmp_path / "n.pt2", [node(arg={"as_custom_obj": {"class_fqn": "x"}})]))


CODE = "x):\n  import os; os.system('id')\n#"


@pytest.mark.parametrize(
    "more",
    [
        {"name": CODE},
        {"outputs": [{"as_tensor": {"name": CODE}}]},
        {"outputs": [{"as_sym_int": {"as_name": CODE}}]},
        {"outputs": [{"as_tensor": {"name": "torch.load"}}]},
        {"tensor_values": {CODE: {}}},
        {"forward_arg_names": ["x", CODE]},
        {"parameter_name": 'a"); import os #'},
        {"arg": {"as_string": "'+__import__('os').system('id')+'"}},
        {"arg": {CODE: 1}},
    ],
)
def test_names_that_would_become_python_are_refused(more: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(OptimizationError, match="The archive has the name"):
        checked_archive(archive(tmp_path / "n.pt2", [node(**more)]))


def test_values_may_have_the_names_of_fields(tmp_path: Path) -> None:
    values = {"target": {"dtype": 7}, "metadata": {"dtype": 7}, "custom_obj": {"dtype": 7}}
    with zipfile.ZipFile(checked_archive(archive(tmp_path / "n.pt2", [node(tensor_values=values)]))) as made:
        document = json.loads(made.read("model/models/model.json"))
    assert document["graph_module"]["graph"]["nodes"][0]["tensor_values"] == values


def test_an_archive_that_unpacks_to_more_than_it_has_is_refused_before_anything_is_unpacked(
    tmp_path: Path,
) -> None:
    bomb = tmp_path / "bomb.pt2"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("n/models/model.json", b" " * (1 << 20))
    with pytest.raises(OptimizationError, match="is compressed"):
        checked_archive(bomb)
    overlapping = tmp_path / "overlapping.pt2"
    with zipfile.ZipFile(overlapping, "w") as made:
        made.writestr("n/models/model.json", b"{}" * 1000)
        made.filelist += made.filelist * 9
        for place, entry in enumerate(list(made.filelist)):
            made.filelist[place] = copy(entry)
            made.filelist[place].filename = f"n/data/weights/weight_{place}"
    with pytest.raises(OptimizationError, match="more bytes than it has"):
        checked_archive(overlapping)


@pytest.mark.parametrize("names", [["../a"], ["/a"], ["a/b", "c/d"], ["a"], ["a/../../b"]])
def test_files_outside_of_the_one_folder_are_refused(names: list[str], tmp_path: Path) -> None:
    path = tmp_path / "n.pt2"
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, b"{}")
    with pytest.raises(OptimizationError, match=r"no archive of PyTorch|neither a graph"):
        checked_archive(path)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "n.pt2", [node()])
    with zipfile.ZipFile(path, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("n/models/model.json", b"{}")
    with pytest.raises(OptimizationError, match="two files of one name"):
        checked_archive(path)
