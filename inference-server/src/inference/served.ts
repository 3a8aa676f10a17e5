import { type Device, type ServedModel, servedModelMember } from '@gantry/contract/server.ts'
import type { Spare } from '../batching/beside.ts'
import type { Drift } from '../drift/drift.ts'
import type { ModelFolder } from '../models/model-files.ts'
import type { ClassNames } from '../onnx/class-names.ts'
import type { Declared } from '../requests/declared-names.ts'
import type { LoadedSession } from '../sessions/session-messages.ts'
import type { Batching } from '../sharing/permission.ts'
import type { ChatScript } from '../tasks/chat.ts'
import type { LoadedTask } from '../tasks/task.ts'
import type { Signature, TensorSpec } from '../tensors/tensor.ts'
import type { Callers } from './callers.ts'
import type { Predictor } from './predict.ts'

/** A model that is being served. */
export interface Served {
  readonly model: ModelFolder & {
    /** Names that the request log knows of the model; set where the log shows part of the contents. */
    readonly declared: Declared | undefined
  }
  /** A getter, since a model may move from the GPU to the CPU. */
  readonly device: ServedModel['device']
  readonly task: LoadedTask | undefined
  /** The reply templates of /chat, where the model's task has them. */
  readonly chatScript: ChatScript | undefined
  /** A getter, since rows may turn out to meet. */
  readonly batching: Batching
  readonly predictor: Predictor
  readonly drift: Drift
  /** What of its files differs from the import since they were loaded; a sentence without a full stop. */
  readonly damage: () => string | undefined
  /** What its runners have beside predictions. */
  readonly spare: Spare
  /** Workers that can take a run. */
  readonly serving: () => number
  /** A caller enters before it uses the version, which might be closed in between otherwise. */
  readonly callers: Callers
  /** The callers among them that ask for an explanation. */
  readonly explanations: Callers
}

export const deviceOf = (
  requested: Device,
  { active, reason }: Pick<LoadedSession, 'active' | 'reason'>,
): ServedModel['device'] => ({
  requested,
  active,
  ...(reason !== undefined && { reason }),
})

/**
 * What the task takes and gives instead of the model's tensors, in the same words: one element for each item, lists for
 * all items. A client that is made from the standard members alone goes on sending the model's own tensors.
 */
const taskMetadata = ({ fields, lists, parameters, outputs }: LoadedTask) => ({
  inputs: [...fields, ...lists].map((name) => ({ name, datatype: 'BYTES', shape: [-1] })),
  parameters,
  outputs,
})

const tensorMetadata = ({ name, datatype, shape }: TensorSpec) => ({ name, datatype, shape })

/** The columns of an output that are classes, in their order. */
const classesMetadata = (classes: ReadonlyMap<string, ClassNames>) =>
  [...classes].map(([output, names]) => ({ output, names }))

/** Names of inputs and outputs without a declared shape. The protocol cannot express that, so they look like scalars there. */
const anyRanks = ({ inputs, outputs }: Signature): readonly string[] =>
  [...inputs, ...outputs].filter(({ anyRank }) => anyRank).map(({ name }) => name)

const damaged = ({ damage }: Pick<Served, 'damage'>): Pick<ServedModel, 'damage'> => {
  const what = damage()
  return what === undefined ? {} : { damage: what }
}

/** Answer to GET /v2/models/NAME. @param versions those that answer */
export const modelMetadata = (
  { model, device, task, batching, drift, ...served }: Served,
  versions: readonly string[],
) => ({
  name: model.name,
  versions,
  platform: 'onnx_onnxv1',
  inputs: model.inputs.map(tensorMetadata),
  outputs: model.outputs.map(tensorMetadata),
  [servedModelMember]: {
    ...({
      version: model.version,
      device,
      batching,
      ...(model.assumptions && { assumptions: model.assumptions }),
      ...(drift.state && { drift: drift.state() }),
      ...damaged(served),
    } satisfies ServedModel),
    task: model.task,
    ...(model.classes?.size && { classes: classesMetadata(model.classes) }),
    ...(anyRanks(model).length > 0 && { anyRank: anyRanks(model) }),
    ...(task && taskMetadata(task)),
  },
})

/** Answer to GET /v2. @param loads whether requests may load and unload versions */
export const serverMetadata = (version: string, loads: boolean) => ({
  name: 'gantry',
  version,
  extensions: ['binary_tensor_data', ...(loads ? ['model_repository'] : [])],
})
