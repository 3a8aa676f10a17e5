/** Helm's lock, with the real helm: one that is killed at work leaves it behind. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { skipWithoutApiServer, testKubectl } from '../../e2e/test-cluster.ts'
import { binFolder } from '../binaries/binaries.ts'
import { eventually } from '../kubectl.ts'
import { localPaths } from '../local.ts'
import { noProgress } from '../progress.ts'
import { install } from './install.ts'
import { type Helm, refuseWhilePending, release, releaseNamespace, upgrade } from './release.ts'

const kubeconfig = process.env['TEST_KUBECONFIG'] ?? ''
const helm: Helm = [join(binFolder(localPaths), 'helm'), '--kubeconfig', kubeconfig]

/** There is no controller, so a Deployment is never ready. */
const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: never}
spec:
  selector: {matchLabels: {app: never}}
  template:
    metadata: {labels: {app: never}}
    spec: {containers: [{name: never, image: never}]}
`

describe('a release that helm was killed at', { skip: skipWithoutApiServer }, () => {
  const kubectl = testKubectl()
  let chart: string
  before(async () => {
    chart = await mkdtemp(join(tmpdir(), 'gantry-chart-'))
    await mkdir(join(chart, 'templates'))
    await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: never\nversion: 1.0.0\n')
    await writeFile(join(chart, 'templates/never.yaml'), deployment)
    kubectl.attempt(['create', 'namespace', releaseNamespace])
    assert.doesNotThrow(() => refuseWhilePending(helm))
    const [command, ...flags] = helm
    const args = ['upgrade', '--install', release, chart, '--namespace', releaseNamespace, '--wait']
    const child = spawn(command, [...flags, ...args], { stdio: 'ignore' })
    await eventually('helm works on the release', () =>
      kubectl
        .list('secret', releaseNamespace, `owner=helm,name=${release}`)
        .some(({ metadata }) => metadata.labels?.['status'] === 'pending-install'),
    )
    child.kill('SIGKILL')
    await once(child, 'close')
  })
  after(async () => {
    kubectl.run(['delete', 'secret', '-n', releaseNamespace, '-l', `owner=helm,name=${release}`])
    kubectl.attempt(['delete', 'deployment', '-n', releaseNamespace, 'never'])
    await rm(chart, { recursive: true })
  })

  const hint = new RegExp(
    `pending-install.*\\n  ${helm.join(' ')} uninstall ${release} --namespace ${releaseNamespace}$`,
    's',
  )

  test('is not installed again, and the command that gives it free is told before anything changes', async () => {
    const lines: string[] = []
    const progress = { ...noProgress, line: (text: string) => void lines.push(text) }
    await assert.rejects(install({ kubectl, helm, values: {}, storeImage: 'none', progress }), hint)
    assert.deepEqual(lines, []) // each step is told before it is taken
  })

  test('is told also where the other helm began only after the first look', async () => {
    await assert.rejects(upgrade(helm, [chart]), hint)
  })
})
