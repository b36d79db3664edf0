import { describe, expect, it } from 'vitest'
import { bytesText, distance, timeLeft } from './model'

const at = Date.parse('2026-11-21T10:00:00Z')

describe('a running job', () => {
    it('takes as long again when it is half done', () => expect(timeLeft({ progress: 0.5, started_at: '2026-11-21T09:58:00Z' }, at)).toBe(120))
    it('says nothing at its very beginning', () => expect(timeLeft({ progress: 0.01, started_at: '2026-11-21T09:59:00Z' }, at)).toBeNull())
    it('has nothing left at its end', () => expect(timeLeft({ progress: 1, started_at: '2026-11-21T09:58:00Z' }, at)).toBe(0))
})

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
