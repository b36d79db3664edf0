import { readEvents } from './sse'

/** open: events come as they happen. polling: the box answers, its stream does not. waiting: the box does not answer. out: signed out. */
export type FeedState = 'open' | 'polling' | 'waiting' | 'out'

/** What an event stream tells its pages. */
export type FeedMessage = { kind: 'event'; name: string; data: string } | { kind: 'state'; state: FeedState } | { kind: 'poll'; round: number }

const firstRetry = 1000
const longestRetry = 10_000
const pollEvery = 10_000
/** The box says something every 15 s, if only a comment. */
const silence = 35_000
const pollAfter = 3

/**
 * Holds one event stream open and tells what it says; reconnects with the last id, and after three failures in a row has the pages
 * ask for themselves as long as the box answers other questions. Returns how to stop.
 */
export function openFeed(tell: (message: FeedMessage) => void): () => void {
    let retry: ReturnType<typeof setTimeout> | undefined
    let stream: AbortController | undefined
    let state: FeedState | undefined
    let stopped = false
    let failures = 0
    let round = 0
    let last = ''

    const become = (next: FeedState) => {
        if (next === state) return
        state = next
        tell({ kind: 'state', state })
    }
    const poll = setInterval(() => {
        if (state === 'polling') tell({ kind: 'poll', round: round++ })
    }, pollEvery)

    /** One stream from its first byte to its last; whether the box answered. */
    const listen = async (): Promise<'answered' | 'nothing' | 'out'> => {
        const control = new AbortController()
        stream = control
        let watch = setTimeout(() => control.abort(), silence)
        let answered = false
        try {
            const headers: HeadersInit = { Accept: 'text/event-stream', ...(last === '' ? {} : { 'Last-Event-ID': last }) }
            const response = await fetch('/api/v1/events', { headers, signal: control.signal })
            if (response.status === 401) return 'out'
            answered = true
            if (!response.ok || !response.body) return 'answered'
            const heard = () => {
                failures = 0
                become('open')
                clearTimeout(watch)
                watch = setTimeout(() => control.abort(), silence)
            }
            for await (const event of readEvents(response.body, heard)) {
                if (event.id !== '') last = event.id
                if (event.data !== '') tell({ kind: 'event', name: event.name, data: event.data })
            }
        } catch {
            // Gone or silent: asked again below.
        } finally {
            clearTimeout(watch)
        }
        return answered ? 'answered' : 'nothing'
    }

    const run = async () => {
        const end = await listen()
        if (stopped) return
        failures++
        if (end === 'out') become('out')
        else if (end === 'nothing') become('waiting')
        else become(failures >= pollAfter ? 'polling' : 'waiting')
        retry = setTimeout(() => void run(), Math.min(longestRetry, firstRetry * failures))
    }
    void run()
    return () => {
        stopped = true
        clearTimeout(retry)
        clearInterval(poll)
        stream?.abort()
    }
}
