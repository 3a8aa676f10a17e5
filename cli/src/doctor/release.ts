/** A release of Gantry in a cluster, as the Deployment of its operator shows it. */
export interface Release {
  readonly name: string
  readonly namespace: string
  readonly version: string | undefined
  /** Label of the chart; absent for plain manifests. */
  readonly chart: string | undefined
  /** Undefined watches all namespaces. */
  readonly watches: string | undefined
  readonly serverImage: string | undefined
  /** Name of the ConfigMap with the prices; undefined where costs are off. */
  readonly priceSheet: string | undefined
  readonly desired: number
  readonly ready: number
}
