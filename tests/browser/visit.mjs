// Journeys, how they are counted, and the pages that they walk through.
import { AsyncLocalStorage } from 'node:async_hooks'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Script faults, breaches of the policy and foreign requests on the way. */
export const complaints = []
/** What each page waits for. */
const pending = new WeakMap()
export const count = { passed: 0, failed: 0 }
/** The pages of the journey under way: a set for each, as several run at once. */
const opened = new AsyncLocalStorage()

/** A page whose console errors and foreign requests count as faults. */
export async function visit(context, { url }, path) {
    const page = await context.newPage()
    opened.getStore()?.add(page)
    page.setDefaultTimeout(60_000)
    page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`))
    page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url())
        if (protocol.startsWith('http') && origin !== url) complaints.push(`${path}: asked ${request.url()}`)
    })
    page.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy|Refused/.test(message.text())) complaints.push(`${path}: ${message.text()}`)
        if (/Uncompiled message/.test(message.text())) complaints.push(`${path}: a word without a text, ${/> (\S+)/.exec(message.text())?.[1]}`)
    })
    const asked = new Set()
    pending.set(page, asked)
    page.on('request', (request) => /\/api\/v1\/(?!events)/.test(request.url()) && asked.add(request))
    page.on('framenavigated', () => asked.clear())
    for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => asked.delete(request))
    await page.goto(url + path)
    return page
}

/** Until the page hears what happens in the house. */
export const live = (page) => page.locator('[data-live=true]').waitFor({ state: 'attached' })

/** Until a page has all that it asked the box for, and has drawn it. */
export async function settled(page) {
    await page.locator('h1').first().waitFor()
    const drawn = () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
    const latest = Date.now() + 60_000
    for (let quiet = 0; quiet < 3; quiet++) {
        await drawn()
        if (pending.get(page).size > 0) quiet = -1
        if (Date.now() > latest) throw new Error(`still asked for: ${[...pending.get(page)].map((each) => each.url())}`)
    }
    await page.evaluate(() => document.fonts.ready.then(() => true))
}

export async function journey(title, run) {
    const began = performance.now()
    const pages = new Set()
    try {
        await opened.run(pages, run)
        count.passed++
        console.log(`ok      ${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
    } catch (error) {
        count.failed++
        console.log(`FAILED  ${title}\n        ${String(error.message ?? error).split('\n').slice(0, 12).join('\n        ')}`)
        // A page that is left open would change what the next journey sees.
        await Promise.all([...pages].map((page) => page.close()))
    }
}

const everything = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds on a page as it is now; by all rules, or only those that are named. */
export async function axeFaults(page, path, only = everything) {
    // Through the debugger, where the page's policy for scripts does not reach.
    await page.evaluate(axe)
    const { violations } = await page.evaluate((runOnly) => globalThis.axe.run({ runOnly }), only)
    return violations.map((each) => `${path}: ${each.id} ${each.nodes.map((node) => node.target.join(' ')).slice(0, 2).join(', ')}`)
}
