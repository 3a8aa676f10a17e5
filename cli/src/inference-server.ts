/** Runs commands of the inference server, where it stands beside this program: in a checkout. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ExitCode, exitCodes, Failure } from './failure.ts'
import { version } from './version.ts'

/** The same from `cli/src` and from `cli/dist`. */
const root = join(import.meta.dirname, '../..')
const program = join(root, 'inference-server/src/main.ts')
/** The sources need the Node that the checkout installs for itself. */
const node = join(root, 'node_modules/.bin/node')

/** Where it is not beside this program, its image has it. */
const advice = (args: readonly string[]): string => {
  const command = `docker run --rm -v "$PWD:/work" -w /work gantry/inference-server:${version} ${args.join(' ')}`
  return `Run its image, from the registry of your installation: \`${command}\`. From a checkout: \`npm run ${args[0]} -- …\`.`
}

/** Its output is that of this program. @throws Failure where the inference server is not here */
export const runServer = async (args: readonly string[]): Promise<ExitCode> => {
  if (!existsSync(program))
    throw new Failure(exitCodes.failed, 'The inference server is not part of this program.', advice(args))
  const child = spawn(existsSync(node) ? node : process.execPath, [program, ...args], { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve((code ?? exitCodes.failed) as ExitCode))
  })
}
