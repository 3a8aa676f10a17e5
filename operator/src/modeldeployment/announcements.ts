import { candidateFailures, evaluationFailures } from '@gantry/contract/evaluation.ts'
import { optimizationFailures } from '@gantry/contract/optimizing.ts'
import type { Reason } from '@gantry/contract/reasons.ts'
import type { Announcements } from '../runtime/events.ts'

export const announcements: Announcements = {
  order: [
    'Suspended',
    'Stalled',
    'Ready',
    'Reconciling',
    'Degraded',
    'Imported',
    'Optimized',
    'Evaluated',
    'AcceleratorActive',
    'Available',
    'OverBudget',
    'InputDrift',
  ],
  // Good news of these is told by Ready.
  tellsOnlyTrue: new Set(['Suspended', 'Stalled', 'Reconciling', 'Degraded']),
  usual: new Set<Reason>(['NotRequested', 'WithinBudget', 'NoDrift']),
  refusals: new Set<Reason>(['DriftReferenceUnusable']),
  warnings: new Set<Reason>([
    'CpuFallback',
    'OverBudget',
    'InputDrift',
    'DriftReferenceUnusable',
    ...([
      'AccuracyTooLow',
      'AccuracyDropped',
      'LatencyTooHigh',
      'CostTooHigh',
      'CostUnknown',
      'NotComparable',
    ] as const),
    'NotFaster',
    ...optimizationFailures,
    ...evaluationFailures,
    ...candidateFailures,
  ]),
}
