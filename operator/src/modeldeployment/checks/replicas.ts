import type { Blocker } from './check.ts'

export const tooManyReplicas: Blocker = ({ model }, { maxReplicas }) => {
  const { replicas = 0, autoscaling } = model.spec
  const [field, count] = autoscaling
    ? ['spec.autoscaling.maxReplicas', autoscaling.maxReplicas]
    : ['spec.replicas', replicas]
  if (count <= maxReplicas) return undefined
  return {
    reason: 'TooManyReplicas',
    message: `${field} is ${count}, and a model may have ${maxReplicas} pods here. Set ${maxReplicas} or less, or have the chart value limits.maxReplicas raised. Until then nothing is changed.`,
    retry: 'never',
  }
}
