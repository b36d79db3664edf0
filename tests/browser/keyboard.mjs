// The page without a pointer, with big thumbs, and for eyes that motion disturbs.
import assert from 'node:assert/strict'
import { shared } from './records.mjs'
import { axeFaults, journey, live, settled, visit } from './visit.mjs'

const words = (page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent.trim())

/** Opens a dialog with Enter, walks through it with Tab, leaves it with Escape, and is back where it was. */
async function thereAndBack(page, opener, title) {
    await opener.focus()
    const before = await words(page)
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: title })
    await dialog.waitFor()
    await page.waitForFunction(() => document.querySelector('dialog')?.contains(document.activeElement))
    const stops = await dialog.locator('button, a[href], input, select, textarea, summary').count()
    const seen = new Set()
    for (let tab = 0; tab < stops + 3; tab++) {
        await page.keyboard.press('Tab')
        const at = await page.evaluate(() => {
            const { activeElement: at } = document
            const inside = at?.closest('dialog') != null
            return inside || at === document.body ? `${at.tagName} ${at.textContent.trim()} ${at.getAttribute('name') ?? ''}` : null
        })
        assert.notEqual(at, null, `Tab left "${title}"`)
        seen.add(at)
    }
    assert.ok(seen.size > 2, `Tab reaches what is in "${title}"`)
    assert.deepEqual(await axeFaults(page, title), [])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    assert.equal(await words(page), before)
}

/** What can be tapped and is smaller than a thumb. Links within sentences may be (WCAG 2.5.8). */
function tooSmall() {
    const least = 44
    const found = []
    for (const each of document.querySelectorAll('a[href], button, select, summary, input:not([type=file]), textarea')) {
        const target = (each.matches('input') && each.closest('label')) || each
        const box = target.getBoundingClientRect()
        if (box.width < 2 || getComputedStyle(each).visibility === 'hidden') continue
        if (each.matches('a') && getComputedStyle(each).display === 'inline' && each.closest('p, li, small, dd')) continue
        if (box.height < least - 0.5 || box.width < least - 0.5) found.push(`${each.tagName.toLowerCase()} "${(each.getAttribute('aria-label') ?? target.textContent).trim().slice(0, 30)}" ${Math.round(box.width)}x${Math.round(box.height)}`)
    }
    return found
}

export async function keyboardJourneys({ browser, context, daemon, idOf, question }) {
    const record = `/record/${await idOf('Copper Winter')}`

    await journey('every dialog opens, is walked through and is left by the keyboard, and the focus comes back', async () => {
        const page = await visit(context, daemon, record)
        await thereAndBack(page, page.getByRole('button', { name: 'Correct' }), 'Correct this copy')
        await page.goto(`${daemon.url}/settings`)
        await thereAndBack(page, page.getByRole('button', { name: 'Change Anna' }), 'Anna')
        await page.goto(`${daemon.url}/inbox`)
        await thereAndBack(page, page.locator(`a[href$="item=${question}"]`), 'Which pressing?')
        await page.goto(`${daemon.url}/`)
        const search = page.getByRole('searchbox')
        await search.waitFor()
        await page.getByRole('link', { name: 'Add a record' }).focus()
        await page.keyboard.press('?')
        await page.getByRole('dialog', { name: 'Keys' }).waitFor()
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        assert.equal(await words(page), 'Add a record')
        await page.close()
    })

    await journey('slips are told politely, stay while the keyboard is at them, and undo', async () => {
        const page = await visit(context, daemon, '/')
        await live(page)
        const log = page.getByRole('log', { name: 'Scans' })
        assert.equal(await log.getAttribute('aria-live'), 'polite')
        await daemon.ask('POST', '/scans', { code: shared, source: 'keyboard' })
        const slip = log.locator(':scope > div').filter({ hasText: 'keyboard' }).last()
        await slip.getByRole('button', { name: 'Undo' }).focus()
        await page.keyboard.press('Enter')
        await slip.waitFor({ state: 'detached' })
        const { items } = await daemon.ask('GET', '/scans?limit=10')
        assert.equal(items.find((each) => each.code === shared && each.source === 'keyboard').undone, true)
        await page.close()
    })

    await journey('who asked for less motion sees a record that stands still and time that goes on', async () => {
        const { items } = await daemon.ask('GET', '/decks')
        await daemon.ask('POST', `/decks/${items[0].id}/play`, { copy_id: await idOf('Copper Winter') })
        const calm = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', storageState: await context.storageState() })
        const page = await visit(calm, daemon, '/now')
        const bar = page.getByRole('progressbar')
        const before = Number(await bar.getAttribute('aria-valuenow'))
        await page.waitForFunction((from) => Number(document.querySelector('[role=progressbar]').ariaValueNow) > from, before)
        const moving = await page.evaluate(() => document.getAnimations().filter((each) => each.playState === 'running' && each.effect.getComputedTiming().activeDuration > 10).length)
        assert.equal(moving, 0)
        await calm.close()
    })

    await journey('nothing to tap is smaller than a thumb', async () => {
        const phone = await browser.newContext({ viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true, storageState: await context.storageState() })
        const page = await visit(phone, daemon, '/')
        const found = []
        for (const path of ['/', record, '/now', '/inbox', '/identify?q=gardeners', '/scan', '/scanners', '/settings', '/kiosk']) {
            await page.goto(daemon.url + path)
            await settled(page)
            found.push(...(await page.evaluate(tooSmall)).map((each) => `${path}: ${each}`))
        }
        await phone.close()
        assert.deepEqual(found, [])
    })
}
