import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './client'

/** The browser calls itself offline without knowing about the box: on the box itself it still reaches it. What is pressed is done or refused at once, not later. */
const networkMode = 'always'

/** The page's cache of what the box answered. */
export function makeQueryClient(): QueryClient {
    return new QueryClient({
        defaultOptions: {
            queries: {
                networkMode,
                // What failed meanwhile is asked again; `networkMode` would turn this off.
                refetchOnReconnect: true,
                staleTime: 10_000,
                // A clear answer of the box stays the same when asked again.
                retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
            },
            mutations: { networkMode },
        },
    })
}
