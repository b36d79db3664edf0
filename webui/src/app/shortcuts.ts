import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { getPrefs, setPrefs, type Prefs } from '../platform/prefs'

const places: Record<string, '/' | '/scan' | '/now' | '/inbox' | '/scanners' | '/settings'> = { s: '/', c: '/scan', n: '/now', i: '/inbox', d: '/scanners', e: '/settings' }
const densities: Prefs['density'][] = ['s', 'm', 'l']
const secondKeyWithin = 1500

function isField(target: EventTarget | null): boolean {
    return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

function resize(by: number) {
    const next = densities[densities.indexOf(getPrefs().density) + by]
    if (next) setPrefs({ density: next })
}

/** Single keys, as the sheet behind `?` lists them. Never while somebody types. A button that carries `data-key` is pressed by that key. */
export function useShortcuts(openSheet: () => void) {
    const navigate = useNavigate()
    useEffect(() => {
        let going = 0
        const single = (event: KeyboardEvent) => {
            const { key } = event
            const to = Date.now() - going < secondKeyWithin ? places[key] : undefined
            going = key === 'g' ? Date.now() : 0
            if (to) void navigate({ to })
            else if (key === '?') openSheet()
            else if (key === '+' || key === '-') resize(key === '+' ? 1 : -1)
            else if (key === 'a') {
                event.preventDefault()
                void navigate({ to: '/identify' })
            } else if (/^[a-z]$/.test(key)) document.querySelector<HTMLElement>(`[data-key="${key}"]`)?.click()
        }
        const press = (event: KeyboardEvent) => {
            const search = (event.ctrlKey || event.metaKey) && event.key === 'k'
            if (!search && (event.ctrlKey || event.metaKey || event.altKey)) return
            if (!search && (isField(event.target) || getPrefs().keys === 'off' || document.querySelector('dialog[open]'))) return
            if (!search && event.key !== '/') {
                single(event)
                return
            }
            event.preventDefault()
            const field = document.querySelector<HTMLInputElement>('input[type=search]')
            if (field) field.focus()
            else void navigate({ to: '/' })
        }
        addEventListener('keydown', press)
        return () => removeEventListener('keydown', press)
    }, [navigate, openSheet])
}
