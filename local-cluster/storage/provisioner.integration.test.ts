import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { load } from 'js-yaml'
import { createKube } from '../../kube/client.ts'
import { findAccess } from '../../kube/credentials.ts'
import type { KubernetesObject } from '../../kube/objects.ts'
import { Event, PersistentVolume, PersistentVolumeClaim } from '../../kube/resources.ts'
import { createTransport } from '../../kube/transport.ts'

const kubeconfig = process.env['TEST_KUBECONFIG']
const options = {
  skip: kubeconfig ? false : 'TEST_KUBECONFIG is not set; `npm test -- integration` starts an API server',
  timeout: 60_000,
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[]
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[]
}

/** The three PEM files that the provisioner is given. */
const pemFiles = async (folder: string): Promise<readonly string[]> => {
  const given = load(await readFile(kubeconfig ?? '', 'utf8')) as Kubeconfig
  const cluster = given.clusters[0]?.cluster ?? {}
  const user = given.users[0]?.user ?? {}
  const write = async (name: string, from: Readonly<Record<string, string>>, field: string) => {
    const path = from[field] ?? join(folder, name)
    if (!from[field]) await writeFile(path, Buffer.from(from[`${field}-data`] ?? '', 'base64'))
    return [`--${name}`, path]
  }
  return [
    ...['--server', cluster['server'] ?? ''],
    ...(await write('ca', cluster, 'certificate-authority')),
    ...(await write('cert', user, 'client-certificate')),
    ...(await write('key', user, 'client-key')),
  ]
}

const claimOf = (name: string, volumeMode = 'Filesystem'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec: {
    storageClassName: 'gantry-local',
    volumeMode,
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Mi' } },
  },
})

test(
  'a claim gets a volume with a folder, what cannot be made is told, and a released volume goes',
  options,
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-provisioner-'))
    const volumes = join(folder, 'volumes')
    const script = join(import.meta.dirname, 'provisioner.ts')
    const flags = ['--disable-warning=ExperimentalWarning', script, ...(await pemFiles(folder))]
    const child = spawn(process.execPath, [...flags, '--volumes', volumes], { stdio: 'inherit' })
    t.after(async () => {
      child.kill()
      await rm(folder, { recursive: true })
    })
    process.env['KUBECONFIG'] = kubeconfig
    const kube = createKube(createTransport(await findAccess(process.env)), { fieldManager: 'test' })
    const until = async <T>(ask: () => Promise<T | undefined | false>): Promise<T> => {
      for (;;) {
        const answer = await ask()
        if (answer) return answer
        await pause(100)
      }
    }
    const claim = await kube.create(PersistentVolumeClaim, claimOf('models'))
    const name = `pvc-${claim.metadata.uid}`
    const volume = await until(() => kube.get<KubernetesObject>(PersistentVolume, undefined, name))
    assert.deepEqual((volume['spec'] as { readonly local: unknown }).local, { path: join(volumes, name) })
    assert.deepEqual(await readdir(volumes), [name])

    await kube.create(PersistentVolumeClaim, claimOf('blocks', 'Block'))
    const told = async () =>
      (await kube.list(Event, { namespace: 'default' })).find(({ metadata: { name: event } }) =>
        event.startsWith('blocks.'),
      )
    assert.match(String((await until(told))['message']), /only volumeMode Filesystem/)

    // No controller of Kubernetes runs here that would remove finalizers and release the volume of a deleted claim.
    for (const [resource, object] of [
      [PersistentVolumeClaim, claim],
      [PersistentVolume, volume],
    ] as const) {
      const metadata = { ...object.metadata, finalizers: [] }
      await kube.replace(resource, { ...object, metadata } as KubernetesObject)
    }
    await kube.remove(PersistentVolumeClaim, claim.metadata.namespace, claim.metadata.name)
    await kube.applyStatus(PersistentVolume, {
      ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, status: { phase: 'Released' } },
    })
    await until(async () => !(await kube.get(PersistentVolume, undefined, name)))
    assert.deepEqual(await readdir(volumes), [])
  },
)
