import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { isIPv4 } from 'node:net'
import { describe, test } from 'node:test'
import { AddressRefused, guardHost, refusalOf } from './address-guard.ts'

const inCluster = { allowLoopback: false, allowPrivate: true }
const onlyInternet = { allowLoopback: false, allowPrivate: false }
const onLaptop = { allowLoopback: true, allowPrivate: true }

const loopback = [
  '127.0.0.1',
  '127.8.9.10',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
]
const local = [
  ...['0.0.0.0', '0.1.2.3', '::', '::ffff:0.0.0.0'],
  ...[
    '169.254.169.254',
    '169.254.170.2',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
  ],
  ...['64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1', '::ffff:0:169.254.169.254', '64:ff9b:1::a9fe:a9fe'],
  ...['fe80::1', 'fe80::1%eth0', 'febf::1', 'fe80::a9fe:a9fe', 'fec0::1'],
  ...[
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fd00:42::42',
  ],
  ...['224.0.0.1', '239.255.255.250', '255.255.255.255', '240.0.0.1', 'ff02::1', '2001:0:1:2:3:4:5:6'],
]
const privateOnes = [
  ...['10.0.0.1', '10.96.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '198.18.0.1'],
  ...['fc00::1', 'fd12:3456::1', '::ffff:10.0.0.1', '64:ff9b::a00:1', '2002:a00:1::'],
]
const internet = [
  ...[
    '1.1.1.1',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '192.1.0.1',
    '169.253.1.1',
    '126.0.0.1',
    '128.0.0.1',
  ],
  ...['2606:4700::1111', '2001:4860:4860::8888', '64:ff9b::808:808', '2002:808:808::', '::ffff:8.8.8.8'],
]

describe('an import connects', () => {
  test('to the internet and to private networks, and to no address of its machine or its cloud', () => {
    for (const address of [...internet, ...privateOnes])
      assert.equal(refusalOf(address, inCluster), undefined, address)
    for (const address of [...loopback, ...local])
      assert.equal(refusalOf(address, inCluster), 'local', address)
  })

  test('to the internet alone where private networks are switched off', () => {
    for (const address of internet) assert.equal(refusalOf(address, onlyInternet), undefined, address)
    for (const address of privateOnes) assert.equal(refusalOf(address, onlyInternet), 'private', address)
    for (const address of [...loopback, ...local])
      assert.equal(refusalOf(address, onlyInternet), 'local', address)
  })

  test('to its own machine where that is allowed, and still not to the metadata of a cloud', () => {
    for (const address of [...loopback, ...internet, ...privateOnes])
      assert.equal(refusalOf(address, onLaptop), undefined, address)
    for (const address of local) assert.equal(refusalOf(address, onLaptop), 'local', address)
  })
})

describe('a host that is an address is refused however it is written:', () => {
  for (const host of [
    ...[
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '017700000001',
      '0177.0.0.01',
      '127.0.0.1.',
    ],
    ...[
      '169.254.169.254',
      '2852039166',
      '0xa9fea9fe',
      '0251.0376.0251.0376',
      '169.254.43518',
      '１６９.２５４.１６９.２５４',
    ],
    ...[
      '[::1]',
      '[::]',
      '[0:0:0:0:0:0:0:1]',
      '[::ffff:169.254.169.254]',
      '[fe80::1]',
      '[FD00:EC2::254]',
      '0',
      '0.0.0.0',
    ],
  ])
    test(host, () => {
      assert.throws(() => guardHost(new URL(`http://${host}:9500/secret`), inCluster), AddressRefused)
    })

  test('names are left to the lookup', () => {
    assert.equal(guardHost(new URL('http://localhost/'), inCluster).isPrivate(), false)
  })
})

describe('a name', () => {
  const resolving =
    (...answers: string[]) =>
    (_: string, __: object, done: (error: null, addresses: LookupAddress[]) => void) =>
      done(
        null,
        answers.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 })),
      )
  const guard = (answers: string[]) =>
    guardHost(new URL('https://store.example/'), { ...inCluster, resolve: resolving(...answers) })
  const look = (answers: string[], options = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      guard(answers).lookup('store.example', options, (error, address, family) =>
        error ? reject(error) : resolve(family === undefined ? address : [address, family]),
      )
    })

  test('is connected to at the addresses that were checked', async () => {
    assert.deepEqual(await look(['10.0.0.9', '8.8.8.8'], { all: true }), [
      { address: '10.0.0.9', family: 4 },
      { address: '8.8.8.8', family: 4 },
    ])
    assert.deepEqual(await look(['2606:4700::1111']), ['2606:4700::1111', 6])
  })

  test('is refused where one of its addresses is', async () => {
    for (const address of [...loopback, ...local])
      for (const answers of [[address], ['8.8.8.8', address]])
        await assert.rejects(look(answers, { all: true }), AddressRefused)
  })

  test('is known to be private once it was looked up', async () => {
    for (const [answer, isPrivate] of [
      ['10.0.0.9', true],
      ['8.8.8.8', false],
    ] as const) {
      const host = guard([answer])
      await new Promise((resolve) => host.lookup('store.example', { all: true }, resolve))
      assert.equal(host.isPrivate(), isPrivate)
    }
  })

  test('without an address is not known', async () => {
    await assert.rejects(look([]), { code: 'ENOTFOUND' })
  })
})
