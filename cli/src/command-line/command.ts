/** What a command is: what it takes, what it says of itself, and what it does. */
import type { Session } from '../cluster/session.ts'
import type { ExitCode } from '../failure.ts'
import type { OutputForm } from '../terminal/documents.ts'
import type { Output } from '../terminal/output.ts'
import type { Style } from '../terminal/style.ts'

/** What shells offer for a value. */
export type Completes =
  | 'models'
  | 'evaluations'
  | 'versions'
  | 'candidates'
  | 'namespaces'
  | 'contexts'
  | 'files'
  | 'commands'

export interface Option {
  readonly type: 'boolean' | 'string'
  readonly short?: string
  /** Stands for the value in the usage, such as `NAME`. */
  readonly value?: string
  readonly about: string
  /** The values that it may have. */
  readonly choices?: readonly string[]
  /** Whether it may be given several times. */
  readonly multiple?: boolean
  readonly completes?: Completes
}

export type Options = Readonly<Record<string, Option>>

export interface Argument {
  readonly name: string
  readonly required: boolean
  readonly about: string
  readonly choices?: readonly string[]
  readonly completes?: Completes
}

/** What was given on the command line. */
export interface Given {
  /** Arguments in the order of `Command.arguments`. */
  readonly arguments: readonly string[]
  readonly text: (option: string) => string | undefined
  readonly texts: (option: string) => readonly string[]
  readonly flag: (option: string) => boolean
}

/** The machine, as a command sees it. */
export interface World {
  readonly env: NodeJS.ProcessEnv
  readonly stdout: Output
  readonly stderr: Output
  /** All of the standard input. */
  readonly readInput: () => Promise<string>
  /** Milliseconds since the epoch, and since some start. */
  readonly now: () => number
  readonly elapsed: () => number
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal
}

export interface Invocation extends World {
  readonly given: Given
  /** `gantry`, or `kubectl gantry`. */
  readonly program: string
  /** Colours of the standard output. */
  readonly style: Style
  /** Colours of the standard error. */
  readonly noteStyle: Style
  /** `-o`; undefined prints for people. */
  readonly form: OutputForm | undefined
  readonly isVerbose: boolean
  /** Reads the kubeconfig on the first call. @throws Failure where there is none */
  readonly session: () => Promise<Session>
  /** Writes lines to the standard output. */
  readonly print: (...lines: readonly string[]) => void
  /** Writes lines to the standard error: what is not the answer. */
  readonly note: (...lines: readonly string[]) => void
  /** Writes a document to the standard output in the form of `-o`. */
  readonly printDocument: (value: unknown) => Promise<void>
}

/** Whether a command hands its arguments on as they are. */
export const passesOn = (
  { passesOn = false }: Pick<Command, 'passesOn'>,
  args: readonly string[],
): boolean => (typeof passesOn === 'function' ? passesOn(args) : passesOn)

export interface Command {
  readonly name: string
  /** One line, without a full stop. */
  readonly summary: string
  /** Whole sentences. */
  readonly about?: string
  readonly arguments: readonly Argument[]
  readonly options: Options
  /** Whether it speaks with a cluster, so that it takes the options which say where. */
  readonly usesCluster: boolean
  /** Whether `-o json|yaml` prints a document. */
  readonly hasDocument?: boolean
  /** Arguments and options are handed on as they are: always, or where they are such. */
  readonly passesOn?: boolean | ((args: readonly string[]) => boolean)
  /** Left out of lists. */
  readonly isHidden?: boolean
  readonly examples?: readonly (readonly [command: string, what: string])[]
  readonly run: (invocation: Invocation) => Promise<ExitCode>
}
