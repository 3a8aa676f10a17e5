/**
 * `npm run bench` measures everything, `npm run bench -- cold-start` one thing. Each figure stands beside a limit taken in the
 * same run, because machines differ and drift; runs are interleaved and medians compared.
 */

import { models as fleets } from './fleet/sizes.ts'
import { models as proxies } from './gateway/proxies.ts'
import { models as importedSources } from './import/sources.ts'
import { type Effort, parseOptions, UsageError } from './options.ts'
import { models as peerModels } from './peers/peers.ts'
import { models as recipeNames } from './recipes/recipes.ts'
import { print, type Row, type Table } from './report.ts'
import { models as binaryModels } from './server/binary.ts'
import { models as crowdModels } from './server/crowds.ts'
import { models as driftModels } from './server/drift.ts'
import { models as encoderModels } from './server/encoder.ts'
import { models as evaluatedModels } from './server/evaluations.ts'
import { models as explainedModels } from './server/explaining.ts'

interface Bench {
  readonly about: string
  /** Models to choose from; undefined where the measurement has no choice of models. */
  readonly models?: readonly string[]
  /** Whether it takes --baseline. */
  readonly compares?: boolean
  readonly load: () => Promise<{
    readonly measure: (effort: Effort) => Promise<readonly Row[] | Table>
  }>
}

const benches: Readonly<Record<string, Bench>> = {
  'cold-start': { about: 'spawn to the first prediction, and memory', load: () => import('./cold-start.ts') },
  throughput: { about: 'requests on a tiny model', load: () => import('./server/throughput.ts') },
  encoder: {
    about: 'an encoder of the size of MiniLM beside the session alone',
    models: encoderModels,
    load: () => import('./server/encoder.ts'),
  },
  crowds: {
    about:
      '16, 4 and 1 callers of one row beside the session alone in batches of 1 to 32, one after the other and side by side',
    models: crowdModels,
    compares: true,
    load: () => import('./server/crowds.ts'),
  },
  binary: {
    about: 'a picture as binary tensor beside JSON',
    models: binaryModels,
    load: () => import('./server/binary.ts'),
  },
  explaining: {
    about: 'predictions without and with explanations beside them',
    models: explainedModels,
    load: () => import('./server/explaining.ts'),
  },
  evaluations: {
    about: 'the client of evaluate beside wrk, on the same server',
    models: evaluatedModels,
    load: () => import('./server/evaluations.ts'),
  },
  drift: {
    about: 'predictions without and with a reference that they are compared with',
    models: driftModels,
    load: () => import('./server/drift.ts'),
  },
  gateway: {
    about:
      'the gateway beside other proxies, each on one core: requests per second, and what it adds to a request',
    models: proxies,
    load: () => import('./gateway/gateway.ts'),
  },
  peers: {
    about: "KServe's Python server, MLServer and LitServe beside ours",
    models: peerModels,
    load: () => import('./peers/peers.ts'),
  },
  recipes: {
    about: 'recipes of the optimizer beside the same steps by hand; goes on where it ended',
    models: recipeNames,
    load: () => import('./recipes/recipes.ts'),
  },
  import: {
    about: 'import of 1 GiB from each source beside a tool that brings the same bytes, and its memory',
    models: importedSources,
    load: () => import('./import/import.ts'),
  },
  generation: { about: 'tokens per second of eight callers', load: () => import('./server/generation.ts') },
  cluster: { about: 'the local cluster from nothing to Ready', load: () => import('./cluster.ts') },
  wake: {
    about: 'a request that wakes a model beside a pod that is started by hand',
    load: () => import('./wake.ts'),
  },
  'first-prediction': {
    about: 'kubectl apply to the first prediction',
    load: () => import('./first-prediction.ts'),
  },
  encryption: {
    about:
      'a model of 1 GiB encrypted on the volume beside the same files as they are: import, start, memory',
    load: () => import('./encryption.ts'),
  },
  fleet: {
    about:
      'a fleet of models on simulated nodes (kwok) beside kubectl apply of the same objects; without a size, 1000',
    models: fleets,
    load: () => import('./fleet/fleet.ts'),
  },
  quiet: { about: 'what settled models cost the API server', load: () => import('./quiet.ts') },
}

const usage = (): string => {
  const width = Math.max(...Object.keys(benches).map((name) => name.length))
  const lines = Object.entries(benches).map(([name, { about, models }]) => {
    const choice = models ? `\n  ${''.padEnd(width)}    models: ${models.join(', ')}` : ''
    return `  ${name.padEnd(width)}  ${about}${choice}`
  })
  return `usage: npm run bench -- [NAME ...] [MODEL ...] [--rounds N] [--seconds N] [--baseline DIR]

${lines.join('\n')}

Without a name, all of them. Models, --rounds and --seconds (of load in each round) are for those that list models.
crowds takes --baseline DIR, another checkout whose server is measured in turns with this one's.
`
}

const main = async (args: readonly string[]): Promise<void> => {
  const { names, effort, help } = parseOptions(args, benches)
  if (help) return void process.stdout.write(usage())
  for (const name of names) {
    const bench = benches[name]
    if (!bench) continue
    console.log(`\n== ${name} ==`)
    const { measure } = await bench.load()
    print(await measure(effort))
  }
}

// What was started ends with the process; the default would not even let it say so.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
