/** What is proven of the rows (axis 0 of every input and output) of a graph. */
export type RowProof =
  /** f(concat(a, b)) = concat(f(a), f(b)) holds for every split of a batch, with as many rows out as in. */
  | { readonly verdict: 'independent' }
  /**
   * scaled: independent but for a quantization scale that is taken over the whole batch.
   * unproven: rows meet, or an operator or its form has no rule.
   * unbatchable: no free axis 0 that all inputs share.
   */
  | {
      readonly verdict: 'scaled' | 'unproven' | 'unbatchable'
      readonly reason: string
      /** First node that says so: its name, or that of its first output where it has none. */
      readonly node?: string
      /** Its operator, with the domain in front unless it is ONNX's own. */
      readonly operator?: string
    }

/** Bumped whenever a rule changes, so that results kept with a version are proven anew. */
export const proofVersion = 2
