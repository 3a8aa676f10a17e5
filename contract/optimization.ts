import type * as documents from './documents.gen.ts'
import type { Frozen } from './documents.ts'

export { type OptimizationFailure, optimizationFailures } from './documents.gen.ts'

/** What is done to a model before it is served. Steps that are not taken are left out: two recipes that do the same are the same. */
export type OptimizationRecipe = Frozen<documents.OptimizationRecipe>
/** How the answers of a version differ from those of its parent. */
export type ModelAgreement = Frozen<documents.ModelAgreement>
/** What the optimizer writes to --report. */
export type OptimizationReport = Frozen<documents.OptimizationReport>
export type OptimizedReport = Frozen<documents.OptimizedReport>
/** How a version was made from its parent. */
export type VersionOptimization = Frozen<documents.VersionOptimization>
