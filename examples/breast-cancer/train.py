"""Train the breast-cancer classifier and export it to model/model.onnx.

    python train.py

Data: the Breast Cancer Wisconsin (Diagnostic) set that ships inside scikit-learn, 569 rows of 30 measurements.
Writes model/ (what is served) and golden.json (rows and the answers a server has to give for them).
"""

import json
import os
from pathlib import Path

os.environ.setdefault('ORT_DISABLE_TELEMETRY', '1')  # has to be set before onnxruntime is imported

import numpy as np
import onnx
import onnxruntime
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import classification_report, confusion_matrix, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
MODEL = HERE / 'model'
SEED = 20261123
OPSET = {'': 18, 'ai.onnx.ml': 3}
TOLERANCE = 1e-4
BACKGROUND_ROWS = 50


def load():
    """Rows as float32, because that is what a caller of the server can send; a quarter is held out, stratified."""
    data = load_breast_cancer()
    rows = data.data.astype(np.float32)
    split = train_test_split(rows, data.target, test_size=0.25, stratify=data.target, random_state=SEED)
    return data, split


def train(rows, targets):
    """A linear model: the regularisation strength is chosen by 5-fold cross-validation inside the training rows."""
    classifier = LogisticRegressionCV(
        Cs=np.logspace(-3, 2, 16), cv=5, scoring='neg_log_loss', l1_ratios=(0,), use_legacy_attributes=False, max_iter=5000
    )
    return make_pipeline(StandardScaler(), classifier).fit(rows, targets)


def export(pipeline):
    """`zipmap` off: plain tensors instead of a sequence of maps, which few runtimes can hand to their callers."""
    proto = convert_sklearn(
        pipeline,
        name='breast-cancer',
        initial_types=[('input', FloatTensorType([None, 30]))],
        options={id(pipeline): {'zipmap': False}},
        target_opset=OPSET,
    )
    for tensor in (*proto.graph.input, *proto.graph.output):
        tensor.type.tensor_type.shape.dim[0].dim_param = 'batch'
    rename = {'output_label': 'label', 'output_probability': 'probabilities'}
    for node in proto.graph.node:
        node.output[:] = [rename.get(name, name) for name in node.output]
        node.input[:] = [rename.get(name, name) for name in node.input]
    for output in proto.graph.output:
        output.name = rename.get(output.name, output.name)
    used = {entry.domain: entry.version for entry in proto.opset_import}  # the converter lists one domain twice
    del proto.opset_import[:]
    proto.opset_import.extend(onnx.helper.make_opsetid(domain, version) for domain, version in used.items())
    onnx.checker.check_model(proto, full_check=True)
    MODEL.mkdir(exist_ok=True)
    onnx.save(proto, MODEL / 'model.onnx')


def write_config(data):
    labels = [str(name) for name in data.target_names]
    write_json(MODEL / 'labels.json', labels)
    write_json(
        MODEL / 'config.json',
        {
            'model_type': 'tabular-classification',
            'id2label': {str(index): label for index, label in enumerate(labels)},
            'label2id': {label: index for index, label in enumerate(labels)},
            'feature_names': [str(name) for name in data.feature_names],
        },
    )


def write_background(rows):
    """What explanations compare a row with: rows that stand for all others, drawn from those of the training."""
    chosen = np.random.default_rng(SEED).choice(len(rows), BACKGROUND_ROWS, replace=False)
    lines = ',\n  '.join(json.dumps([float(str(value)) for value in row]) for row in rows[np.sort(chosen)])
    (MODEL / 'background.json').write_text(f'[\n  {lines}\n]\n', encoding='utf-8')


def check(pipeline, rows):
    """Every row of the data through both frameworks, as one batch and one by one."""
    session = onnxruntime.InferenceSession(MODEL / 'model.onnx', providers=['CPUExecutionProvider'])
    labels, probabilities = session.run(['label', 'probabilities'], {'input': rows})
    difference = np.abs(probabilities - pipeline.predict_proba(rows)).max()
    assert difference < TOLERANCE, f'ONNX differs from scikit-learn by {difference}'
    assert (labels == pipeline.predict(rows)).all(), 'ONNX and scikit-learn disagree on a label'
    single = np.concatenate([session.run(['probabilities'], {'input': row[None]})[0] for row in rows])
    assert np.abs(single - probabilities).max() < TOLERANCE, 'an answer depends on its neighbours in the batch'
    print(f'ONNX equals scikit-learn on {len(rows)} rows, largest difference {difference:.1e}')


def write_golden(pipeline, rows, names):
    probabilities = pipeline.predict_proba(rows)
    cases = [
        {
            'input': [float(value) for value in row],
            'label': int(np.argmax(p)),
            'name': str(names[np.argmax(p)]),
            'probabilities': [round(float(value), 7) for value in p],
        }
        for row, p in zip(rows, probabilities, strict=True)
    ]
    lines = ',\n    '.join(json.dumps(case) for case in cases)  # one row per line keeps the file readable
    text = f'{{\n  "tolerance": {TOLERANCE},\n  "cases": [\n    {lines}\n  ]\n}}\n'
    (HERE / 'golden.json').write_text(text, encoding='utf-8')


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + '\n', encoding='utf-8')


def main():
    data, (train_rows, test_rows, train_targets, test_targets) = load()
    pipeline = train(train_rows, train_targets)
    predicted = pipeline.predict(test_rows)
    print(f'regularisation C = {pipeline[-1].C_:.4g}; {len(train_rows)} training rows, {len(test_rows)} held-out rows')
    print(classification_report(test_targets, predicted, target_names=data.target_names, digits=3))
    print('confusion matrix (rows: truth, columns: answer)\n', confusion_matrix(test_targets, predicted))
    print(f'ROC AUC {roc_auc_score(test_targets, pipeline.predict_proba(test_rows)[:, 1]):.4f}')
    export(pipeline)
    write_config(data)
    write_background(train_rows)
    check(pipeline, data.data.astype(np.float32))
    write_golden(pipeline, test_rows[:12], data.target_names)


if __name__ == '__main__':
    main()
