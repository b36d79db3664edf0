// A browser that calls itself offline, whether it is or not.
import assert from 'node:assert/strict'
import { journey, live, settled, visit } from './visit.mjs'

export async function offlineJourneys({ browser, context, daemon, idOf }) {
    const copy = await idOf('Moon Dust')
    const notes = async () => (await daemon.ask('GET', `/copies/${copy}`)).notes
    const openEdit = async (from) => {
        const page = await visit(from, daemon, `/record/${copy}`)
        await live(page)
        await page.getByRole('button', { name: 'Correct' }).click()
        await settled(page)
        return page
    }

    await journey('what is saved while the network is away fails at once, keeps what was typed, and is not sent later without a press', async () => {
        await daemon.ask('PATCH', `/copies/${copy}`, { notes: 'before the cable was pulled' })
        const away = await browser.newContext({ storageState: await context.storageState() })
        const page = await openEdit(away)
        const sent = []
        page.on('request', (request) => request.method() === 'PATCH' && sent.push(request.postDataJSON()))
        const dialog = page.getByRole('dialog')
        const save = dialog.getByRole('button', { name: 'Save' })
        await dialog.getByLabel('Notes').fill('typed without a network')
        await away.setOffline(true)
        await save.click()
        await dialog.getByRole('alert').getByText('The box is not answering.').waitFor()
        assert.ok(await save.isEnabled())
        const tries = sent.length
        await away.setOffline(false)
        await settled(page)
        assert.deepEqual([await notes(), sent.length - tries], ['before the cable was pulled', 0])
        assert.equal(await dialog.getByLabel('Notes').inputValue(), 'typed without a network')
        await save.click()
        await dialog.waitFor({ state: 'detached' })
        assert.deepEqual([await notes(), sent.length - tries], ['typed without a network', 1])
        await away.close()
    })

    await journey('on the box itself everything works while its only network is away', async () => {
        const page = await openEdit(context)
        await page.evaluate(() => dispatchEvent(new Event('offline')))
        const dialog = page.getByRole('dialog')
        await dialog.getByLabel('Notes').fill('typed on the box')
        await dialog.getByRole('button', { name: 'Save' }).click()
        await dialog.waitFor({ state: 'detached' })
        assert.equal(await notes(), 'typed on the box')
        await page.getByRole('link', { name: 'Settings' }).click()
        await page.getByRole('heading', { name: 'Household' }).waitFor()
        await page.getByRole('cell', { name: 'Anna' }).first().waitFor()
        await page.close()
    })
}
