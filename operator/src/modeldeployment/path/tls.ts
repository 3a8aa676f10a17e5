/** Whether gateways can stand in the path of a model whose pods speak TLS. Pure. */
import { coversName, type Demand, serviceName } from '@gantry/contract/gateway.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { GatewayTrouble } from '../../canary/rollout.ts'
import type { ModelDeployment } from '../model-deployment.ts'

type Answer = Pick<Demand, 'tls'>

/** A gateway's own words; those of OpenSSL are short. */
const mostWords = 300

const troubleAt = ({ tls }: Answer, name: string, key: string): GatewayTrouble | undefined => {
  if (!tls)
    return {
      why: 'its pods speak TLS (spec.serve.tls), and the gateway has no certificate',
      advice: `Set gateway.tls.secretName of the chart to a Secret whose certificate names ${name}`,
    }
  if (!coversName(tls.names, name))
    return {
      why: `the certificate of the gateway does not name ${name}`,
      advice: 'Add that name to the certificate in gateway.tls.secretName of the chart',
    }
  const untrusted = tls.untrusted.find(({ model }) => model === key)
  return (
    untrusted && {
      why: `the gateway cannot verify the certificate of its pods (${plainText(untrusted.message, mostWords)})`,
      advice: `Have the Secret of spec.serve.tls name ${name}, and the Secret in gateway.tls.secretName of the chart hold its authority as ca.crt`,
    }
  )
}

/** @param answers of gateways @returns undefined where one of them can, none has answered, or the pods do not speak TLS */
export const tlsTrouble = (
  { metadata, spec }: Pick<ModelDeployment, 'metadata' | 'spec'>,
  answers: readonly Answer[],
): GatewayTrouble | undefined => {
  if (!spec.serve?.tls) return undefined
  const { namespace, name } = metadata
  const troubles = answers.map((answer) =>
    troubleAt(answer, serviceName({ namespace, name }), `${namespace}/${name}`),
  )
  return troubles.includes(undefined) ? undefined : troubles[0]
}
