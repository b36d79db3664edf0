// Journeys through the page in Chromium against the real daemon. Ends non-zero when one failed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import assert from 'node:assert/strict'
import { writeFilm, writePng } from './barcode.mjs'
import { launchChromium } from './chromium.mjs'
import { startDaemon } from './daemon.mjs'
import { editJourneys } from './edits.mjs'
import { keyboardJourneys } from './keyboard.mjs'
import { offlineJourneys } from './offline.mjs'
import { onlineJourneys } from './online.mjs'
import { lone, many, shared, shelf } from './records.mjs'
import { updateJourneys } from './update.mjs'
import { axeFaults, complaints, count, journey, live, settled, visit } from './visit.mjs'

const name = 'Anna'
const password = 'a long sentence of mine'
const folder = mkdtempSync(join(tmpdir(), 'gatefold-film-'))
writeFilm(join(folder, 'code.y4m'), lone)
writePng(join(folder, 'code.png'), lone)

const daemon = await startDaemon()
const browser = await launchChromium('--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${join(folder, 'code.y4m')}`)

const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })

/** They have daemons of their own: beside the others. */
const elsewhere = onlineJourneys(browser).then(() => updateJourneys(browser))

const open = (path, from = context) => visit(from, daemon, path)

async function idOf(title) {
    const { items } = await daemon.ask('GET', `/copies?q=${encodeURIComponent(title)}`)
    return items.find((each) => each.title === title).id
}
const toast = (page, text) => page.getByRole('log').getByText(text)

await journey('setup makes the first account and opens an empty shelf', async () => {
    const page = await open('/')
    await page.getByLabel('Setup code').fill('AAAA-AAAA-AAAA')
    await page.getByLabel('Your name').fill(name)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Make the first account' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Setup code').fill(daemon.code)
    await page.getByRole('button', { name: 'Make the first account' }).click()
    await page.getByText('Pick a record off the shelf.').waitFor()
    await page.close()
})

await journey('a wrong password is refused, the right one lets in', async () => {
    const stranger = await browser.newContext()
    const page = await open('/', stranger)
    await page.waitForURL('**/signin')
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('Password').fill('not the sentence')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('do not fit together').waitFor()
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Shelf' }).waitFor()
    await stranger.close()
})

await daemon.signIn(name, password)

await journey('a record scanned somewhere appears on the open shelf, with a toast', async () => {
    const page = await open('/')
    await page.getByText('Pick a record off the shelf.').waitFor()
    await live(page)
    await daemon.ask('POST', '/scans', { code: '9743000000001149', source: 'shelf scanner' })
    await daemon.ask('POST', '/scans', { code: lone, source: 'shelf scanner' })
    await page.getByRole('log').getByText('shelf scanner', { exact: false }).first().waitFor()
    await page.getByRole('link', { name: 'Lanterns of March' }).waitFor()
    await page.close()
})

for (const each of shelf) await daemon.ask('POST', '/copies', each)

await journey('search finds by part of the name, without accents, and by catalogue number', async () => {
    const page = await open('/')
    const field = page.getByRole('searchbox')
    await field.fill('akesson bjorn')
    await page.getByText('1 record found').waitFor()
    await page.getByRole('link', { name: 'Midvinter' }).waitFor()
    await field.fill('vtx6360')
    await page.getByRole('link', { name: 'Moon Dust' }).waitFor()
    await page.waitForURL('**/?q=vtx6360')
    await field.fill('no such record')
    await page.getByText('Nothing under').waitFor()
    await page.close()
})

await journey('a record is played from its page and the now-playing page moves on', async () => {
    const page = await open(`/record/${await idOf('Copper Winter')}`)
    await page.getByRole('heading', { name: 'Side B' }).waitFor()
    await page.getByRole('button', { name: 'Play side A' }).first().click()
    await page.waitForURL('**/now')
    await page.getByRole('heading', { name: 'Signal Parade' }).waitFor()
    const bar = page.getByRole('progressbar')
    const before = Number(await bar.getAttribute('aria-valuenow'))
    await page.waitForFunction((from) => Number(document.querySelector('[role=progressbar]').ariaValueNow) > from, before)
    await page.getByRole('button', { name: /Nine Lamps|Low Tide/ }).first().click()
    await page.getByRole('heading', { name: 'Low Tide' }).waitFor()
    await page.getByRole('button', { name: 'I flipped it' }).click()
    await page.getByRole('heading', { name: 'Morning Freight' }).waitFor()
    await page.close()
})

