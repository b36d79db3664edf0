import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'
import { emptyForm, SelectField, TextField } from './Field'

afterEach(cleanup)

it('empties a stored form but for what was typed since', async () => {
    const { container } = render(
        <form>
            <TextField label="Name" name="name" />
            <TextField label="Password" name="password" type="password" />
            <SelectField label="May" name="role" defaultValue="viewer">
                <option>viewer</option>
                <option>editor</option>
                <option>admin</option>
            </SelectField>
        </form>,
    )
    const form = container.querySelector('form') as HTMLFormElement
    await userEvent.type(screen.getByLabelText('Name'), 'Ben')
    await userEvent.type(screen.getByLabelText('Password'), 'a long sentence')
    await userEvent.selectOptions(screen.getByLabelText('May'), 'editor')
    const sent = new FormData(form)
    await userEvent.clear(screen.getByLabelText('Name'))
    await userEvent.type(screen.getByLabelText('Name'), 'Cleo')
    emptyForm(form, sent)
    expect([...new FormData(form)]).toEqual([
        ['name', 'Cleo'],
        ['password', ''],
        ['role', 'viewer'],
    ])
    await userEvent.selectOptions(screen.getByLabelText('May'), 'admin')
    emptyForm(form, sent)
    expect([...new FormData(form)]).toContainEqual(['role', 'admin'])
})
