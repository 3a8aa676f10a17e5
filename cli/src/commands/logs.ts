import { reportLine } from '@gantry/contract/evaluation.ts'
import { components, labels } from '@gantry/contract/labels.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { refusal } from '@gantry/kube/call.ts'
import { isReady, type LivePod } from '@gantry/kube/live.ts'
import { pathOf, query } from '@gantry/kube/path.ts'
import { Pod } from '@gantry/kube/resources.ts'
import { findModel, findNamed, isModel } from '../cluster/find.ts'
import { componentOf, podsOf, startedContainers } from '../cluster/pods.ts'
import type { Session } from '../cluster/session.ts'
import type { Command, Given, Invocation } from '../command-line/command.ts'
import { wholeNumber } from '../command-line/parse.ts'
import { exitCodes, failed, wrongUsage } from '../failure.ts'

/** Longest line that is shown whole: those with parts of a report are longer than any other. */
const mostOfLine = 20_000
const mostUnended = 2 ** 20
const usualLines = 200
const mostLines = 1_000_000

interface Wanted {
  readonly pod: LivePod
  readonly container: string | undefined
}

const newestFirst = (a: LivePod, b: LivePod): number =>
  (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '')

const serverContainer = 'server'

const ofComponent = (pods: readonly LivePod[], component: string): readonly LivePod[] =>
  pods.filter((pod) => componentOf(pod) === component).sort(newestFirst)

/** Options that ask for the pod of a Job. */
const ofJobs = ['import', 'optimize', 'evaluate'] as const

/** All steps of a Job that have begun, one after the other. */
const stepsOf = (pod: LivePod): readonly Wanted[] => {
  const containers = startedContainers(pod)
  return containers.length === 0
    ? [{ pod, container: undefined }]
    : containers.map((container) => ({ pod, container }))
}

/** All servers, or the newest pod of a Job: the ones before it tell of attempts that are over. */
const chosen = (pods: readonly LivePod[], given: Given): readonly Wanted[] => {
  const job = ofJobs.find((name) => given.flag(name))
  if (job) return ofComponent(pods, components[job]).slice(0, 1).flatMap(stepsOf)
  const servers = ofComponent(pods, components.server)
  const ready = servers.filter(isReady)
  const few = given.flag('follow') || ready.length === 0 ? servers : ready
  return few.map((pod) => ({ pod, container: serverContainer }))
}

const evaluationPods = ({ kube, namespace }: Session, name: string): Promise<readonly LivePod[]> =>
  kube.list<LivePod>(Pod, { namespace, labelSelector: `${labels.evaluation}=${name}` })

const findPods = async (session: Session, given: Given): Promise<readonly LivePod[]> => {
  const [name = ''] = given.arguments
  if (!given.flag('evaluate')) return podsOf(session, await findModel(session, name))
  const named = await findNamed(session, name)
  return isModel(named) ? podsOf(session, named.object) : evaluationPods(session, named.object.metadata.name)
}

const linesOf = async function* (chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = chunk.split('\n')
    lines[0] = rest + lines[0]
    rest = lines.pop() ?? ''
    yield* lines
    if (rest.length > mostUnended) {
      yield rest // a log without line breaks may have no end
      rest = ''
    }
  }
  if (rest !== '') yield rest
}

/** Parts of a report are for the operator; `report` shows the whole. */
const shown = (line: string): string =>
  line.includes(`"message":"${reportLine}"`)
    ? `(${reportLine}: ${line.length} characters)`
    : plainText(line, mostOfLine)

const print = async (
  invocation: Invocation,
  session: Session,
  { pod, container }: Wanted,
  title: string | undefined,
) => {
  const { given, style, signal } = invocation
  const { name, namespace } = pod.metadata
  const follow = given.flag('follow')
  const tailLines = wholeNumber('tail', given.text('tail') ?? String(usualLines), 0, mostLines)
  const previous = given.flag('previous')
  const path = pathOf(Pod, namespace, name, 'log') + query({ follow, tailLines, previous, container })
  const response = await session.transport.open({ method: 'GET', path }, signal)
  response.setEncoding('utf8')
  const code = response.statusCode ?? 0
  if (code !== 200)
    throw refusal(`log of ${name}`, {
      code,
      headers: response.headers,
      body: (await response.toArray()).join(''),
    })
  const prefix = title === undefined ? '' : `${style('cyan', title)} `
  try {
    for await (const line of linesOf(response)) invocation.print(prefix + shown(line))
  } catch (cause) {
    throw new Error(`the API server did not answer GET ${path} to its end`, { cause })
  }
}

/** Name of the pod where there are several, or of the step of a Job that has several. */
const titleOf = ({ pod, container }: Wanted, all: readonly Wanted[]): string | undefined => {
  if (all.length === 1) return undefined
  const isOnePod = all.every((other) => other.pod === pod)
  return isOnePod ? container : pod.metadata.name
}

export const logs: Command = {
  name: 'logs',
  summary: 'prints the log of the pods that serve a model, or of its import, optimization or evaluation',
  arguments: [
    {
      name: 'NAME',
      required: true,
      about: 'a model; with --evaluate also an evaluation',
      completes: 'models',
    },
  ],
  options: {
    import: { type: 'boolean', about: 'of the last import' },
    optimize: { type: 'boolean', about: 'of the last optimization' },
    evaluate: { type: 'boolean', about: 'of the last evaluation' },
    follow: { type: 'boolean', short: 'f', about: 'goes on until Ctrl-C' },
    previous: { type: 'boolean', about: 'of the containers before the last restart' },
    tail: { type: 'string', value: 'LINES', about: `how many of the last lines; default ${usualLines}` },
  },
  usesCluster: true,
  run: async (invocation) => {
    const { given, signal } = invocation
    const jobs = ofJobs.filter((name) => given.flag(name))
    if (jobs.length > 1) throw wrongUsage(`--${jobs.join(' and --')} exclude each other.`)
    const session = await invocation.session()
    const wanted = chosen(await findPods(session, given), given)
    const [name] = given.arguments
    if (wanted.length === 0)
      throw failed(
        `${name} has no such pods.`,
        `\`gantry describe ${name}\` says why; pods of Jobs are removed after a while.`,
      )
    const show = (one: Wanted): Promise<void> =>
      print(invocation, session, one, titleOf(one, wanted)).catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
    if (jobs.length === 0) await Promise.all(wanted.map(show))
    else for (const one of wanted) await show(one)
    return exitCodes.done
  },
}
