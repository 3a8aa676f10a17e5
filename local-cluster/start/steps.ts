import { adviceFor, type Step, type StepName } from './plan.ts'

/** A step of `npm start` that failed. */
class StepFailed extends Error {
  override readonly name = 'StepFailed'
  readonly step: StepName
  constructor(step: StepName, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.step = step
  }
}

export type RunStep = <T>(name: StepName, work: () => Promise<T>) => Promise<T>

/** Says which step begins, and remembers which one failed. */
export const stepRunner =
  (steps: readonly Step[], line: (text: string) => void): RunStep =>
  async (name, work) => {
    const index = steps.findIndex((step) => step.name === name)
    const step = steps[index]
    if (step) line(`${index + 1}/${steps.length}  ${step.what}`)
    try {
      return await work()
    } catch (error) {
      throw new StepFailed(name, error)
    }
  }

/** @param kubectl command with the flags that say which cluster */
export const failureText = (error: unknown, kubectl: string): string => {
  const message = error instanceof Error ? error.message : String(error)
  const next =
    error instanceof StepFailed ? adviceFor(error.step, kubectl) : 'Correct that, then run `npm start` again.'
  return `error: ${message}\n\nWhat to do next: ${next}`
}
