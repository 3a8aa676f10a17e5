import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Artifact,
  dockerModel,
  emptyConfig,
  image,
  manifestOf,
  modelPack,
  orasArtifact,
} from '../../../../local-cluster/oci-push.ts'
import { failing } from '../../testing/imports.ts'
import { readManifest } from './manifest.ts'
import { shapeOf } from './shape.ts'

const read = (artifact: Artifact) => {
  const manifest = readManifest(Buffer.from(JSON.stringify(manifestOf(artifact))), '')
  assert.ok(manifest.kind === 'manifest')
  return manifest
}
const filesOf = (artifact: Artifact, isExport = false): readonly string[] => {
  const shape = shapeOf(read(artifact), isExport)
  return shape.kind === 'image'
    ? [`image of ${shape.layers.length}`]
    : shape.files.map(({ path, form }) => `${path} ${form}`)
}

const files = { 'model.onnx': Buffer.from('graph'), 'onnx/vocab.txt': Buffer.from('words') }
const typed = (mediaType: string, name = 'org.cncf.model.filepath', path = 'model.onnx') => ({
  mediaType,
  content: Buffer.from(mediaType),
  annotations: { [name]: path },
})
const packed = (...layers: Artifact['layers']): Artifact => ({ ...modelPack({}), layers })
const cncf = 'application/vnd.cncf.model'

describe('the layers of an artifact are the files of a model', () => {
  for (const [what, artifact, expected] of [
    ['ModelPack', modelPack(files), ['model.onnx file', 'onnx/vocab.txt file']],
    ['ModelPack of the older name', modelPack(files, 'cnai'), ['model.onnx file', 'onnx/vocab.txt file']],
    [
      'ModelPack without its kind',
      { ...modelPack(files), artifactType: undefined },
      ['model.onnx file', 'onnx/vocab.txt file'],
    ],
    [
      'ModelPack of archives, without data sets and code',
      packed(
        typed(`${cncf}.weight.v1.tar`),
        typed(`${cncf}.weight.config.v1.tar+gzip`, undefined, 'config'),
        typed(`${cncf}.doc.v1.tar+zstd`, undefined, 'README.md'),
        typed(`${cncf}.dataset.v1.raw`, undefined, 'data.csv'),
        typed(`${cncf}.code.v1.tar`, undefined, 'code'),
      ),
      ['model.onnx payload', 'config payload', 'README.md payload'],
    ],
    ['ORAS', orasArtifact(files), ['model.onnx file', 'onnx/vocab.txt file']],
    [
      'ORAS with one file, which may be an archive',
      orasArtifact({ 'model.tar.gz': Buffer.from('x') }),
      ['model.tar.gz payload'],
    ],
    [
      'ORAS with a folder',
      {
        ...orasArtifact(files),
        layers: [
          {
            mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
            content: Buffer.from('x'),
            annotations: { 'org.opencontainers.image.title': 'onnx', 'io.deis.oras.content.unpack': 'true' },
          },
          { mediaType: 'text/plain', content: Buffer.from('unnamed') },
          {
            mediaType: 'text/plain',
            content: Buffer.from('y'),
            annotations: { 'org.opencontainers.image.title': 'config.json' },
          },
        ],
      },
      ['onnx payload', 'config.json file'],
    ],
    [
      'ORAS of a client that writes configurations of images',
      { ...orasArtifact(files), config: image([]).config },
      ['model.onnx file', 'onnx/vocab.txt file'],
    ],
    ['a Docker model', dockerModel(files), ['model.onnx file', 'onnx/vocab.txt file']],
    ['an image', image([Buffer.from('a'), Buffer.from('b')]), ['image of 2']],
    [
      'an image of Docker',
      {
        ...image([Buffer.from('a')], 'application/vnd.docker.image.rootfs.diff.tar.gzip'),
        config: { mediaType: 'application/vnd.docker.container.image.v1+json', content: Buffer.from('{}') },
      },
      ['image of 1'],
    ],
  ] as const)
    test(what, () => {
      assert.deepEqual(filesOf(artifact as Artifact), expected)
    })

  test('weights of another library are let through for an export', () => {
    assert.deepEqual(
      filesOf(orasArtifact({ 'a.safetensors': Buffer.from('x'), 'config.json': Buffer.from('{}') }), true),
      ['a.safetensors file', 'config.json file'],
    )
  })
})

const configured = (mediaType: string, layerType = 'application/octet-stream'): Artifact => ({
  config: { mediaType, content: Buffer.from('{}') },
  layers: [{ mediaType: layerType, content: Buffer.from('x') }],
})