await journey('an edit is kept', async () => {
    const id = await idOf('Varanda')
    const page = await open(`/record/${id}`)
    await page.getByRole('button', { name: 'Correct' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('group', { name: 'Record' }).getByRole('radio', { name: 'NM' }).check()
    await dialog.getByLabel('Notes').fill('From the market at the harbour')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('blockquote').getByText('From the market at the harbour').waitFor()
    assert.equal((await daemon.ask('GET', `/copies/${id}`)).media_grade, 'NM')
    await page.close()
})

await journey('eight tabs share one event stream and all hear of a scan', async () => {
    const tabs = []
    for (let count = 0; count < 8; count++) tabs.push(await open('/scan'))
    await Promise.all(tabs.map((tab) => tab.getByRole('heading', { level: 1 }).waitFor()))
    await Promise.all(tabs.map(live))
    const heard = tabs.map((tab) => tab.getByRole('log').getByText('eight tabs', { exact: false }).waitFor())
    await daemon.ask('POST', '/scans', { code: '4007249990716', source: 'eight tabs' })
    await Promise.all(heard)
    const workers = await browser.newBrowserCDPSession()
    const { targetInfos } = await workers.send('Target.getTargets')
    assert.equal(targetInfos.filter((each) => each.type === 'shared_worker').length, 1)
    for (const tab of tabs) await tab.close()
})

let question
await journey('a scan with several pressings asks one good question after another, until one is left', async () => {
    const page = await open('/')
    await page.getByRole('link', { name: 'Varanda' }).waitFor()
    await live(page)
    await daemon.ask('POST', '/scans', { code: many, source: 'question' })
    await page.getByRole('log').getByRole('link', { name: 'Which pressing?' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('heading', { name: 'Which country is printed on it?' }).waitFor()
    question = new URL(page.url()).searchParams.get('item')
    await dialog.getByText('All 6 pressings side by side').click()
    await dialog.getByRole('columnheader', { name: 'Runout' }).waitFor()
    await dialog.getByRole('button', { name: /I don't know/ }).click()
    await dialog.getByRole('heading', { name: 'Which country is printed on it?' }).waitFor({ state: 'detached' })
    for (let questions = 0; questions < 5; questions++) {
        const answer = dialog.locator('section[aria-labelledby=question] button').first()
        if ((await answer.count()) === 0) break
        const before = await dialog.innerText()
        await answer.click()
        await page.waitForFunction((text) => document.querySelector('dialog')?.innerText !== text, before)
    }
    if ((await dialog.getByRole('radio').count()) > 0) {
        await dialog.getByRole('radio').first().check()
        await dialog.getByRole('button', { name: 'Keep this one' }).click()
    }
    await dialog.getByText('This code is known from now on.').waitFor()
    await dialog.getByRole('button', { name: 'That was wrong, ask again' }).click()
    await dialog.getByRole('button', { name: /^UK 2 pressings$/ }).click()
    await dialog.getByText('All 2 pressings side by side').waitFor()
    await dialog.getByRole('button', { name: 'Start over' }).click()
    await dialog.getByText('All 6 pressings side by side').waitFor()
    await dialog.getByRole('button', { name: 'Leave it open' }).click()
    await dialog.getByText('Put away.').waitFor()
    await page.close()
})

await journey('the pressing is chosen from the list in the inbox', async () => {
    await daemon.ask('POST', '/scans', { code: shared, source: 'shelf scanner' })
    const page = await open('/inbox')
    await page.getByRole('listitem').filter({ hasText: 'Harbour Lights' }).getByRole('link', { name: 'Which pressing?' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('All 4 pressings side by side').click()
    await dialog.getByRole('columnheader', { name: 'Country' }).waitFor()
    assert.equal(await dialog.getByRole('columnheader', { name: 'Label' }).count(), 0)
    await dialog.getByRole('radio', { name: /Germany/ }).check()
    await dialog.getByRole('button', { name: 'Keep this one' }).click()
    await dialog.getByText('This code is known from now on.').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    const { items } = await daemon.ask('GET', '/inbox')
    assert.equal(items.filter((each) => each.code === shared).length, 0)
    await page.close()
})

await journey('whatever is typed is read, compared by what differs, and put on the shelf', async () => {
    const page = await open('/')
    await page.getByRole('link', { name: 'Varanda' }).waitFor()
    await page.keyboard.press('a')
    await page.waitForURL('**/identify')
    await page.locator('input[type=search]:focus').waitFor()
    await page.keyboard.type('loom12')
    await page.getByText('Read as Catalogue number').waitFor()
    await page.getByRole('columnheader', { name: 'Colour' }).waitFor()
    assert.equal(await page.getByRole('columnheader', { name: 'Label' }).count(), 0)
    assert.ok((await page.locator('mark').filter({ hasText: 'Clear' }).count()) === 1, 'what stands out is marked')
    await page.getByRole('searchbox').fill('5012345678900')
    await page.getByText('Read as Barcode').waitFor()
    await page.getByText('4 pressings found').waitFor()
    await page.getByRole('searchbox').fill('gardeners paper')
    await page.getByText('Read as Artist and title').waitFor()
    await page.getByRole('searchbox').fill('81233-B')
    await page.getByText('Read as Runout').waitFor()
    await page.getByRole('radio', { name: /Paper Moons, US/ }).check()
    await page.getByRole('button', { name: 'Add to the shelf' }).click()
    await page.getByRole('heading', { level: 1, name: 'Paper Moons' }).waitFor()
    const { items } = await daemon.ask('GET', '/copies?q=paper%20moons')
    assert.deepEqual(items.map((each) => [each.release_id, each.pressing_open]), [[306, false]])
    await page.close()
})

await journey('an unknown code is settled by typing what is printed', async () => {
    const scan = await daemon.ask('POST', '/scans', { code: '9999999999994', source: 'unknown code' })
    const page = await open('/inbox')
    await page.getByRole('listitem').filter({ hasText: '9999999999994' }).getByRole('link', { name: 'Identify' }).click()
    await page.getByText('For the scan').waitFor()
    await page.getByRole('searchbox').fill('weeds')
    await page.getByRole('radio', { name: /Weeds/ }).check()
    await page.getByRole('button', { name: 'This is it' }).click()
    await page.getByRole('dialog').waitFor()
    const item = await daemon.ask('GET', `/inbox/${scan.inbox_id}`)
    assert.deepEqual([item.settled, item.release_id], [true, 403])
    await page.close()
})

await journey('a record that no catalogue knows is written down by hand', async () => {
    const page = await open('/identify?q=XQZ+4711')
    await page.getByText('None of these? Write it down by hand').click()
    await page.getByLabel('Title', { exact: true }).fill('Home Recordings')
    await page.getByLabel('Artist', { exact: true }).fill('The Neighbours')
    await page.getByRole('button', { name: 'Put it on the shelf' }).click()
    await page.getByRole('heading', { level: 1, name: 'Home Recordings' }).waitFor()
    await page.close()
})

await journey("the household's own photo becomes the sleeve", async () => {
    const page = await open(`/record/${await idOf('Fathoms')}`)
    await page.getByLabel('Photo of the sleeve').setInputFiles(join(folder, 'code.png'))
    const picture = page.locator('article img').first()
    await picture.waitFor()
    assert.match(await picture.getAttribute('srcset'), /-160\.jpg 160w, .*-480\.jpg 480w, .*-1000\.jpg 1000w$/)
    await page.waitForFunction(() => document.querySelector('article img').naturalWidth > 0)
    await page.getByRole('button', { name: 'Correct' }).click()
    const notes = page.getByRole('dialog').getByLabel('Notes')
    await notes.fill('typed before the photo was removed')
    await page.getByRole('button', { name: 'Take our own photo of the sleeve away' }).click()
    await page.getByRole('status').getByText('Photo removed.').waitFor()
    await picture.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('blockquote').getByText('typed before the photo was removed').waitFor()
    await page.close()
})

await journey('a token is shown once, works, and is revoked', async () => {
    const page = await open('/settings')
    await page.getByText('Make a token').click()
    await page.getByLabel('For what').fill('Balcony scanner')
    await page.getByRole('button', { name: 'Make it' }).click()
    const token = await page.getByLabel('The new token').inputValue()
    assert.match(token, /^gf_/)
    const answers = async () => (await fetch(`${daemon.url}/api/v1/scans`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ code: lone, source: 'balcony' }) })).status
    assert.equal(await answers(), 201)
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('button', { name: 'Revoke Balcony scanner' }).click()
    await page.getByRole('row', { name: /Balcony scanner/ }).waitFor({ state: 'detached' })
    assert.equal(await answers(), 401)
    await page.close()
})

await journey('somebody joins the household, and later may do more', async () => {
    const page = await open('/settings')
    await page.getByText('Add somebody').click()
    await page.getByLabel('Name', { exact: true }).fill('Ben')
    await page.getByLabel('Password', { exact: true }).fill('another long sentence')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('button', { name: 'Change Ben' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('May').selectOption('editor')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('row', { name: /Ben Editor/ }).waitFor()
    await page.close()
})

await journey('settings tell what the catalogue holds', async () => {
    const page = await open('/settings')
    await page.getByRole('heading', { name: 'Catalogue' }).waitFor()
    await page.locator('dl > div').filter({ hasText: 'Releases' }).getByText('14', { exact: true }).waitFor()
    await page.getByRole('heading', { name: 'Online sources' }).waitFor()
    await page.getByText('MusicBrainz').first().waitFor()
    await page.close()
})

await journey('an address that is none keeps the house around it', async () => {
    const page = await open('/no/such/page')
    await page.getByRole('heading', { level: 1, name: 'No such page' }).waitFor()
    await page.getByRole('link', { name: 'Back to the shelf' }).click()
    await page.getByRole('link', { name: 'Varanda' }).waitFor()
    await page.close()
})

await journey('the sheet of keys opens with ? and closes with Escape', async () => {
    const page = await open('/')
    await page.getByRole('link', { name: 'Varanda' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.close()
})

await journey('a photo of a barcode is read on the page', async () => {
    const page = await open('/scan')
    await page.getByLabel('Photo of a barcode').setInputFiles(join(folder, 'code.png'))
    await page.getByRole('listitem').filter({ hasText: lone }).filter({ hasText: 'page-' }).first().waitFor()
    await page.close()
})

await journey('the live camera reads a barcode once', async () => {
    const countOf = async () => (await daemon.ask('GET', '/scans?limit=100')).items.filter((each) => each.code === lone && each.source.startsWith('page-')).length
    const page = await open('/scan')
    const { items } = await daemon.ask('GET', '/scans?limit=100')
    const last = Math.max(...items.map((each) => Date.parse(each.at)))
    // The same code within two seconds is the same scan.
    await page.waitForFunction((from) => Date.now() - from > 2100, last)
    const before = await countOf()
    await page.getByRole('button', { name: 'Open the camera' }).click()
    await page.locator('video + div + p').filter({ hasText: lone }).waitFor()
    const frames = () => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames
    const seen = await page.evaluate(frames)
    await page.waitForFunction((from) => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames > from + 40, seen)
    assert.equal(await countOf(), before + 1)
    await page.getByRole('button', { name: 'Close the camera' }).click()
    await page.close()
})

await journey('a typed code is scanned by the keyboard alone', async () => {
    const page = await open('/')
    await page.getByRole('link', { name: 'Varanda' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('midvinter')
    await page.getByText('1 record found').waitFor()
    await page.waitForFunction(() => [...document.querySelectorAll('a[data-index]')].map((each) => each.textContent.includes('Midvinter')).join() === 'true')
    for (let tabs = 0; tabs < 10 && !(await page.evaluate(() => document.activeElement.matches('a[data-index]'))); tabs++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Midvinter' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await page.waitForURL('**/scan')
    await page.getByLabel('Or type the number under the bars').focus()
    await page.keyboard.type('4011222333440')
    await page.keyboard.press('Enter')
    await page.getByRole('listitem').filter({ hasText: '4011222333440' }).waitFor()
    await page.close()
})

await daemon.ask('POST', `/inbox/${question}/resolve`, { again: true })
await editJourneys({ browser, context, daemon, idOf })
await offlineJourneys({ browser, context, daemon, idOf })
await keyboardJourneys({ browser, context, daemon, idOf, question })

const routes = ['/', `/record/${await idOf('Copper Winter')}`, '/now', '/inbox', `/inbox?item=${question}`, '/identify', '/identify?q=gardeners', '/scan', '/scanners', '/settings', '/kiosk', '/signin', '/setup', '/no/such/page']
const accessibilityJourney = (scheme, width) => journey(`axe finds nothing, ${scheme}, ${width} px`, async () => {
    const themed = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme, reducedMotion: 'reduce', storageState: await context.storageState() })
    const page = await open('/', themed)
    const faults = []
    for (const path of routes) {
        await page.goto(daemon.url + path)
        await settled(page)
        // The dark page is the light one in other colours.
        faults.push(...(await axeFaults(page, path, scheme === 'dark' ? ['color-contrast'] : undefined)))
    }
    await themed.close()
    assert.deepEqual(faults, [])
})

const sidewaysJourney = () => journey('nothing scrolls sideways at 320 px, left to right and right to left', async () => {
    for (const locale of ['en', 'ar']) {
        const small = await browser.newContext({ viewport: { width: 320, height: 640 }, storageState: await context.storageState(), locale })
        const page = await open('/', small)
        for (const path of routes) {
            await page.goto(daemon.url + path)
            await settled(page)
            const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
            assert.ok(over <= 0, `${locale} ${path} is ${over} px too wide`)
        }
        await small.close()
    }
})

// They change nothing: all at once.
const looks = ['light', 'dark'].flatMap((scheme) => [360, 1280].map((width) => accessibilityJourney(scheme, width)))
await Promise.all([elsewhere, ...looks, sidewaysJourney()])

await journey('no script fault, no breach of the policy, no foreign request on the way', async () => assert.deepEqual(complaints, []))

await browser.close()
await daemon.stop()
rmSync(folder, { recursive: true, force: true })
console.log(`${count.passed} passed, ${count.failed} failed`)
process.exit(count.failed === 0 ? 0 : 1)
