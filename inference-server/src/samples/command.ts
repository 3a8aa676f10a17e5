/** The command `samples`: what an optimizer calibrates with. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plainText } from '@gantry/contract/plain-text.ts'
import { DatasetError } from '../datasets/dataset-error.ts'
import { fetchings } from '../evaluation/fetching.ts'
import { StartError } from '../failures/errors.ts'
import { createLog } from '../process/log.ts'
import { readOptions, usage } from './options.ts'
import { writeSamples } from './samples.ts'

/** @throws StartError where the model, the data set or the command line cannot be used */
export const samplesCommand = async (args: readonly string[], process: NodeJS.Process): Promise<void> => {
  const options = readOptions(args)
  if (!options) {
    process.stdout.write(usage)
    return
  }
  const interrupted = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => interrupted.abort())
  const log = createLog({ level: 'error', nowMs: () => performance.now() })
  const { models = tmpdir(), sources } = options
  await mkdir(models, { recursive: true })
  const workspace = await mkdtemp(join(models, '.samples-'))
  try {
    const { datasetFetching } = fetchings(sources, process.env, log, interrupted.signal)
    const rows = await writeSamples(options, { workspace, fetching: datasetFetching })
    process.stdout.write(`${rows} rows in ${options.output}\n`)
  } catch (error) {
    if (interrupted.signal.aborted) throw new StartError('the samples were interrupted; nothing was kept')
    if (error instanceof DatasetError)
      throw new StartError(`${error.reason}: ${plainText(error.message)}`, 1, { cause: error })
    throw error
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
  await log.flush()
}
