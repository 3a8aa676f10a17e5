/** The TLS that the ports of the inference server and of the gateway speak. */

/** Older versions are broken (RFC 8996). */
export const minTlsVersion = 'TLSv1.2'

/** TLS 1.3 as OpenSSL has it; of TLS 1.2 only suites with keys of one connection, and none with CBC, whose padding was attacked. */
export const tlsCiphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

/** A handshake takes two round trips; a slower client holds a connection without using it. Milliseconds. */
export const mostHandshakeMs = 10_000
