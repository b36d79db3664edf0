import { QueryClient } from '@tanstack/react-query'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import type { Copy } from '../../api/types'
import { Around, testRouter } from '../../ui/testing'
import { EditCopy } from './EditCopy'

const copy = { id: 'c_1', version: 1, location: null, owner: null, media_grade: 'VG', sleeve_grade: null, notes: '', cover_url: '/covers/c_1' } as Copy
const onClose = vi.fn()

afterEach(() => {
    cleanup()
    vi.unstubAllGlobals()
    onClose.mockReset()
})

const reply = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

/** A box with that copy: its version grows with each change. */
function box() {
    let stored = copy
    const sent: string[] = []
    vi.stubGlobal('fetch', async (path: string, { method, body, headers }: RequestInit) => {
        if (path === '/api/v1/session') return reply(200, { permissions: [] })
        if (path === '/api/v1/locations?limit=500') return reply(200, { items: [] })
        if (method !== 'GET') sent.push(`${method} ${path.replace('/api/v1/copies/c_1', '')} ${body ?? ''}`)
        const version = new Headers(headers).get('If-Match')
        if (version !== null && version !== `"${stored.version}"`) return reply(412, {})
        if (method === 'DELETE') stored = { ...stored, version: stored.version + 1, cover_url: null }
        if (method === 'PATCH') stored = { ...stored, ...(JSON.parse(String(body)) as Partial<Copy>), version: stored.version + 1 }
        return reply(200, stored)
    })
    return { sent, stored: () => stored }
}

it('takes the photo away at once and keeps what was typed, which Save then stores', async () => {
    const { sent, stored } = box()
    const client = new QueryClient()
    render(
        <Around router={testRouter()} client={client}>
            <EditCopy copy={copy} onClose={onClose} />
        </Around>,
    )
    await userEvent.type(screen.getByLabelText('Notes'), 'clicks on A2')
    await userEvent.click(screen.getByRole('button', { name: 'Take our own photo of the sleeve away' }))
    const said = await screen.findByRole('status')
    expect(said.textContent).toBe('Photo removed.')
    expect(document.activeElement).toBe(said)
    expect(onClose).not.toHaveBeenCalled()
    expect(client.getQueryData<Copy>(['copy', 'c_1'])?.cover_url).toBeNull()
    expect(screen.getByLabelText<HTMLTextAreaElement>('Notes').value).toBe('clicks on A2')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(sent.at(-1)).toBe('PATCH  {"notes":"clicks on A2"}')
    expect([stored().notes, stored().cover_url, stored().version]).toEqual(['clicks on A2', null, 3])
})
