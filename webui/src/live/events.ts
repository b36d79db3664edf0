import type { QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { openFeed, type FeedMessage } from './feed'
import { patchCache, type Happening } from './patch'

export type { Happening }

type Listener = (happening: Happening) => void
const listeners = new Set<Listener>()
let link: { up: boolean; since: number } = { up: true, since: Date.now() }
const linkWatchers = new Set<() => void>()

function setLink(up: boolean) {
    if (up === link.up) return
    link = { up, since: Date.now() }
    for (const watcher of linkWatchers) watcher()
}

/** Whether the box is heard, and since when. */
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
            const was = link.up
            setLink(message.state === 'open')
            if (!was && message.state === 'open') void client.invalidateQueries()
            return
        }
        const happening = patchCache(client, message.name, message.data)
        if (happening) for (const listener of listeners) listener(happening)
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
