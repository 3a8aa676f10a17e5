import type { Announcements } from '../runtime/events.ts'

export const announcements: Announcements = {
  order: ['Stalled', 'Ready', 'Reconciling', 'Evaluated'],
  // Good news of these is told by Ready.
  tellsOnlyTrue: new Set(['Stalled', 'Reconciling', 'Evaluated']),
  usual: new Set(),
  refusals: new Set(),
  warnings: new Set(),
}
