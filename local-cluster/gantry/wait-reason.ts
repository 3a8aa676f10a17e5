import type { Live } from '../kubectl.ts'

interface Waiting {
  readonly reason?: string
  readonly message?: string
}

/** Steps that every pod takes. */
const usual = new Set(['ContainerCreating', 'PodInitializing'])

const told = ({ reason, message }: Waiting): string => [reason, message].filter(Boolean).join(': ')

/** Why pods wait, as the scheduler or the kubelet says it; undefined where they only need a moment. */
export const waitReason = (pods: readonly Live[]): string | undefined => {
  for (const { metadata, status = {} } of pods) {
    const scheduled = status.conditions?.find(({ type }: { type: string }) => type === 'PodScheduled')
    const state = status.containerStatuses?.[0]?.state ?? {}
    const found: Waiting | undefined =
      scheduled?.status === 'False' ? scheduled : (state.waiting ?? state.terminated)
    if (found && !usual.has(found.reason ?? '')) return `pod ${metadata.name}: ${told(found)}`
  }
  return undefined
}
