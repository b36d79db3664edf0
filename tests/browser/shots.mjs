// Pictures of every page for people to look at: node shots.mjs FOLDER [WIDTH-SCHEME-LOCALE [PAGE,...]]
import { mkdirSync } from 'node:fs'
import { launchChromium } from './chromium.mjs'
import { startDaemon } from './daemon.mjs'
import { many, shared, shelf, lone } from './records.mjs'

const folder = process.argv[2] ?? 'shots'
mkdirSync(folder, { recursive: true })
const only = process.argv[3]
const daemon = await startDaemon()
const browser = await launchChromium()
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
const shelves = []
for (const name of ['Living room', 'Hallway, left of the door']) shelves.push((await daemon.ask('POST', '/locations', { name })).id)
const { items } = await daemon.ask('GET', '/decks')
await daemon.ask('POST', `/decks/${items[0].id}/play`, { copy_id: copies[0].id })
await daemon.ask('POST', `/decks/${items[0].id}/seek`, { track: 'A3' })
await daemon.ask('POST', '/scans', { code: many, source: 'hall' })
const inbox = (await daemon.ask('GET', '/inbox')).items
const asked = inbox.find((each) => each.code === many).id
const unknown = inbox.find((each) => each.kind === 'unknown').id
const state = await setup.context().storageState()

/** What only a busy box has to tell, told for a picture. */
const context = { mode: 'add', person: 'Anna', location: 'Living room / B3', deck: null }
const device = (more) => ({
    ...{ id: 'd_1', version: 1, driver: 'hid_scanner', kind: 'scanner', port: 'usb:1-1.3', product: 'ACME Laser 7', name: 'Shelf scanner', deck: 'main', layout: 'de', present: true, claimed: true },
    ...{ note: 'Reads as a keyboard; its keys reach no console.', layout_test: false, pinned: [], context, last_scan_at: new Date().toISOString() },
    ...more,
})
const told = {
    devices: {
        items: [
            device({}),
            device({ id: 'd_2', port: 'usb:1-1.4', name: '', product: 'ACME Wireless 2D', claimed: false, note: 'Another program holds it.', layout: null, context: {}, last_scan_at: null }),
        ],
        next: null,
        total: 2,
    },
    inWork: { phase: 'build', share: 0.37, bytes_per_s: 262_000_000, releases: 6_812_400, seconds_left: 143 },
}
const answer = (page, path, change) =>
    page.route(`**/api/v1${path}*`, async (route) => {
        const response = await route.fetch()
        await route.fulfill({ response, json: change(await response.json()) })
    })

