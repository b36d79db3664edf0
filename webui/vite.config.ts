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
    },
    worker: { format: 'es' },
    test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
})
