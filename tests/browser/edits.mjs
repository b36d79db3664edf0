// Edits of what exists already: what was not changed stays, and nobody overwrites another unseen.
import assert from 'node:assert/strict'
import { axeFaults, journey, live, visit } from './visit.mjs'

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
}
