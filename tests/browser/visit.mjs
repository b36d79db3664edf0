// Journeys, how they are counted, and the pages that they walk through.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Script faults, breaches of the policy and foreign requests on the way. */
export const complaints = []
export const count = { passed: 0, failed: 0 }

/** A page whose console errors and foreign requests count as faults. */
export async function visit(context, { url }, path) {
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`))
    page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url())
        if (protocol.startsWith('http') && origin !== url) complaints.push(`${path}: asked ${request.url()}`)
    })
    page.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy|Refused/.test(message.text())) complaints.push(`${path}: ${message.text()}`)
        if (/Uncompiled message/.test(message.text())) complaints.push(`${path}: a word without a text, ${/> (\S+)/.exec(message.text())?.[1]}`)
    })
    await page.goto(url + path)
    return page
}

/** Until the page hears what happens in the house. */
export const live = (page) => page.locator('[data-live=true]').waitFor({ state: 'attached' })

export async function journey(title, run) {
    const began = performance.now()
    try {
        await run()
        count.passed++
        console.log(`ok      ${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
    } catch (error) {
        count.failed++
        console.log(`FAILED  ${title}\n        ${String(error.message ?? error).split('\n').slice(0, 12).join('\n        ')}`)
    }
}

/** What axe finds on a page as it is now. */
export async function axeFaults(page, path) {
    // Through the debugger, where the page's policy for scripts does not reach.
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
    return violations.map((each) => `${path}: ${each.id} ${each.nodes.map((node) => node.target.join(' ')).slice(0, 2).join(', ')}`)
}
