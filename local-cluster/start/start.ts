/**
 * `npm start`: from nothing to answers. Brings up the local Kubernetes (or takes `--context NAME` of your kubeconfig), installs
 * Gantry, applies the samples, waits until they are Ready and asks each of them something.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { binFolder } from '../binaries/binaries.ts'
import { install } from '../gantry/install.ts'
import { prepare } from '../gantry/prepare.ts'
import { conditionOf, eventually, type Kubectl, kubectl, type Live } from '../kubectl.ts'
import { localKubeconfig, localKubectl, localPaths } from '../local.ts'
import { showAnswers } from './answers.ts'

const root = join(import.meta.dirname, '../..')
const samples = ['customer-service', 'chest-xray', 'breast-cancer'] as const
const namespace = 'gantry-examples'

const usage = `usage: npm start [-- --context NAME --registry HOST/PATH [--tag TAG]]

  without options   a Kubernetes of its own on this machine (Linux, root)
  --context NAME    the cluster of this context of your kubeconfig; needs kubectl and helm on the PATH
  --registry …      where that cluster pulls gantry/operator, gantry/inference-server and gantry/model-store from
  --tag TAG         their tag; default is the version of the chart
`

const wrong = (message: string): never => {
  console.error(`${message}\n\n${usage}`)
  process.exit(2)
}

const parse = () => {
  try {
    const text = { type: 'string' } as const
    const help = { type: 'boolean', default: false } as const
    return parseArgs({ options: { context: text, registry: text, tag: text, help } }).values
  } catch (error) {
    return wrong((error as Error).message)
  }
}
const options = parse()
if (!options.context && (options.registry ?? options.tag)) {
  wrong('--registry and --tag say where the cluster of --context pulls images from; give --context too')
}

const started = performance.now()
const log = (line: string): void =>
  console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}`)

const onLocalCluster = async (): Promise<Kubectl> => {
  await prepare({ log })
  return localKubectl()
}

const onExistingCluster = async (context: string): Promise<Kubectl> => {
  const { registry, tag = '0.1.0' } = options
  if (!registry) {
    return wrong('--context needs --registry: push the three images there first, see docs/install.md')
  }
  const client = kubectl(['kubectl', '--context', context])
  await install({
    kubectl: client,
    helm: ['helm', '--kube-context', context],
    values: { 'image.registry': registry, 'image.tag': tag },
    storeImage: `${registry}/gantry/model-store:${tag}`,
    log,
  })
  return client
}

/** Tells each new reason once, so that waiting is not silent. */
const narrate = (): ((model: Live) => void) => {
  const told = new Set<string>()
  return (model) => {
    const ready = conditionOf(model, 'Ready')
    const line = `${model.metadata.name}: ${ready?.reason ?? 'Waiting'} ${ready?.message ?? 'for the operator'}`
    if (!told.has(line)) log(line)
    told.add(line)
  }
}

const main = async (): Promise<void> => {
  const client = options.context ? await onExistingCluster(options.context) : await onLocalCluster()
  log('applying the samples')
  for (const name of samples) client.applyFile(join(root, 'manifests/samples', `${name}.yaml`))
  const tell = narrate()
  for (const name of samples) {
    await eventually(
      `${name} is Ready`,
      () => {
        const model = client.get('modeldeployment', name, namespace)
        if (model) tell(model)
        return model !== undefined && conditionOf(model, 'Ready')?.status === 'True'
      },
      { timeoutMs: 600_000 },
    )
  }
  log('every sample is Ready')
  console.log(`\n${client.run(['get', 'modeldeployments', '-n', namespace])}`)
  await showAnswers(client, namespace)
  console.log(
    options.context
      ? howToGoOn('kubectl', `--context ${options.context} `)
      : `${howToGoOn('kubectl', '')}\nThe cluster stays up; \`npm stop\` removes it. kubectl and helm for it:\n  export KUBECONFIG=${localKubeconfig} PATH=${binFolder(localPaths)}:$PATH`,
  )
}

const howToGoOn = (command: string, flags: string): string => `
Go on:
  ${command} ${flags}-n ${namespace} get mdl                          all models
  ${command} ${flags}-n ${namespace} describe mdl customer-service    its conditions and Events
  ${command} ${flags}-n ${namespace} port-forward svc/customer-service 8000:80
  curl -s localhost:8000/chat -H 'content-type: application/json' -d '{"text":"我想退货"}'
  ${command} ${flags}apply -f manifests/samples/autoscaled.yaml                   an autoscaled model`

if (options.help) console.log(usage)
else {
  try {
    if (options.context) execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' })
    await main()
  } catch (error) {
    console.error(`\nerror: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(1)
  }
}
