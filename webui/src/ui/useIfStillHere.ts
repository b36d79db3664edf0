import { useRouter, type ParsedLocation } from '@tanstack/react-router'

/** What makes it another page (remountDeps in app/router.tsx): another path, or another inbox item. */
const pageAt = ({ pathname, search }: ParsedLocation<{ inbox?: string }>) => `${pathname} ${search.inbox ?? ''}`

/**
 * For the `onSuccess` of mutate(), which is not called on a page that was left: wraps a navigation so that it is not done either while another one is under
 * way. The `onSuccess` in the options of useMutation is called in any case.
 */
export function useIfStillHere() {
    const router = useRouter()
    return <T>(go: (reply: T) => void) => {
        const here = pageAt(router.latestLocation)
        return (reply: T) => {
            if (pageAt(router.latestLocation) === here) go(reply)
        }
    }
}
