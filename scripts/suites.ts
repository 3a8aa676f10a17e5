/** The test suites: which files belong to each, and what has to run before them. */
import { execFileSync } from 'node:child_process'
import { join, relative } from 'node:path'
import { Writable } from 'node:stream'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { startApiServer } from '../local-cluster/api-server.ts'
import { network } from '../local-cluster/layout.ts'
import { progressOn } from '../local-cluster/progress.ts'
import { filesNamed } from './checks.ts'

export interface Tally {
  readonly passed: number
  readonly failed: readonly string[]
  readonly skipped: number
  /** How long the tests of a file took, without the start of its process, or how long a check took: ms, by file or check. */
  readonly durations: ReadonlyMap<string, number>
}

const root = join(import.meta.dirname, '..')

/** Those that wait longest begin first, so that none of them runs alone at the end. */
const longestFirst = (files: readonly string[], longest: readonly string[]): readonly string[] => {
  const rank = (file: string): number => {
    const index = longest.findIndex((name) => file.endsWith(`/${name}`))
    return index < 0 ? longest.length : index
  }
  return files.toSorted((one, other) => rank(one) - rank(other))
}

const integration = (): readonly string[] =>
  longestFirst(filesNamed('.integration.test.ts'), [
    ...['two-releases.integration.test.ts', 'survives.integration.test.ts', 'fleet.integration.test.ts'],
    ...['admission.integration.test.ts', 'pod-template-admission.integration.test.ts'],
    ...['resource.integration.test.ts', 'releases.integration.test.ts'],
  ])
const unit = (): readonly string[] =>
  filesNamed('.test.ts').filter((file) => !file.endsWith('.integration.test.ts'))

/**
 * Files that run at a time. A machine has at least two cores, and every third file waits: for a server that it
 * starts, for a deadline, or for the cluster.
 */
const atATime = 3

interface Running {
  readonly concurrency: number
  /** Where the report goes; standard output where it is left out. */
  readonly output?: Writable
  /** Whether other programs of this machine go first. */
  readonly isPatient?: boolean
}

const patient = ['--import', join(import.meta.dirname, 'patient.ts')]

/** Runs test files, each in a process of its own, and counts tests (not the suites around them). */
const runFiles = async (
  files: readonly string[],
  { concurrency, output = process.stdout, isPatient = false }: Running,
): Promise<Tally> => {
  let passed = 0
  let skipped = 0
  const failed: string[] = []
  const durations = new Map<string, number>()
  const execArgv = ['--disable-warning=ExperimentalWarning', ...(isPatient ? patient : [])]
  const events = run({ files: [...files], concurrency, execArgv })
  events.on('test:summary', ({ file, duration_ms: ms }) => {
    if (file !== undefined) durations.set(relative(root, file), ms)
  })
  events.on('test:pass', (event) => {
    if (event.details.type === 'suite' || event.file === event.name) return
    if (event.skip !== undefined || event.todo !== undefined) skipped += 1
    else passed += 1
  })
  events.on('test:fail', (event) => {
    if (event.details.type === 'suite' && event.details.error.message.includes('subtest')) return
    failed.push(event.name)
  })
  const report = events.compose(spec)
  report.pipe(output, { end: false })
  await new Promise((resolve, reject) => report.on('end', resolve).on('error', reject))
  return { passed, failed, skipped, durations }
}

/**
 * What all processes of tests, and those that they start, have in common. ORT's telemetry is off, and what one of them has
 * compiled no other one compiles: there are hundreds, and each would strip the types of the same modules again.
 */
const setEnvironment = (): void => {
  process.env['ORT_DISABLE_TELEMETRY'] = '1'
  process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules/.cache/compiled')
}

export const runUnit = async (files = unit()): Promise<Tally> => {
  setEnvironment()
  return runFiles(files, { concurrency: atATime })
}

