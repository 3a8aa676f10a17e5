/** The one program of the inference-server image; its first argument says what it does. */
import { enableCompileCache } from 'node:module'
import { telemetryOff } from '@gantry/contract/server.ts'
import { StartError } from './failures/errors.ts'

// onnxruntime sends usage data otherwise. Set before anything can load it, in the process that its threads inherit.
process.env[telemetryOff] = '1'

// The second start finds its TypeScript stripped and compiled: half the time and a third less memory.
enableCompileCache()

const usage = `usage: inference-server COMMAND [options]

  serve    serves a model folder over the Open Inference Protocol
  import   brings a model from its source onto the volume
  evaluate measures models on labelled data: accuracy, latency, throughput
  samples  writes the tensors that a model would be given for a data set
  fsck     checks every file of a model volume against the digest of its import
`

const run = async (command: string | undefined, args: readonly string[]): Promise<void> => {
  switch (command) {
    case 'serve':
      await (await import('./serve/serve-command.ts')).serveCommand(args, process)
      return
    case 'import':
      await (await import('./import/command/main.ts')).importCommand(args, process)
      return
    case 'evaluate':
      await (await import('./evaluation/command.ts')).evaluateCommand(args, process)
      return
    case 'samples':
      await (await import('./samples/command.ts')).samplesCommand(args, process)
      return
    case 'fsck':
      await (await import('./fsck/command.ts')).fsckCommand(args, process)
      return
    case '--help':
    case 'help':
      process.stdout.write(usage)
      return
    default:
      throw new StartError(
        `${command === undefined ? 'no command' : `"${command}" is no command`}; use serve, import, evaluate, samples or fsck`,
        2,
      )
  }
}

try {
  const [command, ...args] = process.argv.slice(2)
  await run(command, args)
} catch (error) {
  const known = error instanceof StartError
  // The last line of a container that ends so is in the status of its model, read by more people than its log.
  if (known && error.detail !== undefined) process.stderr.write(`${error.detail}\n`)
  process.stderr.write(`${known ? error.message : (error as Error).stack}\n`)
  process.exitCode = known ? error.exitCode : 1
}
