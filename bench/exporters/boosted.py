"""XGBoost, LightGBM and CatBoost models, as onnxmltools and CatBoost itself write them."""

import catboost
import lightgbm
import numpy as np
import onnx
import onnxmltools
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

import tables
from classical import amounts
from store import ROWS, place

EXPORTER = 'onnxmltools'
OPSET = 15
SMALL = {'n_estimators': 10, 'max_depth': 3}


def learned(model, kind):
    random = np.random.default_rng(1)
    table = tables.with_gaps(random) if kind == 'gaps' else tables.numbers(random)
    count = {'binary': 2, 'classes': 3, 'gaps': 2}.get(kind)
    return table, model.fit(table, tables.classes(random, table, count) if count else amounts(random, table, kind))


def xgboosted(make, kind):
    def run(target):
        table, model = learned(make(**SMALL, random_state=1), kind)
        target.save_rows({'input': table[:ROWS]})
        types = [('input', FloatTensorType([None, tables.WIDTH]))]
        target.save('float32', onnxmltools.convert_xgboost(model, initial_types=types, target_opset=OPSET))

    return run


def lightgbmed(make, kind):
    def run(target):
        table, model = learned(make(**SMALL, random_state=1, verbose=-1), kind)
        target.save_rows({'input': table[:ROWS]})
        types = [('input', FloatTensorType([None, tables.WIDTH]))]
        for variant, zipmap in [('zipmap', True), ('no-zipmap', False)]:
            target.save(
                variant, onnxmltools.convert_lightgbm(model, initial_types=types, target_opset=OPSET, zipmap=zipmap)
            )

    return run


def catboosted(make, kind):
    def run(target):
        table, model = learned(make(iterations=10, depth=3, random_state=1, verbose=False, allow_writing_files=False), kind)
        target.save_rows({'features': table[:ROWS]})
        part = target.folder / 'catboost.part'
        model.save_model(str(part), format='onnx')
        target.save('float32', onnx.load(part))
        part.unlink()

    return run


def makers():
    return {
        'xgboost-classifier': xgboosted(xgboost.XGBClassifier, 'classes'),
        'xgboost-binary': xgboosted(xgboost.XGBClassifier, 'binary'),
        'xgboost-gaps': xgboosted(xgboost.XGBClassifier, 'gaps'),
        'xgboost-regressor': xgboosted(xgboost.XGBRegressor, 'amount'),
        'xgboost-forest': xgboosted(xgboost.XGBRFClassifier, 'classes'),
        'lightgbm-classifier': lightgbmed(lightgbm.LGBMClassifier, 'classes'),
        'lightgbm-binary': lightgbmed(lightgbm.LGBMClassifier, 'binary'),
        'lightgbm-gaps': lightgbmed(lightgbm.LGBMClassifier, 'gaps'),
        'lightgbm-regressor': lightgbmed(lightgbm.LGBMRegressor, 'amount'),
        'catboost-classifier': catboosted(catboost.CatBoostClassifier, 'classes'),
        'catboost-binary': catboosted(catboost.CatBoostClassifier, 'binary'),
        'catboost-regressor': catboosted(catboost.CatBoostRegressor, 'amount'),
    }


def build(root, wanted):
    for name, make in makers().items():
        target = place(root, EXPORTER, name)
        if wanted(f'{EXPORTER}/{name}') and not (target.folder / 'rows.npz').exists():
            make(target)
            yield f'{EXPORTER}/{name}'
