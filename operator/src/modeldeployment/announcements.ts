import type { Announcements } from '../runtime/events.ts'

export const announcements: Announcements = {
  order: [
    'Suspended',
    'Stalled',
    'Ready',
    'Reconciling',
    'Degraded',
    'Imported',
    'AcceleratorActive',
    'Available',
  ],
  // Good news of these is told by Ready.
  tellsOnlyTrue: new Set(['Suspended', 'Stalled', 'Reconciling', 'Degraded']),
  steps: new Set([
    'Importing',
    'RollingOut',
    'PodsNotReady',
    'NotAnswering',
    'PredecessorEnding',
    'Suspended',
  ]),
  usual: new Set(['NotRequested']),
  warnings: new Set(['CpuFallback']),
}
