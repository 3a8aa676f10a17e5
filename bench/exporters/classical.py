"""scikit-learn models as skl2onnx writes them: with ZipMap (its default for classifiers) and without."""

import numpy as np
import onnx
import skl2onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn import (
    calibration,
    cluster,
    compose,
    decomposition,
    discriminant_analysis,
    ensemble,
    feature_extraction,
    feature_selection,
    gaussian_process,
    impute,
    linear_model,
    mixture,
    multiclass,
    multioutput,
    naive_bayes,
    neighbors,
    neural_network,
    pipeline,
    preprocessing,
    svm,
    tree,
)
from sklearn.base import is_classifier

import tables
from store import ROWS, place

EXPORTER = 'skl2onnx'
OPSET = 21

CLASSIFIERS = {
    'decision-tree-classifier': lambda: tree.DecisionTreeClassifier(max_depth=4, random_state=1),
    'random-forest-classifier': lambda: ensemble.RandomForestClassifier(10, max_depth=4, random_state=1),
    'extra-trees-classifier': lambda: ensemble.ExtraTreesClassifier(10, max_depth=4, random_state=1),
    'gradient-boosting-classifier': lambda: ensemble.GradientBoostingClassifier(n_estimators=10, random_state=1),
    'hist-gradient-boosting-classifier': lambda: ensemble.HistGradientBoostingClassifier(max_iter=10, random_state=1),
    'ada-boost-classifier': lambda: ensemble.AdaBoostClassifier(n_estimators=5, random_state=1),
    'bagging-classifier': lambda: ensemble.BaggingClassifier(n_estimators=4, random_state=1),
    'voting-classifier': lambda: ensemble.VotingClassifier(
        [('a', linear_model.LogisticRegression()), ('b', naive_bayes.GaussianNB())], voting='soft', flatten_transform=False
    ),
    'stacking-classifier': lambda: ensemble.StackingClassifier(
        [('a', linear_model.LogisticRegression()), ('b', naive_bayes.GaussianNB())]
    ),
    'logistic-regression': lambda: linear_model.LogisticRegression(),
    'logistic-regression-cv': lambda: linear_model.LogisticRegressionCV(),
    'ridge-classifier': lambda: linear_model.RidgeClassifier(),
    'sgd-classifier': lambda: linear_model.SGDClassifier(loss='log_loss', random_state=1),
    'perceptron': lambda: linear_model.Perceptron(random_state=1),
    'linear-svc': lambda: svm.LinearSVC(),
    'svc': lambda: svm.SVC(),
    'svc-probabilities': lambda: svm.SVC(probability=True, random_state=1),
    'nu-svc': lambda: svm.NuSVC(nu=0.2),
    'gaussian-nb': lambda: naive_bayes.GaussianNB(),
    'k-neighbors-classifier': lambda: neighbors.KNeighborsClassifier(),
    'mlp-classifier': lambda: neural_network.MLPClassifier((8,), max_iter=20, random_state=1),
    'lda': lambda: discriminant_analysis.LinearDiscriminantAnalysis(),
    'qda': lambda: discriminant_analysis.QuadraticDiscriminantAnalysis(),
    'calibrated-classifier': lambda: calibration.CalibratedClassifierCV(linear_model.LogisticRegression()),
    'one-vs-rest': lambda: multiclass.OneVsRestClassifier(linear_model.LogisticRegression()),
    'scaled-logistic-regression': lambda: pipeline.make_pipeline(
        preprocessing.StandardScaler(), linear_model.LogisticRegression()
    ),
    'scaled-svc': lambda: pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVC(probability=True)),
    'scaled-k-neighbors': lambda: pipeline.make_pipeline(
        preprocessing.MinMaxScaler(), neighbors.KNeighborsClassifier()
    ),
    'scaled-mlp': lambda: pipeline.make_pipeline(
        preprocessing.RobustScaler(), neural_network.MLPClassifier((8,), max_iter=20, random_state=1)
    ),
    'pca-random-forest': lambda: pipeline.make_pipeline(
        decomposition.PCA(3), ensemble.RandomForestClassifier(5, max_depth=3, random_state=1)
    ),
    'selected-logistic-regression': lambda: pipeline.make_pipeline(
        feature_selection.SelectKBest(k=3), linear_model.LogisticRegression()
    ),
}

