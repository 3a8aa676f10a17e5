/** Which traces are recorded: OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG, with the names that OpenTelemetry gives them. */
import { isSampled, type Trace } from '../requests/traceparent.ts'

/** A trace -> whether its spans are sent. */
export type Sampler = (trace: Trace) => boolean

export interface Sampling {
  readonly sampler: Sampler
  /** What is wrong with the variables, and what holds instead. */
  readonly problem?: string
}

/** Whether the trace's flags, two hexadecimal digits, say that it is sampled. */
export const isRecorded = ({ flags }: Pick<Trace, 'flags'>): boolean => (Number.parseInt(flags, 16) & 1) === 1

/** The trace with the sampler's answer in its flags, for the services that are called next. */
export const decided = (trace: Trace, sampler: Sampler): Trace => {
  const others = Number.parseInt(trace.flags, 16) & 0xfe
  const flags = (others | Number(sampler(trace))).toString(16).padStart(2, '0')
  return { ...trace, flags }
}

/** A caller that sends a trace has decided already. */
const parentBased =
  (root: Sampler): Sampler =>
  (trace) =>
    trace.parentId === undefined ? root(trace) : isRecorded(trace)

const always: Sampler = () => true
const never: Sampler = () => false
const share =
  (rate: number): Sampler =>
  (trace) =>
    isSampled(trace, rate)

/** An argument that cannot be read counts as 1, as it does for OpenTelemetry. */
const rateOf = (argument: string | undefined): { readonly rate: number; readonly problem?: string } => {
  const rate = argument === undefined || argument === '' ? 1 : Number(argument)
  if (rate >= 0 && rate <= 1) return { rate }
  const problem = `OTEL_TRACES_SAMPLER_ARG is "${argument}": it must be a number from 0 to 1; every trace is recorded`
  return { rate: 1, problem }
}

const samplers: Readonly<Record<string, (rate: number) => Sampler>> = {
  always_on: () => always,
  always_off: () => never,
  traceidratio: share,
  parentbased_always_on: () => parentBased(always),
  parentbased_always_off: () => parentBased(never),
  parentbased_traceidratio: (rate) => parentBased(share(rate)),
}

export const readSampling = (env: NodeJS.ProcessEnv): Sampling => {
  const name = env['OTEL_TRACES_SAMPLER'] || 'parentbased_always_on'
  const make = Object.hasOwn(samplers, name) ? samplers[name] : undefined
  if (!make) {
    const known = Object.keys(samplers).join(', ')
    const problem = `OTEL_TRACES_SAMPLER is "${name}": it must be one of ${known}; parentbased_always_on is used`
    return { sampler: parentBased(always), problem }
  }
  if (!name.endsWith('traceidratio')) return { sampler: make(1) }
  const { rate, problem } = rateOf(env['OTEL_TRACES_SAMPLER_ARG'])
  return { sampler: make(rate), ...(problem !== undefined && { problem }) }
}
