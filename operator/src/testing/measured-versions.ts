import type { Unmeasured } from '@gantry/contract/evaluation.ts'
import type { Accelerator } from '@gantry/contract/server.ts'
import { type Evaluates, measurement } from './simulated-evaluation.ts'

/** How a version does when it is measured. */
export interface Fared {
  /** Default 0.9. */
  readonly accuracy?: number
  /** Milliseconds; default 10. */
  readonly p95Ms?: number
  /** What it ran on; default cpu. */
  readonly accelerator?: Accelerator
  /** Why it has no measurement. */
  readonly unmeasured?: Omit<Unmeasured, 'name'>
}

/** Measures versions as `fared` says. @param fared takes the id of a version */
export const measuring =
  (fared: (version: string) => Fared = () => ({})): Evaluates =>
  () => ({
    kind: 'candidates',
    of: (name) => {
      const { accuracy = 0.9, p95Ms = 10, accelerator = 'cpu', unmeasured } = fared(name)
      const { performance, hardware } = measurement(name)
      return unmeasured
        ? { name, ...unmeasured }
        : {
            metrics: { accuracy, f1Macro: accuracy },
            intervals: { accuracy: [accuracy - 0.05, accuracy + 0.05] },
            performance: { ...performance, p95Ms },
            hardware: { ...hardware, accelerator },
          }
    },
  })
