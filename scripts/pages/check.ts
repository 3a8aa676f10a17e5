/** Part of `npm run check`: what the pages of this repository link to, and the commands that they name, exist. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type Command as GantryCommand, passesOn } from '../../cli/src/command-line/command.ts'
import { optionsOf } from '../../cli/src/command-line/options.ts'
import { commands as gantryCommands } from '../../cli/src/commands/index.ts'
import { usage as gatewayUsage } from '../../gateway/src/config/options.ts'
import { usage as serveUsage } from '../../inference-server/src/config/serve-options.ts'
import { usage as importUsage } from '../../inference-server/src/import/command/options.ts'
import { usage as optimizeUsage } from '../optimize.ts'
import {
  anchorsOf,
  type Command,
  commandsOf,
  gantryCommandsOf,
  hasConflict,
  type Link,
  linksOf,
  testFilesOf,
} from './markdown.ts'

const root = join(import.meta.dirname, '../..')

/** Programs that say themselves what options they have. */
const usages: Readonly<Record<string, string>> = {
  serve: serveUsage,
  import: importUsage,
  optimize: optimizeUsage,
  gateway: gatewayUsage,
}

const readText = (path: string): string => readFileSync(path, 'utf8')

const problemOfLink = (page: string, { path, anchor }: Link): string | undefined => {
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(target)) return `${path} does not exist`
  if (anchor === '' || statSync(target).isDirectory() || !target.endsWith('.md')) return undefined
  return anchorsOf(readText(target)).has(anchor) ? undefined : `${path}#${anchor}: there is no such heading`
}

const problemsOfCommand = (scripts: ReadonlySet<string>, { script, options }: Command): readonly string[] => {
  if (!scripts.has(script)) return [`npm run ${script} is no script of package.json`]
  const usage = usages[script]
  if (usage === undefined) return []
  const known = new Set(usage.match(/--[a-z][a-z0-9-]*/g))
  return options.filter((option) => !known.has(option)).map((option) => `npm run ${script} has no ${option}`)
}

/** A command line that goes to the inference server as it is, has the options of that one. */
const problemsOfGantry = (line: Command): readonly string[] => {
  const { script, options } = line
  const command: GantryCommand | undefined = gantryCommands.find(({ name }) => name === script)
  if (!command) return [`gantry has no command ${script}`]
  if (command.passesOn === true) return []
  if (passesOn(command, options)) return problemsOfCommand(new Set([script]), line)
  const known = Object.keys(optionsOf(command)).map((name) => `--${name}`)
  return options
    .filter((option) => !known.includes(option))
    .map((option) => `gantry ${script} has no ${option}`)
}

/** What is wrong with a page. @param page its absolute path */
export const problemsOf = (page: string, scripts: ReadonlySet<string>): readonly string[] => {
  const text = readText(page)
  return [
    ...linksOf(text).flatMap((link) => problemOfLink(page, link) ?? []),
    ...commandsOf(text).flatMap((command) => problemsOfCommand(scripts, command)),
    ...gantryCommandsOf(text).flatMap(problemsOfGantry),
    ...testFilesOf(text)
      .filter((file) => !existsSync(join(root, file)))
      .map((file) => `${file} does not exist`),
    ...(hasConflict(text) ? ['a conflict of a merge stands in it'] : []),
  ]
}

const scriptsOfPackage = (): ReadonlySet<string> => {
  const { scripts } = JSON.parse(readText(join(root, 'package.json'))) as {
    scripts: Readonly<Record<string, string>>
  }
  return new Set(Object.keys(scripts))
}

if (import.meta.main) {
  const scripts = scriptsOfPackage()
  const pages = globSync('**/*.md', { cwd: root, exclude: ['**/node_modules', '**/.git', '**/.venv'] })
  const problems = pages.flatMap((path) => {
    const page = join(root, path)
    return problemsOf(page, scripts).map((problem) => `${relative(root, page)}: ${problem}`)
  })
  for (const problem of problems) console.log(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
