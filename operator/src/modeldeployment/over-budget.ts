/** What a model's cost means for it: status.cost, the condition OverBudget, and the ceiling of its autoscaler. Pure. */
import type { Reason } from '@gantry/contract/reasons.ts'
import { readMoney, rounded } from '@gantry/evaluation/hourly-cost.ts'
import { ceilingOf } from '../cost/budget.ts'
import type { KnownCost, ReplicaBounds } from '../cost/world.ts'
import type { Verdict } from '../runtime/condition.ts'
import type { ModelDeployment, ModelDeploymentStatus } from './model-deployment.ts'
import type { Observed } from './observe.ts'

/** spec.budget.hourly, in the currency of the price sheet; undefined where spec sets none. */
export const budgetOf = ({ spec }: ModelDeployment): number | undefined =>
  spec.budget === undefined ? undefined : readMoney(spec.budget.hourly)

export const boundsOf = ({ spec }: ModelDeployment): ReplicaBounds | undefined =>
  spec.autoscaling && {
    min: Math.max(1, spec.autoscaling.minReplicas ?? 1),
    max: spec.autoscaling.maxReplicas,
  }

type Priced = Pick<Observed, 'model' | 'cost' | 'autoscalers' | 'scaledObjects'>

/**
 * The most pods that the autoscaler may make, where the budget decides about it. While the cost is not known, as after the start of
 * the operator or on a node without a price, what was set before stays.
 */
export const replicaCeiling = ({ model, cost, autoscalers, scaledObjects }: Priced): number | undefined => {
  const [budget, bounds] = [budgetOf(model), boundsOf(model)]
  if (budget === undefined || !bounds || cost.kind === 'off') return undefined
  if (cost.kind === 'known') return ceilingOf(budget, cost, bounds)
  const before = autoscalers[0]?.spec?.maxReplicas ?? scaledObjects[0]?.spec?.maxReplicaCount
  return before === undefined ? undefined : Math.min(Math.max(before, bounds.min, 1), bounds.max)
}

/** An amount has at least two digits behind the point, and a small one two that are not zero. */
const shownMoney = (money: number): string => {
  const digits = money >= 0.01 || money <= 0 ? 4 : Math.min(1 - Math.floor(Math.log10(money)), 6)
  return money.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')
}

const shownParts = ({ cost, currency }: KnownCost): string => {
  const { base, hardware, inference, total } = cost
  const parts = `storage ${shownMoney(base)}, hardware ${shownMoney(hardware)}, requests ${shownMoney(inference)}`
  return `An hour costs ${shownMoney(total)} ${currency} (${parts})`
}

const pods = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`)

/** What the budget does to the number of pods. */
const limitation = ({
  budget,
  known,
  bounds,
}: Judged): { readonly limits: boolean; readonly text: string } => {
  if (!bounds) return { limits: false, text: 'spec.replicas is not changed.' }
  const allowed = ceilingOf(budget, known, { min: 0, max: bounds.max })
  const ceiling = ceilingOf(budget, known, bounds)
  if (ceiling === bounds.max) return { limits: false, text: '' }
  const price = `${shownMoney(known.perPod ?? 0)} ${known.currency} a pod`
  const text = `The autoscaler makes ${pods(ceiling)} at most instead of ${bounds.max}, at ${price}.`
  const isHeld = ceiling > allowed || bounds.min > allowed
  return {
    limits: true,
    text: isHeld ? `${text} It makes no fewer than spec.autoscaling.minReplicas.` : text,
  }
}

interface Judged {
  readonly budget: number
  readonly known: KnownCost
  readonly bounds: ReplicaBounds | undefined
}

const judged = (given: Judged, hourly: string): Verdict => {
  const { budget, known } = given
  const { limits, text } = limitation(given)
  // The decision is that of the measurement, which leaves out what does not last. Another budget is judged by the numbers alone.
  const isOver = known.over?.budget === budget ? known.over.is : known.cost.total > budget
  const parts = shownParts(known)
  if (isOver) {
    const next = 'Ask for fewer pods or less in spec.serve.resources, or raise the budget.'
    const message = [`${parts}, and spec.budget.hourly is ${hourly}.`, text, next]
    return { status: 'True', reason: 'OverBudget', message: message.filter((one) => one !== '').join(' ') }
  }
  const within = `${parts}, and spec.budget.hourly is ${hourly}.`
  return limits
    ? { status: 'False', reason: 'ScalingLimited', message: `${within} ${text}` }
    : { status: 'False', reason: 'WithinBudget', message: within }
}

const unknown = (message: string): Verdict => ({ status: 'Unknown', reason: 'CostUnknown', message })

/** What holds until the cost is known. */
const meanwhile = (observed: Priced): string => {
  const { maxReplicas } = observed.model.spec.autoscaling ?? {}
  const ceiling = replicaCeiling(observed)
  return ceiling === undefined || ceiling === maxReplicas
    ? 'Until then spec.budget limits nothing.'
    : `Until then the autoscaler makes ${pods(ceiling)} at most, as before.`
}

/** The condition OverBudget; undefined where spec sets no budget. */
export const overBudget = (observed: Priced): Verdict | undefined => {
  const { model, cost } = observed
  const budget = budgetOf(model)
  if (budget === undefined || !model.spec.budget) return undefined
  const last = model.status?.conditions?.find(({ type }) => type === 'OverBudget')
  switch (cost.kind) {
    case 'off':
      return unknown(
        'This installation computes no costs, so spec.budget has no effect. Have the chart value cost.enabled set and a price sheet given, or remove spec.budget.',
      )
    case 'unknown':
      return unknown(`${cost.message} ${meanwhile(observed)}`)
    case 'pending':
      return last
        ? { status: last.status, reason: last.reason as Reason, message: last.message ?? '' }
        : unknown('The cost is measured within some minutes.')
    case 'known':
      return judged({ budget, known: cost, bounds: boundsOf(model) }, model.spec.budget.hourly)
  }
}

/** status.cost. An operator that has just started keeps what it wrote before until the cost is known again. */
export const shownCost = ({ model, cost }: Pick<Priced, 'model' | 'cost'>): ModelDeploymentStatus['cost'] => {
  if (cost.kind === 'pending') return model.status?.cost
  if (cost.kind !== 'known') return undefined
  const { base, inference, hardware, total } = cost.cost
  return {
    currency: cost.currency,
    base: rounded(base),
    inference: rounded(inference),
    hardware: rounded(hardware),
    total: rounded(total),
  }
}
