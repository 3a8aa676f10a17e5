/**
 * Reasons of conditions and Events, each defined once: what it means, and what to do. Everything that tells a reason takes
 * its name from here, and docs/modeldeployment.md has a table of them. Texts are Markdown.
 */
import type {
  CandidateFailure,
  EvaluationFailure,
  ImportFailure,
  OptimizationFailure,
} from './documents.gen.ts'

interface Explanation {
  /** One sentence. */
  readonly means: string
  /** What to do next; absent where there is nothing to do. */
  readonly next?: string
}
type Explanations = Readonly<Record<string, Explanation>>

/** A change is being carried out. Events with these reasons are no warnings. */
export const steps = {
  Importing: { means: 'The source is being imported to the volume.' },
  Evaluating: {
    means: 'A new version is being measured before it gets any traffic; the one before serves meanwhile.',
  },
  Optimizing: {
    means:
      'A version is being made from the imported one by `spec.optimize`; the one that serves goes on meanwhile.',
  },
  WaitingForEvaluation: {
    means: 'The ModelEvaluation of `spec.model.source.evaluationRef` has no winner yet; what serves goes on.',
    next: 'Wait, or see what it waits for: `kubectl describe mev NAME`',
  },
  RollingOut: { means: 'New pods are being started; the old ones serve until these are ready.' },
  CanaryStarting: {
    means: 'The pods of a new version are being started beside those that serve; it has no requests yet.',
  },
  CanaryProgressing: {
    means: 'A new version gets its share of the requests, and is compared with the one that serves.',
  },
  CanaryPaused: {
    means:
      'The annotation `gantry.dev/rollout: pause@VERSION` keeps a new version at its share of the requests.',
    next: '`gantry resume NAME`, `gantry promote NAME` or `gantry abort NAME`',
  },
  PodsNotReady: { means: 'Not all pods are ready; the others start or recover.' },
  NotAnswering: {
    means: 'Ready pods do not report to the operator which version they serve, or report another one.',
    next: 'If that lasts, check that network policies let the operator reach the pods',
  },
  PredecessorEnding: {
    means: 'An object still belongs to a deleted ModelDeployment of the same name, and is waited for.',
  },
  Suspended: {
    means: '`spec.suspend` is true, so nothing is changed.',
    next: 'Set it to false to have changes carried out',
  },
} as const satisfies Explanations

