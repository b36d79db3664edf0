import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

export default defineConfig({
    sourceLocale: 'en',
    locales: ['en', 'de', 'ar'],
    fallbackLocales: { default: 'en' },
    catalogs: [{ path: '<rootDir>/src/locales/{locale}', include: ['src'] }],
    format: formatter({ lineNumbers: false, origins: false }),
})
