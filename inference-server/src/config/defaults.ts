/** What holds where neither the command line nor the settings file says otherwise; `serve --help` tells it from here. */
export const defaults = {
  workers: 1,
  /** Longest run of a full batch that the thread of HTTP makes itself. */
  inlineMs: 0.2,
  maxRows: 32,
  maxDelayMs: 0,
  maxQueue: 256,
  timeoutSeconds: 30,
  maxExplanations: 1,
  maxExplainQueue: 8,
  /** Rows: of a table of 30 features those of 2,108 coalitions, each with 100 rows of a background. */
  maxEvaluations: 250_000,
  maxBodyMib: 64,
  maxConnections: 4096,
  /** Upper bound; a quarter of the memory where that is less. */
  maxAnswerMib: 256,
  /**
   * Tokens of a batch for each thread on a CPU. Beyond it a transformer hardly gains speed, and beyond 1024 it loses some:
   * measured, see decision 21.
   */
  tokensPerThread: 256,
  drainSeconds: 5,
  sampleRate: 1,
  host: '127.0.0.1',
  device: 'auto',
  rows: 'auto',
  lanes: 'auto',
  drift: 'auto',
  logLevel: 'info',
  requestLog: 'off',
} as const