/** Runs unit tests beside others, which go first, and writes their report when all of them have ended. */
export const runUnitBeside = async (): Promise<Tally> => {
  setEnvironment()
  const report: Buffer[] = []
  const output = new Writable({
    write: (part: Buffer, _, done) => {
      report.push(part)
      done()
    },
  })
  const tally = await runFiles(unit(), { concurrency: atATime, output, isPatient: true })
  process.stdout.write(Buffer.concat(report))
  return tally
}

/** Runs tests against a real API server (etcd and kube-apiserver, no nodes) with our CRD installed: TEST_KUBECONFIG, TEST_KUBECTL. */
export const runIntegration = async (files = integration()): Promise<Tally> => {
  setEnvironment()
  const server = await startApiServer({ progress: progressOn(process.stdout) })
  try {
    process.env['TEST_KUBECONFIG'] = server.kubeconfig
    process.env['TEST_KUBECTL'] = server.kubectl
    execFileSync(server.kubectl, [
      '--kubeconfig',
      server.kubeconfig,
      'apply',
      '--server-side',
      '-f',
      join(root, 'crds'),
    ])
    return await runFiles(files, { concurrency: atATime })
  } finally {
    await server.stop()
  }
}

/**
 * End-to-end tests that change the operator or count what all of the cluster does. They run one by one, in this order: the
 * first would have to wait until the namespaces of others are gone.
 */
const alone = ['quiet', 'availability', 'tracks', 'additions', 'survives'].map((name) =>
  join(root, 'e2e/tests', `${name}.e2e.ts`),
)

/** What the tests need of the chart. */
const testValues = {
  // Their stores are on this machine and speak http.
  'imports.allowHttpCredentials': true,
  'imports.plainHttpRegistries[0]': network.address,
  // A Service of sources.e2e.ts: its hub has another port each time.
  'imports.huggingFaceEndpoint': 'http://hub.e2e-sources.svc',
  // What models cost is measured in all tests, so that the one about silence is also one about this.
  'cost.enabled': true,
  'cost.intervalSeconds': 5,
  'cost.prices.currency': 'EUR',
  'cost.prices.nodes[0].perHour': '4',
  'cost.prices.storage[0].perGbMonth': '73',
  'gateway.enabled': true,
  'gateway.replicas': 1,
}

const endToEnd = (): readonly string[] =>
  longestFirst(filesNamed('.e2e.ts'), [
    ...['scales.e2e.ts', 'gantry.e2e.ts', 'evaluation.e2e.ts', 'gate.e2e.ts', 'credentials.e2e.ts'],
    ...['drift.e2e.ts', 'sources.e2e.ts', 'versions.e2e.ts', 'refuses.e2e.ts'],
  ])

let prepared: Promise<void> | undefined

const prepareOnce = async (): Promise<void> => {
  setEnvironment()
  const { prepare } = await import('../local-cluster/gantry/prepare.ts')
  await prepare({ progress: progressOn(process.stdout), values: testValues, customMetrics: true })
}

/** Brings up the local cluster with Gantry in it, once; a suite that mostly waits may run meanwhile. */
export const prepareCluster = (): Promise<void> => {
  prepared ??= prepareOnce()
  return prepared
}

/**
 * Runs tests on the local cluster.
 * @param beside what runs meanwhile: the tests that run one by one leave processors idle, and all others wait until it has ended
 */
export const runEndToEnd = async (files = endToEnd(), beside?: Promise<unknown>): Promise<Tally> => {
  await prepareCluster()
  const first = await runFiles(
    alone.filter((file) => files.includes(file)),
    { concurrency: 1 },
  )
  await beside
  const rest = await runFiles(
    files.filter((file) => !alone.includes(file)),
    { concurrency: atATime },
  )
  return {
    passed: first.passed + rest.passed,
    failed: [...first.failed, ...rest.failed],
    skipped: first.skipped + rest.skipped,
    durations: new Map([...first.durations, ...rest.durations]),
  }
}
