/** What `npm start` is going to do, told before it begins, and what to do when one of its steps fails. */
import { labels } from '../../contract/labels.ts'
import type { BinaryName } from '../binaries/build.ts'

/** What is there already when it begins. */
export interface Situation {
  /** Debian packages that are not installed. */
  readonly missingPackages: readonly string[]
  readonly missingBinaries: readonly BinaryName[]
  /** Those of the missing ones that may come as a download. */
  readonly downloadable: readonly BinaryName[]
  /** Images of Gantry were built before; only those whose sources changed are built again. */
  readonly imagesBuilt: boolean
  readonly clusterUp: boolean
}

export const stepNames = [
  'packages',
  'programs',
  'cluster',
  'images',
  'gantry',
  'samples',
  'answers',
] as const
export type StepName = (typeof stepNames)[number]

export interface Step {
  readonly name: StepName
  readonly what: string
  /** How long it took elsewhere. */
  readonly took: string
}

/** Measured on 2 cores: the table of docs/local-cluster.md. */
const measured = {
  packages: '20 s',
  everythingBuilt: '8 min idle, 16 min busy',
  restBuilt: '6.5 min of CPU time',
  clusterUp: '10 to 15 s',
  imagesAnew: '2 min of CPU time; 15 min on an overloaded machine',
  imagesChanged: '1 to 3 min',
  gantry: '10 to 20 s',
  samples: '10 to 30 s',
  answers: '1 s',
} as const

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

const programs = ({ missingBinaries, downloadable }: Situation): Step => {
  const name = 'programs'
  const all = missingBinaries.length
  if (all === 0) return { name, what: 'programs of Kubernetes, and Helm', took: 'already present' }
  const builtAnyway = missingBinaries.filter((binary) => !downloadable.includes(binary))
  const built = `${count(all, 'program')} built from source with Go`
  if (downloadable.length === 0) return { name, what: built, took: measured.everythingBuilt }
  return {
    name,
    what:
      `${downloadable.join(', ')}: downloaded and checked, or else built from source` +
      (builtAnyway.length > 0 ? `; ${builtAnyway.join(', ')}: built from source with Go` : ''),
    took: `${measured.everythingBuilt} where all is built; else the download and ${measured.restBuilt}`,
  }
}

const onAnyCluster: readonly Step[] = [
  { name: 'gantry', what: 'Gantry, installed with Helm, and the model store', took: measured.gantry },
  { name: 'samples', what: 'three sample models, imported and served', took: measured.samples },
  { name: 'answers', what: 'requests to each of them', took: measured.answers },
]

/** The steps on a cluster of the user's own. */
export const planForContext = (): readonly Step[] => onAnyCluster

/** The steps on the local cluster, in order. */
export const planOf = (situation: Situation): readonly Step[] => {
  const { missingPackages, imagesBuilt, clusterUp } = situation
  return [
    ...(missingPackages.length > 0
      ? [
          {
            name: 'packages',
            what: `apt-get installs ${missingPackages.join(', ')}`,
            took: measured.packages,
          } as const,
        ]
      : []),
    programs(situation),
    {
      name: 'cluster',
      what: 'a Kubernetes of one node on this machine',
      took: clusterUp ? 'up already' : measured.clusterUp,
    },
    {
      name: 'images',
      what: 'images of the operator, the inference server and the model store',
      took: imagesBuilt
        ? `already present; ${measured.imagesChanged} where sources changed`
        : measured.imagesAnew,
    },
    ...onAnyCluster,
  ]
}

/** The plan as text, with numbered steps. */
export const planText = (steps: readonly Step[]): string =>
  [
    'Steps, and how long each took on another machine with 2 cores:',
    ...steps.map(({ what, took }, index) => `  ${index + 1}. ${what}\n     ${took}`),
    'Every step can be repeated: what is present is kept.',
  ].join('\n')

/** What to do next where a step failed. */
const advice: Readonly<Record<StepName, (kubectl: string) => string>> = {
  packages: () => 'Install the packages that are named above yourself, then run `npm start` again.',
  programs: () =>
    'Correct what is named above, then run `npm start` again: programs that are present are kept. ' +
    'A release server or a Go module proxy has to be reachable; docs/local-cluster.md says how to use mirrors.',
  cluster: () =>
    'Read the log that is named above, then run `npm stop` and `npm start`: that starts from scratch, and keeps programs and images.',
  images: () =>
    'Images are built with buildah from Debian packages and npm. Check that both registries can be reached, then run `npm start` again.',
  gantry: (kubectl) =>
    `Check that the cluster answers, and the state of the pods of Gantry, then run \`npm start\` again:\n  ${kubectl} get nodes\n` +
    `  ${kubectl} -n gantry-system get pods,events\n  ${kubectl} -n gantry-examples get pods,events`,
  samples: (kubectl) =>
    `Its conditions and Events say what is missing; then run \`npm start\` again:\n  ${kubectl} -n gantry-examples describe mdl`,
  answers: (kubectl) =>
    `Read the log of the server, then run \`npm start\` again:\n  ${kubectl} -n gantry-examples logs -l ${labels.managedBy}=${labels.manager} --tail=20`,
}

/** @param kubectl command with the flags that say which cluster */
export const adviceFor = (step: StepName, kubectl: string): string => advice[step](kubectl)
