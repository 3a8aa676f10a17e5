import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LivePod } from '@gantry/kube/live.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { mountedImageStuck } from './mounted-image.ts'

const digest = `sha256:${'0a'.repeat(32)}`
const uri = `oci://registry.example/m@${digest}`
const pod = { metadata: { name: 'intents-0', namespace: 'demo' } } as LivePod
const found = (mode: string, reason: string, message: string) =>
  mountedImageStuck(
    pod,
    { name: 'gantry-import', state: { waiting: { reason, message } } } as never,
    modelDeployment({ spec: { model: { source: { uri } }, storage: { mode } } } as never),
  )

test('a runtime that mounts no images is named, with what to do', () => {
  for (const [reason, message] of [
    ['CreateContainerError', 'failed to mkdir "": no such file or directory'], // containerd 1.6
    ['ImageVolumeMountFailed', 'mismatched image rootfs and manifest layers'], // containerd 2.4, an artifact with layers of images
  ] as const) {
    const finding = found('ImageVolume', reason, message)
    assert.equal(finding?.reason, 'VolumeNotMounted')
    assert.match(
      finding?.message ?? '',
      /cannot be mounted in pod intents-0: .*containerd 2\.1.*Ephemeral needs none/,
    )
  }
})

test('an image of the model that cannot be pulled is told from the image of the server', () => {
  const refused = `failed to pull and unpack image "registry.example/m@${digest}": 401 Unauthorized`
  const finding = found('ImageVolume', 'ErrImagePull', refused)
  assert.equal(finding?.reason, 'ImagePull')
  assert.match(finding?.message ?? '', /401 Unauthorized.*spec\.model\.source\.secretRef is a pull Secret/)
  assert.equal(found('ImageVolume', 'ErrImagePull', 'gantry/server:1 not found'), undefined)
})

test('pods of other models are left to other checks', () => {
  assert.equal(found('Ephemeral', 'CreateContainerError', 'failed to mkdir ""'), undefined)
  assert.equal(found('ImageVolume', 'CreateContainerConfigError', 'secret "keys" not found'), undefined)
})
