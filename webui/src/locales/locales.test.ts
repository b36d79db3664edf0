import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** The text of a po entry's quoted lines. */
const joined = (lines: string) => [...lines.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]).join('')

/** The messages of a catalogue: what stands in the source, and how it reads in the language. */
function messages(locale: string, part: string): [string, string][] {
    const text = readFileSync(`src/locales/${locale}/${part}.po`, 'utf8')
    return [...text.matchAll(/^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)/gm)].map((match): [string, string] => [joined(match[1] ?? ''), joined(match[2] ?? '')]).filter(([id]) => id !== '')
}

const placeholders = (text: string) => new Set(text.match(/\{\w+(?=[,}])|<\/?\d+>/g))

describe.each(['de', 'ar'])('the words in %s', (locale) => {
    it.each(['first', 'rest'])('are all there: %s', (part) => {
        const all = messages(locale, part)
        expect(all.length).toBeGreaterThan(40)
        expect(all.filter(([, text]) => text === '').map(([id]) => id)).toEqual([])
    })
    it.each(['first', 'rest'])('keep what is filled in: %s', (part) => {
        for (const [id, text] of messages(locale, part)) expect(placeholders(text), id).toEqual(placeholders(id))
    })
})

it('no catalogue lacks what another has', () => {
    for (const part of ['first', 'rest']) {
        const english = messages('en', part).map(([id]) => id)
        for (const locale of ['de', 'ar']) expect(messages(locale, part).map(([id]) => id)).toEqual(english)
    }
})
