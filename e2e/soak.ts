/** How long, how often and how hard the test of availability asks; `npm run soak` says so by these variables. */
const number = (name: string, fallback: number): number => Number(process.env[name] ?? fallback)

export const soak = {
  rounds: number('GANTRY_SOAK_ROUNDS', 1),
  /** Requests per second of each of a model's two streams: few, since the models, their cluster and the test share two cores. */
  perSecond: number('GANTRY_SOAK_PER_SECOND', 20),
  withOutages: process.env['GANTRY_SOAK_ROUNDS'] !== undefined,
  /** Where the table goes beside the output. */
  table: process.env['GANTRY_SOAK_TABLE'],
} as const
