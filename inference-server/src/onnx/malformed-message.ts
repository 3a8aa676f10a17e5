/** The bytes are no protobuf message, or break off. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage'
  /** A field would reach beyond the end of the file. */
  readonly breaksOff: boolean

  constructor(message: string, breaksOff: boolean) {
    super(message)
    this.breaksOff = breaksOff
  }
}
