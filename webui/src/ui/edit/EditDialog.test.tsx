import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SelectField, TextField } from '../Field'
import { Around, testRouter } from '../testing'
import { EditDialog } from './EditDialog'
import { useEdit } from './useEdit'

interface Thing {
    version: number
    name: string
    place: string | null
}

/** A box with one thing, which refuses an edit of an older version. */
let stored: Thing
let sent: { body: unknown; version: string | null }[]
/** Edits are answered once it is settled. */
let held: Promise<void>
let answer: () => void
let router: ReturnType<typeof testRouter>
const onStored = vi.fn()
const onClose = vi.fn()

const reply = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

beforeEach(() => {
    stored = { version: 1, name: 'Moon Dust', place: 'l_1' }
    sent = []
    held = Promise.resolve()
    router = testRouter()
    onStored.mockReset()
    onClose.mockReset()
    vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
        if (init.method === 'GET') return reply(200, stored)
        const version = new Headers(init.headers).get('If-Match')
        const body = JSON.parse(String(init.body)) as Partial<Thing>
        sent.push({ body, version })
        await held
        if (init.signal?.aborted) throw new DOMException('closed', 'AbortError')
        if (version !== `"${stored.version}"`) return reply(412, { code: 'precondition_failed', detail: 'Somebody was first.' })
        stored = { ...stored, ...body, version: stored.version + 1 }
        return reply(200, stored)
    })
})
afterEach(() => {
    cleanup()
    vi.unstubAllGlobals()
})

const valuesOf = ({ name, place }: Thing) => ({ name, place: place ?? '' })
const words = { name: { label: 'Name', show: (text: string) => text }, place: { label: 'Place', show: (id: string) => `place ${id}` } }

function Form({ thing, places, path }: { thing: Thing; places: string[]; path: string }) {
    const edit = useEdit<Thing, 'name' | 'place'>({ path, record: thing, valuesOf, onStored, onClose })
    return (
        <EditDialog title="Edit" edit={edit} words={words} onClose={onClose}>
            <TextField label="Name" {...edit.field('name')} />
            <SelectField label="Place" {...edit.field('place')}>
                <option value="">nowhere</option>
                {places.map((each) => (
                    <option key={each}>{each}</option>
                ))}
            </SelectField>
        </EditDialog>
    )
}

const page = (thing: Thing, places = ['l_1', 'l_2'], path = '/things/1') => (
    <Around router={router}>
        <Form thing={thing} places={places} path={path} />
    </Around>
)

const rename = async (text: string) => {
    await userEvent.clear(name())
    await userEvent.type(name(), text)
}
const save = () => userEvent.click(screen.getByRole('button', { name: 'Save' }))
/** Save, on a box that thinks until `answer` is called. */
const saveSlowly = () => {
    held = new Promise((resolve) => {
        answer = resolve
    })
    return save()
}
const name = () => screen.getByLabelText<HTMLInputElement>('Name')
const question = () => screen.queryByRole('alertdialog', { name: 'Discard your changes?' })
const press = (button: string) => userEvent.click(screen.getByRole('button', { name: button }))
const choice = (text: RegExp) => screen.getByRole<HTMLInputElement>('radio', { name: text })

it('sends the field that was changed and no other, even while the list of another is on its way', async () => {
    render(page(stored, []))
    await rename('Star Dust')
    await save()
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(onStored).toHaveBeenCalledExactlyOnceWith({ version: 2, name: 'Star Dust', place: 'l_1' })
    expect(sent).toEqual([{ body: { name: 'Star Dust' }, version: '"1"' }])
})

it('sends nothing when nothing was changed', async () => {
    render(page(stored))
    await save()
    expect(onClose).toHaveBeenCalledOnce()
    expect(onStored).not.toHaveBeenCalled()
    expect(sent).toEqual([])
})

it('keeps what was typed, and the version that was read first, when a newer record arrives', async () => {
    const { rerender } = render(page(stored))
    await rename('Star Dust')
    stored = { version: 2, name: 'Sun Dust', place: 'l_2' }
    rerender(page(stored))
    expect(name().value).toBe('Star Dust')
    expect((screen.getByLabelText('Place') as HTMLSelectElement).value).toBe('l_1')
    await save()
    await screen.findByText('Changed elsewhere')
    expect(sent).toEqual([{ body: { name: 'Star Dust' }, version: '"1"' }])
    expect(stored.name).toBe('Sun Dust')
})

