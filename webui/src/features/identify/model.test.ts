import { describe, expect, it } from 'vitest'
import { askFor, barcodeOf } from './model'

describe('the question to the catalogue', () => {
    it('leaves it to the box what was typed', () => expect(askFor('SHVL 804', undefined)).toBe('/catalogue/search?q=SHVL%20804&limit=40'))
    it('says the kind where somebody chose it, and keeps every sign of the words', () => expect(askFor('A-1 / B&C', 'runout')).toBe('/catalogue/search?runout=A-1%20%2F%20B%26C&limit=40'))
})

describe('a code as a barcode', () => {
    it.each([
        ['4 006381 333931', '4006381333931'],
        ['96385074', '96385074'],
        ['9743100000000012', null],
        ['https://example.org', null],
    ])('%s is %s', (code, barcode) => expect(barcodeOf(code)).toBe(barcode))
})
