import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { getPrefs } from '../platform/prefs'

const places: Record<string, '/' | '/scan' | '/now' | '/inbox' | '/scanners'> = { s: '/', c: '/scan', n: '/now', i: '/inbox', d: '/scanners' }

function isField(target: EventTarget | null): boolean {
    return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** `g` then a letter goes somewhere; `/` or Ctrl-K goes to the search field. Never while somebody types. */
export function useShortcuts() {
    const navigate = useNavigate()
    useEffect(() => {
        let going = 0
        const press = (event: KeyboardEvent) => {
            const search = (event.ctrlKey || event.metaKey) && event.key === 'k'
            if (!search && (event.ctrlKey || event.metaKey || event.altKey)) return
            if (!search && (isField(event.target) || getPrefs().keys === 'off' || document.querySelector('dialog[open]'))) return
            if (search || event.key === '/') {
                event.preventDefault()
                const field = document.querySelector<HTMLInputElement>('input[type=search]')
                if (field) field.focus()
                else void navigate({ to: '/' })
            } else if (event.key === 'g') going = Date.now()
            else if (Date.now() - going < 1500) {
                going = 0
                const to = places[event.key]
                if (to) void navigate({ to })
            }
        }
        addEventListener('keydown', press)
        return () => removeEventListener('keydown', press)
    }, [navigate])
}
