import { join } from 'node:path'

/** Where the local cluster keeps things. Everything lies outside the work tree. */
export type Paths = {
  /** Survives `down`: built binaries and images. */
  readonly cache: string
  /** Removed by `down`: certificates, etcd data, volumes, logs, pid files. */
  readonly state: string
}

/** Follows the XDG base directories; `GANTRY_CACHE` and `GANTRY_STATE` go first. */
export const pathsFrom = (env: NodeJS.ProcessEnv): Paths => {
  const home = env['HOME'] ?? '/root'
  const cache = env['GANTRY_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'gantry')
  const state = env['GANTRY_STATE'] ?? join(env['XDG_STATE_HOME'] ?? join(home, '.local/state'), 'gantry')
  return Object.freeze({ cache, state: join(state, 'cluster') })
}
