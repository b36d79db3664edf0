import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRouter, RouterContextProvider, type AnyRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { makeQueryClient } from '../api/queryClient'

i18n.loadAndActivate({ locale: 'en', messages: {} })

export const testRouter = (): AnyRouter => createRouter({ routeTree: createRootRoute(), history: createMemoryHistory() })

/** For tests: a part of a page with what main.tsx puts around all pages. */
export function Around({ router, client = makeQueryClient(), children }: { router: AnyRouter; client?: QueryClient; children: ReactNode }) {
    return (
        <I18nProvider i18n={i18n}>
            <QueryClientProvider client={client}>
                <RouterContextProvider router={router}>{children}</RouterContextProvider>
            </QueryClientProvider>
        </I18nProvider>
    )
}
