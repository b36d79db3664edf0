import { describe, expect, it } from 'vitest'
import { changes, disputes, isChanged, opened, rebased, shown, typed, typedSince } from './draft'

const record = { location: 'l_3', notes: 'scratch on A2', grade: 'VG' }
const draft = opened(4, record)

describe('a draft', () => {
    it('sends only what was changed', () => {
        expect(changes(draft)).toEqual({})
        expect(changes(typed(draft, 'notes', 'clean'))).toEqual({ notes: 'clean' })
    })
    it('sends an emptied field as null', () => {
        expect(changes(typed(draft, 'location', ''))).toEqual({ location: null })
    })
    it('sends nothing of a field that was changed back', () => {
        expect(changes(typed(typed(draft, 'notes', 'clean'), 'notes', 'scratch on A2'))).toEqual({})
    })
})

describe('another version of the record', () => {
    const edited = typed(draft, 'notes', 'mine')

    it('disputes what was changed on both sides, and what was changed there alone', () => {
        expect(disputes(edited, { location: 'l_9', notes: 'theirs', grade: 'VG' })).toEqual([
            { field: 'location', theirs: 'l_9', mine: 'l_3', touched: false },
            { field: 'notes', theirs: 'theirs', mine: 'mine', touched: true },
        ])
    })
    it('disputes nothing that reads the same on both sides', () => {
        expect(disputes(edited, { location: 'l_3', notes: 'mine', grade: 'VG' })).toEqual([])
    })
    it('is what the draft stands on once each field was decided', () => {
        const theirs = { location: 'l_9', notes: 'theirs', grade: 'NM' }
        const more = typed(edited, 'grade', 'M')
        const next = rebased(more, 7, theirs, { location: 'mine', notes: 'theirs' })
        expect(next.version).toBe(7)
        expect(shown(next)).toEqual({ location: 'l_3', notes: 'theirs', grade: 'M' })
        expect(changes(next)).toEqual({ location: 'l_3', grade: 'M' })
    })
})

describe('what was typed while a save was on its way', () => {
    const sent = typed(draft, 'notes', 'mine')
    const stored = { location: 'l_3', notes: 'mine', grade: 'VG' }

    it('is nothing when the form shows what was sent', () => {
        const rest = typedSince(sent, sent, 5, { ...stored, notes: 'mine, trimmed by the box' })
        expect(isChanged(rest)).toBe(false)
        expect(rest.version).toBe(5)
        expect(shown(rest).notes).toBe('mine, trimmed by the box')
    })
    it('stands on what was stored', () => {
        const rest = typedSince(typed(typed(sent, 'notes', 'mine too'), 'grade', 'NM'), sent, 5, stored)
        expect(rest.version).toBe(5)
        expect(changes(rest)).toEqual({ notes: 'mine too', grade: 'NM' })
    })
    it('is the old value where a field was changed back', () => {
        expect(changes(typedSince(typed(sent, 'notes', 'scratch on A2'), sent, 5, stored))).toEqual({ notes: 'scratch on A2' })
    })
})
