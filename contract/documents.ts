/**
 * JSON that one program writes and another one reads. Types and validators follow from documents.schema.json. A validator
 * says whether a document is what its type says; members that are not declared are allowed, and a reader leaves them out.
 */
import type * as generated from './documents.gen.ts'
import * as validators from './validators.gen.ts'

/** A program changes no document that it has read. */
export type Frozen<Document> = Document extends object
  ? { readonly [Member in keyof Document]: Frozen<Document[Member]> }
  : Document

export const isImportProgress = (value: unknown): value is Frozen<generated.ImportProgress> =>
  validators.isImportProgress(value)
export const isImportReport = (value: unknown): value is Frozen<generated.ImportReport> =>
  validators.isImportReport(value)
export const isIndexedVersion = (value: unknown): value is Frozen<generated.IndexedVersion> =>
  validators.isIndexedVersion(value)
export const isVersionMetadata = (value: unknown): value is Frozen<generated.VersionMetadata> =>
  validators.isVersionMetadata(value)
export const isVolumeReport = (value: unknown): value is Frozen<generated.VolumeReport> =>
  validators.isVolumeReport(value)
export const isRequester = (value: unknown): value is Frozen<generated.Requester> =>
  validators.isRequester(value)
export const isServedModel = (value: unknown): value is Frozen<generated.ServedModel> =>
  validators.isServedModel(value)
export const isDriftReference = (value: unknown): value is Frozen<generated.DriftReference> =>
  validators.isDriftReference(value)
export const isServerSettings = (value: unknown): value is Frozen<generated.ServerSettings> =>
  validators.isServerSettings(value)
export const isLogLine = (value: unknown): value is Frozen<generated.LogLine> => validators.isLogLine(value)
export const isEvaluationRequest = (value: unknown): value is Frozen<generated.EvaluationRequest> =>
  validators.isEvaluationRequest(value)
export const isEvaluationReport = (value: unknown): value is Frozen<generated.EvaluationReport> =>
  validators.isEvaluationReport(value)
export const isCandidateReports = (value: unknown): value is Frozen<generated.CandidateReports> =>
  validators.isCandidateReports(value)
export const isOptimizationReport = (value: unknown): value is Frozen<generated.OptimizationReport> =>
  validators.isOptimizationReport(value)
export const isExportReport = (value: unknown): value is Frozen<generated.ExportReport> =>
  validators.isExportReport(value)
export const isOptimizationRecipe = (value: unknown): value is Frozen<generated.OptimizationRecipe> =>
  validators.isOptimizationRecipe(value)
export const isOptimizationFailedReport = (
  value: unknown,
): value is Frozen<generated.OptimizationFailedReport> => validators.isOptimizationFailedReport(value)
export const isSamplesRequest = (value: unknown): value is Frozen<generated.SamplesRequest> =>
  validators.isSamplesRequest(value)
export const isGatewayPorts = (value: unknown): value is Frozen<generated.GatewayPorts> =>
  validators.isGatewayPorts(value)
export const isDemand = (value: unknown): value is Frozen<generated.Demand> => validators.isDemand(value)
