// Pictures of every page for people to look at: node shots.mjs FOLDER [WIDTH-SCHEME-LOCALE [PAGE,...]]
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { startDaemon } from './daemon.mjs'
import { many, shared, shelf, lone } from './records.mjs'

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
await daemon.ask('POST', '/scans', { code: many, source: 'hall' })
const inbox = (await daemon.ask('GET', '/inbox')).items
const asked = inbox.find((each) => each.code === many).id
const unknown = inbox.find((each) => each.kind === 'unknown').id
const state = await setup.context().storageState()
const pages = {
    shelf: ['/'],
    record: [`/record/${copies[0].id}`],
    long: [`/record/${copies[23].id}`],
    arabic: [`/record/${copies[22].id}`],
    now: ['/now'],
    inbox: ['/inbox'],
    question: [`/inbox?item=${asked}`],
    pressings: [`/inbox?item=${asked}`, (page) => page.locator('summary').first().click()],
    identify: ['/identify'],
    found: ['/identify?q=static+gardeners', async (page) => page.getByRole('radio', { name: /LOOM 12/ }).nth(1).check()],
    catno: [`/identify?q=LOOM%2012&inbox=${unknown}`],
    nothing: ['/identify?q=zzz+none'],
    scan: ['/scan'],
    scanners: ['/scanners'],
    settings: ['/settings'],
    shortcuts: ['/', (page) => page.keyboard.press('?')],
    kiosk: ['/kiosk'],
    signin: ['/signin'],
}
const sizes = [
    [360, 780, 'light', 'en'],
    [360, 780, 'dark', 'en'],
    [360, 780, 'light', 'ar'],
    [768, 1024, 'light', 'de'],
    [1280, 800, 'light', 'en'],
    [1280, 800, 'dark', 'en'],
    [1280, 800, 'light', 'ar'],
    [1024, 600, 'dark', 'en'],
    [1920, 1080, 'dark', 'en'],
]
for (const [width, height, scheme, locale] of sizes) {
    if (only && !`${width}-${scheme}-${locale}`.match(only)) continue
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale, storageState: state, reducedMotion: 'reduce' })
    const page = await context.newPage()
    for (const [name, [path, act]] of Object.entries(pages)) {
        if ([1024, 1920].includes(width) && !['kiosk', 'shelf', 'now'].includes(name)) continue
        if (process.argv[4] && !process.argv[4].split(',').includes(name)) continue
        await page.goto(daemon.url + path)
        await page.locator('h1').first().waitFor()
        await page.waitForTimeout(600)
        await act?.(page).catch(() => undefined)
        await page.waitForTimeout(act ? 300 : 0)
        await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}-${locale}.png` })
    }
    await context.close()
}
await browser.close()
await daemon.stop()
