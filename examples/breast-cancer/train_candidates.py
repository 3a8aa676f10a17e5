"""Train other classifiers on the rows of train.py, for evaluation.yaml to compare, and write the rows that were held out.

    python train_candidates.py

Writes candidates/NAME.onnx, and data/heldout.jsonl: the 143 rows that were held out.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from train import OPSET, SEED, load

HERE = Path(__file__).parent

CANDIDATES = {
    'stump': DecisionTreeClassifier(max_depth=1, random_state=SEED),
    'tree': DecisionTreeClassifier(max_depth=4, random_state=SEED),
    'boosted': GradientBoostingClassifier(n_estimators=40, max_depth=2, random_state=SEED),
    'network': make_pipeline(StandardScaler(), MLPClassifier((32,), alpha=1.0, max_iter=2000, random_state=SEED)),
}


def export(name, classifier):
    """The same inputs and outputs as the served model: `input` in; `label` and `probabilities` out."""
    proto = convert_sklearn(
        classifier,
        name=name,
        initial_types=[('input', FloatTensorType([None, 30]))],
        options={id(classifier): {'zipmap': False}},
        target_opset=OPSET,
    )
    for tensor in (*proto.graph.input, *proto.graph.output):
        tensor.type.tensor_type.shape.dim[0].dim_param = 'batch'
    rename = {'output_label': 'label', 'output_probability': 'probabilities'}
    for node in proto.graph.node:
        node.output[:] = [rename.get(one, one) for one in node.output]
        node.input[:] = [rename.get(one, one) for one in node.input]
    for output in proto.graph.output:
        output.name = rename.get(output.name, output.name)
    used = {entry.domain: entry.version for entry in proto.opset_import}
    del proto.opset_import[:]
    proto.opset_import.extend(onnx.helper.make_opsetid(domain, version) for domain, version in used.items())
    onnx.checker.check_model(proto, full_check=True)
    (HERE / 'candidates').mkdir(exist_ok=True)
    onnx.save(proto, HERE / 'candidates' / f'{name}.onnx')


def shortest(value):
    """The shortest text that reads as the same float32."""
    return float(np.format_float_positional(np.float32(value), unique=True))


def write_rows(rows, targets, names):
    folder = HERE / 'data'
    folder.mkdir(exist_ok=True)
    samples = [([shortest(v) for v in row], str(names[target])) for row, target in zip(rows, targets, strict=True)]
    lines = [json.dumps({'inputs': row, 'label': label}) for row, label in samples]
    (folder / 'heldout.jsonl').write_text('\n'.join(lines) + '\n', encoding='utf-8')


def main():
    data, (train_rows, test_rows, train_targets, test_targets) = load()
    for name, classifier in CANDIDATES.items():
        classifier.fit(train_rows, train_targets)
        print(f'{name}: {classifier.score(test_rows, test_targets):.4f} on {len(test_rows)} held-out rows')
        export(name, classifier)
    write_rows(test_rows, test_targets, data.target_names)


if __name__ == '__main__':
    main()