describe('what is no model is refused before a layer is downloaded', () => {
  for (const [what, artifact, message] of [
    [
      'a Helm chart',
      configured(
        'application/vnd.cncf.helm.config.v1+json',
        'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
      ),
      /is a Helm chart; give a tag or digest of a model/,
    ],
    [
      'a signature',
      configured(
        'application/vnd.oci.image.config.v1+json',
        'application/vnd.dev.cosign.simplesigning.v1+json',
      ),
      /is a signature of another artifact/,
    ],
    [
      'a bundle of Sigstore',
      {
        ...configured('application/vnd.oci.empty.v1+json'),
        artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      },
      /is a signature/,
    ],
    [
      'an attestation',
      configured('application/vnd.oci.image.config.v1+json', 'application/vnd.in-toto+json'),
      /is an attestation/,
    ],
    ['a ModelKit', configured('application/vnd.kitops.modelkit.config.v1+json'), /is a ModelKit of KitOps/],
    [
      'weights of safetensors',
      modelPack({ 'model.safetensors': Buffer.from('x'), 'config.json': Buffer.from('{}') }),
      /weights as safetensors and no \.onnx file; export the model to ONNX/,
    ],
    [
      'weights of GGUF',
      orasArtifact({ 'a.gguf': Buffer.from('x'), 'b.txt': Buffer.from('y') }),
      /weights as GGUF/,
    ],
    [
      'files without a graph',
      orasArtifact({ 'a.json': Buffer.from('x'), 'b.txt': Buffer.from('y') }),
      /has no \.onnx file; push the graph too.*"a\.json", "b\.txt"/,
    ],
    [
      'a Docker model of version 0.1',
      configured('application/vnd.docker.ai.model.config.v0.1+json', 'application/vnd.docker.ai.gguf.v3'),
      /is a Docker model of GGUF weights; push the ONNX files/,
    ],
    [
      'an encrypted image',
      image([Buffer.from('a')], 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted'),
      /is encrypted, and imports have no key/,
    ],
    [
      'a foreign layer',
      image([Buffer.from('a')], 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip'),
      /kept outside of the registry/,
    ],
    [
      'a layer without a name',
      packed({ mediaType: `${cncf}.weight.v1.raw`, content: Buffer.from('x') }),
      /has no name; push it with a client that annotates/,
    ],
    [
      'a layer of an unknown type',
      packed(typed('application/vnd.cncf.model.secret.v9.raw')),
      /does not know/,
    ],
    [
      'an artifact without files',
      { config: emptyConfig, layers: [] },
      /has no layer that is a file of a model/,
    ],
  ] as const)
    test(what, () => {
      assert.throws(() => filesOf(artifact as Artifact), failing('SourceUnsupported', message))
    })
})

describe('a manifest is checked before anything is made of it', () => {
  const valid = manifestOf(modelPack(files))
  const reading = (change: object) => () =>
    readManifest(Buffer.from(JSON.stringify({ ...valid, ...change })), '')
  for (const [what, change, message] of [
    ['schema 1', { schemaVersion: 1 }, /is of schema 1/],
    [
      'a digest of another kind',
      { layers: [{ ...valid.layers[0], digest: `sha512:${'0'.repeat(128)}` }] },
      /a digest that is no sha256/,
    ],
    [
      'a digest that is a path',
      { config: { ...valid.config, digest: 'sha256:../../etc' } },
      /a digest that is no sha256/,
    ],
    ['a negative size', { layers: [{ ...valid.layers[0], size: -1 }] }, /a size that is none/],
    [
      '10,001 layers',
      { layers: Array.from({ length: 10_001 }, () => valid.layers[0]) },
      /has 10001 layers, and at most 10000 are read/,
    ],
    ['layers that are no list', { layers: {} }, /no list of layers/],
    ['a layer that is none', { layers: [null] }, /something else than a descriptor/],
    [
      'an unknown type',
      { mediaType: 'application/x', config: undefined },
      /not known here.*"application\/x"/,
    ],
  ] as const)
    test(`${what} is refused`, () => {
      assert.throws(reading(change), failing('SourceUnsupported', message))
    })

  for (const text of ['<html>', '[]', '"x"', '\xff'])
    test(`${JSON.stringify(text)} is no manifest`, () => {
      assert.throws(
        () => readManifest(Buffer.from(text, 'latin1'), ''),
        failing('SourceUnsupported', /so it is no registry/),
      )
    })
})
