/** Classical learning: what sklearn-onnx, XGBoost and LightGBM conversions use. */
import { ml } from '../builder.ts'
import { fixed, floats, integers, type Sample, texts } from './sample.ts'

const table = floats('B 3')
const of = (
  op: string,
  operands: Sample['operands'],
  attributes: Sample['attributes'],
  apart: string,
): Sample => ({
  op,
  domain: ml,
  operands,
  ...(attributes ? { attributes } : {}),
  apart,
})

/** One split at feature 0; the leaves hold 1 and 2. */
const stump = {
  nodes_treeids: [0, 0, 0],
  nodes_nodeids: [0, 1, 2],
  nodes_featureids: [0, 0, 0],
  nodes_values: { floats: [0.5, 0, 0] },
  nodes_modes: { strings: ['BRANCH_LEQ', 'LEAF', 'LEAF'] },
  nodes_truenodeids: [1, 0, 0],
  nodes_falsenodeids: [2, 0, 0],
} as const

const trees: readonly Sample[] = [
  of(
    'TreeEnsembleRegressor',
    [table],
    {
      ...stump,
      n_targets: 1,
      target_treeids: [0, 0],
      target_nodeids: [1, 2],
      target_ids: [0, 0],
      target_weights: { floats: [1, 2] },
    },
    'B',
  ),
  {
    ...of(
      'TreeEnsembleClassifier',
      [table],
      {
        ...stump,
        classlabels_int64s: [4, 5, 6],
        class_treeids: [0, 0, 0],
        class_nodeids: [1, 2, 2],
        class_ids: [0, 1, 2],
        class_weights: { floats: [1, 2, 0.5] },
      },
      'B',
    ),
    outputs: 2,
  },
  {
    ...of(
      'TreeEnsemble',
      [table],
      {
        n_targets: 1,
        tree_roots: [0],
        nodes_featureids: [0],
        nodes_modes: { tensor: { shape: [1], data: new Uint8Array([0]) } },
        nodes_splits: { tensor: { shape: [1], data: new Float32Array([0.5]) } },
        nodes_truenodeids: [0],
        nodes_falsenodeids: [1],
        nodes_trueleafs: [1],
        nodes_falseleafs: [1],
        leaf_targetids: [0, 0],
        leaf_weights: { tensor: { shape: [2], data: new Float32Array([1, 2]) } },
      },
      'B',
    ),
    learningOpset: 5,
  },
]

const vectors = { floats: [1, 0, 2, -1, 1, 0] }

const machines: readonly Sample[] = [
  of(
    'SVMRegressor',
    [table],
    {
      kernel_type: 'RBF',
      kernel_params: { floats: [0.3, 0, 3] },
      n_supports: 2,
      coefficients: { floats: [1, -1] },
      support_vectors: vectors,
      rho: { floats: [0.2] },
    },
    'B',
  ),
  {
    ...of(
      'SVMClassifier',
      [table],
      {
        kernel_type: 'LINEAR',
        kernel_params: { floats: [0.3, 0, 3] },
        classlabels_ints: [0, 1],
        vectors_per_class: [1, 1],
        coefficients: { floats: [1, -1] },
        support_vectors: vectors,
        rho: { floats: [0.2] },
      },
      'B',
    ),
    outputs: 2,
  },
  {
    ...of(
      'LinearClassifier',
      [table],
      {
        classlabels_ints: [0, 1, 2],
        coefficients: { floats: [1, 0, 2, -1, 1, 0, 2, 2, 1] },
        intercepts: { floats: [0, 1, 0] },
      },
      'B',
    ),
    outputs: 2,
  },
  of(
    'LinearRegressor',
    [table],
    { coefficients: { floats: [1, 2, 3] }, intercepts: { floats: [1] }, targets: 1 },
    'B',
  ),
]

const columns: readonly Sample[] = [
  of('Scaler', [table], { offset: { floats: [1] }, scale: { floats: [2] } }, 'B'),
  ...['MAX', 'L1', 'L2'].map((norm) => of('Normalizer', [table], { norm }, 'B')),
  of('Imputer', [table], { imputed_value_floats: { floats: [7] }, replaced_value_float: { float: 1 } }, 'B'),
  of('Binarizer', [floats('B S')], { threshold: { float: 0.5 } }, 'BS'),
  of('OneHotEncoder', [integers('B S', [0, 3])], { cats_int64s: [0, 1, 2] }, 'BS'),
  of('OneHotEncoder', [texts('B S')], { cats_strings: { strings: ['w0', 'w1'] } }, 'BS'),
  of('OneHotEncoder', [integers('B S', [0, 2])], { cats_int64s: [0, 1, 2], zeros: 0 }, ''),
  of(
    'LabelEncoder',
    [integers('B S', [0, 2])],
    { keys_int64s: [0, 1], values_floats: { floats: [3, 4] } },
    'BS',
  ),
  of(
    'LabelEncoder',
    [texts('B S')],
    { keys_strings: { strings: ['w0', 'w1'] }, values_int64s: [3, 4] },
    'BS',
  ),
  of(
    'CategoryMapper',
    [texts('B S')],
    { cats_int64s: [3, 4], cats_strings: { strings: ['w0', 'w1'] } },
    'BS',
  ),
  of('ArrayFeatureExtractor', [floats('B 3'), fixed('INT64', '2', 0, 2)], undefined, 'B'),
  of('ArrayFeatureExtractor', [fixed('FP32', '3', 5, 6, 7), integers('B')], undefined, ''),
  of('ArrayFeatureExtractor', [floats('S B'), fixed('INT64', '1', 0)], undefined, 'S'),
  of('FeatureVectorizer', [floats('B 2'), floats('B 3')], { inputdimensions: [2, 3] }, 'B'),
]

const words: readonly Sample[] = [
  ...['B', '1 S'].map((axes) => ({
    op: 'StringNormalizer',
    operands: [texts(axes)],
    attributes: { case_change_action: 'UPPER', locale: 'C.UTF-8' },
    apart: 'BS',
  })),
  {
    op: 'TfIdfVectorizer',
    operands: [integers('B 3', [0, 3])],
    attributes: {
      max_gram_length: 2,
      max_skip_count: 1,
      min_gram_length: 1,
      mode: 'TF',
      ngram_counts: [0, 2],
      ngram_indexes: [0, 1, 2],
      pool_int64s: [0, 1, 0, 1],
    },
    apart: 'B',
  },
  {
    op: 'TfIdfVectorizer',
    operands: [integers('B', [0, 3])],
    attributes: {
      max_gram_length: 1,
      max_skip_count: 0,
      min_gram_length: 1,
      mode: 'TF',
      ngram_counts: [0],
      ngram_indexes: [0, 1],
      pool_int64s: [0, 1],
    },
    apart: '',
  },
]

export const learningSamples: readonly Sample[] = [...trees, ...machines, ...columns, ...words]
