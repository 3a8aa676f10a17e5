/** Faults of a file system, at any call that changes it. Modules that import node:fs/promises meet them, whenever they were loaded. */
import promises, { type FileHandle } from 'node:fs/promises'
import { createRequire, syncBuiltinESMExports } from 'node:module'

/** A process that is gone: nothing that it would do after a call changes anything. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

type Fault =
  /** The call is not made, nor any after it. */
  | { readonly kind: 'killed'; readonly at: number }
  /** The call fails with this code, and others work. */
  | { readonly kind: 'fails'; readonly at: number; readonly code: string }
  /** All calls from this one on fail with this code. */
  | { readonly kind: 'stays'; readonly at: number; readonly code: string }

// biome-ignore lint/suspicious/noExplicitAny: calls of any kind are passed on as they are
type Call = (...args: any[]) => any

const changing = [
  ...(['mkdir', 'rename', 'rm', 'rmdir', 'link', 'unlink', 'chmod', 'writeFile', 'utimes'] as const),
]
const changingHandles = ['write', 'writeFile', 'sync', 'truncate'] as const

const codeError = (code: string): Error =>
  Object.assign(new Error(`${code}: a fault of this test`), { code, syscall: 'write' })

/** @returns the number of calls that were made, and what the work came to */
export const withFault = async <Result>(
  fault: Fault | undefined,
  work: () => Promise<Result>,
): Promise<{ calls: number; result: Result | undefined; error: unknown }> => {
  let calls = 0
  const meet = (): void => {
    calls += 1
    if (!fault || calls < fault.at) return
    if (fault.kind === 'killed') throw new Killed('the process was killed')
    if (fault.kind === 'stays' || calls === fault.at) throw codeError(fault.code)
  }
  const restore = patched(meet)
  try {
    return { result: await work(), error: undefined, calls }
  } catch (error) {
    return { result: undefined, error, calls }
  } finally {
    restore()
  }
}

const isWriting = (flags: unknown): boolean => typeof flags === 'string' && /[wa+]/.test(flags)

/** @param answer the code of every hard link, as of a file system that has none */
export const withoutLinks = async <Result>(answer: string, work: () => Promise<Result>): Promise<Result> => {
  const module = createRequire(import.meta.url)('node:fs/promises') as Record<string, Call>
  const original = module['link'] as Call
  module['link'] = async () => {
    throw codeError(answer)
  }
  syncBuiltinESMExports()
  try {
    return await work()
  } finally {
    module['link'] = original
    syncBuiltinESMExports()
  }
}

/** @param meet is called before each call that changes something @returns what undoes it */
const patched = (meet: () => void): (() => void) => {
  const undo: (() => void)[] = []
  const wrap = (owner: Record<string, Call>, name: string, meets: (args: unknown[]) => boolean): void => {
    const original = owner[name] as Call
    owner[name] = async function (this: unknown, ...args: unknown[]) {
      if (meets(args)) meet()
      return original.apply(this, args)
    }
    undo.push(() => {
      owner[name] = original
    })
  }
  const module = createRequire(import.meta.url)('node:fs/promises') as Record<string, Call>
  for (const name of changing) wrap(module, name, () => true)
  wrap(module, 'open', ([, flags]) => isWriting(flags))
  for (const name of changingHandles)
    wrap(handlePrototype as unknown as Record<string, Call>, name, () => true)
  syncBuiltinESMExports()
  return () => {
    for (const one of undo) one()
    syncBuiltinESMExports()
  }
}

const anyHandle = await promises.open(import.meta.filename)
const handlePrototype = Object.getPrototypeOf(anyHandle) as FileHandle
await anyHandle.close()
