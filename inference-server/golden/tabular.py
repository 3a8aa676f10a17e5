"""Classifiers of tables as their libraries export them, ZipMap included, and what onnxruntime makes of five rows.

python tabular.py writes tabular/*.onnx and tabular/expected.json. Rows and classes are drawn from a seeded generator.
"""

import json
import tempfile
from pathlib import Path

import catboost
import lightgbm
import numpy as np
import onnx
import onnxmltools
import onnxruntime
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import convert_sklearn, to_onnx
from skl2onnx.common.data_types import StringTensorType
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDER = Path(__file__).parent / 'tabular'

random = np.random.default_rng(7)
X = random.standard_normal((200, 4)).astype(np.float32)
THREE = np.digitize(X[:, 0] + X[:, 1] * X[:, 2], [-0.5, 0.6])
TWO = (X[:, 0] > X[:, 3]).astype(np.int64)
SIGNED = np.where(TWO == 1, 1, -1)
NAMES = np.array(['low', 'middle', 'high'])[THREE]
ROWS = np.round(random.standard_normal((5, 4)), 2).astype(np.float32)
SENTENCES = ['Good day', 'bad Day', 'very GOOD', 'Very bad indeed', 'good good', 'ÄPFEL bad']
MOODS = ['glad', 'sad', 'glad', 'sad', 'glad', 'sad']
TEXTS = np.array(['Good BAD', 'VERY good', 'an Äpfel DAY'], dtype=object)
INPUT = [('input', FloatTensorType([None, 4]))]


def cat_boost(classes: np.ndarray) -> onnx.ModelProto:
    path = Path(tempfile.mkdtemp()) / 'catboost.onnx'
    model = catboost.CatBoostClassifier(iterations=3, depth=2, verbose=0, allow_writing_files=False)
    model.fit(X, classes).save_model(path, format='onnx')
    return onnx.load(path)


def models() -> dict[str, onnx.ModelProto]:
    light = lightgbm.LGBMClassifier(n_estimators=2, max_depth=2, verbose=-1).fit(X, TWO)
    boosted = xgboost.XGBClassifier(n_estimators=2, max_depth=2).fit(X, THREE)
    return {
        'sklearn-forest-numbers': to_onnx(RandomForestClassifier(3, max_depth=2, random_state=0).fit(X, THREE), X[:1]),
        'sklearn-pipeline-names': to_onnx(make_pipeline(StandardScaler(), LogisticRegression()).fit(X, NAMES), X[:1]),
        'sklearn-logistic-signed': to_onnx(LogisticRegression().fit(X, SIGNED), X[:1]),
        'lightgbm-two': onnxmltools.convert_lightgbm(light, initial_types=INPUT, target_opset=15),
        'xgboost-three': onnxmltools.convert_xgboost(boosted, initial_types=INPUT, target_opset=15),
        'catboost-two': cat_boost(TWO),
        'catboost-names': cat_boost(NAMES),
    }


def of_texts() -> onnx.ModelProto:
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(SENTENCES, MOODS)
    return convert_sklearn(model, initial_types=[('text', StringTensorType([None]))])


def answer(value: object) -> object:
    if not isinstance(value, list):
        return value.tolist()
    return {'classes': list(value[0]), 'rows': [[float(share) for share in row.values()] for row in value]}


def expected(content: bytes, rows: np.ndarray) -> dict[str, object]:
    session = onnxruntime.InferenceSession(content)
    [tensor] = session.get_inputs()
    answers = session.run(None, {tensor.name: rows})
    outputs = {output.name: answer(value) for output, value in zip(session.get_outputs(), answers)}
    return {'input': tensor.name, 'outputs': outputs}


if __name__ == '__main__':
    FOLDER.mkdir(exist_ok=True)
    found = {}
    for name, model in models().items():
        (FOLDER / f'{name}.onnx').write_bytes(model.SerializeToString())
        found[name] = expected(model.SerializeToString(), ROWS)
    texts = of_texts().SerializeToString()
    (FOLDER / 'sklearn-texts.onnx').write_bytes(texts)
    content = {
        'rows': ROWS.astype(float).round(2).tolist(),
        'models': found,
        'texts': {'rows': TEXTS.tolist(), **expected(texts, TEXTS)},
    }
    (FOLDER / 'expected.json').write_text(json.dumps(content, indent=1) + '\n')
