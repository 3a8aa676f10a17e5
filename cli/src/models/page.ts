/** The page that `describe` prints of a model. */
import type { Announcement } from '../cluster/events.ts'
import { age, bytes, figure } from '../terminal/figures.ts'
import type { Style } from '../terminal/style.ts'
import { type Cell, fields, table, wrapped } from '../terminal/table.ts'
import { gitOpsName } from './gitops.ts'
import { versionColumns, versionRow } from './rows.ts'
import { versionName } from './versions.ts'
import type { ModelView, PodView } from './view.ts'

export interface PageOptions {
  readonly style: Style
  readonly nowMs: number
  readonly columns: number
}

const section = (title: string, lines: readonly string[], style: Style): readonly string[] =>
  lines.length === 0 ? [] : ['', style('bold', title), ...lines.map((line) => `  ${line}`)]

const facts = (view: ModelView, { style, nowMs }: PageOptions): readonly string[] => {
  const active = view.versions.find(({ id }) => id === view.activeVersion)
  const served =
    active &&
    `${versionName(active)}, ${bytes(active.sizeBytes)}, imported ${age(active.createdAt, nowMs)} ago`
  const { ready, existing } = view.replicas
  return fields(
    [
      ['what', `${view.task} from ${view.source}`],
      ['serves', served ?? 'nothing'],
      ['tries', view.canary && `${view.canary.version}, ${view.canary.progress}`],
      ['took back', view.rejected?.version],
      ['where', view.url],
      ['pods', `${ready} of ${existing} ready`],
      ['cost', view.cost && `${figure(view.cost.total)} ${view.cost.currency} an hour`],
      ['manager', view.managedBy],
      ['GitOps', view.gitOps && gitOpsName(view.gitOps)],
      ['age', age(view.createdAt, nowMs)],
    ],
    style,
  )
}

/** A True of these is bad news, of the others good. */
const alarming = new Set(['Stalled', 'Degraded', 'OverBudget', 'InputDrift'])

const conditionCell = ({ type, status }: ModelView['conditions'][number]): Cell => {
  if (status === 'Unknown') return { text: 'unknown', colour: 'yellow' }
  const isYes = status === 'True'
  const isQuiet = ['Reconciling', 'Suspended', 'AcceleratorActive'].includes(type)
  const colour = isQuiet
    ? {}
    : { colour: isYes === alarming.has(type) ? ('red' as const) : ('green' as const) }
  return { text: isYes ? 'yes' : 'no', ...colour }
}

const conditions = (view: ModelView, { style, nowMs, columns }: PageOptions): readonly string[] => {
  const rows = view.conditions.map((condition) => [
    condition.type,
    conditionCell(condition),
    condition.reason,
    age(condition.lastTransitionTime, nowMs),
  ])
  const lines = table(
    [{ title: 'CONDITION' }, { title: 'HOLDS' }, { title: 'REASON' }, { title: 'SINCE', isNumber: true }],
    rows,
    style,
  )
  if (rows.length === 0) return []
  const messages = view.conditions.map(({ message }) =>
    wrapped(message, columns - 6).map((line) => `  ${style('dim', line)}`),
  )
  const [titles = '', ...others] = lines
  return [titles, ...others.flatMap((line, index) => [line, ...(messages[index] ?? [])])]
}

const podRow = (pod: PodView, nowMs: number) => [
  pod.name,
  pod.state === 'Ready' ? ({ text: pod.state, colour: 'green' } as const) : pod.state,
  pod.does,
  pod.version,
  pod.node,
  String(pod.restarts),
  age(pod.createdAt, nowMs),
]

const pods = ({ pods: all }: ModelView, { style, nowMs }: PageOptions): readonly string[] =>
  all.length === 0
    ? []
    : table(
        [
          { title: 'POD' },
          { title: 'STATE' },
          { title: 'DOES' },
          { title: 'VERSION' },
          { title: 'NODE' },
          { title: 'RESTARTS', isNumber: true },
          { title: 'AGE', isNumber: true },
        ],
        all.map((pod) => podRow(pod, nowMs)),
        style,
      )

export const eventLines = (
  events: readonly Announcement[],
  { style, nowMs, columns }: PageOptions,
): readonly string[] =>
  events.flatMap(({ time, type, reason, message, count }) => {
    const times = count > 1 ? ` (${count} times)` : ''
    const title = `${(age(time, nowMs) ?? '').padStart(7)} ago  ${reason}${times}`
    const head = type === 'Warning' ? style('yellow', title) : title
    return [head, ...wrapped(message, columns - 17).map((line) => `${' '.repeat(13)}${line}`)]
  })

const versions = (view: ModelView, { style, nowMs }: PageOptions): readonly string[] =>
  view.versions.length === 0
    ? []
    : table(versionColumns, view.versions.map((version) => versionRow(version, nowMs)).reverse(), style)

/** @param head name and state, as the caller shows them */
export const modelPage = (view: ModelView, head: string, options: PageOptions): readonly string[] => {
  const { style, columns } = options
  const part = (title: string, lines: readonly string[]): readonly string[] => section(title, lines, style)
  return [
    head,
    ...wrapped(view.message, columns - 2).map((line) => `  ${line}`),
    '',
    ...facts(view, options).map((line) => `  ${line}`),
    ...part('Canary', wrapped(view.canary?.message ?? '', columns - 4)),
    ...part('Conditions', conditions(view, options)),
    ...part('Versions', versions(view, options)),
    ...part('Pods', pods(view, options)),
    ...part('Events', eventLines(view.events, options)),
    ...part(
      'Next',
      view.next.flatMap((step) => wrapped(step, columns - 4)),
    ),
  ]
}
