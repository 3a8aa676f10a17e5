/** What `import --commit` and the process that runs both graphs say to each other. */
import type { ModelAgreement } from '@gantry/contract/optimizing.ts'

export interface GraphPair {
  /** Absolute path of the graph of the parent. */
  readonly before: string
  /** Absolute path of the graph that was made of it. */
  readonly after: string
  /** Absolute path of the file of samples; undefined: inputs are generated. */
  readonly samples: string | undefined
  /** Seed of generated inputs. */
  readonly seed: number
  /** No further input is run afterwards; those before are compared. */
  readonly budgetMs: number
}

export type PairAnswer =
  | {
      readonly kind: 'compared'
      readonly agreement: ModelAgreement
      /** Latency of the earlier graph by that of the new one; undefined where too few inputs were run. */
      readonly speedup: number | undefined
    }
  | {
      /**
       * `unknown`: nothing speaks against the new graph, and nothing for it. `refused`: it is none, or does not answer what its parent
       * answers.
       */
      readonly kind: 'unknown' | 'refused'
      /** A sentence without its full stop. */
      readonly why: string
      /** Words of the graph, for those who may read it. */
      readonly detail?: string
    }
