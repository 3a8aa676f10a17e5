/** Methods of the Open Inference Protocol that the gateway knows. */

const pathsOf = (methods: readonly string[]): ReadonlySet<string | undefined> =>
  new Set(methods.map((method) => `/inference.GRPCInferenceService/${method}`))

const inferences = pathsOf(['ModelInfer', 'ModelStreamInfer'])
const reads = pathsOf([
  'ServerLive',
  'ServerReady',
  'ServerMetadata',
  'ModelReady',
  'ModelMetadata',
  'RepositoryIndex',
])

/** Whether a call has the model compute something. @param path value of `:path` */
export const isInferenceCall = (path: string | undefined): boolean => inferences.has(path)

/** Whether a call may reach a second endpoint although the first may have computed it: it changes nothing there. */
export const isRepeatableCall = (path: string | undefined): boolean => inferences.has(path) || reads.has(path)