REGRESSORS = {
    'decision-tree-regressor': lambda: tree.DecisionTreeRegressor(max_depth=4, random_state=1),
    'random-forest-regressor': lambda: ensemble.RandomForestRegressor(10, max_depth=4, random_state=1),
    'extra-trees-regressor': lambda: ensemble.ExtraTreesRegressor(10, max_depth=4, random_state=1),
    'gradient-boosting-regressor': lambda: ensemble.GradientBoostingRegressor(n_estimators=10, random_state=1),
    'hist-gradient-boosting-regressor': lambda: ensemble.HistGradientBoostingRegressor(max_iter=10, random_state=1),
    'ada-boost-regressor': lambda: ensemble.AdaBoostRegressor(n_estimators=5, random_state=1),
    'linear-regression': lambda: linear_model.LinearRegression(),
    'ridge': lambda: linear_model.Ridge(),
    'lasso': lambda: linear_model.Lasso(0.01),
    'elastic-net': lambda: linear_model.ElasticNet(0.01),
    'poisson-regressor': lambda: linear_model.PoissonRegressor(),
    'svr': lambda: svm.SVR(),
    'linear-svr': lambda: svm.LinearSVR(),
    'k-neighbors-regressor': lambda: neighbors.KNeighborsRegressor(),
    'mlp-regressor': lambda: neural_network.MLPRegressor(hidden_layer_sizes=(8,), max_iter=20, random_state=1),
    'gaussian-process-regressor': lambda: gaussian_process.GaussianProcessRegressor(),
    'polynomial-ridge': lambda: pipeline.make_pipeline(preprocessing.PolynomialFeatures(2), linear_model.Ridge()),
    'multi-output-regressor': lambda: multioutput.MultiOutputRegressor(linear_model.Ridge()),
}

TRANSFORMERS = {
    'standard-scaler': lambda: preprocessing.StandardScaler(),
    'min-max-scaler': lambda: preprocessing.MinMaxScaler(),
    'max-abs-scaler': lambda: preprocessing.MaxAbsScaler(),
    'normalizer': lambda: preprocessing.Normalizer(),
    'binarizer': lambda: preprocessing.Binarizer(),
    'k-bins': lambda: preprocessing.KBinsDiscretizer(3, encode='ordinal'),
    'pca': lambda: decomposition.PCA(2),
    'k-means': lambda: cluster.KMeans(3, random_state=1),
    'gaussian-mixture': lambda: mixture.GaussianMixture(2, random_state=1),
    'isolation-forest': lambda: ensemble.IsolationForest(n_estimators=10, random_state=1),
}


def first(table):
    return {'input': table[:ROWS]}


def write(target, variant, model, types, **options):
    target.save(variant, skl2onnx.to_onnx(model, initial_types=types, target_opset={'': OPSET, 'ai.onnx.ml': 3}, **options))


def both(target, model, types):
    """Classifiers get one file with ZipMap and one without."""
    if not is_classifier(model) or isinstance(model, svm.LinearSVC):
        write(target, 'float32', model, types)
        return
    write(target, 'zipmap', model, types)
    write(target, 'no-zipmap', model, types, options={'zipmap': False})


def of_numbers(makes, target_of):
    def build(name, make):
        def run(target):
            random = np.random.default_rng(1)
            table = tables.numbers(random)
            model = make().fit(table, target_of(random, table, name))
            target.save_rows(first(table))
            both(target, model, [('input', FloatTensorType([None, tables.WIDTH]))])

        return run

    return {name: build(name, make) for name, make in makes.items()}


def amounts(random, table, name):
    amount = np.abs(table[:, 0] * 2 + table[:, 1] + 0.1 * random.standard_normal(len(table)))
    return np.stack([amount, -amount], 1) if name.startswith('multi') else amount


def binary(target):
    random = np.random.default_rng(1)
    table = tables.numbers(random)
    model = ensemble.RandomForestClassifier(10, max_depth=4, random_state=1)
    target.save_rows(first(table))
    both(target, model.fit(table, tables.classes(random, table, 2)), [('input', FloatTensorType([None, tables.WIDTH]))])


def with_words(target):
    """Labels that are words."""
    random = np.random.default_rng(1)
    table = tables.numbers(random)
    labels = np.array(['low', 'middle', 'high'])[tables.classes(random, table)]
    target.save_rows(first(table))
    model = pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.LogisticRegression())
    both(target, model.fit(table, labels), [('input', FloatTensorType([None, tables.WIDTH]))])


def of_counts(model):
    def run(target):
        random = np.random.default_rng(1)
        table = tables.counts(random)
        target.save_rows(first(table))
        types = [('input', FloatTensorType([None, tables.WIDTH]))]
        both(target, model().fit(table, tables.classes(random, table)), types)

    return run


def of_gaps(model):
    def run(target):
        random = np.random.default_rng(1)
        table = tables.with_gaps(random)
        target.save_rows(first(table))
        types = [('input', FloatTensorType([None, tables.WIDTH]))]
        both(target, model().fit(table, tables.classes(random, table)), types)

    return run


def of_words(model):
    def run(target):
        random = np.random.default_rng(1)
        table = tables.words(random)
        target.save_rows(first(table))
        both(target, model().fit(table, tables.classes(random, table)), [('input', StringTensorType([None, 2]))])

    return run


def of_texts(model):
    def run(target):
        random = np.random.default_rng(1)
        table = tables.texts(random)
        fitted = model().fit(table[:, 0], tables.classes(random, table))
        target.save_rows(first(table))
        both(target, fitted, [('input', StringTensorType([None, 1]))])

    return run


