/** Output for programs: JSON and YAML. */

export const outputForms = ['json', 'yaml'] as const
export type OutputForm = (typeof outputForms)[number]

/** What terminals obey or what turns text around. JSON has an escape for each, so the value stays as it is. */
const unsafe = /[\u007f-\u009f\p{Bidi_Control}\u2028\u2029\u00ad\ufeff]/gu

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value ?? null, null, 2).replace(unsafe, escaped)}\n`

/** JSON is YAML too: a text that a terminal would obey is written as JSON writes it. */
export const documentText = async (value: unknown, form: OutputForm): Promise<string> => {
  const json = jsonText(value)
  if (form === 'json') return json
  const { dump } = await import('js-yaml')
  const yaml = dump(JSON.parse(json), { lineWidth: -1, noRefs: true })
  return yaml.search(unsafe) < 0 ? yaml : json
}
