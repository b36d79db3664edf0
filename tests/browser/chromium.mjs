// The browser of all that look at the page: Debian's Chromium without windows, which takes half the processor time of the one with them.
import { chromium } from 'playwright-core'

/** A started browser; GATEFOLD_CHROMIUM names another program. */
export const launchChromium = (...more) =>
    chromium.launch({
        executablePath: process.env['GATEFOLD_CHROMIUM'] ?? '/usr/bin/chromium-headless-shell',
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...more],
    })
