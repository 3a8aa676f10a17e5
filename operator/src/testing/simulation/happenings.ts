/** What users, machines and other clients do to a model meanwhile. */
import { components, labels } from '@gantry/contract/labels.ts'
import { annotations } from '../../modeldeployment/desired/metadata.ts'
import type { Draft } from '../cluster.ts'
import { routedHere, servingGateway } from '../data-plane.ts'
import { gate, type Life } from './life.ts'
import { pick } from './random.ts'
import { fates, sourceOf } from './sources.ts'

interface Happening {
  /** How often it happens, beside the others. */
  readonly share: number
  readonly name: string
  readonly happen: (life: Life) => void
}

const between = ({ random }: Life, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1))

const edited =
  (change: (spec: Draft, life: Life) => void) =>
  (life: Life): void =>
    life.cluster.edit('ModelDeployment', ({ spec }) => change(spec, life))

const replicas = edited((spec, life) => {
  delete spec.autoscaling
  spec.replicas = between(life, 0, 3)
  if (spec.replicas === 0) life.mayBeEmpty = true
})

const autoscaling = edited((spec, life) => {
  delete spec.replicas
  spec.autoscaling =
    life.random() < 0.3 || spec.rollout?.gatewayApi
      ? { minReplicas: 1, maxReplicas: 3 }
      : { minReplicas: 0, maxReplicas: 3, idleSeconds: 60 }
})

const requestsChange = ({ requests, random }: Life): void => {
  requests.areKnown = random() < 0.8
  requests.areWaiting = random() < 0.4
  requests.idleMs = random() < 0.7 ? 1e9 : 0
}

const versionById = edited((spec, life) => {
  const versions = life.cluster.model().status?.versions ?? []
  if (versions.length > 0) spec.model.version = pick(life.random, versions).id
})

const suspend = edited((spec, life) => {
  spec.suspend = life.random() < 0.3
  if (spec.suspend) life.mayBeEmpty = true
})

const annotate = (life: Life): void => {
  const { canary, rejectedRevision } = life.cluster.model().status ?? {}
  const version = canary?.version ?? rejectedRevision?.version
  if (!version) return
  const action = pick(life.random, ['pause', 'abort', 'promote', 'resume'])
  life.cluster.edit('ModelDeployment', ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, [annotations.rollout]: `${action}@${version}` }
  })
}

const withoutAnnotation = ({ cluster }: Life): void =>
  cluster.edit('ModelDeployment', ({ metadata }) => {
    delete metadata.annotations?.[annotations.rollout]
  })

const podDies = (life: Life): void => {
  const pods = life.cluster
    .all('Pod')
    .filter(({ metadata }) => metadata.labels?.[labels.component] === components.server)
  if (pods.length > 0) life.cluster.store.erase(pick(life.random, pods))
}

/** What a model owns and a user may delete. What pods need to run leaves the model without pods. */
const owned = [
  'Service',
  'Deployment',
  'ServiceAccount',
  'NetworkPolicy',
  'ConfigMap',
  'PodDisruptionBudget',
  'Job',
] as const

const objectIsDeleted = (life: Life): void => {
  const kind = pick(life.random, owned)
  const objects = life.cluster.all(kind)
  if (objects.length === 0) return
  life.cluster.store.erase(pick(life.random, objects))
  life.mayBeEmpty ||= kind === 'Deployment' || kind === 'Service'
}

const deploymentIsEdited = (life: Life): void => {
  const deployments = life.cluster.all('Deployment')
  if (deployments.length === 0) return
  const { name } = pick(life.random, deployments).metadata
  life.cluster.edit('Deployment', ({ spec }) => Object.assign(spec, { replicas: between(life, 1, 4) }), name)
}

/** Clocks of nodes differ, and are put right: an operator on another node sees an earlier time. */
const clockJumps = (life: Life): void => life.cluster.advance(between(life, -600_000, 3_600_000))

const gatewaysGo = ({ cluster: { traffic }, random }: Life): void => {
  traffic.hasGateways = random() < 0.7
}

