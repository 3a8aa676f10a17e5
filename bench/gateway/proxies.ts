/** The gateway and other proxies, each with one thread in front of two servers. */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Program } from '../load/server.ts'
import type { Binaries } from './binaries.ts'

/** Path of every request; a proxy that routes takes its first two parts away. */
export const requestPath = '/shop/support/predict'

/** What the gateway may be measured beside. */
export const models = ['haproxy', 'envoy', 'traefik'] as const
export const names = ['gateway', ...models] as const
export type ProxyName = (typeof names)[number]

/** About as large as the answer of a classifier. */
const answer = `{"label": "refund", "score": 0.9731, "padding": "${'x'.repeat(100)}"}`

const haproxyHead = `global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
`

/** A server that costs little: HAProxy answers by itself. */
const backendConfig = (port: number): string => `${haproxyHead}frontend f
  bind 127.0.0.1:${port}
  http-request return status 200 content-type application/json string '${answer.replaceAll('"', '\\"')}'
`

const haproxyConfig = (port: number, backends: readonly number[]): string => `${haproxyHead}frontend f
  bind 127.0.0.1:${port}
  default_backend b
backend b
  balance leastconn
  http-request replace-path /[^/]+/[^/]+(/.*) \\1
${backends.map((backend, at) => `  server s${at} 127.0.0.1:${backend}`).join('\n')}
`

const envoyConfig = (port: number, backends: readonly number[]): object => ({
  static_resources: {
    listeners: [
      {
        address: { socket_address: { address: '127.0.0.1', port_value: port } },
        filter_chains: [
          {
            filters: [
              {
                name: 'http',
                typed_config: {
                  '@type':
                    'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
                  stat_prefix: 'http',
                  route_config: {
                    virtual_hosts: [
                      {
                        name: 'all',
                        domains: ['*'],
                        routes: [
                          {
                            match: { prefix: '/shop/support/' },
                            route: { cluster: 'support', prefix_rewrite: '/' },
                          },
                        ],
                      },
                    ],
                  },
                  http_filters: [
                    {
                      name: 'router',
                      typed_config: {
                        '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router',
                      },
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
    clusters: [
      {
        name: 'support',
        type: 'STATIC',
        lb_policy: 'LEAST_REQUEST',
        load_assignment: {
          cluster_name: 'support',
          endpoints: [
            {
              lb_endpoints: backends.map((backend) => ({
                endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: backend } } },
              })),
            },
          ],
        },
      },
    ],
  },
})

const traefikStatic = (port: number, dynamic: string): object => ({
  entryPoints: { web: { address: `127.0.0.1:${port}` } },
  providers: { file: { filename: dynamic } },
  global: { checkNewVersion: false, sendAnonymousUsage: false },
  log: { level: 'ERROR' },
})

const traefikDynamic = (backends: readonly number[]): object => ({
  http: {
    routers: { support: { rule: 'PathPrefix(`/shop/support`)', service: 'support', middlewares: ['strip'] } },
    middlewares: { strip: { stripPrefix: { prefixes: ['/shop/support'] } } },
    services: {
      support: {
        loadBalancer: { servers: backends.map((backend) => ({ url: `http://127.0.0.1:${backend}` })) },
      },
    },
  },
})

const gatewayMain = join(import.meta.dirname, '../../gateway/src/main.ts')

export interface Scene {
  /** Folder of the configurations. */
  readonly folder: string
  readonly binaries: Binaries
}

const put = async (folder: string, name: string, content: string | object): Promise<string> => {
  await mkdir(folder, { recursive: true })
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

export const backendProgram = async ({ folder, binaries }: Scene, port: number): Promise<Program> => ({
  command: binaries.haproxy,
  args: ['-f', await put(folder, `backend-${port}.cfg`, backendConfig(port))],
  env: { LD_LIBRARY_PATH: binaries.libraries },
})

/** @param port where it listens @param backends ports of its servers */
export const proxyProgram = async (
  name: ProxyName,
  { folder, binaries }: Scene,
  port: number,
  backends: readonly number[],
): Promise<Program> => {
  switch (name) {
    case 'gateway': {
      const endpoints = backends.map((backend) => ({ url: `http://127.0.0.1:${backend}` }))
      const file = await put(folder, 'gateway.json', { models: [{ name: 'shop/support', endpoints }] })
      const options = ['--config', file, '--port', String(port), '--probe-port', '0', '--drain-seconds', '0']
      return { command: process.execPath, args: ['--max-semi-space-size=16', gatewayMain, ...options] }
    }
    case 'haproxy':
      return {
        command: binaries.haproxy,
        args: ['-f', await put(folder, 'haproxy.cfg', haproxyConfig(port, backends))],
        env: { LD_LIBRARY_PATH: binaries.libraries },
      }
    case 'envoy': {
      const file = await put(folder, 'envoy.json', envoyConfig(port, backends))
      await chmod(binaries.envoy, 0o755)
      return {
        command: binaries.envoy,
        args: ['--concurrency', '1', '-l', 'error', '--disable-hot-restart', '-c', file],
      }
    }
    case 'traefik': {
      const dynamic = await put(folder, 'traefik-dynamic.yaml', traefikDynamic(backends))
      const file = await put(folder, 'traefik.yaml', traefikStatic(port, dynamic))
      return { command: binaries.traefik, args: [`--configFile=${file}`], env: { GOMAXPROCS: '1' } }
    }
  }
}