/** The desired state is not reached. The message of the condition names the object and the field. */
export const troubles = {
  CanaryWorse: {
    means: 'A new version was tried and is worse than the one before, which serves on.',
    next: 'Correct the model, or try the version again: `gantry resume NAME`',
  },
  CanaryAborted: {
    means: 'A user has taken back a new version; the one before serves on.',
    next: 'Put another version into spec, or try this one again: `gantry resume NAME`',
  },
  CanaryStarved: {
    means:
      'A step of a canary has lasted for `spec.rollout.maxStepSeconds`: it has not had `minRequests` requests, or its pods are not ready.',
    next: 'Send requests, lower `spec.rollout.abort.minRequests`, or `gantry promote NAME`',
  },
  GatewayMissing: {
    means:
      'No gateway answers that could divide requests of a model or hold them while it sleeps; with `spec.serve.tls`, its certificate has to name the model.',
    next: 'Install it (`gateway.enabled` of the chart), or give it a certificate (`gateway.tls.secretName`), as the message says, or set `strategy: Rolling` or `minReplicas: 1`',
  },
  TooFewPods: {
    means: '`spec.rollout.surge` is 0, and the model has one pod, of which a canary cannot take any.',
    next: 'Set `replicas` or `autoscaling.minReplicas` to 2 or more, or leave `surge` out where there is room for another pod',
  },
  SourceUnreachable: {
    means: 'The source does not answer; it is retried with backoff.',
    next: 'Nothing, or correct the address. The reason stays until the source answers, so `kubectl get mdl -w` prints it once',
  },
  SourceNotFound: {
    means: 'The source, or the claim that it names, does not exist.',
    next: 'Correct `uri`, or create the claim',
  },
  SourceForbidden: {
    means: 'The source refuses the download, or credentials may not be sent to its host.',
    next: 'Give credentials with `secretRef`, correct them, or name the host in the key `hosts` of the Secret; see [credentials](#credentials)',
  },
  SourceNotAllowed: {
    means: 'Imports do not connect to the address of the source, or to one that it redirects to.',
    next: 'See [where imports connect to](#where-imports-connect-to)',
  },
  SourceUnsupported: {
    means: 'The source is of a kind that is not imported.',
    next: 'Give one of the file types above',
  },
  FileSourceNotAllowed: {
    means: '`file://` is for development, and this installation does not allow it.',
    next: 'Give another source, or set `allowFileSources` of the chart',
  },
  DigestMismatch: {
    means:
      'The file is not the one that `sha256` describes, or the files of a version are not those that were imported.',
    next: 'Correct `sha256`, or find out who changed the file; of a version on the volume, `gantry fsck NAME` says what differs, and another `spec.model.version` imports the source again',
  },
  SignatureInvalid: {
    means: 'The source does not have the signature that `source.signature` asks for.',
    next: 'The message says what is wrong; ask who publishes the model to sign it again, or correct the public key',
  },
  NotOnnx: {
    means: 'The source is not an ONNX model.',
    next: 'The message says what kind of file it is, or what it holds instead',
  },
  ModelIncomplete: {
    means: 'A file that the model needs is missing or damaged, or several graphs could be meant.',
    next: 'Add what the message names, or choose a graph with `source.file`',
  },
  ModelUnsupported: {
    means: 'This version of onnxruntime, or the task, cannot run the model.',
    next: 'The message says what is lacking: an operator set, a domain, or a type that no tensor carries',
  },
  UnsafePath: {
    means: 'An archive entry, a link, an external-data path or the `uri` leads out of its folder.',
    next: 'Pack the model again, or name a path inside the claim',
  },
  VolumeFull: {
    means: 'The volume is full, or the source unpacks to more than `spec.storage.size`.',
    next: 'The message says whether this volume can grow. If it can, raise the size, and the import starts again. Else do what the message says',
  },
  EncryptionKeyUnusable: {
    means:
      'The Secret of `spec.storage.encryptionKeySecretRef` lacks a key, has one that is no key, or one that does not open a version; what serves goes on.',
    next: 'Correct the Secret as the message says: keys are 32 bytes in base64, and a key stays until `status.versions` names it no more',
  },
  ImportFailed: {
    means: 'The import ended without a result for another reason.',
    next: 'The message has the end of its log. Delete its Job to try again; the message gives the command',
  },
  EvaluationNotFound: {
    means:
      'The ModelEvaluation of `spec.model.source.evaluationRef`, or the candidate that it names, does not exist.',
    next: 'Create it, or correct the name',
  },
  NoWinner: {
    means: 'The ModelEvaluation has ended, and no candidate, or not the one that is named, may be deployed.',
    next: 'The message has the reason. Correct the ModelEvaluation, or name another candidate',
  },
  TaskMismatch: {
    means: 'The candidate of the ModelEvaluation was measured with another task than `spec.model.task`.',
    next: 'Set `spec.model.task` to the one in the message',
  },
  AccuracyTooLow: {
    means:
      'A new version is worse on the data of `spec.evaluate` than the limit allows; the one before serves on.',
    next: 'Give a better model, or change `minAccuracy`; it is judged again without being measured again',
  },
  AccuracyDropped: {
    means:
      'A new version is worse than the one that serves by more than `maxAccuracyDrop`, on the same samples; that one serves on.',
    next: 'Give a better model, or change `maxAccuracyDrop`',
  },
  LatencyTooHigh: {
    means: 'A new version is slower than `maxLatencyP95Ms`; the one before serves on.',
    next: 'Give a smaller model, more threads or a GPU, or change the limit',
  },
  CostTooHigh: {
    means: 'The pods of the model would cost more than `maxHourlyCost`; the version before serves on.',
    next: 'Ask for less in `spec.serve.resources` or for fewer pods, or change the limit',
  },
  NotComparable: {
    means:
      'A version could not be compared with the one that serves, or with its parent, so `maxAccuracyDrop` cannot be judged.',
    next: 'The message says why. Correct the data, or remove the limit for this version; for an optimized one, set `spec.evaluate`',
  },
  OptimizationUnsupported: {
    means: 'The optimizer cannot take a step of `spec.optimize` with this model.',
    next: 'The message says which, and why. Leave the step out, or remove `spec.optimize`',
  },
  NothingToOptimize: {
    means: 'The steps of `spec.optimize` find nothing in this model that they could change.',
    next: 'Choose other steps, or remove `spec.optimize`',
  },
  CalibrationInvalid: {
    means: 'The samples cannot be used to calibrate: too few, or of another shape than the inputs.',
    next: 'Correct `spec.optimize.dataset`, or that of `spec.evaluate` where there is no other',
  },
  OptimizationOutOfMemory: {
    means: 'The optimizer needs more memory than its container may use.',
    next: 'Raise `spec.optimize.resources.limits.memory` to what the message says; it then starts again by itself',
  },
  AgreementTooLow: {
    means:
      'The answers of the optimized version differ from those of its parent by more than `spec.optimize.maxAccuracyDrop`; what served before serves on.',
    next: 'Give a weaker recipe, data with labels in `spec.evaluate`, or another `maxAccuracyDrop`',
  },
  NotFaster: {
    means:
      'An int8 version did not measure faster than its parent on the GPU, which lacks kernels for it; what served before serves on.',
    next: 'Use `quantize: fp16`, or serve the version on CPUs',
  },
  TrainerMissing: {
    means: '`spec.optimize.distill` needs the image with PyTorch, and the installation has none.',
    next: 'Build it and set the chart value `image.trainer`, or remove `spec.optimize.distill`; what served before serves on',
  },
  ExporterMissing: {
    means:
      '`spec.optimize.export` needs the image with the libraries of other formats, and the installation has none.',
    next: 'Build it and set the chart value `image.exporter`, or give the model as ONNX; what served before serves on',
  },
  OptimizationFailed: {
    means: 'The optimization ended without a version for another reason.',
    next: 'The message has the end of its log. Delete its Job to try again; the message gives the command',
  },
  VersionNotFound: {
    means: '`spec.model.version` or `spec.model.keep` has the id of a version that is not on the volume.',
    next: 'Set one of the ids that the message lists, or a label of your own as `spec.model.version`; take the id out of `keep`',
  },
  VolumeUnbound: {
    means: 'The claim gets no volume, or its volume does not exist any more.',
    next: 'Set `spec.storage.storageClassName` to a class that provisions volumes; a lost claim has to be deleted',
  },
  VolumeLost: {
    means: 'The claim is gone, and the versions on it; a new one is made and the source is imported again.',
  },
  VolumeEnding: {
    means: 'The claim was deleted, and is removed when no pod uses it.',
    next: 'Wait, or delete the pods as the message says, which is an outage',
  },
  VolumeNotMounted: {
    means: 'A pod waits for its volumes.',
    next: 'The message has the reason of the kubelet',
  },
  VolumeNotEnlarged: {
    means: 'The API server refuses the new size; the old one stays.',
    next: 'See [a larger volume](#a-larger-volume)',
  },
  PodTemplateNotAllowed: {
    means: '`spec.serve.podTemplate` has settings that this installation does not allow.',
    next: 'Remove the fields that the message names, or have them listed; see [what podTemplate may ask for](#what-podtemplate-may-ask-for)',
  },
  SpecTooDeep: {
    means: 'A field of spec is nested too deeply, where the CRD takes anything (an affinity, a metric).',
    next: 'Shorten the field that the message names',
  },
  TooManyReplicas: {
    means: 'The model asks for more pods than the installation allows.',
    next: 'Set fewer, or have the chart value `limits.maxReplicas` raised',
  },
  MissingSecret: {
    means: 'A Secret that spec names, or the key that it must have, does not exist.',
    next: 'Create it, and the pod starts, or correct its name',
  },
  MissingConfigMap: {
    means: 'A ConfigMap that spec names, or the key that it must have, does not exist.',
    next: 'Create it, and the pod starts, or correct its name',
  },
  MissingClaim: {
    means: 'A PersistentVolumeClaim that spec names does not exist.',
    next: 'Create it, and the pod starts, or correct its name',
  },
  QuotaRefused: {
    means: 'A ResourceQuota of the namespace has no room for an object.',
    next: 'Raise the quota, free some of it, or ask for less in the field that the message names: `spec.storage` for the volume, `spec.storage.import.resources` for imports, `spec.serve.resources` for servers. It is tried again by itself, and at once when the model is changed so that something else is asked for',
  },
  PodRefused: {
    means: 'A LimitRange, a Pod Security level or a webhook refuses a pod.',
    next: 'Correct what the message names, as for `QuotaRefused`',
  },
  GatewayApiMissing: {
    means:
      '`spec.rollout.routing` is `GatewayAPI`, and the cluster has no HTTPRoute of `gateway.networking.k8s.io/v1`, or this installation does not use it.',
    next: 'Install Gateway API, and set `gatewayApi.enabled` of the chart',
  },
  RouteNotAccepted: {
    means: 'A Gateway of `spec.rollout.gatewayApi.parentRefs` has not accepted a route of the model.',
    next: 'Correct what the message names; it is what the controller of the Gateway says',
  },
  GatewayNotProgrammed: {
    means:
      'A Gateway of `spec.rollout.gatewayApi.parentRefs` is not there, does not serve, or is of a class that has no HTTPRoute, so that nothing is counted meanwhile.',
    next: 'Do what the message says',
  },
  GrpcRouteUnsupported: {
    means:
      '`spec.rollout.gatewayApi.grpcHostnames` is set, and the cluster has no GRPCRoute, or the GatewayClass does not say that it supports it; the HTTPRoute is there all the same.',
    next: 'Do what the message says, or leave `grpcHostnames` out',
  },
  KedaMissing: {
    means:
      '`spec.autoscaling.keda` is set, and the cluster has no KEDA, or this installation does not use it.',
    next: 'See [KEDA](autoscaling.md#keda)',
  },
  KedaEnding: {
    means: 'KEDA has not let go of the ScaledObject of before, so nothing else scales the model yet.',
    next: "Wait, or look whether KEDA's operator runs",
  },
  KedaNotReady: {
    means: 'KEDA does not scale by the ScaledObject of the model.',
    next: 'Correct what the message names; it is what KEDA says',
  },
  TriggerNotAllowed: {
    means: '`spec.autoscaling.keda` names a TriggerAuthentication that this installation does not allow.',
    next: 'Have it listed in `keda.triggerAuthentications` of the chart',
  },
  ScalingMetricMissing: {
    means: '`spec.autoscaling.metrics` asks for a metric of pods that nothing in the cluster tells.',
    next: 'See [metrics of models](autoscaling.md#metrics-of-models)',
  },
  ToleranceUnsupported: {
    means: 'The cluster has dropped `tolerance` of `spec.autoscaling.behavior`.',
    next: 'Leave it out, or use Kubernetes 1.35 or later',
  },
  ApplyRefused: {
    means: 'The API server refuses an object of the model for another reason.',
    next: "Correct what the message names, or the operator's rights",
  },
  NamespaceEnding: { means: 'The namespace is being deleted, so nothing new is created in it.' },
  NameTaken: {
    means: 'An object of that name does not belong to this ModelDeployment.',
    next: 'Delete or rename it, or give the ModelDeployment another name',
  },
  ImagePull: {
    means: 'The node cannot pull the image of the inference server.',
    next: "Check the image of the operator's installation and the pull secrets",
  },
  ContainerNotCreated: {
    means: 'The node cannot start the container.',
    next: 'The message has the reason of the kubelet; `kubectl describe pod` shows more',
  },
  Unschedulable: {
    means: 'No node fits: GPUs, memory, selectors.',
    next: "The message has the scheduler's reason; free resources, add a node, or request less",
  },
  ServerCrashLoop: {
    means: 'The server of the new version does not stay up; the old version keeps serving.',
    next: 'The message has the last line of its log. Where that is about a Secret, it names the Secret and the field of spec',
  },
  SidecarCrashLoop: {
    means: 'A sidecar of `podTemplate` does not stay up; the old pods keep serving.',
    next: 'The message has the last line of its log, and the field to correct',
  },
  OOMKilled: {
    means: 'The server needed more memory than its limit and was killed.',
    next: 'Raise `spec.serve.resources.limits.memory`',
  },
  RolloutTimedOut: {
    means: 'No new pod became ready in time; the old version keeps serving.',
    next: 'Read the log of the new pods; the message gives the command',
  },
  RolloutPaused: {
    means: 'The Deployment of a model from before tracks is paused; its pods serve as they are.',
    next: 'Resume it with the command that the message gives',
  },
  NoReadyPod: { means: 'No pod is ready, so nothing answers.', next: 'See the conditions Ready and Stalled' },
  OverBudget: {
    means: 'The model costs more for an hour than `spec.budget.hourly`.',
    next: 'The message has the parts. Ask for fewer pods or less in `spec.serve.resources`, or raise the budget; see [cost](cost.md#budget)',
  },
  CostUnknown: {
    means: 'The price sheet is missing, or has no price for what the model uses, so its cost is not known.',
    next: 'Have the price added that the message names, or remove the limit; see [cost](cost.md)',
  },
  InputDrift: {
    means: 'Requests, or predictions, are not as in the data that the version was evaluated on.',
    next: 'The message names the features. Find out what changed there, and evaluate the version again; see [drift](drift.md#what-to-do)',
  },
  DriftReferenceUnusable: {
    means:
      'The reference of the version for drift is broken, or belongs to another model, so requests are not compared; the version serves.',
    next: 'The message says why. Evaluate the version again, correct the file in the source, or set `spec.serve.drift` to `"off"`',
  },
  CpuFallback: {
    means: 'A GPU is requested, but the model runs on the CPU.',
    next: 'Check the driver, the CUDA libraries of the server image, that the GPU reaches the pod, and that the model fits in its memory',
  },
} as const satisfies Explanations & Readonly<Record<ImportFailure | OptimizationFailure, Explanation>>

