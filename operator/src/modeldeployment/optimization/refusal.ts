/** Why no Job may make the version that spec.optimize asks for. */
import type { Finding } from '../../runtime/finding.ts'
import type { ReconcileConfig } from '../config.ts'
import { datasetRefusal } from '../evaluation/dataset-refusal.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import type { TargetVersion } from '../target.ts'
import { calibrationOf } from './recipe.ts'

/** Training needs PyTorch, whose image is several times as large as the optimizer's, so an installation has it only where somebody wants it. */
const trainerRefusal = (
  { spec }: ModelDeployment,
  target: Extract<TargetVersion, { kind: 'optimize' }>,
  { trainerImage }: ReconcileConfig,
): Finding | undefined => {
  if (!spec.optimize?.distill || trainerImage !== undefined) return undefined
  const serves = target.current ? `${target.current.id} serves on` : 'Nothing serves yet'
  return {
    reason: 'TrainerMissing',
    message: `spec.optimize.distill trains a student, and this installation of Gantry has no image with PyTorch. ${serves}. Build the image (docs/install.md) and set the chart value image.trainer, or remove spec.optimize.distill.`,
    retry: 'never',
  }
}

/** Each format has a library of its own, and together they are as large as PyTorch. */
const exporterRefusal = (
  target: Extract<TargetVersion, { kind: 'optimize' }>,
  { exporterImage }: ReconcileConfig,
): Finding | undefined => {
  if (!target.parent.input || exporterImage !== undefined) return undefined
  const serves = target.current ? `${target.current.id} serves on` : 'Nothing serves yet'
  return {
    reason: 'ExporterMissing',
    message: `spec.optimize.export makes a graph of a model of ${target.parent.input.format}, and this installation of Gantry has no image with its library. ${serves}. Build the image (docs/install.md) and set the chart value image.exporter, or give the model as ONNX.`,
    retry: 'never',
  }
}

/** The recipe of a candidate of a ModelEvaluation; with one in spec, the API server refuses the key. */
const encryptedRefusal = (target: Extract<TargetVersion, { kind: 'optimize' }>): Finding => {
  const serves = target.current ? `${target.current.id} serves on` : 'Nothing serves yet'
  return {
    reason: 'OptimizationUnsupported',
    message: `${target.parent.id} is encrypted, and the optimizer reads and writes files as they are. ${serves}. Give the optimized model as the source, or remove spec.storage.encryptionKeySecretRef.`,
    retry: 'never',
  }
}

/** @returns undefined where nothing is to be optimized, or nothing keeps it from being so */
export const optimizationRefusal = (
  model: ModelDeployment,
  target: TargetVersion,
  config: ReconcileConfig,
): Finding | undefined => {
  if (target.kind !== 'optimize') return undefined
  if (target.parent.encryptionKey !== undefined) return encryptedRefusal(target)
  if (target.parent.input) return exporterRefusal(target, config)
  const missing = trainerRefusal(model, target, config)
  if (missing) return missing
  const calibration = calibrationOf(model)
  return calibration && datasetRefusal(calibration.dataset, calibration.field, config)
}
