import { MutationObserver, onlineManager, QueryObserver, type QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { api } from './client'
import { makeQueryClient } from './queryClient'

let reachable: boolean
const fetched = vi.fn()
let client: QueryClient

beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('fetch', async (path: string, { method }: RequestInit) => {
        fetched(method, path)
        if (!reachable) throw new TypeError('Failed to fetch')
        return new Response('{"plays":2}')
    })
    fetched.mockReset()
    reachable = false
    client = makeQueryClient()
    client.mount()
    onlineManager.setOnline(false)
})
afterEach(() => {
    onlineManager.setOnline(true)
    client.unmount()
    vi.useRealTimers()
    vi.unstubAllGlobals()
})

/** A part of the page that shows a copy. */
function watchCopy() {
    const observer = new QueryObserver(client, { queryKey: ['copy'], queryFn: () => api('/copies/c_1') })
    return { observer, stop: observer.subscribe(() => undefined) }
}
/** A press of Play; what is known of it. */
function press() {
    const observer = new MutationObserver(client, { mutationFn: () => api('/decks/main/play', { method: 'POST' }) })
    void observer.mutate().catch(() => undefined)
    return observer
}

it('reads from a box that is reached though the browser calls itself offline', async () => {
    reachable = true
    const { observer, stop } = watchCopy()
    await vi.advanceTimersByTimeAsync(0)
    expect(observer.getCurrentResult().data).toEqual({ plays: 2 })
    stop()
})

it('gives up reading after three tries, keeps what is there, and reads again when the browser is back', async () => {
    client.setQueryData(['copy'], { plays: 1 }, { updatedAt: 0 })
    const { observer, stop } = watchCopy()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fetched).toHaveBeenCalledTimes(3)
    expect(observer.getCurrentResult()).toMatchObject({ data: { plays: 1 }, error: { message: 'The box is not answering.' } })
    reachable = true
    onlineManager.setOnline(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(observer.getCurrentResult()).toMatchObject({ data: { plays: 2 }, error: null })
    stop()
})

it('does what is pressed while the browser calls itself offline', async () => {
    reachable = true
    const pressed = press()
    await vi.advanceTimersByTimeAsync(0)
    expect(pressed.getCurrentResult().status).toBe('success')
    onlineManager.setOnline(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fetched).toHaveBeenCalledTimes(1)
})

it('says at once that what was pressed failed, and does not do it later', async () => {
    const pressed = press()
    await vi.advanceTimersByTimeAsync(0)
    expect(pressed.getCurrentResult()).toMatchObject({ status: 'error', isPaused: false, error: { message: 'The box is not answering.' } })
    reachable = true
    onlineManager.setOnline(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fetched.mock.calls).toEqual([['POST', '/api/v1/decks/main/play']])
})
