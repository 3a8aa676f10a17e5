import { join } from 'node:path'
import { conditionOf, eventually, type Kubectl, type Live } from '../kubectl.ts'
import { during, type Progress } from '../progress.ts'

export const sampleNamespace = 'gantry-examples'

const folder = join(import.meta.dirname, '../../manifests/samples')
const samples = ['customer-service', 'chest-xray', 'breast-cancer'] as const

const isReady = (model: Live): boolean => conditionOf(model, 'Ready')?.status === 'True'

/** Tells each new reason once. */
const narrator = (progress: Progress): ((model: Live) => void) => {
  const told = new Set<string>()
  return (model) => {
    const ready = conditionOf(model, 'Ready')
    const line = `${model.metadata.name}: ${ready?.reason ?? 'Waiting'} ${ready?.message ?? 'for the operator'}`
    if (!told.has(line)) progress.line(line)
    told.add(line)
  }
}

/** Applies the samples and waits until each is Ready. @throws Error naming the one that is not, and why */
export const serveSamples = async (kubectl: Kubectl, progress: Progress): Promise<void> => {
  for (const name of samples) kubectl.applyFile(join(folder, `${name}.yaml`))
  const tell = narrator(progress)
  for (const name of samples) {
    const ready = (): boolean => {
      const model = kubectl.get('modeldeployment', name, sampleNamespace)
      if (model) tell(model)
      return model !== undefined && isReady(model)
    }
    await during(progress, `waiting for ${name}`, () =>
      eventually(`${name} is Ready`, ready, { timeoutMs: 600_000 }),
    )
  }
}
