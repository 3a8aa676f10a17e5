/** What to do next about a model, in sentences. */
import type { Model } from '../cluster/resources.ts'
import { rejectedOf } from './canary.ts'
import { explained, stateOf } from './state.ts'
import { versionsOf } from './versions.ts'

/** How a task is asked, as options of `predict`. */
export const sampleOption = (task: string): string => {
  if (task === 'tensor') return '--json \'{"inputs": […]}\''
  return /image/.test(task) ? '--image FILE' : '--text TEXT'
}

/** Conditions that say what is wrong, the most urgent first, and the status that says so. */
const troubling = [
  ['Stalled', 'True'],
  ['Ready', 'False'],
  ['Degraded', 'True'],
] as const

const troublesOf = ({ status }: Model): readonly string[] => {
  const reasons = troubling.flatMap(([type, value]) => {
    const found = status?.conditions?.find((condition) => condition.type === type)
    return found?.status === value ? [found.reason] : []
  })
  return [...new Set(reasons)]
}

const whenWell = ({ metadata, spec }: Model): readonly string[] => [
  `Ask it: \`gantry predict ${metadata.name} ${sampleOption(spec.model.task)}\`, or \`gantry open ${metadata.name}\` for an address on this machine.`,
]

/** Jobs that a condition of their own tells of: a reason of data may be that of either. */
const jobs = [
  ['Optimized', 'optimize', 'optimization'],
  ['Evaluated', 'evaluate', 'evaluation'],
] as const

/** The log that says more. */
const logOf = ({ metadata: { name }, status }: Model, troubles: readonly string[]): string => {
  const told = jobs.find(([type]) =>
    status?.conditions?.some(
      (one) => one.type === type && one.status === 'False' && troubles.includes(one.reason),
    ),
  )
  if (told) return `\`gantry logs ${name} --${told[1]}\` shows the log of the ${told[2]}.`
  return /Import|Source|Volume|Onnx|Digest|Unsafe|Model/.test(troubles.join())
    ? `\`gantry logs ${name} --import\` shows the log of the import.`
    : `\`gantry logs ${name}\` shows the log of the server.`
}

/** What may be asked of a canary, or of a version that was taken back. */
const steering = (model: Model): readonly string[] => {
  const { name } = model.metadata
  const canary = model.status?.canary
  const rejected = rejectedOf(model)
  if (canary?.phase === 'Promoting') return [`\`gantry abort ${name}\` brings the version before back.`]
  if (canary)
    return [
      `\`gantry promote ${name}\` ends the canary with the new version, \`gantry abort ${name}\` with the one before; \`gantry ${canary.paused ? 'resume' : 'pause'} ${name}\` ${canary.paused ? 'goes on' : 'keeps it where it is'}.`,
    ]
  return rejected ? [`\`gantry resume ${name}\` tries ${rejected.version} again.`] : []
}

export const nextSteps = (model: Model): readonly string[] => {
  const { name } = model.metadata
  const { word, message } = stateOf(model)
  if (word === 'Waiting') return [message]
  const troubles = troublesOf(model)
  if (troubles.length === 0) return [...steering(model), ...whenWell(model)]
  const advice = troubles.flatMap((reason) => {
    const known = explained(reason)
    return known?.next ? [`${reason}: ${known.next}.`] : []
  })
  const back =
    versionsOf(model).length > 1 ? [`\`gantry rollback ${name}\` goes back to the version before.`] : []
  return [...advice, ...steering(model), logOf(model, troubles), ...back]
}