/** The same for evaluations: an evaluation as a whole, or one of its candidates. */
export const evaluationTroubles = {
  DatasetUnreachable: {
    means: 'The source of the data set does not answer; it is retried with backoff.',
    next: 'Nothing, or correct the address',
  },
  DatasetNotFound: {
    means: 'The data set, or its file in the source, does not exist.',
    next: 'Correct `dataset.uri` or `dataset.file`',
  },
  DatasetForbidden: {
    means: 'The source refuses the download of the data set, or credentials may not be sent to its host.',
    next: 'Give credentials with `dataset.secretRef`, or name the host in the key `hosts` of the Secret',
  },
  DatasetNotAllowed: {
    means: 'Evaluations do not connect to the address of the data set, or to one that it redirects to.',
    next: 'See [where imports connect to](modeldeployment.md#where-imports-connect-to)',
  },
  DatasetInvalid: {
    means: 'The data set cannot be used: a broken line, no samples, or labels that no metric can use.',
    next: 'Correct the line that the message names',
  },
  MetricUnsupported: {
    means: 'The metric is not one of the task.',
    next: 'Set `spec.metric` to one that the message names',
  },
  EvaluationFailed: {
    means: 'The evaluation ended without a result for another reason.',
    next: 'The message has the end of its log. Delete its Job to try again',
  },
  LoadFailed: {
    means: 'The server does not start with the model.',
    next: 'The message has what the server said last',
  },
  OutOfMemory: {
    means: 'The model needs more memory than the container may use.',
    next: 'Raise `spec.serve.resources.limits.memory`',
  },
  LabelsMismatch: {
    means: 'The data set has labels that the model does not have.',
    next: 'Give the classes of the model with `labels`, or correct the data set',
  },
  ShapeMismatch: {
    means: 'The samples do not have the shape of the inputs of the model.',
    next: 'Correct the data set, or leave the candidate out',
  },
  PredictionFailed: {
    means: 'The server refuses a sample, or answers with an error.',
    next: 'The message names the line of the sample',
  },
  OutOfTime: {
    means: 'The measurement took longer than `spec.timeBudget`.',
    next: 'Raise it, or use fewer samples (`dataset.sample`)',
  },
  RecipeFailed: {
    means: 'The optimizer did not make the model that a recipe asks for.',
    next: 'The message says why; leave the recipe out, or choose another one. Delete its Job to try again',
  },
  NoEligibleCandidate: {
    means:
      'No candidate was measured that meets the requirements and `spec.objective.subjectTo`, and has all that its score needs.',
    next: '`status.ineligible` and `status.chosen` say why; change the candidates or what spec requires',
  },
  SpecInvalid: {
    means:
      'Values of spec contradict each other, in a way that only an older CustomResourceDefinition lets pass.',
    next: 'Correct the fields that the message names',
  },
  PricesInvalid: {
    means: 'The price sheet that `spec.costModel.prices` names cannot be used.',
    next: 'Correct the fields that the message names; see [the price sheet](cost.md)',
  },
} as const satisfies Explanations & Readonly<Record<EvaluationFailure | CandidateFailure, Explanation>>