it('shows both values of each field that somebody else changed, and saves what is picked', async () => {
    render(page(stored))
    await rename('Star Dust')
    stored = { version: 2, name: 'Sun Dust', place: 'l_2' }
    await save()
    await screen.findByText('Changed elsewhere')
    const theirs = choice(/Saved elsewhere Sun Dust/)
    const mine = choice(/Your input Star Dust/)
    expect([theirs.checked, mine.checked]).toEqual([false, false])
    expect(choice(/Saved elsewhere place l_2/).checked).toBe(true)
    expect(choice(/Before place l_1/)).toBeTruthy()
    await userEvent.click(mine)
    await save()
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(onStored).toHaveBeenCalledExactlyOnceWith({ version: 3, name: 'Star Dust', place: 'l_2' })
    expect(sent.slice(1)).toEqual([{ body: { name: 'Star Dust' }, version: '"2"' }])
})

it('saves nothing when the values of the other are kept', async () => {
    render(page(stored))
    await rename('Star Dust')
    stored = { version: 2, name: 'Sun Dust', place: 'l_1' }
    await save()
    await screen.findByText('Changed elsewhere')
    await userEvent.click(choice(/Sun Dust/))
    await save()
    expect(onStored).toHaveBeenCalledExactlyOnceWith(stored)
    expect(onClose).toHaveBeenCalledOnce()
    expect(sent).toHaveLength(1)
})

it('asks again when somebody was first once more', async () => {
    render(page(stored))
    await rename('Star Dust')
    stored = { version: 2, name: 'Sun Dust', place: 'l_1' }
    await save()
    await screen.findByText('Changed elsewhere')
    await userEvent.click(choice(/Star Dust/))
    stored = { version: 3, name: 'Sea Dust', place: 'l_1' }
    await save()
    await screen.findByRole('radio', { name: /Saved elsewhere Sea Dust/ })
    expect(stored.name).toBe('Sea Dust')
})

it('asks nothing when the newer version differs in no field of the form', async () => {
    render(page(stored))
    await rename('Star Dust')
    stored = { ...stored, version: 2 }
    await save()
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(onStored).toHaveBeenCalledExactlyOnceWith({ version: 3, name: 'Star Dust', place: 'l_1' })
})

it('keeps what was typed in another field while Save was on its way, and saves it next', async () => {
    render(page(stored))
    await rename('Star Dust')
    await saveSlowly()
    await userEvent.selectOptions(screen.getByLabelText('Place'), 'l_2')
    answer()
    await waitFor(() => expect(onStored).toHaveBeenCalledExactlyOnceWith({ version: 2, name: 'Star Dust', place: 'l_1' }))
    expect(onClose).not.toHaveBeenCalled()
    expect(screen.getByLabelText<HTMLSelectElement>('Place').value).toBe('l_2')
    await save()
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(sent).toEqual([
        { body: { name: 'Star Dust' }, version: '"1"' },
        { body: { place: 'l_2' }, version: '"2"' },
    ])
})

it('keeps what was typed on in the same field, also when the box asks for the newer version first', async () => {
    render(page(stored))
    await rename('Moon1')
    stored = { ...stored, version: 2 }
    await saveSlowly()
    await userEvent.type(name(), '23')
    answer()
    await waitFor(() => expect(onStored).toHaveBeenCalledExactlyOnceWith({ version: 3, name: 'Moon1', place: 'l_1' }))
    expect(name().value).toBe('Moon123')
    expect(onClose).not.toHaveBeenCalled()
    await save()
    await waitFor(() => expect(stored.name).toBe('Moon123'))
    expect(sent.at(-1)).toEqual({ body: { name: 'Moon123' }, version: '"3"' })
})

