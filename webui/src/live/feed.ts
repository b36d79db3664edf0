/** What an event stream tells its pages. */
export type FeedMessage =
    | { kind: 'event'; name: string; data: string }
    | { kind: 'state'; state: 'open' | 'waiting' | 'refused'; since: number }

const names = ['now_playing', 'scan_result', 'deck', 'scan', 'collection', 'system', 'reset']
const firstRetry = 1000
const longestRetry = 10_000
const refusedAfter = 8

/** Holds one EventSource open and tells what it says; reconnects with the last id. Returns how to stop. */
export function openFeed(tell: (message: FeedMessage) => void): () => void {
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let failures = 0
    let last = ''

    const connect = () => {
        source = new EventSource(`/api/v1/events${last && `?last_event_id=${encodeURIComponent(last)}`}`)
        source.addEventListener('open', () => {
            failures = 0
            tell({ kind: 'state', state: 'open', since: Date.now() })
        })
        for (const name of names) {
            source.addEventListener(name, (event: MessageEvent<string>) => {
                if (event.lastEventId) last = event.lastEventId
                tell({ kind: 'event', name, data: event.data })
            })
        }
        source.addEventListener('error', () => {
            source?.close()
            failures++
            tell({ kind: 'state', state: failures >= refusedAfter ? 'refused' : 'waiting', since: Date.now() })
            timer = setTimeout(connect, Math.min(longestRetry, firstRetry * failures))
        })
    }
    connect()
    return () => {
        clearTimeout(timer)
        source?.close()
    }
}