/** An evaluation goes on. Events with these reasons are no warnings. */
export const evaluationSteps = {
  Measuring: { means: 'Candidates are being measured, one after another.' },
  EvaluationQueued: {
    means: 'The evaluation waits until another one on the same node has ended; the message says which.',
  },
} as const satisfies Explanations

/** How a condition of an evaluation is when nothing is wrong. */
export const evaluationStates = {
  AllMeasured: { means: 'All candidates are measured.' },
} as const satisfies Explanations

/** How a condition is when nothing is wrong with what it speaks of, or when another condition says why. */
export const states = {
  Ready: { means: 'The desired version answers on every desired pod.' },
  ScaledToZero: { means: 'No pod is desired, so nothing answers.' },
  Asleep: {
    means:
      '`spec.autoscaling.minReplicas` is 0 and nobody asked the model anything for a while, so it has no pods; the first request wakes it.',
  },
  Settled: { means: 'Everything is as desired; no change is being carried out.' },
  Stalled: { means: 'Nothing continues without a change by you; see the condition Stalled.' },
  NotStalled: { means: 'No action is needed.' },
  Imported: { means: 'The desired version is on the volume.' },
  WithinLimits: {
    means: 'The version is measured, and within the limits of `spec.evaluate` where it has any.',
  },
  Optimized: {
    means:
      'The version was made by `spec.optimize`, and measured no worse than its parent by more than `maxAccuracyDrop`.',
  },
  AgreesOnSamples: {
    means:
      'The version was made by `spec.optimize`, and its answers to the samples of `spec.optimize.dataset` agree with those of its parent; there are no labels.',
    next: 'Nothing, or set `spec.evaluate`: labelled data say more',
  },
  AgreesOnGenerated: {
    means:
      'The version was made by `spec.optimize`, and its answers to generated inputs agree with those of its parent, which says less than data.',
    next: 'Nothing, or set `spec.evaluate`: labelled data say more',
  },
  NotOptimized: { means: 'The version that spec asks for is not made yet, or not by this recipe.' },
  NotEvaluated: { means: 'No version is on the volume that could be measured.' },
  Available: { means: 'At least one pod answers requests.' },
  NotAvailable: { means: 'Nothing answers; see the condition Available.' },
  NotDegraded: { means: 'Requests are answered as they should be.' },
  NotSuspended: { means: 'The operator acts on every change.' },
  Cuda: { means: 'The model runs on the GPU.' },
  NotRequested: { means: 'The model runs on the CPU, and no GPU is requested.' },
  NoAnswer: { means: 'No pod has reported its device yet.' },
  WithinBudget: { means: 'The model costs no more for an hour than `spec.budget.hourly`.' },
  ScalingLimited: {
    means:
      'The model costs no more than its budget, which allows fewer pods than `spec.autoscaling.maxReplicas`.',
    next: 'Nothing, or raise the budget; see [cost](cost.md#budget)',
  },
  NoDrift: { means: 'Requests look like the data that the version was evaluated on.' },
  TooFewRows: {
    means: 'Too few requests came since the pods started, or within the last day, to compare them.',
  },
  FleetRollPaused: {
    means:
      "The model serves; a change of the operator's own has not come to it, since pods of another model do not start with that change.",
    next: "Nothing for the owner of the model. The administrator of Gantry finds the models at fault in the Event of the same reason on the operator's pod, and what to do in [changes of the installation](install.md#changes-of-the-installation)",
  },
} as const satisfies Explanations

