import { describe, expect, it } from 'vitest'
import { bytesText, distance } from './model'

const at = Date.parse('2026-11-21T10:00:00Z')

describe('sizes and times in words', () => {
    it.each([
        [0, '0 B'],
        [999, '999 B'],
        [64_000, '64 kB'],
        [1_840_000_000, '1.8 GB'],
    ])('%i bytes are %s', (bytes, text) => expect(bytesText(bytes, 'en')).toBe(text))
    it('uses the comma where people do', () => expect(bytesText(1_840_000_000, 'de')).toBe('1,8 GB'))
    it.each([
        ['2026-11-18T10:00:00Z', '3 days ago'],
        ['2026-11-20T10:00:00Z', 'yesterday'],
        ['2026-11-21T10:40:00Z', 'in 40 minutes'],
        ['2026-08-01T10:00:00Z', '4 months ago'],
    ])('%s is %s', (time, text) => expect(distance(Date.parse(time), at, 'en')).toBe(text))
})
