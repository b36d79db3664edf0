import { useRouter } from '@tanstack/react-router'

/**
 * For the `onSuccess` of mutate(), which is not called on a page that was left: wraps what leads to another page, so that it does not call back whoever is on
 * the way to one already. In the options of useMutation it would be called in any case.
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
