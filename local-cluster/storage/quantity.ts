const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const
const decimal = ['k', 'M', 'G', 'T', 'P', 'E'] as const

const factorOf = (suffix: string): number => {
  const b = (binary as readonly string[]).indexOf(suffix)
  if (b >= 0) return 1024 ** (b + 1)
  const d = (decimal as readonly string[]).indexOf(suffix)
  return d >= 0 ? 1000 ** (d + 1) : 1
}

/** A Kubernetes quantity such as `20Gi`, `500M`, `1e9` or `4096` in bytes. @throws Error when it is none */
export const bytesOf = (quantity: string): number => {
  const match = /^(\d+(?:\.\d+)?)(?:([eE]\d+)|([KMGTPE]i|[kMGTPE]))?$/.exec(quantity)
  if (!match) throw new Error(`${JSON.stringify(quantity)} is not a size like 20Gi or 500M`)
  const [, digits = '', exponent = '', suffix = ''] = match
  return Math.ceil(Number(`${digits}${exponent}`) * factorOf(suffix))
}