/** Per picture: where it is taken, what is done there, what the box is made to say before, whether all of the page is shown. */
const pages = {
    shelf: ['/'],
    search: ['/', (page) => page.getByRole('searchbox').fill('harrow')],
    none: ['/', (page) => page.getByRole('searchbox').fill('zzz')],
    record: [`/record/${copies[0].id}`, null, null, true],
    edit: [`/record/${copies[0].id}`, (page) => page.locator('article button').filter({ has: page.locator('svg.lucide-pencil') }).click()],
    conflict: [
        `/record/${copies[1].id}`,
        async (page) => {
            await daemon.ask('PATCH', `/copies/${copies[1].id}`, { location: shelves[0], notes: 'Sleeve split at the lower edge.' })
            await page.locator('article button').filter({ has: page.locator('svg.lucide-pencil') }).click()
            await page.locator('dialog textarea').fill('Plays fine after cleaning. Sleeve split at the lower edge, glued in May.')
            await daemon.ask('PATCH', `/copies/${copies[1].id}`, { location: shelves[1], notes: 'Clicks in the second track of side A.' })
            await page.locator('dialog [type=submit]').click()
            await page.locator('dialog [role=alert]').waitFor()
        },
    ],
    long: [`/record/${copies[23].id}`],
    arabic: [`/record/${copies[22].id}`],
    gone: ['/record/c_999999'],
    nowhere: ['/no/such/page'],
    now: ['/now'],
    inbox: ['/inbox'],
    question: [`/inbox?item=${asked}`],
    pressings: [`/inbox?item=${asked}`, (page) => page.locator('summary').first().click()],
    identify: ['/identify'],
    found: ['/identify?q=static+gardeners', async (page) => page.getByRole('radio', { name: /LOOM 12/ }).nth(1).check()],
    catno: [`/identify?q=LOOM%2012&inbox=${unknown}`],
    nothing: ['/identify?q=zzz+none', (page) => page.locator('summary').first().click(), null, true],
    scan: ['/scan'],
    toasts: [
        '/',
        async (page) => {
            await page.locator('[data-live=true]').waitFor({ state: 'attached' })
            await daemon.ask('POST', '/scans', { code: many, source: `hall ${Math.random()}`.slice(0, 8) })
            await daemon.ask('POST', '/scans', { code: '9999999999994', source: `shelf ${Math.random()}`.slice(0, 9) })
            await daemon.ask('POST', '/scans', { code: '4006381333930', source: `shelf ${Math.random()}`.slice(0, 9) })
            await page.locator('[role=log] > :nth-child(3)').waitFor()
        },
    ],
    scanners: ['/scanners'],
    claimed: ['/scanners', null, (page) => answer(page, '/devices', () => told.devices)],
    device: ['/scanners', async (page) => page.locator('main li button').first().click(), (page) => answer(page, '/devices', () => told.devices)],
    settings: ['/settings', null, null, true],
    working: ['/settings', null, (page) => answer(page, '/catalogue', (info) => ({ ...info, in_work: { ...info.in_work, ...told.inWork } })), true],
    person: ['/settings', (page) => page.locator('table button').first().click()],
    shortcuts: ['/', (page) => page.keyboard.press('?')],
    kiosk: ['/kiosk'],
    signin: ['/signin'],
}
const sizes = [
    [360, 780, 'light', 'en'],
    [360, 780, 'dark', 'en'],
    [360, 780, 'light', 'ar'],
    [360, 780, 'light', 'de'],
    [768, 1024, 'light', 'de'],
    [1280, 800, 'light', 'en'],
    [1280, 800, 'dark', 'en'],
    [1280, 800, 'light', 'ar'],
    [1024, 600, 'dark', 'en'],
    [1920, 1080, 'dark', 'en'],
]
for (const [width, height, scheme, locale] of sizes) {
    if (only && !`${width}-${scheme}-${locale}`.match(only)) continue
    const phone = width < 500
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale, storageState: state, reducedMotion: 'reduce', isMobile: phone, hasTouch: phone })
    const page = await context.newPage()
    for (const [name, [path, act, before, fullPage = false]] of Object.entries(pages)) {
        if ([1024, 1920].includes(width) && !['kiosk', 'shelf', 'now'].includes(name)) continue
        if (process.argv[4] && !process.argv[4].split(',').includes(name)) continue
        await before?.(page)
        await page.goto(daemon.url + path)
        await page.locator('h1, h2').first().waitFor()
        await page.waitForTimeout(600)
        await act?.(page).catch((error) => console.error(`${name}: ${error.message}`))
        await page.waitForTimeout(act ? 300 : 0)
        await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}-${locale}.png`, fullPage })
        await page.unrouteAll()
    }
    await context.close()
}
// A house whose box went away.
const left = await browser.newContext({ viewport: { width: 1280, height: 800 }, storageState: state })
const page = await left.newPage()
await page.goto(daemon.url)
await page.locator('[data-live=true]').waitFor({ state: 'attached' })
await daemon.stop()
await page.locator('p[role=status]').waitFor()
await page.screenshot({ path: `${folder}/away-1280-light-en.png` })
await page.setViewportSize({ width: 360, height: 780 })
await page.screenshot({ path: `${folder}/away-360-light-en.png` })
await browser.close()
