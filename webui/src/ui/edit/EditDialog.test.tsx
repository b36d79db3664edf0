import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SelectField, TextField } from '../Field'
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
const done = vi.fn()

const reply = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

beforeEach(() => {
    stored = { version: 1, name: 'Moon Dust', place: 'l_1' }
    sent = []
    done.mockReset()
    i18n.loadAndActivate({ locale: 'en', messages: {} })
    vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
        if (init.method === 'GET') return reply(200, stored)
        const version = new Headers(init.headers).get('If-Match')
        const body = JSON.parse(String(init.body)) as Partial<Thing>
        sent.push({ body, version })
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

function Form({ thing, places }: { thing: Thing; places: string[] }) {
    const edit = useEdit({ path: '/things/1', record: thing, valuesOf, onDone: done })
    return (
        <EditDialog title="Edit" edit={edit} words={words} onClose={() => undefined}>
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

const page = (thing: Thing, places = ['l_1', 'l_2']) => (
    <QueryClientProvider client={new QueryClient()}>
        <I18nProvider i18n={i18n}>
            <Form thing={thing} places={places} />
        </I18nProvider>
    </QueryClientProvider>
)

const rename = async (text: string) => {
    const field = screen.getByLabelText('Name')
    await userEvent.clear(field)
    await userEvent.type(field, text)
}
const save = () => userEvent.click(screen.getByRole('button', { name: 'Save' }))
const choice = (text: RegExp) => screen.getByRole<HTMLInputElement>('radio', { name: text })

it('sends the field that was changed and no other, even while the list of another is on its way', async () => {
    render(page(stored, []))
    await rename('Star Dust')
    await save()
    await waitFor(() => expect(done).toHaveBeenCalledWith({ version: 2, name: 'Star Dust', place: 'l_1' }))
    expect(sent).toEqual([{ body: { name: 'Star Dust' }, version: '"1"' }])
})

it('sends nothing when nothing was changed', async () => {
    render(page(stored))
    await save()
    expect(done).toHaveBeenCalledWith(null)
    expect(sent).toEqual([])
})

it('keeps what was typed, and the version that was read first, when a newer record arrives', async () => {
    const { rerender } = render(page(stored))
    await rename('Star Dust')
    stored = { version: 2, name: 'Sun Dust', place: 'l_2' }
    rerender(page(stored))
    expect((screen.getByLabelText('Name') as HTMLInputElement).value).toBe('Star Dust')
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
    await waitFor(() => expect(done).toHaveBeenCalledWith({ version: 3, name: 'Star Dust', place: 'l_2' }))
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
    expect(done).toHaveBeenCalledWith(stored)
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
    await waitFor(() => expect(done).toHaveBeenCalledWith({ version: 3, name: 'Star Dust', place: 'l_1' }))
})
