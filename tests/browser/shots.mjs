// Pictures of every page for people to look at: node shots.mjs FOLDER
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { startDaemon } from './daemon.mjs'
import { shared, shelf, lone } from './records.mjs'

const folder = process.argv[2] ?? 'shots'
mkdirSync(folder, { recursive: true })
const only = process.argv[3]
const daemon = await startDaemon()
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
const setup = await browser.newPage({ viewport: { width: 1280, height: 800 } })
await setup.goto(`${daemon.url}/`)
await setup.waitForSelector('form')
await setup.screenshot({ path: `${folder}/setup-1280-light.png` })
await setup.fill('[name=code]', daemon.code)
await setup.fill('[name=name]', 'Anna')
await setup.fill('[name=password]', 'a long sentence of mine')
await setup.click('button[type=submit]')
await setup.waitForURL(`${daemon.url}/`)
await setup.waitForTimeout(800)
await setup.screenshot({ path: `${folder}/empty-1280-light.png` })
await daemon.signIn('Anna', 'a long sentence of mine')
const copies = []
for (const each of shelf) copies.push(await daemon.ask('POST', '/copies', { ...each, media_grade: 'VG+', sleeve_grade: 'VG' }))
await daemon.ask('POST', '/scans', { code: shared, source: 'shelf scanner' })
await daemon.ask('POST', '/scans', { code: '9999999999994', source: 'shelf scanner' })
await daemon.ask('POST', '/scans', { code: lone, source: 'hall' })
const { items } = await daemon.ask('GET', '/decks')
await daemon.ask('POST', `/decks/${items[0].id}/play`, { copy_id: copies[0].id })
await daemon.ask('POST', `/decks/${items[0].id}/seek`, { track: 'A3' })
const state = await setup.context().storageState()
const pages = { shelf: '/', record: `/record/${copies[0].id}`, now: '/now', inbox: '/inbox', scan: '/scan', scanners: '/scanners', settings: '/settings', kiosk: '/kiosk', signin: '/signin' }
for (const [width, height, scheme] of [[360, 780, 'light'], [360, 780, 'dark'], [768, 1024, 'light'], [1280, 800, 'light'], [1280, 800, 'dark'], [1920, 1080, 'dark']]) {
    if (only && !`${width}-${scheme}`.match(only)) continue
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, storageState: state })
    const page = await context.newPage()
    for (const [name, path] of Object.entries(pages)) {
        if (width === 1920 && !['kiosk', 'shelf', 'now'].includes(name)) continue
        await page.goto(daemon.url + path)
        await page.waitForTimeout(500)
        await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png` })
        if (name === 'inbox') {
            await page.getByRole('button', { name: 'Which pressing?' }).first().click().catch(() => undefined)
            await page.waitForTimeout(350)
            await page.screenshot({ path: `${folder}/pressing-${width}-${scheme}.png` })
        }
    }
    await context.close()
}
await browser.close()
await daemon.stop()
