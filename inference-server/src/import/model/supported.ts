/** Whether this onnxruntime can load a graph and the protocol can carry what it takes and gives, as far as the file says it. */

import { ImportError } from '../../failures/import-error.ts'
import { quotedList, quotedText } from '../../failures/shown-text.ts'
import { readMessageFile } from '../../onnx/message-file.ts'
import { functionKey, functionsOf, graphOf, messagesIn, nodesOf, textIn } from '../../onnx/nodes.ts'
import type { OnnxSummary } from '../../onnx/onnx-file.ts'
import type { MessageReader, Span } from '../../onnx/protobuf.ts'
import { cannotCarry, uncarriedTypes } from '../../onnx/uncarried-types.ts'

/** Versions that onnxruntime 1.30 reads; a test compares them with the library. */
export const onnxruntime = {
  version: '1.30',
  irVersion: 13,
  opsets: new Map([
    ['', 26],
    ['ai.onnx.ml', 5],
    ['com.microsoft', 1],
  ]),
} as const

/** Domains of which onnxruntime has operators; what it lacks of them, it names itself. */
const domains = new Set([
  ...['', 'ai.onnx', 'ai.onnx.ml', 'ai.onnx.training', 'ai.onnx.preview.training'],
  ...['com.microsoft', 'com.microsoft.nchwc', 'com.ms.internal.nhwc', 'org.pytorch.aten'],
])

/** Domain of onnxruntime-extensions, which are not part of onnxruntime. */
const extensions = 'ai.onnx.contrib'

/** @param detail names that the model has, for the log */
const unsupported = (message: string, detail?: string): ImportError =>
  new ImportError('ModelUnsupported', message, 'never', { detail })

/**
 * @param summary of the same file
 * @param becomeTensors outputs that are no tensors in the file, but will be
 * @throws ImportError ModelUnsupported, which says what to change
 */
export const checkSupported = (
  path: string,
  { irVersion, opsets, inputs }: Pick<OnnxSummary, 'irVersion' | 'opsets' | 'inputs'>,
  becomeTensors: ReadonlySet<string>,
): void => {
  checkVersions(irVersion, opsets)
  readMessageFile(path, (reader, size) => {
    checkDomains(reader, size)
    const graph = graphOf(reader, size)
    if (graph) checkValues(reader, graph, new Set(inputs), becomeTensors)
  })
}

const checkVersions = (irVersion: number, opsets: OnnxSummary['opsets']): void => {
  if (irVersion > onnxruntime.irVersion)
    throw unsupported(
      `the model is of IR version ${irVersion}, and onnxruntime ${onnxruntime.version} reads versions up to ${onnxruntime.irVersion}; set model.ir_version = ${onnxruntime.irVersion} with the Python package onnx, or export the model with an older version of that package`,
    )
  for (const [domain, version] of Object.entries(opsets)) {
    const most = onnxruntime.opsets.get(domain === 'ai.onnx' ? '' : domain)
    if (most !== undefined && version > most)
      throw unsupported(
        `the model needs operator set ${version} of ${domain || 'ai.onnx'}, and onnxruntime ${onnxruntime.version} has sets up to ${most}; export it again for ${most} or lower (opset_version in PyTorch, target_opset in skl2onnx)`,
      )
  }
}

const checkDomains = (reader: MessageReader, size: number): void => {
  const own = functionsOf(reader, size)
  const unknownOperators = new Map<string, Set<string>>()
  for (const { operator, domain } of nodesOf(reader, size)) {
    if (domains.has(domain) || own.has(functionKey({ operator, domain }))) continue
    unknownOperators.set(domain, (unknownOperators.get(domain) ?? new Set()).add(operator))
  }
  for (const [domain, operators] of unknownOperators) {
    const isExtension = domain === extensions
    throw unsupported(
      `the model needs ${isExtension ? `operators of the domain ${domain}` : 'operators of its own domain'}, which onnxruntime does not have; ${
        isExtension
          ? 'export it without the pre- and postprocessing of onnxruntime-extensions'
          : 'export it without these operators, or with functions that define them'
      }`,
      `${quotedList([...operators])} of ${quotedText(domain)}`,
    )
  }
}

const inGraph = { node: 1, input: 11, output: 12 } as const

const checkValues = (
  reader: MessageReader,
  graph: Span,
  inputs: ReadonlySet<string>,
  becomeTensors: ReadonlySet<string>,
): void => {
  for (const value of messagesIn(reader, graph, inGraph.input)) {
    const name = textIn(reader, value, 1)
    if (inputs.has(name)) checkValue(reader, value, 'an input', `the input is ${quotedText(name)}`)
  }
  for (const value of messagesIn(reader, graph, inGraph.output)) {
    const name = textIn(reader, value, 1)
    if (!becomeTensors.has(name))
      checkValue(
        reader,
        value,
        'an output',
        `the output is ${quotedText(name)}${madeBy(reader, graph, name)}`,
      )
  }
}

/** TypeProto: what a value may be instead of a tensor. */
const kinds: ReadonlyMap<number, string> = new Map([
  [4, 'a sequence'],
  [5, 'a map'],
  [8, 'a sparse tensor'],
  [9, 'optional'],
])

/** ValueInfoProto; one without a type is for onnxruntime to infer. */
const checkValue = (reader: MessageReader, value: Span, what: string, detail: string): void => {
  for (const type of messagesIn(reader, value, 2))
    for (const kind of reader.fields(type.start, type.end)) {
      const name = kinds.get(kind.number)
      if (name !== undefined)
        throw unsupported(
          `${what} is ${name}, and only tensors can be carried; export the model so that it takes and gives tensors`,
          detail,
        )
      const element = kind.number === 1 ? uncarriedTypes.get(numberIn(reader, kind)) : undefined
      if (element !== undefined)
        throw unsupported(
          `${cannotCarry(what, element)}; put a Cast to float or another type of the protocol there, and export the model again`,
          detail,
        )
    }
}

const numberIn = (reader: MessageReader, tensor: Span): number => {
  for (const field of reader.fields(tensor.start, tensor.end)) if (field.number === 1) return field.value
  return 0
}

const madeBy = (reader: MessageReader, graph: Span, name: string): string => {
  for (const node of messagesIn(reader, graph, inGraph.node))
    for (const output of messagesIn(reader, node, 2))
      if (reader.text(output) === name) return `, made by ${quotedText(textIn(reader, node, 4))}`
  return ''
}
