/** The names that a served version answers to: what a log may show goes by them. */
export interface Declared {
  /** Tensors of the graph. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Names of its task, where it has one: what makes up an item, lists beside the items, and parameters. */
  readonly fields: readonly string[]
  readonly lists: readonly string[]
  readonly parameters: readonly string[]
  /** Tensors that the task answers with. */
  readonly results: readonly string[]
  /** Names of its classes. */
  readonly labels: readonly string[]
}
