import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostOf, registryAddress, shownSource } from './source.ts'

for (const [source, shown] of [
  ['https://store/m.onnx', 'https://store/m.onnx'],
  ['https://store', 'https://store/'],
  ['HTTPS://Store:443/a b', 'https://store/a%20b'],
  ['http://store:8080/m?v=1', 'http://store:8080/m'],
  ['https://ann:pass@store/m#token=abc', 'https://store/m'],
  ['https://s3/b/m?X-Amz-Signature=abc&X-Amz-Credential=me', 'https://s3/b/m'],
  ['https://store/m?SECRET', 'https://store/m'],
  ['ftp://ann:pass@store/m?a', 'ftp://store/m'],
  ['s3://ann:pass@bucket/m?a', 's3://bucket/m'],
  ['https://st ore/m?a', 'https://…'],
  ['https://ann:pa/ss@store/m', 'https://…'],
  ['https:/store/m?a', 'https://store/m'],
  [' https://store/m?a', 'https://store/m'],
  ['file://ann:pass@store/m?a', 'file://…'],
  ['file://store/m?a', 'file://store/m'],
  ['://ann:pass@store', '://…'],
] as const)
  test(`${source} is shown as ${shown}`, () => assert.equal(shownSource(source), shown))

for (const path of [
  'file:///models/a b?c#d@e',
  'pvc://claim/a?b#c',
  'configmap://tiny',
  '/models/m.onnx?a',
  'models/ann@home#2',
])
  test(`${path} is a path, and shown as it is`, () => assert.equal(shownSource(path), path))

for (const [address, host] of [
  ['https://models.example/m', 'models.example'],
  ['https://models.example:443/m', 'models.example'],
  ['https://models.example:8443/m', 'models.example:8443'],
  ['http://models.example/m', 'models.example:80'],
  ['http://models.example:443/m', 'models.example'],
  ['https://models.example:80/m', 'models.example:80'],
  ['https://[::1]/m', '[::1]'],
] as const)
  test(`the key hosts names that of ${address} as ${host}`, () =>
    assert.equal(hostOf(new URL(address)), host))

for (const [uri, plain, address] of [
  ['oci://Registry.example/m:1', [], 'https://registry.example/'],
  ['oci://registry.example:5000/m:1', ['Registry.example'], 'http://registry.example:5000/'],
  ['oci://registry.example:5000/m:1', ['registry.example:5000'], 'http://registry.example:5000/'],
  ['oci://registry.example:5001/m:1', ['registry.example:5000'], 'https://registry.example:5001/'],
  ['oci://registry.example.org/m:1', ['registry.example'], 'https://registry.example.org/'],
  ['oci://[fd00::7]:5000/m:1', ['[fd00::7]'], 'http://[fd00::7]:5000/'],
] as const)
  test(`the registry of ${uri} is ${address} where ${plain.join() || 'none'} is asked over http`, () =>
    assert.equal(registryAddress(uri, plain), address))
