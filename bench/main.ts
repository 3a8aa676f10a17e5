/**
 * `npm run bench` measures everything, `npm run bench -- cold-start` one thing. Each figure stands beside a limit taken in the
 * same run, because machines differ and drift; runs are interleaved and medians compared.
 */
import { print, type Row } from './report.ts'

const benches: Readonly<Record<string, () => Promise<{ measure: () => Promise<readonly Row[]> }>>> = {
  'cold-start': () => import('./cold-start.ts'),
  throughput: () => import('./server/throughput.ts'),
  generation: () => import('./server/generation.ts'),
  cluster: () => import('./cluster.ts'),
  'first-prediction': () => import('./first-prediction.ts'),
  quiet: () => import('./quiet.ts'),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
for (const [name, load] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n== ${name} ==`)
  const { measure } = await load()
  print(await measure())
}
