/** Commands of the inference server on this machine, without a cluster. */
import type { Command } from '../command-line/command.ts'
import { runServer } from '../inference-server.ts'

const local = (
  name: string,
  summary: string,
  about: string,
  examples: Command['examples'] = [],
): Command => ({
  name,
  summary,
  about: `${about} It is the inference server's own command, and \`gantry ${name} --help\` is answered by it.`,
  arguments: [],
  options: {},
  usesCluster: false,
  passesOn: true,
  examples,
  run: ({ given }) => runServer([name, ...given.arguments]),
})

export const serve = local(
  'serve',
  'serves a folder, an archive or an address on this machine, without a cluster',
  'A folder or a .onnx file is served where it lies. Anything else is imported into ~/.cache/gantry/models first, once, with the checks of a cluster. It prints the address and a line of curl that asks the model; Ctrl-C ends it.',
  [
    ['serve examples/breast-cancer/model', 'a folder, on port 9000'],
    ['serve https://models.example.com/intents.tar.gz --task text-classification --port 9100', 'an address'],
  ],
)
