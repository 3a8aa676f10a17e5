/** Preloaded into tests that run beside others: programs that they are not to hold up go first. */
import { constants, setPriority } from 'node:os'

setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
