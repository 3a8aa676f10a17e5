import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Datatype, type NamedTensors, rowCount, type Signature, type Tensor } from '../tensors/tensor.ts'
import { fp32, int64, named } from '../testing/tensors.ts'
import { rounding } from './closeness.ts'
import { type Probe, probeRows, sampleRows, warmUp } from './row-probe.ts'

const spec = (name: string, shape: readonly number[], datatype: Datatype = 'FP32') => ({
  name,
  datatype,
  shape,
  symbols: shape.map(() => ''),
})
const signature = (input = spec('x', [-1, 2]), output = spec('y', [-1, 2])): Signature => ({
  inputs: [input],
  outputs: [output],
})

type Rows = readonly (readonly number[])[]

/** A model that makes rows of rows. */
const model = (change: (rows: Rows) => Rows) => async (inputs: NamedTensors) => {
  const { shape, data } = inputs.get('x') as Tensor
  const width = shape[1] ?? 1
  const numbers = [...(data as Float32Array)]
  const made = change(
    Array.from({ length: shape[0] ?? 0 }, (_, row) => numbers.slice(row * width, (row + 1) * width)),
  )
  return { outputs: named({ y: fp32([made.length, made[0]?.length ?? 0], made.flat()) }) }
}
const double = model((rows) => rows.map((row) => row.map((value) => value * 2)))

const reasonOf = (probe: Probe): string => (probe.kind === 'meet' ? probe.reason : assert.fail(probe.kind))
const probed = (change: (rows: Rows) => Rows): Promise<Probe> =>
  probeRows({ signature: signature(), run: model(change), closeness: rounding, maxRows: 32 })

const mean = (rows: Rows): number => rows.flat().reduce((sum, value) => sum + value, 0) / rows.flat().length

describe('rows are apart', () => {
  test('when they come out the same together as alone', async () => {
    assert.deepEqual(
      await probeRows({ signature: signature(), run: double, closeness: rounding, maxRows: 32 }),
      { kind: 'apart' },
    )
  })

  test('though rounding moves them', async () => {
    const rounded = (rows: Rows) => rows.map((row) => row.map((value) => value * (1 + 1e-5 * rows.length)))
    assert.deepEqual(await probed(rounded), { kind: 'apart' })
  })

  test('though they are not numbers', async () => {
    const logs = (rows: Rows) => rows.map((row) => row.map(Math.log))
    assert.deepEqual(await probed(logs), { kind: 'apart' })
  })
})

describe('rows meet', () => {
  const couplings: Readonly<Record<string, (rows: Rows) => Rows>> = {
    'in the mean of all': (rows) => rows.map((row) => row.map((value) => value - mean(rows))),
    weakly: (rows) => rows.map((row) => row.map((value) => value + 1e-3 * mean(rows))),
    'with the one before': (rows) =>
      rows.map((row, place) => row.map((value, at) => value + (rows[place - 1]?.[at] ?? 0))),
    'with one three places away': (rows) =>
      rows.map((row, place) => row.map((value, at) => value + (rows[place + 3]?.[at] ?? 0))),
    'by their number': (rows) => rows.map((row) => row.map((value) => value * rows.length)),
    'by their place': (rows) => rows.map((row, place) => row.map((value) => value + place)),
    'when there are more than four': (rows) => (rows.length > 4 ? rows.toReversed() : rows),
    'by a branch': (rows) => rows.map((row) => row.map((value) => (mean(rows) > 0 ? value * 2 : -value))),
    'in numbers of 1e-7': (rows) => {
      const most = Math.max(...rows.flat())
      return rows.map((row) => row.map((value) => 1e-7 * Math.exp(value - most)))
    },
  }
  for (const [how, change] of Object.entries(couplings)) {
    test(how, async () =>
      assert.match(reasonOf(await probed(change)), /rows of output y depend on each other/),
    )
  }

  test('when fewer come out', async () => {
    const dropped = (rows: Rows) => rows.filter(([value = 0]) => value > 0)
    assert.match(reasonOf(await probed(dropped)), /9 rows come out of output y as \[\d, 2\]/)
  })

  test('when a whole number differs, where nothing is proven', async () => {
    const places = async (inputs: NamedTensors) => {
      const rows = rowCount(inputs.get('x') as Tensor)
      return {
        outputs: named({
          y: int64(
            [rows],
            Array.from({ length: rows }, (_, place) => place),
          ),
        }),
      }
    }
    const whole = signature(spec('x', [-1, 2]), spec('y', [-1], 'INT64'))
    assert.match(
      reasonOf(await probeRows({ signature: whole, run: places, closeness: rounding, maxRows: 32 })),
      /in row/,
    )
  })
})

