// The journeys' own machinery, without a browser.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { count, journey, visit } from './visit.mjs'

/** A browser whose pages only know whether they are open. */
function browser() {
    const pages = []
    const newPage = async () => {
        const page = { open: true, on() {}, setDefaultTimeout() {}, async goto() {}, async close() { this.open = false } }
        pages.push(page)
        return page
    }
    return { newPage, open: () => pages.map((page) => page.open) }
}

test('a journey that fails closes its own pages and no page of a journey beside it', async () => {
    const box = { url: 'http://localhost' }
    const [failing, beside] = [browser(), browser()]
    let failed
    const afterwards = new Promise((resolve) => (failed = resolve))
    let openBeside
    const long = journey('beside', async () => {
        await visit(beside, box, '/')
        await afterwards
        await visit(beside, box, '/late')
        openBeside = beside.open()
    })
    await journey('failing', async () => {
        await visit(failing, box, '/')
        throw new Error('on purpose')
    })
    assert.deepEqual(failing.open(), [false])
    assert.deepEqual(beside.open(), [true])
    failed()
    await long
    assert.deepEqual(openBeside, [true, true])
    assert.deepEqual(count, { passed: 1, failed: 1 })
})
