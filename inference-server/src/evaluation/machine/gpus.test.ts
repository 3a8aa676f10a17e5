/** A program in place of nvidia-smi, which prints what that prints: no GPU is here. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openGpuMeter } from './gpu-energy.ts'
import { type Driver, readGpus } from './gpus.ts'
import { hardwareOf, readMachine } from './hardware.ts'

/** An older driver: it does not know the field for the power of the moment. */
const smi = `#!/bin/sh
echo "$@" >> "$(dirname "$0")/asked"
case "$1" in
--query-gpu=name) echo "NVIDIA H100 80GB HBM3"; echo "NVIDIA H100 80GB HBM3" ;;
--query-gpu=index,power.draw) printf '0, 62.50\\n1, 100.00\\n2, [N/A]\\n'; exec sleep 60 ;;
*) echo "Field \\"$1\\" is not a valid field to query."; exit 2 ;;
esac
`

const information = `Model: 		 NVIDIA L4
IRQ:   		 123
GPU UUID: 	 GPU-4f2a5a5c-0000-1111-2222-333344445555
`

const inFolder = async (work: (dir: string) => Promise<void>): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-gpu-'))
  try {
    await work(dir)
  } finally {
    await rm(dir, { recursive: true })
  }
}

const driverIn = async (dir: string, env: NodeJS.ProcessEnv = {}): Promise<Driver> => {
  const command = join(dir, 'nvidia-smi')
  await writeFile(command, smi, { mode: 0o755 })
  return { command, folder: join(dir, 'gpus'), env: { PATH: process.env['PATH'], ...env } }
}

test('GPUs of one name are counted, and only a measurement on CUDA has them', () =>
  inFolder(async (dir) => {
    const machine = await readMachine(undefined, await driverIn(dir))
    assert.equal(hardwareOf(machine, 'cuda').gpu, '2 x NVIDIA H100 80GB HBM3')
    assert.equal(hardwareOf(machine, 'cpu').gpu, undefined)
  }))

test('without nvidia-smi the files of the driver have the name, and without a driver there is none', () =>
  inFolder(async (dir) => {
    const driver = { command: join(dir, 'nowhere'), folder: join(dir, 'gpus'), env: {} }
    assert.equal(await readGpus(driver), undefined)
    await mkdir(join(dir, 'gpus/0000:3b:00.0'), { recursive: true })
    await writeFile(join(dir, 'gpus/0000:3b:00.0/information'), information)
    assert.equal(await readGpus(driver), 'NVIDIA L4')
  }))

test('the power of the GPUs that the process sees is summed over time, and one that tells none is left out', () =>
  inFolder(async (dir) => {
    let nowMs = 1000
    const driver = await driverIn(dir, { CUDA_VISIBLE_DEVICES: '0,1,2' })
    const meter = await openGpuMeter(driver, () => nowMs)
    try {
      assert.equal(await meter?.joules(), 0)
      nowMs += 2000
      assert.equal(await meter?.joules(), (62.5 + 100) * 2)
      assert.match(await readFile(join(dir, 'asked'), 'utf8'), /power\.draw .*--loop-ms=\d+ --id=0,1,2\n$/)
    } finally {
      await meter?.close()
    }
    assert.ok(Number.isNaN(await meter?.joules()))
  }))

test('where nvidia-smi tells no power there is no meter, and none that was started stays', () =>
  inFolder(async (dir) => {
    const driver = await driverIn(dir)
    await writeFile(driver.command, '#!/bin/sh\necho "0, [N/A]"\necho "0, [N/A]"\nexec sleep 60\n', {
      mode: 0o755,
    })
    assert.equal(await openGpuMeter(driver, () => 0), undefined)
    assert.equal(await openGpuMeter({ ...driver, command: join(dir, 'nowhere') }, () => 0), undefined)
  }))
