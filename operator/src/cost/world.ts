/** What the computation of costs is told about models, and what it tells the passes over them. */
import type { Amounts, HourlyCost, PricedNode, UnknownCost, Volume } from '@gantry/evaluation/hourly-cost.ts'
import type { Prices } from '@gantry/evaluation/prices.ts'
import type { PodAddress } from '../runtime/pod-http.ts'

/** A pod that holds capacity of a node. */
export interface CostedPod {
  readonly uid: string
  readonly version: string
  readonly nodeName: string
  readonly requests: Amounts
  /** Undefined while it is not ready, so that it is not asked for its counters. */
  readonly address: PodAddress | undefined
}

/** Bounds of a model's autoscaler, as spec gives them. */
export interface ReplicaBounds {
  readonly min: number
  readonly max: number
}

export interface CostedModel {
  /** namespace/name */
  readonly key: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly pods: readonly CostedPod[]
  readonly volumes: readonly Volume[]
  /** spec.budget.hourly. */
  readonly budget: number | undefined
  readonly bounds: ReplicaBounds | undefined
  /** status.cost, which an operator that has just started goes on from. */
  readonly shown: HourlyCost | undefined
  /** What the condition OverBudget says now; undefined where it says neither True nor False. */
  readonly wasOver: boolean | undefined
}

/** The operator's price sheet. `off`: this installation computes no costs. `pending`: it has not been read yet. */
export type Sheet =
  | { readonly kind: 'off' | 'pending' }
  | { readonly kind: 'unknown'; readonly message: string }
  | { readonly kind: 'known'; readonly prices: Prices }

export interface KnownCost {
  readonly kind: 'known'
  readonly currency: string
  /** Changes only when it differs enough from what was told before, so that a status is not written with every measurement. */
  readonly cost: HourlyCost
  /** Price of the dearest pod of the last hour; undefined where none ran. */
  readonly perPod: number | undefined
  /** Whether the budget of that time is exceeded for good; undefined without a budget. */
  readonly over: { readonly budget: number; readonly is: boolean } | undefined
}

/** What a pass over a model is told of its cost. */
export type ModelCost = Exclude<Sheet, { kind: 'known' }> | KnownCost

export interface Costs {
  readonly sheet: () => Sheet
  /** What the price sheet has to know about a node. Cached for some minutes. */
  readonly node: (name: string) => Promise<PricedNode | UnknownCost>
  /** @param key namespace/name */
  readonly of: (key: string) => ModelCost
}

/** An installation that computes no costs. */
export const noCosts: Costs = {
  sheet: () => ({ kind: 'off' }),
  node: async (name) => ({ unknown: `node ${name} is not read: the chart value cost.enabled is false` }),
  of: () => ({ kind: 'off' }),
}
