import { findModel } from '../cluster/find.ts'
import { ModelDeployment, ModelEvaluation, Namespace } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import type { Command, Completes, World } from '../command-line/command.ts'
import { complete, filesOffer, type Names, type Offer } from '../command-line/complete.ts'
import { type Shell, scripts, shells } from '../command-line/shells.ts'
import { exitCodes } from '../failure.ts'
import { versionsOf } from '../models/versions.ts'
import { version } from '../version.ts'

export const completion: Command = {
  name: 'completion',
  summary: 'prints the script by which a shell completes commands, options and names',
  about: `Names of models, evaluations, versions and namespaces come from the cluster. kubectl completes \`kubectl gantry\` by itself.

  bash   source <(gantry completion bash), in ~/.bashrc
  zsh    source <(gantry completion zsh), in ~/.zshrc after compinit
  fish   gantry completion fish > ~/.config/fish/completions/gantry.fish`,
  arguments: [{ name: 'SHELL', required: true, about: shells.join(', '), choices: shells }],
  options: {},
  usesCluster: false,
  run: async ({ given, stdout }) => {
    stdout.write(scripts[given.arguments[0] as Shell])
    return exitCodes.done
  },
}

/** Somebody waits with a finger on a key. */
const patienceMs = 2_000

/** The value of an option among the words that are typed already. */
const givenValue = (words: readonly string[], name: string, short?: string): string | undefined => {
  const at = words.findIndex((word) => word === `--${name}` || (short && word === `-${short}`))
  const joined = words.find((word) => word.startsWith(`--${name}=`))
  return at >= 0 ? words[at + 1] : joined?.slice(name.length + 3)
}

const objectNames = async (session: Session, kind: Completes, positionals: readonly string[]) => {
  const { kube, namespace } = session
  const of = async (resource: typeof ModelDeployment, selector: { readonly namespace?: string }) =>
    (await kube.list(resource, selector)).map(({ metadata }) => metadata.name)
  switch (kind) {
    case 'models':
      return of(ModelDeployment, { namespace })
    case 'evaluations':
      return of(ModelEvaluation, { namespace })
    case 'namespaces':
      return of(Namespace, {})
    case 'versions':
      return versionsOf(await findModel(session, positionals[0] ?? '')).map(({ id }) => id)
    default:
      return []
  }
}

const contextNames = async (env: NodeJS.ProcessEnv, kubeconfig: string | undefined) => {
  const { contextsOf } = await import('@gantry/kube/credentials.ts')
  return contextsOf(env, { file: kubeconfig })
}

/** Nothing is offered where the cluster does not answer in time. */
const namesFrom =
  ({ env }: World, words: readonly string[], commands: () => readonly Command[]): Names =>
  async (kind, positionals) => {
    const kubeconfig = givenValue(words, 'kubeconfig')
    if (kind === 'commands')
      return commands()
        .filter(({ isHidden }) => !isHidden)
        .map(({ name }) => name)
    if (kind === 'contexts') return contextNames(env, kubeconfig)
    const place = {
      namespace: givenValue(words, 'namespace', 'n'),
      context: givenValue(words, 'context'),
      kubeconfig,
    }
    const { openSession } = await import('../cluster/session.ts')
    const session = await openSession(env, place, `gantry/${version}`)
    const late = new Promise<readonly string[]>((resolve) => setTimeout(resolve, patienceMs, []).unref())
    try {
      return await Promise.race([objectNames(session, kind, positionals), late])
    } finally {
      session.transport.close()
    }
  }

/** kubectl reads a last line with its directive: 0 completes files too, 4 does not. */
const directives = { files: ':0', none: ':4' } as const

/** kubectl puts `--name=` before the values itself. */
const withoutOption = ({ value, ...offer }: Offer): Offer => ({
  ...offer,
  value: value.replace(/^--[^=]+=/, ''),
})

/** Asked by the scripts of `completion`, and by kubectl. @param all the commands, read when it runs */
export const completeOf = (all: () => readonly Command[]): Command => ({
  name: '__complete',
  summary: 'offers what can follow',
  arguments: [],
  options: {},
  usesCluster: false,
  passesOn: true,
  isHidden: true,
  run: async (invocation) => {
    const args = invocation.given.arguments
    const words = args.slice(args.indexOf('--') + 1)
    const isForKubectl = args[0] === '--kubectl'
    const offers = await complete(all(), words, namesFrom(invocation, words, all)).catch(() => [])
    const shown = isForKubectl
      ? offers.filter(({ value }) => value !== filesOffer).map(withoutOption)
      : offers
    const lines = shown.map(({ value, about }) => (about ? `${value}\t${about}\n` : `${value}\n`))
    invocation.stdout.write(lines.join(''))
    if (isForKubectl) invocation.print(shown.length < offers.length ? directives.files : directives.none)
    return exitCodes.done
  },
})
