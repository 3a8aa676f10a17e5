/** What a page of Markdown names that has to exist: files, headings and commands. */

export interface Link {
  /** Path relative to the page, empty for a heading of the page itself. */
  readonly path: string
  /** Anchor of a heading, empty for the whole page. */
  readonly anchor: string
}

const fence = /^ *(```|~~~).*\n[\s\S]*?^ *\1 *$/gm

/** A page without its blocks of code. */
const prose = (page: string): string => page.replace(fence, '')

/** Prose without code in a line either: a link there is an example. */
const withoutCode = (page: string): string => prose(page).replace(/`[^`\n]*`/g, '')

/** Links that lead into the repository; addresses of other hosts are not looked up. */
export const linksOf = (page: string): readonly Link[] =>
  [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/i.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#')
      return { path, anchor }
    })

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')

/** Anchors of the headings of a page. A heading that stands twice gets a number. */
export const anchorsOf = (page: string): ReadonlySet<string> => {
  const anchors = new Set<string>()
  for (const [, heading = ''] of prose(page).matchAll(/^#{1,6} +(.+)$/gm)) {
    const anchor = anchorOf(heading)
    let free = anchor
    for (let again = 1; anchors.has(free); again++) free = `${anchor}-${again}`
    anchors.add(free)
  }
  return anchors
}

export interface Command {
  /** Script of package.json. */
  readonly script: string
  /** Options after ` -- `, without their values. */
  readonly options: readonly string[]
}

/** Commands of npm that a page names, in prose and in blocks of code. Lines that end in a backslash go on. */
export const commandsOf = (page: string): readonly Command[] =>
  [...page.replace(/\\\n/g, ' ').matchAll(/\bnpm (?:run )?([a-z][a-z:-]*)(?: (-- [^\n`#|;]*))?/g)]
    .filter(([all, name = '']) => all.startsWith('npm run ') || ['start', 'stop', 'test'].includes(name))
    .map(([, script = '', rest = '']) => ({
      script,
      options: [...rest.matchAll(/ (--[a-z][a-z0-9-]*)/g)].map(([, option = '']) => option),
    }))

/** Command lines of gantry in code: in a line of its own, or between backquotes. */
export const gantryCommandsOf = (page: string): readonly Command[] =>
  [...page.matchAll(/(?:^ *(?:\$ )?|`)(?:(?:kubectl )?gantry|npm run gantry --) ([a-z]+)([^`#|;\n]*)/gm)].map(
    ([, script = '', rest = '']) => ({
      script,
      options: [...rest.matchAll(/ (--[a-z][a-z0-9-]*)/g)].map(([, option = '']) => option),
    }),
  )

/** Test files that a page says to run. */
export const testFilesOf = (page: string): readonly string[] =>
  [...page.matchAll(/node --test ([^\s`]+\.ts)/g)].map(([, file = '']) => file)

/** Whether a merge was committed with its conflict in the page. */
export const hasConflict = (page: string): boolean => /^(?:<{7}|>{7}) /m.test(page)
