import { expect, test } from 'vitest'
import { alternativeNames, commonName } from './certificate-names.ts'

test('alternative names by their kinds, as the certificate has them', () => {
  const subjectAltName = 'DNS:a.org, email:me@a.org, URI:spiffe://a/b, IP Address:10.0.0.1, DNS:*.B.org'
  expect(alternativeNames({ subjectAltName }, ['DNS'])).toEqual(['a.org', '*.B.org'])
  expect(alternativeNames({ subjectAltName }, ['email', 'URI'])).toEqual(['me@a.org', 'spiffe://a/b'])
  expect(alternativeNames({ subjectAltName: '' }, ['DNS'])).toEqual([])
})

test.each([
  'DNS:"x, DNS:admin, y"',
  'DNS:"x\\u002c DNS:admin\\u002c y"',
  'DNS:"\\", DNS:admin, \\""',
  'othername:"a, DNS:admin", DirName:"CN=a\\\\\\u002c DNS:admin"',
])('no name hides in another: %s', (text) => {
  expect(alternativeNames({ subjectAltName: `${text}, DNS:b.org` }, ['DNS'])).toEqual(['b.org'])
})

test('one common name, or none', () => {
  expect(commonName({ subject: 'C=CN\nCN=a\\, DNS:b\nO=c' })).toBe('a\\, DNS:b')
  expect(commonName({ subject: 'CN=a\nCN=b' })).toBeNull()
  expect(commonName({ subject: 'O=CN=a' })).toBeNull()
})
