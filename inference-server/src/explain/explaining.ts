import type { Members, PathOf } from '../requests/members.ts'
import type { Evaluations } from './evaluations.ts'

/** What a request brings: JSON, or an uploaded file with the other fields of its form. */
export type Brought =
  | { readonly kind: 'json'; readonly json: Buffer }
  | { readonly kind: 'form'; readonly file: Uint8Array; readonly fields: Readonly<Record<string, string>> }

/** The members of one item and the options of its explanation together. */
export interface AskedItem {
  readonly members: Members
  /** Name of a member in the request, for errors. */
  readonly pathOf: PathOf
}

/** What is found out. */
export interface Explanation {
  /** Members of the answer. */
  readonly members: object
  /** A PNG, where a picture was explained. */
  readonly picture?: Buffer
}

/** An explanation that has been read and checked, and waits for its turn. */
export interface Explaining {
  /** What its request set. */
  readonly item: AskedItem
  /** @throws Failure naming the member that is wrong, or timeout, cancelled */
  readonly explain: (evaluations: Evaluations) => Promise<Explanation>
}
