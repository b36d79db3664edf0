// What online sources say, with a Discogs of our own.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDaemon } from './daemon.mjs'
import { axeFaults, journey, live, visit } from './visit.mjs'

const barcode = '9780201379624'
const release = {
    id: 7000001,
    title: 'Found Online',
    year: 1984,
    country: 'UK',
    uri: 'https://www.discogs.com/release/7000001',
    artists: [{ id: 1, name: 'Nobody', anv: '', join: '' }],
    labels: [{ name: 'Lost', catno: 'LOST 1' }],
    formats: [{ name: 'Vinyl', qty: '1', descriptions: ['LP'] }],
    identifiers: [{ type: 'Barcode', value: barcode }],
    tracklist: [{ position: 'A1', type_: 'track', title: 'First', duration: '3:00' }],
}
const hit = { id: release.id, type: 'release', title: 'Nobody - Found Online', year: '1984', country: 'UK', label: ['Lost'], catno: 'LOST 1', format: ['Vinyl', 'LP'], barcode: [barcode] }

/** Answers searches for the barcode and the release, once `open` is called; till then it thinks. */
async function startDiscogs() {
    let open
    const opened = new Promise((resolve) => {
        open = resolve
    })
    const server = createServer(async (request, response) => {
        await opened
        const { pathname, searchParams } = new URL(request.url, 'http://localhost')
        const found = pathname === `/releases/${release.id}` ? release : pathname === '/database/search' ? { pagination: { items: 1 }, results: searchParams.get('barcode') === barcode ? [hit] : [] } : null
        response.writeHead(found ? 200 : 404, { 'Content-Type': 'application/json' }).end(JSON.stringify(found ?? { message: 'not found' }))
    })
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { url: `http://127.0.0.1:${server.address().port}`, open, close: () => server.close() }
}

export async function onlineJourneys(browser) {
    const folder = mkdtempSync(join(tmpdir(), 'gatefold-token-'))
    writeFileSync(join(folder, 'discogs'), 'a-token\n')
    const discogs = await startDiscogs()
    const more = `[lookup.discogs]\nbase_url = "${discogs.url}"\ntoken_file = "${join(folder, 'discogs')}"\n[lookup.musicbrainz]\nenabled = false\n[lookup.coverart]\nenabled = false\n`
    const daemon = await startDaemon({ more })
    const context = await daemon.admin(browser)
    const notice = (page) => page.getByRole('link', { name: /not affiliated with/ })

    await journey('an unknown code on the open inbox turns into what Discogs found, with its notice', async () => {
        const page = await visit(context, daemon, '/inbox')
        await page.getByText('Nothing waits.').waitFor()
        await live(page)
        await daemon.ask('POST', '/scans', { code: barcode, source: 'online' })
        const slip = page.getByRole('main').getByRole('listitem')
        await slip.filter({ hasText: 'Unknown code' }).waitFor()
        discogs.open()
        await slip.filter({ hasText: 'Found Online' }).getByRole('link', { name: 'Is it this one?' }).click()
        const dialog = page.getByRole('dialog', { name: 'Is it this one?' })
        await dialog.getByRole('radio').check()
        await dialog.getByRole('link', { name: /^Facts from Discogs, / }).waitFor()
        await notice(dialog).waitFor()
        assert.deepEqual(await axeFaults(page, 'found online'), [])
        await dialog.getByRole('button', { name: 'Keep this one' }).click()
        await dialog.getByText('This code is known from now on.').waitFor()
        await page.close()
    })

    await journey("the record's page says that its facts are from Discogs, and links there", async () => {
        const { id } = await daemon.ask('POST', '/copies', { release_id: release.id })
        const page = await visit(context, daemon, `/record/${id}`)
        await page.getByRole('heading', { level: 1, name: 'Found Online' }).waitFor()
        assert.equal(await page.getByRole('link', { name: /^Facts from Discogs, / }).getAttribute('href'), release.uri)
        await notice(page).waitFor()
        await page.close()
    })

    await context.close()
    await daemon.stop()
    discogs.close()
    rmSync(folder, { recursive: true, force: true })
}
