import { binFolder } from './binaries/binaries.ts'
import { down, status, up } from './cluster.ts'
import { layoutOf } from './layout.ts'
import { withLock } from './machine/lock.ts'
import { type Paths, pathsFrom } from './paths.ts'
import { progressOn } from './progress.ts'

const usage = `usage: npm run cluster -- up | down | status

  up      brings up a Kubernetes of one node on this machine; repeats only what is missing
  down    ends it and removes everything but the caches
  status  says what runs; ends with 1 unless all of it does
`

/** A part that does not start is no reason to lose the caches. */
const next =
  'What to do next: correct that and repeat the command. `npm run cluster -- down` ends what runs and keeps programs and images.'

const print = (line: string): void => console.log(line)

const showStatus = async (paths: Paths): Promise<number> => {
  const { processes, nodeReady, kubeconfig } = await status(paths, process.env)
  for (const { name, pid } of processes)
    print(`${name.padEnd(24)} ${pid === undefined ? 'stopped' : `running, pid ${pid}`}`)
  print(`${'node'.padEnd(24)} ${nodeReady ? 'Ready' : 'not ready'}`)
  print(`${'kubeconfig'.padEnd(24)} ${kubeconfig}`)
  return nodeReady && processes.every(({ pid }) => pid !== undefined) ? 0 : 1
}

const main = async ([command, ...rest]: readonly string[]): Promise<number> => {
  const paths = pathsFrom(process.env)
  switch (rest.length === 0 ? command : undefined) {
    case 'up':
      await withLock('cluster', () => up(paths, process.env, progressOn(process.stdout)))
      print(`  export KUBECONFIG=${layoutOf(paths).kubeconfig}`)
      print(`  export PATH=${binFolder(paths)}:$PATH`)
      return 0
    case 'down':
      await withLock('cluster', () => down(paths, process.env, print))
      return 0
    case 'status':
      return showStatus(paths)
    default:
      process.stderr.write(usage)
      return 2
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}\n\n${next}`)
  process.exitCode = 1
}
