/** The JSON of custom.metrics.k8s.io: discovery, values, refusals. Pure. */
import { group, type MetricAddress, type Version, versions } from './address.ts'
import { type Measurement, podMetrics } from './reading.ts'

const ofVersion = (version: Version) => ({ groupVersion: `${group}/${version}`, version })

const groupMembers = {
  name: group,
  versions: versions.map(ofVersion),
  preferredVersion: ofVersion(versions[0]),
}

export const groupList = { kind: 'APIGroupList', apiVersion: 'v1', groups: [groupMembers] }

export const groupDocument = { kind: 'APIGroup', apiVersion: 'v1', ...groupMembers }

export const resourceList = (version: Version) => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: `${group}/${version}`,
  resources: [...podMetrics.keys()].map((name) => ({
    ...{ name: `pods/${name}`, singularName: '', namespaced: true },
    ...{ kind: 'MetricValueList', verbs: ['get'] },
  })),
})

/** The metrics have no schema of their own; without a document the API server logs a failure every minute. */
export const openApi = {
  v2: { swagger: '2.0', info: { title: 'Gantry custom metrics', version: 'v1beta2' }, paths: {} },
  v3: { paths: {} },
} as const

const milli = 1000

/** A quantity: whole numbers as they are, others in thousandths. */
const quantityOf = (value: number): string =>
  Number.isInteger(value) ? `${value}` : `${Math.round(value * milli)}m`

export interface PodValue extends Measurement {
  readonly pod: string
}

const identified = (version: Version, metric: string) =>
  version === 'v1beta1'
    ? { metricName: metric, selector: null }
    : { metric: { name: metric, selector: null } }

/** v1beta1 calls it otherwise. */
const windowed = (version: Version, windowSeconds: number) => {
  const seconds = Math.round(windowSeconds)
  if (seconds === 0) return {}
  return version === 'v1beta1' ? { window: seconds } : { windowSeconds: seconds }
}

/** RFC 3339 with whole seconds, as Kubernetes writes times. */
const timestampOf = (wallMs: number): string => `${new Date(wallMs).toISOString().slice(0, 19)}Z`

export const valueList = (
  { version, namespace, metric }: Pick<MetricAddress, 'version' | 'namespace' | 'metric'>,
  values: readonly PodValue[],
) => ({
  kind: 'MetricValueList',
  apiVersion: `${group}/${version}`,
  metadata: {},
  items: values.map(({ pod, value, windowSeconds, wallMs }) => ({
    describedObject: { kind: 'Pod', namespace, name: pod, apiVersion: '/v1' },
    ...identified(version, metric),
    timestamp: timestampOf(wallMs),
    ...windowed(version, windowSeconds),
    value: quantityOf(value),
  })),
})

export type RefusalCode = 400 | 401 | 403 | 404 | 405 | 500 | 503

const reasons: Readonly<Record<RefusalCode, string>> = {
  ...{ 400: 'BadRequest', 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound' },
  ...{ 405: 'MethodNotAllowed', 500: 'InternalError', 503: 'ServiceUnavailable' },
}

/** An answer other than 200, with a sentence. */
export interface Refusal {
  readonly code: RefusalCode
  readonly message: string
}

export const statusDocument = ({ code, message }: Refusal) => ({
  ...{ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' },
  ...{ message, reason: reasons[code], code },
})
