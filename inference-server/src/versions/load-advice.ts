/** What to do about a model that onnxruntime refuses, by what it says. */
import { onnxruntime } from '../import/model/supported.ts'

type Advice = (match: RegExpExecArray) => string

const { version } = onnxruntime

/** The first that fits counts. */
const advices: readonly (readonly [symptom: RegExp, advice: Advice])[] = [
  [
    /construct locale with name:([\w.@-]+)/i,
    ([, locale = '']) =>
      `install the locale ${locale} where the server runs (on Debian: apt-get install locales, then localedef -i ${locale.split('.')[0]} -f UTF-8 ${locale}), or export the model with a locale that is there`,
  ],
  [
    /which the protocol cannot carry/,
    () => 'put a Cast to or from FLOAT, FLOAT16 or an integer of 8 bits or more between it and the graph',
  ],
  [/bad_alloc|allocate memory|out of memory/i, () => 'give the server more memory'],
  [/protobuf/i, () => 'the file is not whole, or is no ONNX model; copy it again'],
  [/external (data|initializer)|no such file/i, () => 'copy the files of its weights beside it'],
  [
    /No Op registered for (\w+) with domain_version of (\d+)/i,
    ([, operator, set]) =>
      `operator set ${set} has no ${operator}; export it again for a set that has, or without this operator`,
  ],
  [
    /([\w.]+:\w+)\(-?\d+\) is not a registered/i,
    ([, operator]) => `onnxruntime ${version} has no ${operator}; export it again without this operator`,
  ],
  [
    /not find an implementation for (\w+)/i,
    ([, operator]) =>
      `onnxruntime ${version} has ${operator} for other element types or versions; export it again with others, such as float32`,
  ],
]

/** @param reason what onnxruntime says */
export const loadAdvice = (reason: string): string => {
  for (const [symptom, advice] of advices) {
    const match = symptom.exec(reason)
    if (match) return advice(match)
  }
  return `other programs with onnxruntime ${version} cannot load it either; onnx.checker.check_model in Python may say more`
}
