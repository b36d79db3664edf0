/// <reference lib="webworker" />
import { openFeed, type FeedMessage } from './feed'

// One stream for all tabs of this browser: a browser opens six connections to an HTTP/1.1 server and no more.
const pages = new Set<MessagePort>()
let stop: (() => void) | undefined
let state: FeedMessage | undefined

function tell(message: FeedMessage) {
    if (message.kind === 'state') state = message
    for (const page of pages) page.postMessage(message)
}

const worker = globalThis as unknown as SharedWorkerGlobalScope
worker.addEventListener('connect', (event) => {
    const page = event.ports[0]
    if (!page) return
    pages.add(page)
    page.addEventListener('message', () => {
        pages.delete(page)
        if (pages.size > 0) return
        stop?.()
        stop = undefined
        state = undefined
    })
    page.start()
    if (state) page.postMessage(state)
    stop ??= openFeed(tell)
})
