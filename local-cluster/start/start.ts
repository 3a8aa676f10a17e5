/**
 * `npm start`: from nothing to answers. Brings up the local Kubernetes (or takes `--context NAME` of your kubeconfig), installs
 * Gantry, applies the samples, waits until they are Ready and asks each of them something.
 */
import { parseArgs } from 'node:util'
import { binFolder, ensureBinaries, missingBinaries } from '../binaries/binaries.ts'
import { allBinaries } from '../binaries/build.ts'
import { downloadableOf, downloadSource } from '../binaries/releases.ts'
import { status } from '../cluster.ts'
import { install } from '../gantry/install.ts'
import { buildImages, imagesWereBuilt, installImages, startCluster } from '../gantry/prepare.ts'
import { type Kubectl, kubectl } from '../kubectl.ts'
import { localKubeconfig, localKubectl, localPaths } from '../local.ts'
import { run } from '../machine/command.ts'
import { ensurePrograms, missingPackages, requireRoot } from '../machine/requirements.ts'
import { filtered, progressOn, withElapsed } from '../progress.ts'
import { showAnswers } from './answers.ts'
import { type Cluster, kubectlCommand, nextSteps } from './next-steps.ts'
import { planForContext, planOf, planText, type Situation, type Step } from './plan.ts'
import { sampleNamespace, serveSamples } from './samples.ts'
import { failureText, type RunStep, stepRunner } from './steps.ts'

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

const output = progressOn(process.stdout)
const progress = withElapsed(output)

const begin = (steps: readonly Step[]): RunStep => {
  console.log(`${planText(steps)}\n`)
  return stepRunner(steps, progress.line)
}

const look = async (): Promise<Situation> => {
  const missing = await missingBinaries(localPaths)
  return {
    missingPackages: missingPackages(process.env),
    missingBinaries: missing,
    downloadable: downloadableOf(missing, downloadSource(process.env), process.arch),
    imagesBuilt: await imagesWereBuilt(),
    clusterUp: (await status(localPaths, process.env)).nodeReady,
  }
}

const onCluster = async (client: Kubectl, step: RunStep): Promise<void> => {
  await step('samples', () => serveSamples(client, progress))
  console.log(`\n${client.run(['get', 'modeldeployments', '-n', sampleNamespace])}`)
  await step('answers', () => showAnswers(client, sampleNamespace))
}

const onLocalCluster = async (): Promise<void> => {
  requireRoot()
  const step = begin(planOf(await look()))
  const news = filtered(progress, (line) => !line.endsWith('cached'))
  await step('packages', () => ensurePrograms(process.env, news))
  await step('programs', () => ensureBinaries(localPaths, allBinaries, news).then(() => undefined))
  await step('cluster', () => startCluster(news))
  const images = await step('images', () => buildImages(progress))
  await step('gantry', () => installImages(images, { progress }))
  await onCluster(localKubectl(), step)
}

const onExistingCluster = async (context: string, registry: string, tag: string): Promise<void> => {
  await run('kubectl', ['version', '--client'])
  const client = kubectl(['kubectl', '--context', context])
  const step = begin(planForContext())
  await step('gantry', () =>
    install({
      kubectl: client,
      helm: ['helm', '--kube-context', context],
      values: { 'image.registry': registry, 'image.tag': tag },
      storeImage: `${registry}/gantry/model-store:${tag}`,
      progress,
    }),
  )
  await onCluster(client, step)
}

const main = async (): Promise<number> => {
  const { context, registry, tag, help } = parse()
  if (help) {
    console.log(usage)
    return 0
  }
  if (context && !registry) {
    return wrong('--context needs --registry: push the three images there first, see docs/install.md')
  }
  if (!context && (registry ?? tag)) {
    return wrong(
      '--registry and --tag say where the cluster of --context pulls images from; give --context too',
    )
  }
  const cluster: Cluster = context
    ? { flags: `--context ${context} ` }
    : { flags: '', local: { kubeconfig: localKubeconfig, bin: binFolder(localPaths) } }
  try {
    await (context && registry ? onExistingCluster(context, registry, tag ?? '0.1.0') : onLocalCluster())
  } catch (error) {
    output.line('')
    console.error(`${failureText(error, kubectlCommand(cluster))}`)
    return 1
  }
  console.log(nextSteps(cluster, sampleNamespace))
  return 0
}

process.exitCode = await main()
