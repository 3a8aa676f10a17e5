import { eventsOf } from '../cluster/events.ts'
import { findNamed, isModel } from '../cluster/find.ts'
import type { Evaluation, Model } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import type { Command, Invocation } from '../command-line/command.ts'
import { evaluationPage } from '../evaluations/page.ts'
import { exitCodes } from '../failure.ts'
import { modelPage } from '../models/page.ts'
import { stateOf } from '../models/state.ts'
import { modelView } from '../models/view.ts'
import { columnsOf } from '../terminal/output.ts'

const mostEvents = 10

const headOf = (object: Model | Evaluation, { style }: Invocation): string => {
  const { word, colour } = stateOf(object)
  const { kind, metadata } = object
  return `${style('bold', metadata.name)}  ${style(colour, word)}  ${style('dim', `${kind} in namespace ${metadata.namespace}`)}`
}

const pageOptions = ({ style, now, stdout }: Invocation) => ({
  style,
  nowMs: now(),
  columns: columnsOf(stdout),
})

const describeModel = async (invocation: Invocation, session: Session, model: Model): Promise<void> => {
  const view = await modelView(session, model)
  if (invocation.form) return invocation.printDocument(view)
  invocation.print(...modelPage(view, headOf(model, invocation), pageOptions(invocation)))
}

const describeEvaluation = async (invocation: Invocation, session: Session, evaluation: Evaluation) => {
  const events = await eventsOf(session, evaluation, mostEvents)
  const { metadata, spec, status } = evaluation
  const { word: state, message } = stateOf(evaluation)
  const { name, namespace } = metadata
  if (invocation.form)
    return invocation.printDocument({ name, namespace, state, message, spec, status, events })
  invocation.print(
    ...evaluationPage(evaluation, events, headOf(evaluation, invocation), pageOptions(invocation)),
  )
}

export const describe: Command = {
  name: 'describe',
  summary: 'shows one model or evaluation on a page, and what to do next',
  arguments: [{ name: 'NAME', required: true, about: 'a model or an evaluation', completes: 'models' }],
  options: {},
  usesCluster: true,
  hasDocument: true,
  run: async (invocation) => {
    const session = await invocation.session()
    const named = await findNamed(session, invocation.given.arguments[0] ?? '')
    if (isModel(named)) await describeModel(invocation, session, named.object)
    else await describeEvaluation(invocation, session, named.object as Evaluation)
    return exitCodes.done
  },
}
