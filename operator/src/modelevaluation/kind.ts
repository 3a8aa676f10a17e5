import { labels } from '@gantry/contract/labels.ts'
import { operatorMetrics } from '@gantry/contract/metrics.ts'
import { Job, NetworkPolicy, Pod, ServiceAccount } from '@gantry/kube/resources.ts'
import type { Kind } from '../runtime/kind.ts'
import { announcements } from './announcements.ts'
import { ModelEvaluation as modelEvaluations, owned } from './resources.ts'

/** ModelEvaluation, as the runtime has to know it. */
export const modelEvaluationKind: Kind = {
  resource: modelEvaluations,
  label: labels.evaluation,
  owned,
  optional: [],
  watched: [Pod],
  needs: new Map([[Job, [ServiceAccount, NetworkPolicy]]]),
  related: [],
  preparation: () => undefined,
  refusal: () => undefined,
  dropped: () => undefined,
  specFields: new Map([[Job.kind, 'spec.serve']]),
  announcements,
  metric: { name: operatorMetrics.evaluations, help: 'ModelEvaluations by their Ready condition' },
}