def of_columns(target):
    """A table with columns of several types, each an input of its own, as a frame of pandas is exported."""
    import pandas

    random = np.random.default_rng(1)
    amount, words = tables.with_gaps(random), tables.words(random)
    frame = pandas.DataFrame({'age': amount[:, 0], 'fare': amount[:, 1], 'city': words[:, 0], 'size': words[:, 1]})
    frame['children'] = random.integers(0, 4, tables.SAMPLES)
    filled = pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler())
    columns = compose.make_column_transformer(
        (filled, ['age', 'fare']),
        (preprocessing.OneHotEncoder(handle_unknown='ignore'), ['city']),
        (preprocessing.OrdinalEncoder(), ['size']),
        ('passthrough', ['children']),
    )
    model = pipeline.make_pipeline(columns, linear_model.LogisticRegression())
    model.fit(frame, tables.classes(random, amount))
    kinds = {'city': StringTensorType, 'size': StringTensorType, 'children': Int64TensorType}
    rows = {name: frame[name].to_numpy()[:ROWS].reshape(-1, 1) for name in frame}
    target.save_rows({name: column.astype(np.float32) if column.dtype == float else column for name, column in rows.items()})
    both(target, model, [(name, kinds.get(name, FloatTensorType)([None, 1])) for name in frame])


OTHERS = {
    'random-forest-binary': binary,
    'logistic-regression-words': with_words,
    'multinomial-nb': of_counts(naive_bayes.MultinomialNB),
    'bernoulli-nb': of_counts(naive_bayes.BernoulliNB),
    'complement-nb': of_counts(naive_bayes.ComplementNB),
    'one-hot-of-numbers': of_counts(
        lambda: pipeline.make_pipeline(
            preprocessing.OneHotEncoder(handle_unknown='ignore'), linear_model.LogisticRegression()
        )
    ),
    'imputer-forest': of_gaps(
        lambda: pipeline.make_pipeline(
            impute.SimpleImputer(strategy='median'), ensemble.RandomForestClassifier(5, max_depth=3, random_state=1)
        )
    ),
    'knn-imputer-ridge': of_gaps(lambda: pipeline.make_pipeline(impute.KNNImputer(), linear_model.RidgeClassifier())),
    'hist-gradient-boosting-gaps': of_gaps(lambda: ensemble.HistGradientBoostingClassifier(max_iter=5, random_state=1)),
    'one-hot-logistic-regression': of_words(
        lambda: pipeline.make_pipeline(
            preprocessing.OneHotEncoder(handle_unknown='ignore'), linear_model.LogisticRegression()
        )
    ),
    'ordinal-forest': of_words(
        lambda: pipeline.make_pipeline(
            preprocessing.OrdinalEncoder(handle_unknown='use_encoded_value', unknown_value=-1),
            ensemble.RandomForestClassifier(5, max_depth=3, random_state=1),
        )
    ),
    'tfidf-logistic-regression': of_texts(
        lambda: pipeline.make_pipeline(
            feature_extraction.text.TfidfVectorizer(), linear_model.LogisticRegression()
        )
    ),
    'tfidf-pairs': of_texts(
        lambda: pipeline.make_pipeline(
            feature_extraction.text.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            linear_model.SGDClassifier(loss='log_loss', random_state=1),
        )
    ),
    'tfidf-letters': of_texts(
        lambda: pipeline.make_pipeline(
            feature_extraction.text.TfidfVectorizer(analyzer='char', ngram_range=(1, 3)), linear_model.LogisticRegression()
        )
    ),
    'counted-words-nb': of_texts(
        lambda: pipeline.make_pipeline(feature_extraction.text.CountVectorizer(), naive_bayes.MultinomialNB())
    ),
    'column-transformer': of_columns,
}


def whole_numbers_for_flags():
    """skl2onnx 1.20 gives flags of numpy for whole numbers, which protobuf 7 refuses; protobuf 3 wrote 0 and 1."""
    make = onnx.helper.make_attribute

    def attribute(key, value, *rest, **named):
        if isinstance(value, list) and any(isinstance(item, (bool, np.bool_)) for item in value):
            value = [int(item) for item in value]
        return make(key, value, *rest, **named)

    onnx.helper.make_attribute = attribute


def makers():
    classes = of_numbers(CLASSIFIERS, lambda random, table, _: tables.classes(random, table))
    return {**classes, **of_numbers({**REGRESSORS, **TRANSFORMERS}, amounts), **OTHERS}


def build(root, wanted):
    whole_numbers_for_flags()
    for name, make in makers().items():
        target = place(root, EXPORTER, name)
        if wanted(f'{EXPORTER}/{name}') and not (target.folder / 'rows.npz').exists():
            make(target)
            yield f'{EXPORTER}/{name}'
