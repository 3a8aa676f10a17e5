/** Costs by a price sheet, without a cluster: the machine is the node, and a candidate has all of it, as it had for its measurement. */
import type { CostOf } from '@gantry/evaluation/cost.ts'
import type { RankingSpec } from '@gantry/evaluation/evaluation.ts'
import { hourlyCost } from '@gantry/evaluation/hourly-cost.ts'
import { readPrices } from '@gantry/evaluation/prices.ts'
import { StartError } from '../failures/errors.ts'
import type { Machine } from './machine/hardware.ts'

const gpuResource = 'nvidia.com/gpu'
/** As the CRD has it. */
const usualRequestsPerHour = 1000

/** @param text of the price sheet @throws StartError with exit code 2 */
export const priceList = (
  text: string,
  {
    expectedRequestsPerHour: requestsPerHour = usualRequestsPerHour,
  }: Pick<RankingSpec, 'expectedRequestsPerHour'>,
  { hardware }: Machine,
): CostOf => {
  const read = readPrices(text)
  if (read.kind === 'invalid')
    throw new StartError(`the price sheet cannot be used: ${read.problems.join('; ')}`, 2)
  const { cores: cpu, memoryBytes: memory, node = 'this machine' } = hardware
  return ({ sizeBytes, hardware: { accelerator } }) => {
    const requests = { cpu, memory, ...(accelerator === 'cuda' && { [gpuResource]: 1 }) }
    return hourlyCost(read.prices, {
      pods: [{ node: { name: node, labels: {}, allocatable: requests }, requests }],
      volumes: [{ gb: sizeBytes / 1e9, storageClass: undefined }],
      requestsPerHour,
    })
  }
}
