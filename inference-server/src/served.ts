import { type Device, type ServedModel, servedModelMember } from '@gantry/contract/server.ts'
import type { ModelFolder } from './model.ts'
import type { Predictor } from './predict.ts'
import type { LoadedSession } from './session-messages.ts'
import type { ChatScript } from './tasks/chat.ts'
import type { LoadedTask } from './tasks/task.ts'
import type { TensorSpec } from './tensor.ts'
import type { Batching } from './warm-up.ts'

/** A model that answers. */
export interface Served {
  readonly model: ModelFolder
  /** Read anew for each answer: a model may move from the GPU to the CPU. */
  readonly device: ServedModel['device']
  readonly task: LoadedTask | undefined
  /** Of a model that /chat may ask. */
  readonly chatScript: ChatScript | undefined
  readonly batching: Batching
  readonly predictor: Predictor
}

export const deviceOf = (
  requested: Device,
  { active, reason }: Pick<LoadedSession, 'active' | 'reason'>,
): ServedModel['device'] => ({
  requested,
  active,
  ...(reason !== undefined && { reason }),
})

const tensorMetadata = ({ name, datatype, shape }: TensorSpec) => ({ name, datatype, shape })

/** Answer to GET /v2/models/NAME. */
export const modelMetadata = ({ model, device }: Served) => ({
  name: model.name,
  versions: [model.version],
  platform: 'onnx_onnxv1',
  inputs: model.inputs.map(tensorMetadata),
  outputs: model.outputs.map(tensorMetadata),
  [servedModelMember]: { version: model.version, device } satisfies ServedModel,
})

/** Answer to GET /v2. */
export const serverMetadata = (version: string) => ({
  name: 'gantry',
  version,
  extensions: ['binary_tensor_data'],
})
