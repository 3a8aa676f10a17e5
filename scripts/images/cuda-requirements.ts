/**
 * Writes inference-server/requirements-cuda.txt: the packages that Dockerfile.cuda takes libraries from, with versions and
 * hashes. Run it when onnxruntime-node changes: `npm run cuda-requirements`. It needs Python with pip and downloads
 * metadata for the most part; nothing is installed.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const file = 'inference-server/requirements-cuda.txt'

/** What `pip install --report` says of each package that it would install. */
export interface Report {
  readonly install: readonly {
    readonly metadata: { readonly name: string; readonly version: string }
    readonly download_info: {
      readonly archive_info: { readonly hashes?: Readonly<Record<string, string>> }
    }
  }[]
}

/** Nothing in the image runs Python: the packages that onnxruntime's Python code imports stay out. */
const isNeeded = (name: string): boolean => name === 'onnxruntime-gpu' || name.startsWith('nvidia-')

/** Lines of a requirements file for `pip install --require-hashes --no-deps`. @throws Error where a hash is missing */
export const requirements = ({ install }: Report): string => {
  const lines = install
    .filter(({ metadata }) => isNeeded(metadata.name))
    .map(({ metadata: { name, version }, download_info }) => {
      const hash = download_info.archive_info.hashes?.['sha256']
      if (!hash) throw new Error(`the index gives no sha256 for ${name} ${version}`)
      return `${name}==${version} --hash=sha256:${hash}`
    })
  return `# Written by npm run cuda-requirements. CPython 3.12, linux/amd64.\n${lines.sort().join('\n')}\n`
}

/** What is wrong with the committed file. @param onnxruntime version of the npm package, whose provider is taken from here */
export const requirementFaults = (text: string, onnxruntime: string): readonly string[] => {
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
  const faults = lines
    .filter((line) => !/^[a-z0-9-]+==[0-9][0-9a-z.]* --hash=sha256:[0-9a-f]{64}$/.test(line))
    .map((line) => `${file}: ${line} has no exact version and sha256`)
  if (!lines.some((line) => line.startsWith(`onnxruntime-gpu==${onnxruntime} `)))
    faults.push(
      `${file}: onnxruntime-gpu must be ${onnxruntime}, as onnxruntime-node is; run npm run cuda-requirements`,
    )
  return faults
}

const onnxruntimeVersion = (): string => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'inference-server/package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  return dependencies['onnxruntime-node'] ?? ''
}

export const committedRequirementFaults = (): readonly string[] =>
  requirementFaults(readFileSync(join(root, file), 'utf8'), onnxruntimeVersion())

/** Wheels run on glibc 2.28 and newer; the image has 2.36. */
const platforms = ['manylinux_2_28', 'manylinux_2_27', 'manylinux_2_17', 'manylinux2014'] as const

const renew = (): void => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-cuda-'))
  const report = join(folder, 'report.json')
  try {
    const target = ['--python-version', '3.12', '--implementation', 'cp', '--target', join(folder, 'none')]
    const wheels = platforms.flatMap((platform) => ['--platform', `${platform}_x86_64`])
    const flags = ['--dry-run', '--quiet', '--ignore-installed', '--only-binary=:all:', '--report', report]
    const wanted = `onnxruntime-gpu[cuda,cudnn]==${onnxruntimeVersion()}`
    execFileSync('python3', ['-m', 'pip', 'install', ...flags, ...target, ...wheels, wanted], {
      stdio: 'inherit',
    })
    writeFileSync(join(root, file), requirements(JSON.parse(readFileSync(report, 'utf8')) as Report))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) renew()