/** What divides the requests of a rollout, with what that allows. */
const dividing = (spec: Draft, { random }: Life): Draft => {
  if (random() < 0.3 && spec.autoscaling?.minReplicas !== 0) {
    const { routing, gatewayApi } = structuredClone(routedHere)
    return {
      routing,
      gatewayApi: { ...gatewayApi, ...(random() < 0.5 && { grpcHostnames: ['grpc.example'] }) },
    }
  }
  const surge = random() < 0.3 ? { surge: 0 } : {}
  const shadow = random() < 0.3 ? { shadow: { percent: 20, tolerance: 0.1 } } : {}
  return { ...surge, ...shadow }
}

/** Its Gateway is taken away or does not serve, its class says more or less, its controller rests; or all is well again. */
const planeChanges = ({ plane, random }: Life): void => {
  const { gateway, gatewayClass } = servingGateway()
  const programmed = random() < 0.8 ? 'True' : 'False'
  gateway.status.conditions[0].status = programmed
  Object.assign(plane, {
    gateway: random() < 0.8 ? gateway : undefined,
    gatewayClass: random() < 0.7 ? gatewayClass : undefined,
    says: random() < 0.7 ? { status: 'True', message: 'ok' } : undefined,
  })
}

const happenings: readonly Happening[] = [
  { share: 30, name: 'nothing', happen: () => {} },
  {
    share: 12,
    name: 'another source',
    happen: edited((spec, life) => {
      delete spec.model.version
      spec.model.source.uri = sourceOf(pick(life.random, fates), between(life, 1, 3))
    }),
  },
  {
    share: 4,
    name: 'another label',
    happen: edited((spec, life) => {
      spec.model.version = `label-${between(life, 1, 5)}`
    }),
  },
  { share: 5, name: 'a version by its id', happen: versionById },
  { share: 4, name: 'replicas', happen: replicas },
  { share: 5, name: 'an autoscaler', happen: autoscaling },
  { share: 10, name: 'requests come or end', happen: requestsChange },
  { share: 3, name: 'suspend', happen: suspend },
  {
    share: 3,
    name: 'threads',
    happen: edited((spec, life) => {
      spec.serve.threads = between(life, 1, 4)
    }),
  },
  {
    share: 3,
    name: 'a gate',
    happen: (life) => {
      if (life.isGated) return
      life.cluster.edit('ModelDeployment', ({ spec }) => {
        if (life.random() < 0.5) spec.evaluate = gate
        else delete spec.evaluate
      })
    },
  },
  {
    share: 3,
    name: 'a recipe',
    happen: edited((spec, life) => {
      if (life.random() < 0.5) spec.optimize = { quantize: 'int8-dynamic' }
      else delete spec.optimize
    }),
  },
  {
    share: 3,
    name: 'another strategy',
    happen: edited((spec, life) => {
      if (life.random() < 0.5) delete spec.rollout
      else {
        spec.rollout = {
          ...{ strategy: 'Canary', steps: [{ weight: between(life, 1, 100), holdSeconds: 30 }] },
          ...dividing(spec, life),
        }
      }
    }),
  },
  { share: 8, name: 'an action of a rollout', happen: annotate },
  { share: 3, name: 'no action of a rollout', happen: withoutAnnotation },
  { share: 6, name: 'a pod dies', happen: podDies },
  { share: 4, name: 'an object is deleted', happen: objectIsDeleted },
  { share: 3, name: 'a Deployment is edited', happen: deploymentIsEdited },
  { share: 3, name: 'the clock jumps', happen: clockJumps },
  { share: 3, name: 'gateways come or go', happen: gatewaysGo },
  { share: 3, name: 'a data plane changes', happen: planeChanges },
  {
    share: 4,
    name: 'a gateway starts again',
    happen: ({ gateways, random }) => {
      pick(random, gateways).port = undefined
    },
  },
  { share: 6, name: 'the operator starts again', happen: ({ operator }) => operator.restart() },
  {
    share: 6,
    name: 'the API server fails more or less',
    happen: ({ faults, random }) => {
      faults.rate = pick(random, [0, 0.05, 0.2, 0.6])
    },
  },
]

const deck = happenings.flatMap((happening) => Array.from({ length: happening.share }, () => happening))

export const happensNext = (life: Life): void => {
  const { name, happen } = pick(life.random, deck)
  happen(life)
  if (name !== 'nothing') life.story.push(name)
}
