/** How the releases of Gantry in a cluster are named, so that each can find the Lease of another. */

/** Name of an operator's release where none is given. */
export const defaultRelease = 'gantry'

/** A Helm release, or what was installed in its place. */
export interface Release {
  readonly namespace: string
  readonly name: string
}

/** Annotation of a release's Lease: the namespace that it watches, or `*`. */
export const watchesAnnotation = 'gantry.dev/watches'
export const allNamespaces = '*'

/** Value of `status.managedBy`. */
export const managerOf = ({ namespace, name }: Release): string => `${namespace}/${name}`

/** @param manager as managerOf() writes it */
export const releaseOf = (manager: string): Release => {
  const [namespace = '', name = ''] = manager.split('/')
  return { namespace, name }
}

/** Helm cuts names so that what is appended to them fits into a label of DNS; the chart's `gantry.name` does the same. */
const cut = (text: string, most: number): string => text.slice(0, most).replace(/-$/, '')

/** Name of the operator's Deployment and of its Lease: `gantry-operator`, or `prod-gantry-operator` for a release `prod`. */
export const operatorNameOf = (release: string): string => {
  const name = release.includes('gantry') ? cut(release, 50) : `${cut(release, 43)}-gantry`
  return `${name}-operator`
}
