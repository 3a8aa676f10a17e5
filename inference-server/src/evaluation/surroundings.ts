import type { Evaluation } from './evaluation.ts'

/** The machine, the process and the network, as an evaluation is given them. */
export interface Surroundings
  extends Omit<Evaluation, 'request' | 'volume' | 'onProgress' | 'leavesReference'> {
  readonly process: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'exitCode'>
}
