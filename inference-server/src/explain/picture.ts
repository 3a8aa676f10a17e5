export const pictureExplaining = (..._: unknown[]): never => {
  throw new Error('x')
}
