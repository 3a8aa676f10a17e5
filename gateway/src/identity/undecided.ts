/** The API server has to be asked before it is known what a caller may. */
export class Undecided extends Error {
  override readonly name = 'Undecided'
  /** Resolves when it has answered. @throws Failure unavailable */
  readonly decide: () => Promise<void>

  constructor(decide: () => Promise<void>) {
    super('it is not known yet what the caller may')
    this.decide = decide
  }
}
