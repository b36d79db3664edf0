import babel from '@rolldown/plugin-babel'
import { lingui, linguiTransformerBabelPreset } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const daemon = process.env['GATEFOLD_DAEMON']

export default defineConfig({
    plugins: [
        // The macro has to run before React's own transform.
        babel({ presets: [linguiTransformerBabelPreset()] }),
        react(),
        lingui(),
    ],
    server: daemon === undefined ? {} : { proxy: { '/api': daemon, '/covers': daemon } },
    build: {
        target: ['chrome111', 'firefox128', 'safari17'],
        assetsInlineLimit: 0,
        manifest: true,
        modulePreload: { polyfill: false },
        // Few files: what every page needs packs smaller together, and a cold start asks for less at once.
        rolldownOptions: {
            output: {
                codeSplitting: {
                    groups: [
                        { name: 'base', test: /node_modules.(react|react-dom|scheduler|use-sync-external-store|@tanstack|@lingui)./ },
                        { name: 'house', test: /createLucideIcon|src.(app|live)|src.api.(client|queries|queryClient)|src.platform.(prefs|sound)|src.ui.(Button|Page|Stamp|Sleeve|SleeveMotif|art)\./ },
                    ],
                },
            },
        },
    },
    worker: { format: 'es' },
    test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
})
