/** Options that several commands take. */
import { outputForms } from '../terminal/documents.ts'
import type { Command, Options } from './command.ts'

const helpOptions: Options = {
  help: { type: 'boolean', short: 'h', about: 'this text' },
  verbose: { type: 'boolean', short: 'v', about: 'tell the causes of a failure' },
}

/** As kubectl names them. */
const clusterOptions: Options = {
  namespace: {
    type: 'string',
    short: 'n',
    value: 'NAMESPACE',
    about: 'default: that of the context',
    completes: 'namespaces',
  },
  context: {
    type: 'string',
    value: 'NAME',
    about: 'context of the kubeconfig; default: the current one',
    completes: 'contexts',
  },
  kubeconfig: {
    type: 'string',
    value: 'FILE',
    about: 'default: the files of KUBECONFIG, or ~/.kube/config',
    completes: 'files',
  },
}

const documentOptions: Options = {
  output: {
    type: 'string',
    short: 'o',
    value: outputForms.join('|'),
    about: 'print a document for programs',
    choices: outputForms,
  },
}

/** All options of a command, its own first. */
export const optionsOf = (command: Command): Options => ({
  ...command.options,
  ...(command.hasDocument ? documentOptions : {}),
  ...(command.usesCluster ? clusterOptions : {}),
  ...helpOptions,
})
