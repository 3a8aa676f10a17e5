export interface EnergyMeter {
  /** Joules since the last call; the first call gives 0. NaN where they can be read no more. */
  readonly joules: () => Promise<number>
  readonly close: () => Promise<void>
}
