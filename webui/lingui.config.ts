import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

// Two catalogues: the words of the shelf and of what stands around every page come at once, the rest with the first page that needs it.
const first = ['src/app', 'src/ui', 'src/features/shelf']

export default defineConfig({
    sourceLocale: 'en',
    locales: ['en', 'de', 'ar'],
    fallbackLocales: { default: 'en' },
    catalogs: [
        { path: '<rootDir>/src/locales/{locale}/first', include: first },
        { path: '<rootDir>/src/locales/{locale}/rest', include: ['src'], exclude: first },
    ],
    format: formatter({ lineNumbers: false, origins: false }),
})
