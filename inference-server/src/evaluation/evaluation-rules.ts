/** The rules of the CRD that a schema cannot express (x-kubernetes-validations), with its own sentences, and what only a cluster has. */
import { type GivenRecipe, recipeOf } from '@gantry/contract/optimizing.ts'
import { isOptimized } from '@gantry/evaluation/variants.ts'
import type { EvaluationObject, EvaluationSpec } from './evaluation-object.ts'

type Candidate = EvaluationSpec['candidates'][number]
type Dataset = EvaluationSpec['dataset']
type Source = Candidate['source'] | Dataset

/** A sentence for what is wrong; undefined where nothing is. */
type Rule<Subject> = (subject: Subject, field: string) => string | false | undefined

const unwanted = /[\s\p{Z}\p{C}]/u

/** Paths are taken as well: a file on a disk has no use for file:///. */
const knownUri = /^(https?:\/\/[^/]+|file:\/\/\/.|pvc:\/\/[a-z0-9]([-a-z0-9.]*[a-z0-9])?(\/|$))/
const hasScheme = /^[a-z][a-z0-9+.-]*:/i

const uriRules: readonly Rule<Source>[] = [
  ({ uri, configMapRef }, field) =>
    (uri !== undefined) === (configMapRef !== undefined) &&
    `${field} needs exactly one of uri and configMapRef`,
  ({ configMapRef }, field) =>
    configMapRef && `${field}.configMapRef needs a cluster; give a uri with the path of the files instead`,
  ({ uri }, field) =>
    uri?.startsWith('pvc://') &&
    `${field}.uri is on a claim, which needs a cluster; give the path of the files instead`,
  ({ uri }, field) =>
    uri !== undefined &&
    hasScheme.test(uri) &&
    !knownUri.test(uri) &&
    `${field}.uri must be a path, https://HOST/PATH, http://HOST/PATH or file:///PATH; what is at s3://, hf:// or oci:// is brought to a folder first, a model by \`import --source\``,
  ({ uri }, field) =>
    uri !== undefined &&
    (uri.includes('$(') || (hasScheme.test(uri) && unwanted.test(uri))) &&
    `${field}.uri must not have "$(", white space or control characters; in an address write %24, %20 and so on for them`,
  ({ secretRef }, field) =>
    secretRef &&
    `${field}.secretRef needs a cluster; give credentials by the environment (see evaluate --help)`,
  ({ sha256 }, field) =>
    sha256 !== undefined &&
    !/^[0-9a-f]{64}$/.test(sha256) &&
    `${field}.sha256 must be 64 lower-case hexadecimal digits, as sha256sum prints them`,
]

const distillProblem = ({ distill }: GivenRecipe, field: string): string | false =>
  distill !== undefined &&
  `${field}.distill: no evaluation trains a student; make one with npm run optimize -- --distill, and name its folder as a candidate`

const exportProblem = ({ export: given }: GivenRecipe, field: string): string | false =>
  given !== undefined &&
  `${field}.export: no evaluation exports a model; make a folder of it with npm run optimize -- --export, and name that as a candidate`

const headsProblem = ({ prune }: GivenRecipe, field: string): string | false =>
  prune?.heads === true &&
  prune.method !== 'structured' &&
  `${field}.prune.heads takes attention heads away and needs method: structured`

const candidateRules: readonly Rule<Candidate>[] = [
  ({ source: { file } }, field) =>
    file !== undefined &&
    (!/^([^/]+\/)*[^/]+[.]onnx$/.test(file) || /(^|\/)[.][.]?\//.test(file)) &&
    `${field}.source.file must be the relative path of a .onnx file in the source, without .. in it, such as onnx/model_quantized.onnx`,
  ({ optimize }, field) =>
    optimize &&
    optimize.export === undefined &&
    !isOptimized(recipeOf(optimize)) &&
    `${field}.optimize does nothing: set graph, prune or quantize, or remove it; without it the model is measured as it is`,
  ({ optimize }, field) =>
    optimize &&
    (exportProblem(optimize, `${field}.optimize`) ||
      distillProblem(optimize, `${field}.optimize`) ||
      headsProblem(optimize, `${field}.optimize`)),
]

const datasetRules: readonly Rule<Dataset>[] = [
  ({ file }, field) =>
    file !== undefined &&
    (file.startsWith('/') || /(^|\/)\.\.?(\/|$)/.test(file) || file.includes('$(') || unwanted.test(file)) &&
    `${field}.file must be a relative path without "..", "$(", white space and control characters`,
]

const specRules: readonly Rule<EvaluationSpec>[] = [
  ({ variants }) =>
    (variants?.optimize ?? [])
      .map((recipe, index) => {
        const field = `spec.variants.optimize[${index}]`
        return exportProblem(recipe, field) || distillProblem(recipe, field) || headsProblem(recipe, field)
      })
      .find((problem) => problem !== false),
  ({ variants }) =>
    ([variants?.threads, variants?.maxRows] as const).some((list = []) => new Set(list).size < list.length) &&
    'spec.variants has a number twice in threads or maxRows',
  ({ candidates }) => {
    const names = candidates.map(({ name }) => name)
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    return (
      twice !== undefined &&
      `spec.candidates has the name ${twice} twice; give each candidate a name of its own`
    )
  },
  ({ suspend }) => suspend === true && 'spec.suspend is true, and a file is measured at once; leave it out',
  ({ concurrencies = [] }) =>
    new Set(concurrencies).size < concurrencies.length && 'spec.concurrencies has a number twice',
]

const nameProblem = (name: unknown): string | false =>
  !(typeof name === 'string' && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= 46) &&
  'metadata.name becomes part of the names of Jobs: at most 46 lower-case letters, digits and "-", beginning with a letter'

const broken = <Subject>(
  rules: readonly Rule<Subject>[],
  subject: Subject,
  field: string,
): readonly string[] => rules.flatMap((rule) => rule(subject, field) || [])

/** A sentence each. */
export const ruleProblems = ({ metadata, spec }: EvaluationObject): readonly string[] => [
  ...[nameProblem((metadata as Partial<EvaluationObject['metadata']> | undefined)?.name) || []].flat(),
  ...broken(specRules, spec, 'spec'),
  ...broken<Source>(uriRules, spec.dataset, 'spec.dataset'),
  ...broken(datasetRules, spec.dataset, 'spec.dataset'),
  ...spec.candidates.flatMap((candidate, index) => [
    ...broken(candidateRules, candidate, `spec.candidates[${index}]`),
    ...broken<Source>(uriRules, candidate.source, `spec.candidates[${index}].source`),
  ]),
]
