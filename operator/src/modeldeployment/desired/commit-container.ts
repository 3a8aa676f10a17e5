/** The last container of an optimization: `import --commit` makes what the optimizer has written a version, and may write to the volume. */
import { commands, importArguments } from '@gantry/contract/commands.ts'
import { mounts } from '@gantry/contract/server.ts'
import { aimOf, optimizationMount, optimizationPaths, readOnlySamples } from '../../evaluating/optimizing.ts'
import { literal } from '../../pods/literal.ts'
import { containerSecurity, environment, temporaryMount } from '../../pods/pod.ts'
import type { Resources } from '../../runtime/quantities.ts'
import type { ReconcileConfig } from '../config.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { maxAccuracyDropOf, recipeFor } from '../optimization/recipe.ts'
import { modelsMount } from './pod.ts'

export interface Commit {
  readonly parent: Version
  readonly revision: string
  /** It runs both graphs, which takes less than the optimizer does. */
  readonly resources: Resources
  /** Whether a container before has written samples. */
  readonly hasSamples: boolean
}

/** @param more options that decide nothing about how the optimization ends */
export const commitContainer = (
  { spec }: ModelDeployment,
  config: ReconcileConfig,
  { parent, revision, resources, hasSamples }: Commit,
  more: readonly string[],
) => ({
  name: 'commit',
  image: config.serverImage,
  imagePullPolicy: config.pullPolicy,
  args: [
    commands.import,
    ...importArguments({
      commit: optimizationPaths.folder,
      parent: parent.id,
      'parent-digest': parent.digest,
      recipe: JSON.stringify(recipeFor(parent, spec.optimize ?? {})),
      'optimization-report': optimizationPaths.report,
      'max-accuracy-drop': aimOf(maxAccuracyDropOf(spec.optimize ?? {})),
      samples: hasSamples ? optimizationPaths.samples : undefined,
      ...{ task: spec.model.task, models: mounts.models, revision },
      report: mounts.terminationLog,
    }),
    ...more,
  ].map(literal),
  env: [...environment],
  resources,
  terminationMessagePolicy: 'FallbackToLogsOnError',
  securityContext: containerSecurity,
  volumeMounts: [
    modelsMount,
    { ...optimizationMount, readOnly: true },
    ...(hasSamples ? [readOnlySamples] : []),
    temporaryMount,
  ],
})
