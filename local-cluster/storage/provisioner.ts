import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ApiError, type KubeApi, kubeApi } from './kube-api.ts'
import {
  type Claim,
  type Plan,
  persistentVolume,
  planOf,
  provisioningFailed,
  type Volume,
} from './provisioning.ts'
import { type VolumeStore, volumeStore } from './volumes.ts'

const claimsPath = '/api/v1/persistentvolumeclaims'
const volumesPath = '/api/v1/persistentvolumes'
const resyncMs = 30_000
const reconnectMs = 1_000

/** One pass after the other; changes that arrive during a pass lead to exactly one more. */
const coalesced = (pass: () => Promise<void>, report: (error: unknown) => void): (() => void) => {
  let running = false
  let again = false
  const run = async (): Promise<void> => {
    if (running) {
      again = true
      return
    }
    running = true
    do {
      again = false
      await pass().catch(report)
    } while (again)
    running = false
  }
  return () => void run()
}

const ignoring = async (status: number, work: Promise<unknown>): Promise<void> => {
  await work.catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === status)) throw error
  })
}

const passOver = (api: KubeApi, store: VolumeStore) => {
  const told = new Set<string>()

  const refuse = async (claim: Claim, message: string): Promise<void> => {
    const key = `${claim.metadata.uid} ${message}`
    if (told.has(key)) return
    told.add(key)
    const path = `/api/v1/namespaces/${claim.metadata.namespace}/events`
    await api.call('POST', path, provisioningFailed(claim, message, new Date()))
  }

  const create = async (wish: Plan['create'][number]): Promise<void> => {
    try {
      const path = await store.create(wish.name, wish.kind, wish.bytes)
      await ignoring(409, api.call('POST', volumesPath, persistentVolume(wish, path)))
    } catch (error) {
      await refuse(wish.claim, error instanceof Error ? error.message : String(error))
    }
  }

  /** What a crash left between making a folder and telling the cluster, when the claim has gone meanwhile. */
  const removeForgotten = async (known: ReadonlySet<string>): Promise<void> => {
    for (const name of await store.names()) {
      if (!known.has(name)) await store.remove(name)
    }
  }

  return async (): Promise<void> => {
    const claims = await api.list<Claim>(claimsPath)
    const volumes = await api.list<Volume>(volumesPath)
    const plan = planOf(claims, volumes)
    for (const { claim, message } of plan.refuse) await refuse(claim, message)
    for (const wish of plan.create) await create(wish)
    for (const name of plan.release) {
      await store.remove(name)
      await ignoring(404, api.call('DELETE', `${volumesPath}/${name}`))
    }
    const wished = plan.create.map(({ name }) => name)
    await removeForgotten(new Set([...volumes.map(({ metadata }) => metadata.name), ...wished]))
  }
}

const followForever = async (api: KubeApi, path: string, onChange: () => void): Promise<never> => {
  for (;;) {
    await api.follow(path, onChange).catch(() => undefined) // the API server restarts at times; look again then
    await sleep(reconnectMs)
    onChange()
  }
}

const main = async (): Promise<void> => {
  const option = { type: 'string' } as const
  const { values } = parseArgs({
    options: { server: option, ca: option, cert: option, key: option, volumes: option },
  })
  const { server = '', ca = '', cert = '', key = '', volumes = '' } = values
  const pem = (path: string): Promise<string> => readFile(path, 'utf8')
  const api = kubeApi({ server, ca: await pem(ca), cert: await pem(cert), key: await pem(key) })
  const store = volumeStore(volumes)
  await store.remount()
  const look = coalesced(passOver(api, store), (error) =>
    console.error(new Date().toISOString(), String(error)),
  )
  setInterval(look, resyncMs)
  await Promise.all([followForever(api, claimsPath, look), followForever(api, volumesPath, look)])
}

await main()