describe('what is tried', () => {
  test('has nine rows in one run, and other numbers in others', async () => {
    const counts: number[] = []
    await probed((rows) => {
      counts.push(rows.length)
      return rows
    })
    assert.ok(counts.includes(9))
    assert.deepEqual([...new Set(counts)].toSorted(), [1, 4, 9])
  })

  test('has no more rows in a run than will ever share one', async () => {
    for (const maxRows of [2, 5, 9, 40]) {
      const counts: number[] = []
      const run = model((rows) => {
        counts.push(rows.length)
        return rows
      })
      await probeRows({ signature: signature(), run, closeness: rounding, maxRows })
      assert.equal(Math.max(...counts), Math.min(maxRows, 9))
    }
  })

  test('has both signs and several scales, and no two rows alike', async () => {
    let tried: Rows = []
    const run = model((rows) => {
      if (rows.length > tried.length) tried = rows
      return rows
    })
    const wide = signature(spec('x', [-1, 40]), spec('y', [-1, 40]))
    await probeRows({ signature: wide, run, closeness: rounding, maxRows: 32 })
    const all = tried.flat()
    assert.ok(all.some((value) => value < 0) && all.some((value) => value > 0))
    const sizes = tried.map((row) => Math.max(...row.map(Math.abs)))
    assert.ok(Math.max(...sizes) > 100 * Math.min(...sizes))
    assert.equal(new Set(tried.map(String)).size, 9)
  })

  test('has a size that an image model takes where a small one fails', async () => {
    const sizes: number[] = []
    const picky = async (inputs: NamedTensors) => {
      const tensor = inputs.get('x') as Tensor
      sizes.push(tensor.shape[2] ?? 0)
      if ((tensor.shape[2] ?? 0) < 32) throw new Error('too small')
      return { outputs: named({ y: tensor }) }
    }
    const images = signature(spec('x', [-1, 1, -1, -1]), spec('y', [-1, 1, -1, -1]))
    assert.deepEqual(await probeRows({ signature: images, run: picky, closeness: rounding, maxRows: 32 }), {
      kind: 'apart',
    })
    assert.deepEqual(sizes.slice(0, 2), [8, 224])
  })

  test('has axes as long as others together that are called so', async () => {
    const lengths: (number | undefined)[] = []
    const mask = { ...spec('mask', [-1, -1], 'INT64'), symbols: ['batch', 'past + sequence'] }
    const inputs = [spec('ids', [-1, -1], 'INT64'), mask]
    const run = async (tensors: NamedTensors) => {
      lengths.push(tensors.get('mask')?.shape[1])
      return { outputs: named({ y: tensors.get('mask') as Tensor }) }
    }
    const decoder = { inputs, outputs: [spec('y', [-1, -1], 'INT64')] }
    await probeRows({ signature: decoder, run, closeness: rounding, maxRows: 32 })
    assert.deepEqual([...new Set(lengths)], [16])
  })

  test('is zeros and ones where real numbers fail', async () => {
    const categories = (rows: Rows) => {
      if (rows.flat().some((value) => !Number.isInteger(value))) throw new Error('unknown category')
      return rows
    }
    assert.deepEqual(await probed(categories), { kind: 'apart' })
  })

  test('says nothing where nothing could be run', async () => {
    const failing = () => Promise.reject(new Error('needs a square picture'))
    assert.deepEqual(
      await probeRows({ signature: signature(), run: failing, closeness: rounding, maxRows: 32 }),
      {
        kind: 'failed',
        cause: 'needs a square picture',
      },
    )
    assert.equal(await warmUp(signature(), failing), false)
  })
})

test('whole numbers are valid as indices and masks, and no row masks everything', () => {
  const ids = sampleRows(signature(spec('ids', [-1, 12], 'INT64')), 9).get('ids') as Tensor
  const values = [...(ids.data as BigInt64Array)].map(Number)
  assert.ok(values.every((value) => value === 0 || value === 1))
  for (let row = 0; row < 9; row++) assert.ok(values.slice(row * 12, (row + 1) * 12).includes(1))
})
