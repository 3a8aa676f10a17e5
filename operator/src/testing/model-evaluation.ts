import type { ModelEvaluation, ModelEvaluationSpec } from '../modelevaluation/model-evaluation.ts'

/** A valid evaluation of three candidates, `demo/intents`, as the API server stores it. */
export const modelEvaluation = (
  over: Partial<ModelEvaluationSpec> = {},
  name = 'intents',
): ModelEvaluation => ({
  apiVersion: 'gantry.dev/v1alpha1',
  kind: 'ModelEvaluation',
  metadata: {
    ...{ name, namespace: 'demo', uid: `uid-of-evaluation-${name}`, resourceVersion: '1', generation: 1 },
    creationTimestamp: '2026-11-23T10:00:00Z',
  },
  spec: {
    candidates: ['small', 'large', 'tiny'].map((candidate) => ({
      name: candidate,
      task: 'text-classification' as const,
      source: { uri: `https://models.example/${candidate}.tar.gz` },
    })),
    dataset: { configMapRef: { name: 'samples' } },
    metric: 'accuracy',
    concurrencies: [1, 8],
    expectedRequestsPerHour: 1000,
    weights: { accuracy: 0.4, cost: 0.3, throughput: 0.3 },
    costModel: {},
    score: 'normalized',
    serve: { device: 'auto' },
    timeBudget: '10m',
    suspend: false,
    ...over,
  },
})
