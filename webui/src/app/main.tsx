import '../styles/tokens.css'
import '../styles/fonts.css'
import '../styles/base.css'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { makeQueryClient } from '../api/queryClient'
import { getPrefs } from '../platform/prefs'
import { loadWords } from './i18n'
import { makeRouter } from './router'

const client = makeQueryClient()
const reloadedKey = 'gatefold-reloaded'
const notAgainFor = 15_000

// A piece of the page that does not come (the box was updated or just restarted) is fetched anew with the whole page, once.
addEventListener('vite:preloadError', (event) => {
    if (Date.now() - Number(sessionStorage.getItem(reloadedKey) ?? 0) < notAgainFor) return
    event.preventDefault()
    sessionStorage.setItem(reloadedKey, String(Date.now()))
    location.reload()
})

document.documentElement.dataset['theme'] = getPrefs().theme
await loadWords()

const root = document.querySelector('#root')
if (root) {
    createRoot(root).render(
        <StrictMode>
            <I18nProvider i18n={i18n}>
                <QueryClientProvider client={client}>
                    <RouterProvider router={makeRouter(client)} />
                </QueryClientProvider>
            </I18nProvider>
        </StrictMode>,
    )
}
