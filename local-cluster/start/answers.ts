/** Asks each example something through its Service, and prints question and answer. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kubectl } from '../kubectl.ts'

const exampleFile = (...path: readonly string[]): Buffer =>
  readFileSync(join(import.meta.dirname, '../../examples', ...path))

const post = async (url: string, body: unknown): Promise<unknown> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  })
  return response.json()
}

const chat = async (url: string): Promise<void> => {
  for (const text of [
    '我的快递到哪里了?',
    '这件衣服不合适,怎么退?',
    '机器连不上网怎么办',
    '今天天气怎么样',
  ]) {
    const body = await post(`${url}/chat`, { text })
    console.log(`  POST /chat ${JSON.stringify({ text })}\n    ${JSON.stringify(body)}`)
  }
}

const analyze = async (url: string): Promise<void> => {
  for (const name of ['normal.png', 'pneumonia.png']) {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(exampleFile('chest-xray', 'samples', name))]), name)
    const answer = await (await fetch(`${url}/analyze`, { method: 'POST', body: form })).json()
    console.log(`  POST /analyze ${name}\n    ${JSON.stringify(answer)}`)
  }
}

const infer = async (url: string): Promise<void> => {
  const { cases } = JSON.parse(exampleFile('breast-cancer', 'golden.json').toString()) as {
    cases: readonly { readonly input: readonly number[] }[]
  }
  const data = cases[0]?.input ?? []
  const body = await post(`${url}/v2/models/breast-cancer/infer`, {
    inputs: [{ name: 'input', datatype: 'FP32', shape: [1, data.length], data }],
  })
  console.log(`  POST /v2/models/breast-cancer/infer  30 features\n    ${JSON.stringify(body)}`)
}

const questions: readonly [string, (url: string) => Promise<void>][] = [
  ['customer-service', chat],
  ['chest-xray', analyze],
  ['breast-cancer', infer],
]

export const showAnswers = async (kubectl: Kubectl, namespace: string): Promise<void> => {
  for (const [name, ask] of questions) {
    const forward = await kubectl.forward(`service/${name}`, 80, namespace)
    try {
      console.log(`\n${name} (${kubectl.get('modeldeployment', name, namespace)?.['status'].url})`)
      await ask(forward.url)
    } finally {
      forward.close()
    }
  }
}
