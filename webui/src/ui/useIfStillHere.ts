import { useRouter } from '@tanstack/react-router'

/**
 * For the `onSuccess` of mutate(), which is not called on a page that was left: wraps a navigation so that it is not done either while another one is under
 * way. The `onSuccess` in the options of useMutation is called in any case.
 */
export function useIfStillHere() {
    const router = useRouter()
    return <T>(go: (reply: T) => void) => {
        const here = router.latestLocation.pathname
        return (reply: T) => {
            if (router.latestLocation.pathname === here) go(reply)
        }
    }
}
