// The catalogue, from none to a fresh one, out of a store of our own.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { startDaemon } from './daemon.mjs'
import { dump } from './records.mjs'
import { journey, visit } from './visit.mjs'

const day = '20261101'
const file = `discogs_${day}_releases.xml.gz`
const pieces = 20

/** Hands the dump out by and by, and the last fifth of it once `finish` is called. */
async function startStore() {
    // Noise, so that there is something to wait for.
    const packed = gzipSync(dump().replace('<releases>', `<releases>\n<!-- ${randomBytes(600_000).toString('hex')} -->`))
    const sum = createHash('sha256').update(packed).digest('hex')
    let finish
    const finished = new Promise((resolve) => {
        finish = resolve
    })
    const pages = {
        'data/': '<a href="?prefix=data%2F2026%2F">2026</a>',
        'data/2026/': `<a href="?download=data%2F2026%2F${file}">dump</a><a href="?download=data%2F2026%2Fdiscogs_${day}_CHECKSUM.txt">sums</a>`,
        [`data/2026/discogs_${day}_CHECKSUM.txt`]: `${sum} *${file}\n`,
    }
    const server = createServer(async (request, response) => {
        const { searchParams } = new URL(request.url, 'http://localhost')
        const key = searchParams.get('prefix') ?? searchParams.get('download') ?? ''
        if (key !== `data/2026/${file}`) return response.writeHead(pages[key] ? 200 : 404, { 'Content-Type': 'text/html' }).end(pages[key] ?? '')
        response.writeHead(200, { 'Content-Type': 'application/gzip', 'Content-Length': packed.length })
        const step = Math.ceil(packed.length / pieces)
        for (let piece = 0; piece < pieces; piece++) {
            if (piece >= pieces * 0.8) await finished
            else await new Promise((resolve) => setTimeout(resolve, 150))
            response.write(packed.subarray(piece * step, (piece + 1) * step))
        }
        response.end()
    })
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { url: `http://127.0.0.1:${server.address().port}`, finish, close: () => server.close() }
}

export async function updateJourneys(browser) {
    const store = await startStore()
    const daemon = await startDaemon({ catalogue: false, more: `[catalogue]\nupdate_url = "${store.url}"\n` })
    const context = await daemon.admin(browser)

    await journey('the catalogue is fetched in sight: rate, share, time left, then its age and size', async () => {
        const page = await visit(context, daemon, '/settings')
        await page.getByText('The box has no catalogue yet.').waitFor()
        await page.getByRole('button', { name: 'Fetch and build it' }).click()
        const bar = page.getByRole('progressbar', { name: 'The newest dump is being fetched' })
        await bar.waitFor()
        await page.getByText(/\/s/).waitFor()
        await page.getByText(/\d+:\d\d left/).waitFor()
        const share = Number(await bar.getAttribute('aria-valuenow'))
        assert.ok(share > 0 && share < 100, `${share} %`)
        await page.getByText(`${share} %`).waitFor()
        store.finish()
        await bar.waitFor({ state: 'detached' })
        const fact = (word) => page.locator('dl > div').filter({ has: page.locator('dt', { hasText: word }) }).locator('dd')
        await fact('Releases').getByText('14', { exact: true }).waitFor()
        await fact('As of').getByText('Nov 1, 2026').waitFor()
        await fact('Built').getByText(/minute/).waitFor()
        assert.match(await fact('Size').innerText(), /^\d+ kB$/)
        await page.getByRole('button', { name: 'Update now' }).waitFor()
        await page.close()
    })

    await context.close()
    await daemon.stop()
    store.close()
}
