import type { TensorState } from './tensor-state.ts'
import { Unproven } from './unproven.ts'

/** Tensors of one graph by name; a graph inside another sees those around it. */
export interface Scope {
  readonly states: Map<string, TensorState>
  readonly around: Scope | undefined
}

/** The scope of a graph or function, with the states of its inputs. */
export const scopeOf = (
  names: readonly string[],
  states: readonly (TensorState | undefined)[],
  around?: Scope,
): Scope => {
  const scope: Scope = { states: new Map(), around }
  names.forEach((name, index) => {
    const state = states[index]
    if (state) scope.states.set(name, state)
  })
  return scope
}

export const findState = (scope: Scope, name: string): TensorState | undefined => {
  for (let at: Scope | undefined = scope; at; at = at.around) {
    const state = at.states.get(name)
    if (state) return state
  }
  return undefined
}

/** @throws Unproven where the output is not defined */
export const outputState = (scope: Scope, name: string): TensorState => {
  const state = findState(scope, name)
  if (!state) throw new Unproven(`the output ${name} of a graph is not defined`)
  return state
}
