/** What the containers of an optimization do in the pod of a simulated cluster. */
import type { EvaluationReport } from '@gantry/contract/evaluation.ts'
import type { ModelAgreement, OptimizationRecipe, OptimizationReport } from '@gantry/contract/optimizing.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { at } from './object-store.ts'
import type { SimulatedVolumes } from './simulated-volume.ts'

/** How an optimization of a parent ends; undefined makes a version whose answers agree. */
export type Optimizes = (
  optimization: { readonly parent: string; readonly recipe: OptimizationRecipe; readonly aim: number },
  attempt: number,
) => Ending | undefined

export type Ending =
  /** An init container ends with this report. */
  | {
      readonly kind: 'failed'
      readonly container: 'samples' | 'optimize'
      readonly report: Extract<EvaluationReport | OptimizationReport, { outcome: 'failed' }>
    }
  /** An init container is killed for its memory. */
  | { readonly kind: 'killed' }
  /** The pod is evicted. */
  | { readonly kind: 'evicted'; readonly message: string }
  /** The commit could not compare the answers. */
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'agreement'; readonly agreement: Partial<ModelAgreement> }

const value = (args: readonly string[], name: string): string =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? ''

const agreementOf = (hasSamples: boolean, ending: Ending | undefined): ModelAgreement => ({
  ...{ inputs: hasSamples ? 'dataset' : 'generated', samples: 64 },
  ...{ largestDifference: 0.1, meanDifference: 0.01, sameAnswers: 1 },
  ...(ending?.kind === 'agreement' ? ending.agreement : {}),
})

const measuredBy = (hasSamples: boolean, ending: Ending | undefined) =>
  ending?.kind === 'unknown'
    ? { agreementUnknown: ending.why }
    : { agreement: agreementOf(hasSamples, ending) }

/** The status of a pod whose init container of this name has failed. */
const failedAt = (name: string, terminated: object): NonNullable<LivePod['status']> => ({
  phase: 'Failed',
  initContainerStatuses: [{ name, state: { terminated: { exitCode: 1, ...terminated } } }],
  containerStatuses: [{ name: 'commit', state: { waiting: { reason: 'PodInitializing' } } }],
})

export const simulatedOptimizations = (optimizes: Optimizes = () => undefined) => {
  const attempts = new Map<string, number>()
  /** @param claim uid of the claim of the volume */
  const run = (pod: LivePod, claim: string, volumes: SimulatedVolumes): NonNullable<LivePod['status']> => {
    const args = ((at(pod, 'spec', 'containers', '0', 'args') ?? []) as readonly string[]).map((arg) =>
      arg.replaceAll('$$', '$'),
    )
    const [parent, recipe] = [value(args, 'parent'), value(args, 'recipe')]
    const aim = Number(value(args, 'max-accuracy-drop'))
    const attempt = attempts.get(`${parent}${recipe}`) ?? 0
    attempts.set(`${parent}${recipe}`, attempt + 1)
    const ending = optimizes({ parent, recipe: JSON.parse(recipe), aim }, attempt)
    if (ending?.kind === 'failed')
      return failedAt(ending.container, { message: JSON.stringify(ending.report) })
    if (ending?.kind === 'killed') return failedAt('optimize', { exitCode: 137, reason: 'OOMKilled' })
    if (ending?.kind === 'evicted') return { phase: 'Failed', reason: 'Evicted', message: ending.message }
    const measured = measuredBy(pod.spec?.initContainers?.length === 2, ending)
    const report = volumes.commit(claim, args, { parent, recipe: JSON.parse(recipe), aim, ...measured })
    const isDone = report.outcome === 'imported'
    const terminated = { exitCode: isDone ? 0 : 1, message: JSON.stringify(report) }
    return {
      phase: isDone ? 'Succeeded' : 'Failed',
      initContainerStatuses: [{ name: 'optimize', state: { terminated: { exitCode: 0 } } }],
      containerStatuses: [{ name: 'commit', state: { terminated } }],
    }
  }
  return { run, attempts }
}
export type SimulatedOptimizations = ReturnType<typeof simulatedOptimizations>
