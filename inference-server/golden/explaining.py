"""What the package `shap` makes of rows of tables: exact values of a small network, and sampled ones of an example.

python explaining.py writes explaining/perceptron.onnx and explaining/expected.json. Everything is drawn from seeded generators.
"""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import shap
from skl2onnx import to_onnx
from sklearn.datasets import load_wine
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
FOLDER = HERE / 'explaining'
EXAMPLE = HERE.parent.parent / 'examples' / 'breast-cancer'
FEATURES = 8
SEED = 20261126
SEEDS = 20
SAMPLES = 600


def perceptron(rows, classes):
    network = MLPClassifier((12,), max_iter=400, random_state=SEED)
    pipeline = make_pipeline(StandardScaler(), network).fit(rows, classes)
    model = to_onnx(pipeline, rows[:1], options={id(pipeline): {'zipmap': False}}, target_opset={'': 18, 'ai.onnx.ml': 3})
    FOLDER.mkdir(exist_ok=True)
    onnx.save(model, FOLDER / 'perceptron.onnx')


def asker(path, name):
    session = onnxruntime.InferenceSession(path, providers=['CPUExecutionProvider'])
    (given,) = session.get_inputs()
    return lambda rows: session.run([name], {given.name: rows.astype(np.float32)})[0].astype(np.float64)


def exact(ask, background, rows, link):
    """All coalitions, so that the values are those of Shapley."""
    explainer = shap.KernelExplainer(ask, background, link=link)
    values = explainer.shap_values(rows, nsamples=2**FEATURES, l1_reg=False, silent=True)
    return {'base': explainer.expected_value.tolist(), 'values': np.moveaxis(values, 2, 1).tolist()}


def sampled(ask, background, rows):
    """Values differ from seed to seed: their mean and their deviation say what may be expected of one more."""
    explainer = shap.KernelExplainer(ask, background)
    runs = []
    for seed in range(SEEDS):
        np.random.seed(seed)
        runs.append(explainer.shap_values(rows, nsamples=SAMPLES, l1_reg=False, silent=True)[:, :, 1])
    runs = np.array(runs)
    return {
        'base': float(explainer.expected_value[1]),
        'mean': runs.mean(axis=0).tolist(),
        'deviation': runs.std(axis=0, ddof=1).tolist(),
    }


def main():
    random = np.random.default_rng(SEED)
    wine = load_wine()
    table = wine.data[:, :FEATURES].astype(np.float32)
    perceptron(table, wine.target)
    background = table[random.choice(len(table), 20, replace=False)]
    rows = table[random.choice(len(table), 3, replace=False)]
    rows[2, 3:5] = background[:, 3:5].mean(axis=0)
    ask = asker(FOLDER / 'perceptron.onnx', 'probabilities')
    # A feature that is the same in the row and everywhere in the background has no part in the answer.
    alike = background.copy()
    alike[:, [1, 6]] = rows[0, [1, 6]]
    example = json.loads((EXAMPLE / 'golden.json').read_text(encoding='utf-8'))
    given = np.array([case['input'] for case in example['cases'][:2]], dtype=np.float32)
    usual = np.array(json.loads((EXAMPLE / 'model' / 'background.json').read_text(encoding='utf-8')), dtype=np.float32)
    ask_example = asker(EXAMPLE / 'model' / 'model.onnx', 'probabilities')
    expected = {
        'exact': {
            'background': background.tolist(),
            'rows': rows.tolist(),
            'identity': exact(ask, background, rows, 'identity'),
            'logit': exact(ask, background, rows, 'logit'),
            'alike': {'background': alike.tolist(), **exact(ask, alike, rows[:1], 'identity')},
        },
        'sampled': {'rows': given.tolist(), 'samples': SAMPLES, **sampled(ask_example, usual, given)},
    }
    (FOLDER / 'expected.json').write_text(json.dumps(expected) + '\n', encoding='utf-8')


if __name__ == '__main__':
    main()
