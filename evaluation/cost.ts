/** The cost of a candidate by the article's formula (2.1.3), per hour. */
import type { Measurement } from '@gantry/contract/evaluation.ts'
import type { Cost, RankingSpec, Unknown } from './evaluation.ts'

/** Cost of a measured candidate per hour, or why nobody knows it. */
export type CostOf = (measurement: Measurement) => Cost | Unknown

/** Bytes of a GB, as disks and cloud prices count it; 2^30 bytes are a GiB. */
const gigabyte = 1e9

/** The article's coefficients: per GB, per request, per GB. Defaults of spec.costModel. */
const coefficients = { basePerGb: 0.01, perRequest: 0.002, hardwarePerGb: 0.05 }
/** Default of spec.expectedRequestsPerHour. */
const requestsPerHour = 1000

/** What the formula of a spec multiplies with. */
export const factorsOf = ({
  costModel,
  expectedRequestsPerHour = requestsPerHour,
}: RankingSpec): typeof coefficients & { readonly requestsPerHour: number } => ({
  ...coefficients,
  ...costModel,
  requestsPerHour: expectedRequestsPerHour,
})

/** base = size in GB x 0.01, inference = requests per hour x 0.002, hardware = size in GB x 0.05, total = their sum. */
export const articleCost =
  (spec: RankingSpec): CostOf =>
  ({ sizeBytes }) => {
    const factors = factorsOf(spec)
    const sizeGb = sizeBytes / gigabyte
    const base = sizeGb * factors.basePerGb
    const inference = factors.requestsPerHour * factors.perRequest
    const hardware = sizeGb * factors.hardwarePerGb
    return { base, inference, hardware, total: base + inference + hardware }
  }