/** Told by Events only; no condition has them. */
export const announced = {
  ManagedElsewhere: {
    means: 'Another release of the chart manages the model, so this one leaves it alone.',
    next: 'See [several releases](install.md#several-releases)',
  },
  FleetRollResumed: {
    means: "On the operator's pod: its own change goes on, or no model waits for it any more.",
  },
  CustomMetricsUnavailable: {
    means:
      "On the operator's pod: it serves metrics of models to autoscalers, and that API of the cluster leads elsewhere.",
    next: 'See [metrics of models for autoscalers](autoscaling.md#metrics-of-models)',
  },
  TakenOver: { means: 'This release of the chart manages the model now, since the one before is gone.' },
} as const satisfies Explanations

/** Why a pass is repeated, in the log of the operator only. */
export const logged = {
  ApiUnavailable: { means: 'The API server did not answer, or answered with a conflict or an overload.' },
  Unexpected: { means: 'A pass failed for a reason that has no name.' },
  ModelChanged: { means: 'The model was changed while a pass looked at it.' },
  CrdOutdated: {
    means: 'The CustomResourceDefinition is older than the operator.',
    next: 'Apply `crds/` of its version',
  },
  ManagerChanged: { means: 'Another release manages the model since the pass began, or the model is gone.' },
  FleetRollWaiting: { means: "A change of the operator's own waits until it is the model's turn." },
  RouteChanging: { means: 'Data planes take over the routes of a model.' },
  GatewayMayChange: { means: 'A Gateway may have changed, which no watch tells.' },
  PathChanging: { means: "A model's Service is being led to the gateway, or back to its pods." },
  EventsDue: { means: 'Something waits for a reason that only Events tell, and these are not watched.' },
  EvaluationChanged: { means: 'The evaluation was changed while a pass looked at it.' },
  PricesMayChange: { means: 'The price sheet of an evaluation may have changed, which no watch tells.' },
  DriftMayChange: {
    means: 'Requests may have come to differ from the data of the evaluation, which no watch tells.',
  },
  GatewaysUnknown: {
    means: 'The gateways could not be asked for requests, so no model falls asleep or wakes meanwhile.',
  },
  AcceleratorMayChange: { means: 'A server may have moved between GPU and CPU, which no watch tells.' },
} as const satisfies Explanations

export type Step = keyof typeof steps | keyof typeof evaluationSteps
/** A reason of a condition, and of the Event that announces it. */
export type Reason =
  | Step
  | keyof typeof troubles
  | keyof typeof states
  | keyof typeof evaluationTroubles
  | keyof typeof evaluationStates
/** A reason of an Event. */
export type EventReason = Reason | keyof typeof announced
/** A reason in a line of the operator's log. */
export type LogReason = EventReason | keyof typeof logged

/** @param reason of a condition, as the API server has it */
export const isStep = (reason: string): reason is Step =>
  Object.hasOwn(steps, reason) || Object.hasOwn(evaluationSteps, reason)
