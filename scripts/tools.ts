/** Where the built command-line tools are. */
import { homedir } from 'node:os'
import { join } from 'node:path'
export const helm = (): string => join(homedir(), '.cache/gantry/bin/helm')