it('shows in a dispute what the form shows by now, and saves that', async () => {
    render(page(stored))
    await rename('Moon1')
    stored = { version: 2, name: 'Sun Dust', place: 'l_1' }
    await saveSlowly()
    await userEvent.type(name(), '23')
    answer()
    await screen.findByText('Changed elsewhere')
    await userEvent.click(choice(/Your input Moon123$/))
    await save()
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(stored.name).toBe('Moon123')
})

it('sends nothing over a value of somebody else that was typed here as well, after Save', async () => {
    render(page(stored))
    await rename('Sun')
    await userEvent.selectOptions(screen.getByLabelText('Place'), 'l_2')
    stored = { version: 2, name: 'Sun Dust', place: 'l_1' }
    await saveSlowly()
    await userEvent.type(name(), ' Dust')
    answer()
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(sent.at(-1)).toEqual({ body: { place: 'l_2' }, version: '"2"' })
})

it('edits the record that it was opened with, whatever the page around it shows by now', async () => {
    const fetched = vi.fn<(path: string) => void>()
    const box = fetch
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
        fetched(path)
        return box(path, init)
    })
    const { rerender } = render(page(stored))
    await rename('Star Dust')
    rerender(page(stored, [], '/things/2'))
    await save()
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(fetched).toHaveBeenCalledExactlyOnceWith('/api/v1/things/1')
})

it('closes at once when nothing was changed', async () => {
    render(page(stored))
    await userEvent.keyboard('{Escape}')
    await press('Close')
    fireEvent.mouseDown(screen.getByRole('dialog'), { clientX: 5, clientY: 5 })
    fireEvent.click(screen.getByRole('dialog'), { clientX: 5, clientY: 5 })
    expect(onClose).toHaveBeenCalledTimes(3)
    await rename('Star Dust')
    await rename('Moon Dust')
    await userEvent.keyboard('{Escape}')
    expect(onClose).toHaveBeenCalledTimes(4)
    expect(question()).toBeNull()
})

const goElsewhere = () => act(async () => router.history.push('/elsewhere'))
const ways: Record<string, () => Promise<unknown> | void> = {
    Escape: () => userEvent.keyboard('{Escape}'),
    'the cross': () => press('Close'),
    'a press beside it': () => {
        fireEvent.mouseDown(screen.getByRole('dialog'), { clientX: 5, clientY: 5 })
        fireEvent.click(screen.getByRole('dialog'), { clientX: 5, clientY: 5 })
    },
    'the Back of a phone, which closes it unasked,': () => act(async () => screen.getByRole<HTMLDialogElement>('dialog').close()),
    'the way to another page': goElsewhere,
}
it.each(Object.keys(ways))('asks before %s discards what was typed', async (way) => {
    render(page(stored))
    await rename('Star Dust')
    await ways[way]?.()
    expect(await screen.findByRole('alertdialog', { name: 'Discard your changes?' })).toBeTruthy()
    await userEvent.keyboard('{Escape}')
    expect(question()).toBeNull()
    expect([name().value, onClose.mock.calls.length, router.history.location.pathname]).toEqual(['Star Dust', 0, '/'])
    if (way === 'Escape') expect(document.activeElement).toBe(name())
    await ways[way]?.()
    await screen.findByRole('alertdialog')
    await press('Continue editing')
    expect([question(), onClose.mock.calls.length]).toEqual([null, 0])
    await ways[way]?.()
    await screen.findByRole('alertdialog')
    await press('Discard')
    expect(onClose).toHaveBeenCalledOnce()
})

it('lets the way to another page go on once what was typed is stored', async () => {
    const { unmount } = render(page(stored))
    onClose.mockImplementation(unmount)
    await rename('Star Dust')
    await saveSlowly()
    await goElsewhere()
    await screen.findByRole('alertdialog')
    answer()
    await waitFor(() => expect(router.history.location.pathname).toBe('/elsewhere'))
    expect(stored.name).toBe('Star Dust')
})

it('sends nothing more once it was discarded', async () => {
    const { unmount } = render(page(stored))
    onClose.mockImplementation(unmount)
    await rename('Star Dust')
    stored = { ...stored, version: 2 }
    await saveSlowly()
    await press('Close')
    await press('Discard')
    answer()
    await act(() => held)
    expect(sent).toHaveLength(1)
    expect(stored.name).toBe('Moon Dust')
})
