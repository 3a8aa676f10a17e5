/** Requests and limits of a container, as quantities by resource name. */
import { parseQuantity } from '@gantry/kube/quantity.ts'

export type Quantities = Readonly<Record<string, number | string>>

export interface Resources {
  readonly requests: Quantities
  readonly limits: Quantities
}

/** What spec gives of them: each part may be missing. */
export type GivenResources = { readonly [Part in keyof Resources]?: Quantities | undefined }

/** The one of two quantities that `choose` takes; the first where one of them is none. */
const pick = (
  a: number | string,
  b: number | string | undefined,
  choose: (a: number, b: number) => number,
): number | string => {
  const [left, right] = [parseQuantity(a), parseQuantity(b)]
  if (left === undefined || right === undefined || b === undefined) return a
  return choose(left, right) === left ? a : b
}

const pickEach = (
  defaults: Quantities,
  given: Quantities,
  choose: (a: number, b: number) => number,
): Quantities =>
  Object.fromEntries(
    Object.entries(defaults).map(([name, amount]) => [name, pick(amount, given[name], choose)]),
  )

/** What is given, key by key, and defaults for the rest. A default gives way where it would contradict what was given (a request above its limit). */
export const withDefaults = (defaults: Resources, given: GivenResources | undefined): Resources => {
  const { requests = {}, limits = {} } = given ?? {}
  return {
    requests: { ...pickEach(defaults.requests, limits, Math.min), ...requests },
    limits: { ...pickEach(defaults.limits, requests, Math.max), ...limits },
  }
}

/** The larger amount of each resource that both name, and all others of either. A limit is never below its request. */
export const largerOf = (defaults: Resources, given: GivenResources | undefined): Resources => {
  const { requests = {}, limits = {} } = given ?? {}
  const asked = { ...requests, ...pickEach(defaults.requests, requests, Math.max) }
  const allowed = { ...limits, ...pickEach(pickEach(defaults.limits, limits, Math.max), requests, Math.max) }
  return { requests: pickEach(asked, allowed, Math.min), limits: allowed }
}
