import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createKube, type KubeClient } from '../../kube/client.ts'
import { type Clock, systemClock } from '../../kube/clock.ts'
import { ApiError } from '../../kube/errors.ts'
import type { Log } from '../../kube/log.ts'
import type { Resource } from '../../kube/objects.ts'
import { createReflector } from '../../kube/reflector.ts'
import { Event, PersistentVolume, PersistentVolumeClaim } from '../../kube/resources.ts'
import { createStore } from '../../kube/store.ts'
import { createTransport } from '../../kube/transport.ts'
import { provisioner } from './classes.ts'
import {
  type Claim,
  type Plan,
  persistentVolume,
  planOf,
  provisioningFailed,
  type Volume,
} from './provisioning.ts'
import { type VolumeStore, volumeStore } from './volumes.ts'

const resyncMs = 30_000

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

const unless = async (code: number, work: Promise<unknown>): Promise<void> => {
  await work.catch((error: unknown) => {
    if (!(error instanceof ApiError && error.code === code)) throw error
  })
}

/** Claims and volumes are listed anew for each pass: what a watch has not told yet would look like a forgotten folder. */
const passOver = (kube: KubeClient, store: VolumeStore) => {
  const told = new Set<string>()

  const refuse = async (claim: Claim, message: string): Promise<void> => {
    const key = `${claim.metadata.uid} ${message}`
    if (told.has(key)) return
    told.add(key)
    await kube.create(Event, provisioningFailed(claim, message, new Date()))
  }

  const create = async (planned: Plan['create'][number]): Promise<void> => {
    try {
      const path = await store.create(planned.name, planned.kind, planned.bytes)
      await unless(409, kube.create(PersistentVolume, persistentVolume(planned, path)))
    } catch (error) {
      await refuse(planned.claim, error instanceof Error ? error.message : String(error))
    }
  }

  /** What a crash left between making a folder and telling the cluster, when the claim has gone meanwhile. */
  const removeForgotten = async (known: ReadonlySet<string>): Promise<void> => {
    for (const name of await store.names()) {
      if (!known.has(name)) await store.remove(name)
    }
  }

  return async (): Promise<void> => {
    const claims = await kube.list<Claim>(PersistentVolumeClaim, {})
    const volumes = await kube.list<Volume>(PersistentVolume, {})
    const plan = planOf(claims, volumes)
    for (const { claim, message } of plan.refuse) await refuse(claim, message)
    for (const planned of plan.create) await create(planned)
    for (const name of plan.release) {
      await store.remove(name)
      await kube.remove(PersistentVolume, undefined, name)
    }
    const desired = plan.create.map(({ name }) => name)
    await removeForgotten(new Set([...volumes.map(({ metadata }) => metadata.name), ...desired]))
  }
}

const log: Log = {
  error: (message, fields) =>
    console.error(new Date().toISOString(), message, String(fields?.['error'] ?? '')),
  warn: (message, fields) =>
    console.error(new Date().toISOString(), message, String(fields?.['error'] ?? '')),
  info: () => {},
  debug: () => {},
}

/** Calls `onChange` whenever a claim or a volume appears, changes or goes. */
const follow = (kube: KubeClient, clock: Clock, resource: Resource, onChange: () => void): Promise<void> =>
  createReflector({
    ...{ kube, resource, clock, log, selector: {} },
    store: createStore({ onChange }),
  }).run(new AbortController().signal)

const main = async (): Promise<void> => {
  const option = { type: 'string' } as const
  const { values } = parseArgs({
    options: { server: option, ca: option, cert: option, key: option, volumes: option },
  })
  const { server = '', ca = '', cert = '', key = '', volumes = '' } = values
  const pem = (path: string): Promise<string> => readFile(path, 'utf8')
  const tls = { ca: await pem(ca), cert: await pem(cert), key: await pem(key) }
  const access = { server: new URL(server), credentials: async () => ({ headers: {}, options: tls }) }
  const kube = createKube(createTransport(access, { userAgent: provisioner }), { fieldManager: provisioner })
  const store = volumeStore(volumes)
  await store.remount()
  const look = coalesced(passOver(kube, store), (error) => log.error('a pass failed', { error }))
  setInterval(look, resyncMs)
  const resources = [PersistentVolumeClaim, PersistentVolume]
  await Promise.all(resources.map((resource) => follow(kube, systemClock, resource, look)))
}

await main()
