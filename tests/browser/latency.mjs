// Tells when each scan's text stood on the page, for bench/run.py:
//   node latency.mjs --url http://localhost:8080 --name Anna   (the password comes in GATEFOLD_PASSWORD)
// Prints JSON lines: {"ready":true} once the page hears the box, then for every scan
// {"title":"what the slip says","code":"what was scanned","ns":CLOCK_MONOTONIC in nanoseconds}.
// Ends when its standard input does.
import { parseArgs } from 'node:util'
import { launchChromium } from './chromium.mjs'

const { values } = parseArgs({ options: { url: { type: 'string' }, name: { type: 'string' } } })
const password = process.env['GATEFOLD_PASSWORD']
if (!values.url || !values.name || !password) {
    console.error('usage: GATEFOLD_PASSWORD=... node latency.mjs --url URL --name NAME < /dev/null')
    process.exit(64)
}
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
const ended = new Promise((resolve) => {
    process.stdin.on('end', resolve).on('error', resolve).resume()
    process.once('SIGTERM', resolve)
})

const browser = await launchChromium('--disable-renderer-backgrounding')
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
const signedIn = await page.request.post(`${values.url}/api/v1/session`, {
    headers: { 'X-Gatefold': '1', Origin: values.url },
    data: { name: values.name, password },
})
if (!signedIn.ok()) throw new Error(`sign-in: ${signedIn.status()} ${await signedIn.text()}`)
await page.goto(`${values.url}/scanners`)
await page.locator('[data-live=true]').waitFor({ state: 'attached' })

// Chromium's own clock on Linux is CLOCK_MONOTONIC; performance.now() counts from the start of the navigation.
const debug = await page.context().newCDPSession(page)
await debug.send('Performance.enable')
const { metrics } = await debug.send('Performance.getMetrics')
const started = metrics.find((each) => each.name === 'NavigationStart').value

await page.exposeFunction('tellSlip', ({ title, code, ms }) => say({ title, code, ns: Math.round(started * 1e9 + ms * 1e6) }))
await page.evaluate(() => {
    const log = document.querySelector('[role=log]')
    new MutationObserver((changes) => {
        const ms = performance.now()
        for (const { addedNodes } of changes) {
            for (const slip of addedNodes) {
                if (slip instanceof Element && slip.querySelector('b')) void globalThis.tellSlip({ title: slip.querySelector('b').textContent, code: slip.querySelector('bdi')?.textContent ?? '', ms })
            }
        }
    }).observe(log, { childList: true })
})
say({ ready: true })
await ended
await browser.close()
