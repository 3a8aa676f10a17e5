import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clusterDomain, clusterName, type Layout, network, nodeName, ports } from '../layout.ts'
import { writeIfChanged } from '../machine/config-file.ts'
import {
  type Certificate,
  createAuthority,
  createSigningKey,
  issue,
  kubeconfig,
  type Subject,
} from './certificates.ts'

const apiServerNames = [
  ...[`IP:${network.address}`, 'IP:127.0.0.1', `IP:${network.kubernetesService}`, 'DNS:localhost'],
  ...['DNS:kubernetes', 'DNS:kubernetes.default', 'DNS:kubernetes.default.svc'],
  `DNS:kubernetes.default.svc.${clusterDomain}`,
] as const

/** The user names that the API server's built-in roles are bound to. */
const subjects = {
  // The add-ons that run beside the cluster as root use it too: they could read all of this folder anyway.
  admin: { commonName: 'gantry-admin', organization: 'system:masters' },
  'kube-apiserver': { commonName: 'kube-apiserver', altNames: apiServerNames },
  'kube-apiserver-kubelet-client': { commonName: 'kube-apiserver', organization: 'system:masters' },
  'kube-controller-manager': { commonName: 'system:kube-controller-manager' },
  'kube-scheduler': { commonName: 'system:kube-scheduler' },
  'kube-proxy': { commonName: 'system:kube-proxy' },
  kubelet: { commonName: `system:node:${nodeName}`, organization: 'system:nodes' },
  'kubelet-server': { commonName: nodeName, altNames: [`IP:${network.address}`, `DNS:${nodeName}`] },
} as const satisfies Record<string, Subject>

/** Users with a kubeconfig of their own beside their certificate. */
const kubeconfigs = ['kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'kubelet'] as const

export const apiServerUrl = `https://127.0.0.1:${ports.apiServer}`

const pair = (folder: string, name: string): Certificate => ({
  cert: join(folder, `${name}.crt`),
  key: join(folder, `${name}.key`),
})

/** Paths of everything that `createIdentities` makes. */
export const identitiesOf = ({ certificates }: Layout) => ({
  authority: pair(certificates, 'gantry-ca'),
  frontProxyAuthority: pair(certificates, 'gantry-front-proxy-ca'),
  frontProxy: pair(certificates, 'front-proxy-client'),
  signingKey: join(certificates, 'service-account.key'),
  of: (name: keyof typeof subjects): Certificate => pair(certificates, name),
  kubeconfig: (name: (typeof kubeconfigs)[number]): string => join(certificates, `${name}.kubeconfig`),
})

export type Identities = ReturnType<typeof identitiesOf>

const fill = async (folder: string): Promise<void> => {
  const [authority, frontProxyAuthority] = await Promise.all([
    createAuthority(folder, 'gantry-ca'),
    createAuthority(folder, 'gantry-front-proxy-ca'),
    createSigningKey(folder),
  ])
  const all = Object.entries(subjects) as [keyof typeof subjects, Subject][]
  await Promise.all([
    ...all.map(([name, subject]) => issue(authority, folder, name, subject)),
    issue(frontProxyAuthority, folder, 'front-proxy-client', { commonName: 'front-proxy-client' }),
  ])
  for (const name of kubeconfigs) {
    const text = await kubeconfig(clusterName, apiServerUrl, authority, pair(folder, name))
    await writeFile(join(folder, `${name}.kubeconfig`), text, { mode: 0o600 })
  }
}

/** Creates authorities, certificates and kubeconfigs once; all of them or, after a crash, none. */
export const ensureIdentities = async (layout: Layout): Promise<Identities> => {
  const identities = identitiesOf(layout)
  const exists = await access(layout.certificates).then(
    () => true,
    () => false,
  )
  if (!exists) {
    const unfinished = `${layout.certificates}.new`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true, mode: 0o700 })
    await fill(unfinished)
    await rename(unfinished, layout.certificates)
  }
  const text = await kubeconfig(clusterName, apiServerUrl, identities.authority, identities.of('admin'))
  await writeIfChanged(layout.kubeconfig, text, 0o600)
  return identities
}
