/**
 * What the kubelet makes of an argument, or of the value of a variable, before it starts a container: a port of `Expand` in
 * third_party/forked/golang/expansion/expand.go of Kubernetes 1.35. A variable that does not exist stays as it is written.
 */
export const expand = (text: string, variables: ReadonlyMap<string, string>): string => {
  let output = ''
  let at = 0
  for (;;) {
    const dollar = text.indexOf('$', at)
    if (dollar < 0 || dollar + 1 === text.length) return output + text.slice(at)
    const { put, length } = reference(text.slice(dollar + 1), variables)
    output += text.slice(at, dollar) + put
    at = dollar + 1 + length
  }
}

/** What stands for a `$` and the `length` characters behind it. */
const reference = (rest: string, variables: ReadonlyMap<string, string>): { put: string; length: number } => {
  if (rest.startsWith('$')) return { put: '$', length: 1 }
  if (!rest.startsWith('(')) return { put: `$${rest.slice(0, 1)}`, length: 1 }
  const end = rest.indexOf(')')
  if (end < 0) return { put: '$(', length: 1 }
  const name = rest.slice(1, end)
  return { put: variables.get(name) ?? `$(${name})`, length: end + 1 }
}
