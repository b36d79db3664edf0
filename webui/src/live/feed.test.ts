import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openFeed, type FeedMessage } from './feed'
import { readEvents, type StreamEvent } from './sse'

const bytes = (text: string) => new TextEncoder().encode(text)
const streamOf = (...chunks: string[]) =>
    new ReadableStream<Uint8Array>({
        start(control) {
            for (const chunk of chunks) control.enqueue(bytes(chunk))
            control.close()
        },
    })

async function all(...chunks: string[]) {
    const events: StreamEvent[] = []
    let heard = 0
    for await (const event of readEvents(streamOf(...chunks), () => heard++)) events.push(event)
    return { events, heard }
}

/** A line that says `text` and then nothing more, until it is hung up. */
const line = (text: string) => (signal: AbortSignal) =>
    Promise.resolve(
        new Response(
            new ReadableStream<Uint8Array>({
                start(control) {
                    control.enqueue(bytes(text))
                    signal.addEventListener('abort', () => control.error(new Error('hung up')))
                },
            }),
        ),
    )

describe('an event stream', () => {
    it('gives each event with its id and name', async () => {
        const { events } = await all('id: 7\nevent: deck\ndata: {"a":1}\n\n')
        expect(events).toEqual([{ id: '7', name: 'deck', data: '{"a":1}' }])
    })
    it('joins what arrives in pieces, and several data lines', async () => {
        const { events } = await all('ev', 'ent: scan\r\nda', 'ta: one\r\ndata: two\r\n\r', '\n')
        expect(events).toEqual([{ id: '', name: 'scan', data: 'one\ntwo' }])
    })
    it('hears comments but tells nothing of them', async () => expect(await all(': still here\n\n', ': still here\n\n')).toEqual({ events: [], heard: 2 }))
    it('knows how far the log is before anything happens', async () => expect((await all('retry: 2000\n: hello\nid: 41\n\n')).events).toEqual([{ id: '41', name: '', data: '' }]))
    it('refuses a line without end', async () => await expect(all('data: ' + 'x'.repeat(1_000_001))).rejects.toThrow('without end'))
})

describe('the live feed', () => {
    let said: FeedMessage[] = []
    let stop: (() => void) | undefined
    const asked: { headers: Record<string, string>; signal: AbortSignal }[] = []
    let answer: (signal: AbortSignal) => Promise<Response>

    beforeEach(() => {
        vi.useFakeTimers()
        said = []
        asked.length = 0
        vi.stubGlobal('fetch', (_: string, init: { headers: Record<string, string>; signal: AbortSignal }) => {
            asked.push(init)
            return answer(init.signal)
        })
    })
    afterEach(() => {
        stop?.()
        vi.useRealTimers()
        vi.unstubAllGlobals()
    })
    const states = () => said.flatMap((each) => (each.kind === 'state' ? [each.state] : []))
    const start = () => {
        stop = openFeed((message) => said.push(message))
    }

    it('hangs up after 35 silent seconds and asks again from the last id', async () => {
        answer = line('id: 9\nevent: deck\ndata: {}\n\n')
        start()
        await vi.advanceTimersByTimeAsync(34_000)
        expect(states()).toEqual(['open'])
        expect(asked).toHaveLength(1)
        await vi.advanceTimersByTimeAsync(3000)
        expect(states()).toEqual(['open', 'waiting', 'open'])
        expect(asked[1]?.headers['Last-Event-ID']).toBe('9')
    })
    it('has the pages poll while the box refuses streams, and stops once one comes through', async () => {
        answer = () => Promise.resolve(new Response('full', { status: 503 }))
        start()
        await vi.advanceTimersByTimeAsync(15_000)
        expect(states()).toEqual(['waiting', 'polling'])
        expect(said.filter((each) => each.kind === 'poll').length).toBeGreaterThan(0)
        answer = line(': hello\n')
        await vi.advanceTimersByTimeAsync(11_000)
        expect(states()).toEqual(['waiting', 'polling', 'open'])
        const polls = said.filter((each) => each.kind === 'poll').length
        await vi.advanceTimersByTimeAsync(20_000)
        expect(said.filter((each) => each.kind === 'poll')).toHaveLength(polls)
    })
    it('waits for a box that is switched off, without polling', async () => {
        answer = () => Promise.reject(new TypeError('no route'))
        start()
        await vi.advanceTimersByTimeAsync(60_000)
        expect(said).toEqual([{ kind: 'state', state: 'waiting' }])
    })
    it('says when the session has ended', async () => {
        answer = () => Promise.resolve(new Response('', { status: 401 }))
        start()
        await vi.advanceTimersByTimeAsync(10)
        expect(states()).toEqual(['out'])
    })
})
