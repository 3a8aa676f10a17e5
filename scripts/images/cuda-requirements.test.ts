import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  committedRequirementFaults,
  type Report,
  requirementFaults,
  requirements,
} from './cuda-requirements.ts'

const hash = 'a'.repeat(64)
const found = (
  name: string,
  hashes: Readonly<Record<string, string>> = { sha256: hash },
): Report['install'][number] => ({
  metadata: { name, version: '1.30.0' },
  download_info: { archive_info: { hashes } },
})

test('every package of the CUDA image has an exact version and a sha256, and onnxruntime is the version of npm', () => {
  assert.deepEqual(committedRequirementFaults(), [])
})

test('requirements name what libraries are taken from, with hashes, and no Python package beside', () => {
  const text = requirements({ install: [found('numpy'), found('onnxruntime-gpu'), found('nvidia-cublas')] })
  assert.deepEqual(text.split('\n').slice(1), [
    `nvidia-cublas==1.30.0 --hash=sha256:${hash}`,
    `onnxruntime-gpu==1.30.0 --hash=sha256:${hash}`,
    '',
  ])
  assert.deepEqual(requirementFaults(text, '1.30.0'), [])
})

test('a package that the index gives no sha256 for is refused, and so is a line without one', () => {
  assert.throws(
    () => requirements({ install: [found('onnxruntime-gpu', { md5: 'b' })] }),
    /no sha256 for onnxruntime-gpu/,
  )
  const faults = requirementFaults('onnxruntime-gpu==1.30.0\n', '1.30.0')
  assert.match(faults.join('\n'), /onnxruntime-gpu==1\.30\.0 has no exact version and sha256/)
})

test('another version of onnxruntime than the npm package has is refused', () => {
  const text = `onnxruntime-gpu==1.29.0 --hash=sha256:${hash}\n`
  assert.match(requirementFaults(text, '1.30.0').join(), /onnxruntime-gpu must be 1\.30\.0/)
})
