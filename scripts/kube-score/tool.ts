/** kube-score, built from the version that go.mod pins. It has a Go module of its own, so that a new version rebuilds nothing else. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { pathsFrom } from '../../local-cluster/paths.ts'

const folder = import.meta.dirname
const goPackage = 'github.com/zegl/kube-score/cmd/kube-score'

/** Half a minute where it is not there yet. @returns its path @throws Error where Go is missing or reaches no module proxy */
export const kubeScore = (env: NodeJS.ProcessEnv): string => {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(folder, file)))
  const tools = join(pathsFrom(env).cache, 'tools')
  const path = join(tools, `kube-score-${hash.digest('hex').slice(0, 12)}`)
  if (existsSync(path)) return path
  mkdirSync(tools, { recursive: true })
  const unfinished = `${path}.${process.pid}`
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-o', unfinished]
  try {
    execFileSync('go', ['build', ...flags, goPackage], {
      cwd: folder,
      env: { ...env, CGO_ENABLED: '0', GOWORK: 'off' },
    })
  } catch (cause) {
    const [, go] = /^go (\S+)/m.exec(readFileSync(join(folder, 'go.mod'), 'utf8')) ?? []
    throw new Error(
      `kube-score could not be built. It needs Go ${go} or newer (https://go.dev/dl), and a module proxy that it can reach (\`go env GOPROXY\`).`,
      { cause },
    )
  }
  renameSync(unfinished, path) // so that it is there whole or not at all
  return path
}
