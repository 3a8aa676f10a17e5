/** Memory of the machine, or of the container. */
import { totalmem } from 'node:os'

/** What this process may have: the container's limit, or the machine's memory. */
export const memoryBytes = (): number => Math.min(totalmem(), process.constrainedMemory() || totalmem())
