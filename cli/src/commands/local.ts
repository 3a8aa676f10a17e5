/** Commands of the inference server on this machine, without a cluster. */
import type { Command } from '../command-line/command.ts'
import { runServer } from '../inference-server.ts'

const local = (name: string, summary: string): Command => ({
  name,
  summary,
  about: `The inference server's own command; \`gantry ${name} --help\` is answered by it.`,
  arguments: [],
  options: {},
  usesCluster: false,
  passesOn: true,
  run: ({ given }) => runServer([name, ...given.arguments]),
})

export const serve = local('serve', 'serves a model folder on this machine, without a cluster')
