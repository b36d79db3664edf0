import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Copy } from '../api/types'
import { patchCache, withCopy, withoutCopy, type Happening } from './patch'

const copy = (id: string, more: Partial<Copy> = {}) => ({ id, title: id, deleted_at: null, ...more }) as Copy

describe('the collection', () => {
    const shelf = { copies: [copy('c_1'), copy('c_2')], total: 2 }

    it('takes a new copy in, a changed one in its place, a deleted one out', () => {
        expect(withCopy(shelf, copy('c_3')).total).toBe(3)
        expect(withCopy(shelf, copy('c_1', { title: 'other' })).copies.map((each) => each.title)).toEqual(['other', 'c_2'])
        expect(withCopy(shelf, copy('c_1', { deleted_at: '2026-11-21T12:00:00Z' }))).toEqual({ copies: [copy('c_2')], total: 1 })
    })

    it('stays as it is when what is gone was not there', () => {
        expect(withoutCopy(shelf, 'c_9')).toBe(shelf)
    })
})

describe('an event', () => {
    let client: QueryClient
    const told: Happening[] = []
    const stale = (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated

    beforeEach(() => {
        client = new QueryClient()
        told.length = 0
        vi.stubGlobal('fetch', () => new Promise(() => undefined))
    })
    const hear = (name: string, data: unknown) => patchCache(client, name, JSON.stringify(data), (happening) => told.push(happening))

    it('of an item of the inbox has that item and the list asked for again, and no other item', () => {
        for (const key of [['inbox'], ['inbox-item', 'i_1'], ['inbox-item', 'i_2']]) client.setQueryData(key, {})
        hear('collection', { event_type: 'inbox_changed', data: { inbox_id: 'i_1', copy_id: null, settled: false } })
        expect([['inbox'], ['inbox-item', 'i_1'], ['inbox-item', 'i_2']].map(stale)).toEqual([true, true, false])
        expect(told).toEqual([])
    })

    it('of a scan is told before anything is asked for', () => {
        const asked = vi.spyOn(client, 'invalidateQueries')
        patchCache(client, 'scan_result', JSON.stringify({ id: 's_1', outcome: 'unknown', inbox_id: 'i_1' }), () => expect(asked).not.toHaveBeenCalled())
        expect(asked).toHaveBeenCalledTimes(2)
    })

    it('of a deck that is older than what is held is left out', () => {
        hear('now_playing', { deck: 'main', seq: 8, title: 'new' })
        hear('now_playing', { deck: 'main', seq: 7, title: 'old' })
        expect(client.getQueryData(['now', 'main'])).toMatchObject({ title: 'new' })
    })

    it('that the log no longer reaches back has everything asked for again', () => {
        client.setQueryData(['collection'], {})
        hear('reset', {})
        expect(stale(['collection'])).toBe(true)
    })
})
