import type { QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { openFeed, type FeedMessage, type FeedState } from './feed'
import { patchCache, type Happening } from './patch'

export type { Happening }

type Listener = (happening: Happening) => void
const listeners = new Set<Listener>()
/** `since` is when the box was heard last, while it is not. */
let link: { state: FeedState | 'starting'; since: number } = { state: 'starting', since: Date.now() }
const linkWatchers = new Set<() => void>()

function setLink(state: FeedState) {
    if (state === link.state) return
    link = { state, since: Date.now() }
    for (const watcher of linkWatchers) watcher()
}

/** How the box is heard, and since when. */
export function useLink() {
    return useSyncExternalStore(
        (watcher) => {
            linkWatchers.add(watcher)
            return () => linkWatchers.delete(watcher)
        },
        () => link,
    )
}

/** Calls back for what happens anywhere in the house. */
export function useHappenings(listener: Listener) {
    useEffect(() => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
    }, [listener])
}

/** Follows the box until the returned function is called: one stream a browser where it can, else one a page. */
export function follow(client: QueryClient): () => void {
    const hear = (message: FeedMessage) => {
        if (message.kind === 'state') {
            const was = link.state
            setLink(message.state)
            if (message.state === 'open' && was !== 'starting') void client.invalidateQueries()
            if (message.state === 'out') void client.invalidateQueries({ queryKey: ['session'] })
            return
        }
        if (message.kind === 'poll') {
            // The whole shelf is much to ask for: once a minute is enough for it.
            if (document.visibilityState === 'visible') void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'collection' || message.round % 6 === 0 })
            return
        }
        patchCache(client, message.name, message.data, (happening) => {
            for (const listener of listeners) listener(happening)
        })
    }
    if (typeof SharedWorker === 'undefined') return openFeed(hear)
    const worker = new SharedWorker(new URL('events.shared.ts', import.meta.url), { type: 'module', name: 'gatefold-events' })
    worker.port.addEventListener('message', (event: MessageEvent<FeedMessage>) => hear(event.data))
    worker.port.start()
    const leave = () => worker.port.postMessage('leave')
    addEventListener('pagehide', leave)
    return () => {
        removeEventListener('pagehide', leave)
        leave()
    }
}
