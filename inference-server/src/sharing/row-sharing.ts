/** Finds out at the start whether requests may share runs of a model, and says so where they may not. */

import type { ServerConfig } from '../config/server-config.ts'
import type { ModelFiles } from '../models/model-files.ts'
import type { TreeBatching } from '../onnx/tree-ensembles.ts'
import type { Log } from '../process/log.ts'
import type { RowProof } from '../rows/proof.ts'
import type { Signature } from '../tensors/tensor.ts'
import { proofOf, weakest } from './kept-proof.ts'
import { afterProbe, allowed, type Batching, closenessOf } from './permission.ts'
import { probeRows, type Run, warmUp } from './row-probe.ts'

interface Graphs {
  readonly files: Pick<ModelFiles, 'dir' | 'task' | 'onnxPath' | 'encoderPath'>
  readonly config: Pick<ServerConfig, 'rows' | 'limits'>
  readonly trees: TreeBatching | undefined
}

/** The proof, and what it and the settings allow. */
export interface Permission {
  readonly proof: RowProof
  readonly batching: Batching
}

/** The permission before anything has been tried. */
export const sharingAllowed = async ({ files, config, trees }: Graphs): Promise<Permission> => {
  const { onnxPath, encoderPath } = files
  const first = await proofOf(files, onnxPath)
  const proof = encoderPath === undefined ? first : weakest([first, await proofOf(files, encoderPath)])
  const batching = allowed(proof, { mode: config.rows, task: files.task })
  const reason = batching.batched ? whyAlone(config, trees) : undefined
  return { proof, batching: reason === undefined ? batching : { ...batching, batched: false, reason } }
}

/** What keeps requests apart although their rows may meet others. */
const whyAlone = (
  { limits }: Pick<ServerConfig, 'limits'>,
  trees: TreeBatching | undefined,
): string | undefined => {
  if (limits.maxRows === 1) return 'spec.serve.batching.maxRows (--max-rows) is 1'
  return trees?.runsAlone(1)
    ? `onnxruntime adds up so many trees in another order where rows share a run, which may change last digits and labels; \
with one thread (spec.serve.threads, --threads) it does not, and requests share runs`
    : undefined
}

interface Trial {
  /** Names of those in the graph. */
  readonly operators: ReadonlySet<string>
  readonly signature: Signature
  readonly run: Run
  /** Most rows that share a run. */
  readonly maxRows: number
  readonly log: Log
}

/** Runs the model before it is ready: a row, or rows alone and together where they are to share runs. */
export const triedSharing = async ({ proof, batching }: Permission, trial: Trial): Promise<Batching> => {
  const { operators, signature, run, maxRows, log } = trial
  if (!batching.batched) {
    await warmUp(signature, run)
    return batching
  }
  const closeness = closenessOf(batching, operators)
  // A scale that a whole batch shares hides small rows beside large ones, which is known and not what is looked for.
  const values = batching.rows === 'scaled' ? (['binary'] as const) : undefined
  const probe = await probeRows({ signature, run, closeness, maxRows, ...(values && { values }) })
  if (probe.kind === 'meet' && proof.verdict === 'independent')
    log.error('rows that were proven independent came out differently in company; requests run one by one', {
      reason: probe.reason,
    })
  return afterProbe(batching, proof, probe)
}

/** One line in the log that explains a lower throughput. */
export const logSharing = ({ rows, batched, reason }: Batching, log: Log): void => {
  // A warning, since a proof or a setting claimed the opposite of what the probe saw.
  if (!batched) log[rows === 'coupled' ? 'warn' : 'info']('requests run one by one', { rows, reason })
  else if (reason !== undefined) log.info('requests share runs', { rows, reason })
}
