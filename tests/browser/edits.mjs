// Edits of what exists already: what was not changed stays, and nobody overwrites another unseen.
import assert from 'node:assert/strict'
import { lone } from './records.mjs'
import { axeFaults, journey, live, visit } from './visit.mjs'

/** The control card that makes a scanner add what it scans. */
const addCard = '9743000000001149'

export async function editJourneys({ browser, context, daemon, idOf }) {
    const copy = await idOf('Moon Dust')
    const shelves = {}
    for (const name of ['Shelf A', 'Shelf B']) shelves[name] = (await daemon.ask('POST', '/locations', { name })).id
    const stored = () => daemon.ask('GET', `/copies/${copy}`)
    const change = (patch) => daemon.ask('PATCH', `/copies/${copy}`, patch)
    const openEdit = async (from = context) => {
        const page = await visit(from, daemon, `/record/${copy}`)
        await page.locator('article button').filter({ has: page.locator('svg.lucide-pencil') }).click()
        return page
    }

    await journey('changing only the note of a record keeps its place on the shelf', async () => {
        await change({ location: shelves['Shelf A'], notes: 'sleeve split', media_grade: 'VG+' })
        const page = await visit(context, daemon, `/record/${copy}`)
        let answer
        const held = new Promise((resolve) => (answer = resolve))
        await page.route('**/api/v1/locations*', async (route) => {
            await held // a slow box: the list of shelves comes after Save
            await route.continue()
        })
        await page.getByRole('button', { name: 'Correct' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByLabel('Notes').fill('sleeve glued')
        const [sent] = await Promise.all([page.waitForRequest((request) => request.method() === 'PATCH'), dialog.getByRole('button', { name: 'Save' }).click()])
        await dialog.waitFor({ state: 'detached' })
        answer()
        assert.deepEqual(sent.postDataJSON(), { notes: 'sleeve glued' })
        const { location, notes, media_grade } = await stored()
        assert.deepEqual([location.path, notes, media_grade], ['Shelf A', 'sleeve glued', 'VG+'])
        await page.close()
    })

    await journey('when somebody else edits a record while the dialog is open, both values are shown and one is picked for each field', async () => {
        await change({ location: shelves['Shelf A'], notes: 'sleeve split', media_grade: 'VG+' })
        const page = await openEdit()
        await live(page)
        const dialog = page.getByRole('dialog')
        await dialog.getByLabel('Notes').fill('plays fine')
        await dialog.getByRole('group', { name: 'Sleeve' }).getByRole('radio', { name: 'NM' }).check()
        await change({ location: shelves['Shelf B'], notes: 'clicks on A2' })
        await page.locator('article blockquote').getByText('clicks on A2').waitFor() // the page behind has heard of it
        assert.equal(await dialog.getByLabel('Notes').inputValue(), 'plays fine')
        await dialog.getByRole('button', { name: 'Save' }).click()
        await dialog.getByRole('heading', { name: 'Changed elsewhere' }).waitFor()
        assert.equal((await stored()).notes, 'clicks on A2')
        const notes = dialog.getByRole('group', { name: 'Notes' })
        await notes.getByRole('radio', { name: 'Saved elsewhere clicks on A2' }).waitFor()
        const place = dialog.getByRole('group', { name: 'Stands at' })
        assert.ok(await place.getByRole('radio', { name: 'Saved elsewhere Shelf B' }).isChecked())
        await place.getByRole('radio', { name: 'Before Shelf A' }).waitFor()
        assert.deepEqual(await axeFaults(page, 'conflict'), [])
        await notes.getByRole('radio', { name: 'Your input plays fine' }).check()
        await dialog.getByRole('button', { name: 'Save' }).click()
        await dialog.waitFor({ state: 'detached' })
        const now = await stored()
        assert.deepEqual([now.location.path, now.notes, now.media_grade, now.sleeve_grade], ['Shelf B', 'plays fine', 'VG+', 'NM'])
        await page.close()
    })

    await journey('a conflict fits a narrow phone and waits until each field is picked, in English, German and Arabic', async () => {
        for (const [locale, save] of [['en', 'Save'], ['de', 'Speichern'], ['ar', 'حفظ']]) {
            await change({ location: shelves['Shelf A'], notes: 'before' })
            const phone = await browser.newContext({ viewport: { width: 320, height: 640 }, storageState: await context.storageState(), locale })
            const page = await openEdit(phone)
            const dialog = page.getByRole('dialog')
            await dialog.locator('textarea').fill('typed on the phone')
            await change({ location: shelves['Shelf B'], notes: `${'a very long note without an end '.repeat(20)}${'x'.repeat(200)}` })
            await dialog.getByRole('button', { name: save, exact: true }).click()
            await dialog.getByRole('alert').waitFor()
            assert.equal(await dialog.getByRole('radio').count(), 4)
            assert.ok((await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)) <= 0, `${locale}: too wide`)
            assert.deepEqual(await axeFaults(page, `conflict, ${locale}`, ['color-contrast', 'target-size']), [])
            await dialog.getByRole('button', { name: save, exact: true }).click()
            await page.locator('input:invalid').first().waitFor()
            assert.match((await stored()).notes, /^a very long note/)
            await phone.close()
        }
    })

    await journey('an edit stays with its record: the browser\'s Back asks before typed text is lost, and no other record gets it', async () => {
        const varanda = await idOf('Varanda')
        const notesOf = async (id) => (await daemon.ask('GET', `/copies/${id}`)).notes
        await daemon.ask('PATCH', `/copies/${varanda}`, { notes: 'from the harbour' })
        const page = await visit(context, daemon, `/record/${varanda}`)
        await live(page)
        await daemon.ask('POST', '/scans', { code: addCard, source: 'hall' })
        await daemon.ask('POST', '/scans', { code: lone, source: 'hall' })
        await page.getByRole('log').locator(':scope > div').filter({ hasText: 'hall' }).getByRole('link', { name: 'Open' }).last().click()
        await page.getByRole('heading', { level: 1, name: 'Lanterns of March' }).waitFor()
        const lanterns = page.url().split('/').at(-1)
        const before = await notesOf(lanterns)
        const sheet = page.getByRole('dialog')
        const question = page.getByRole('alertdialog', { name: 'Discard your changes?' })
        const back = () => page.evaluate(() => history.back())

        await page.getByRole('button', { name: 'Correct' }).click()
        await sheet.getByLabel('Notes').fill('of the lanterns')
        await back()
        await question.getByRole('button', { name: 'Continue editing' }).click()
        await question.waitFor({ state: 'detached' })
        assert.equal(await sheet.getByLabel('Notes').inputValue(), 'of the lanterns')
        assert.ok(await sheet.getByLabel('Notes').evaluate((field) => field === document.activeElement))
        await page.waitForURL(`**/record/${lanterns}`)
        await back()
        await question.getByRole('button', { name: 'Discard' }).click()
        await page.getByRole('heading', { level: 1, name: 'Varanda' }).waitFor()
        await page.waitForURL(`**/record/${varanda}`)
        assert.equal(await sheet.count(), 0)
        await page.getByRole('button', { name: 'Correct' }).click()
        assert.equal(await sheet.getByLabel('Notes').inputValue(), 'from the harbour')
        await page.evaluate(() => history.forward()) // nothing was typed
        await page.getByRole('heading', { level: 1, name: 'Lanterns of March' }).waitFor()
        assert.equal(await sheet.count(), 0)
        assert.deepEqual([await notesOf(varanda), await notesOf(lanterns)], ['from the harbour', before])
        await page.close()
    })

    await journey('what was typed and chosen for one inbox item is not there for the next', async () => {
        const first = await daemon.ask('POST', '/scans', { code: '9999999999970', source: 'first' })
        const page = await visit(context, daemon, `/identify?inbox=${first.inbox_id}`)
        await live(page)
        await page.getByText('For the scan').getByText('9999999999970').waitFor()
        await page.getByRole('searchbox').fill('lanterns')
        await page.getByRole('radio', { name: /Lanterns of March/ }).check()
        await page.getByRole('button', { name: 'This is it' }).waitFor()
        const second = await daemon.ask('POST', '/scans', { code: '9999999999987', source: 'second' })
        await page.getByRole('log').locator(':scope > div').filter({ hasText: '9999999999987' }).getByRole('link', { name: 'Identify' }).click()
        await page.getByText('For the scan').getByText('9999999999987').waitFor()
        assert.equal(await page.getByRole('searchbox').inputValue(), '')
        assert.equal(await page.getByRole('button', { name: 'This is it' }).count(), 0)
        for (const { inbox_id } of [first, second]) await daemon.ask('POST', `/inbox/${inbox_id}/resolve`, { dismiss: true })
        await page.close()
    })

    await journey('Escape asks once and again before typed text is lost, and the focus comes back, in English, German and Arabic', async () => {
        for (const [locale, title, stay, discard] of [
            ['en', 'Discard your changes?', 'Continue editing', 'Discard'],
            ['de', 'Änderungen verwerfen?', 'Weiter bearbeiten', 'Verwerfen'],
            ['ar', 'تجاهل تغييراتك؟', 'متابعة التحرير', 'تجاهل'],
        ]) {
            const phone = await browser.newContext({ viewport: { width: 320, height: 640 }, storageState: await context.storageState(), locale })
            const page = await openEdit(phone)
            const dialog = page.getByRole('dialog')
            const question = page.getByRole('alertdialog', { name: title })
            const text = dialog.locator('textarea')
            const focused = (element) => element.evaluate((each) => each === document.activeElement)
            await text.fill('typed on the phone')
            for (let times = 0; times < (locale === 'en' ? 3 : 1); times++) {
                await page.keyboard.press('Escape')
                await question.waitFor()
                // Not its rule of sizes: axe takes the bar of places for something that lies over the question.
                if (times === 0) assert.deepEqual(await axeFaults(page, `question, ${locale}`, ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']), [])
                assert.ok((await question.evaluate((box) => box.scrollWidth - box.clientWidth)) <= 0, `${locale}: too wide`)
                await (times === 1 ? question.getByRole('button', { name: stay }).click() : page.keyboard.press('Escape'))
                await question.waitFor({ state: 'detached' })
                assert.ok(await focused(text), `${locale}: the focus is back in the field`)
            }
            await page.mouse.click(160, 5) // beside it
            await question.getByRole('button', { name: discard, exact: true }).click()
            await dialog.waitFor({ state: 'detached' })
            assert.ok(await focused(page.locator('article button').filter({ has: page.locator('svg.lucide-pencil') })), `${locale}: the focus is back at Correct`)
            await phone.close()
        }
    })
}
