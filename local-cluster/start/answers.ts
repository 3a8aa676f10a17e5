/** Asks each sample something through its Service, and says what the answer means. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kubectl } from '../kubectl.ts'
import { meaningOfAnalysis, meaningOfCategory, meaningOfProbabilities } from './meanings.ts'

const exampleFile = (...path: readonly string[]): Buffer =>
  readFileSync(join(import.meta.dirname, '../../examples', ...path))

const answerOf = async (url: string, body: string | FormData): Promise<unknown> => {
  const headers = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}

const show = (question: string, answer: unknown, meaning: string): void =>
  console.log(`  ${question}\n    ${JSON.stringify(answer)}\n    => ${meaning}`)

const messages = [
  ['我的快递到哪里了?', 'Where is my parcel?'],
  ['这件衣服不合适,怎么退?', 'This does not fit. How do I return it?'],
  ['机器连不上网怎么办', 'My device cannot connect to the internet'],
  ['今天天气怎么样', 'How is the weather today?'],
] as const

const chat = async (url: string): Promise<void> => {
  for (const [text, english] of messages) {
    const body = JSON.stringify({ text })
    const answer = await answerOf(`${url}/chat`, body)
    show(`POST /chat ${body}  "${english}"`, answer, meaningOfCategory(answer))
  }
}

const analyze = async (url: string): Promise<void> => {
  for (const name of ['normal.png', 'pneumonia.png']) {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(exampleFile('chest-xray', 'samples', name))]), name)
    const answer = await answerOf(`${url}/analyze`, form)
    show(`POST /analyze ${name}`, answer, meaningOfAnalysis(answer))
  }
}

interface Case {
  readonly input: readonly number[]
  readonly name: string
}

/** The first cell sample of each kind, with what the data set says it is. */
const infer = async (url: string): Promise<void> => {
  const { cases } = JSON.parse(exampleFile('breast-cancer', 'golden.json').toString()) as {
    cases: readonly Case[]
  }
  for (const kind of ['benign', 'malignant']) {
    const data = cases.find(({ name }) => name === kind)?.input ?? []
    const inputs = [{ name: 'input', datatype: 'FP32', shape: [1, data.length], data }]
    const answer = await answerOf(`${url}/v2/models/breast-cancer/infer`, JSON.stringify({ inputs }))
    const question = `POST /v2/models/breast-cancer/infer  ${data.length} measurements of a ${kind} sample`
    show(question, answer, meaningOfProbabilities(answer))
  }
}

const questions = [
  { name: 'customer-service', about: 'sorts messages in Chinese and picks a reply', ask: chat },
  { name: 'chest-xray', about: 'sorts drawn X-ray pictures; not for diagnosis', ask: analyze },
  { name: 'breast-cancer', about: 'a table of numbers in, probabilities out', ask: infer },
] as const

export const showAnswers = async (kubectl: Kubectl, namespace: string): Promise<void> => {
  for (const { name, about, ask } of questions) {
    const forward = await kubectl.forward(`service/${name}`, 80, namespace)
    try {
      console.log(`\n${name}: ${about} (${kubectl.get('modeldeployment', name, namespace)?.['status'].url})`)
      await ask(forward.url)
    } finally {
      forward.close()
    }
  }
}
