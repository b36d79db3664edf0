import { useSyncExternalStore } from 'react'

/** What this device remembers for itself. */
export interface Prefs {
    theme: 'auto' | 'light' | 'dark'
    locale: 'auto' | 'en' | 'de' | 'ar'
    density: 's' | 'm' | 'l'
    sound: 'on' | 'off'
    keys: 'on' | 'off'
    source: string
}

const defaults: Prefs = { theme: 'auto', locale: 'auto', density: 'm', sound: 'on', keys: 'on', source: '' }
const storageKey = 'gatefold'
const watchers = new Set<() => void>()

function read(): Prefs {
    try {
        return { ...defaults, ...(JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Prefs>) }
    } catch {
        return defaults
    }
}
let prefs = read()

export function getPrefs(): Prefs {
    return prefs
}

export function setPrefs(change: Partial<Prefs>) {
    prefs = { ...prefs, ...change }
    try {
        localStorage.setItem(storageKey, JSON.stringify(prefs))
    } catch {
        // A browser that keeps nothing still works until it is closed.
    }
    for (const watcher of watchers) watcher()
}

export function usePrefs(): Prefs {
    return useSyncExternalStore(
        (watcher) => {
            watchers.add(watcher)
            return () => watchers.delete(watcher)
        },
        getPrefs,
    )
}

/** The name under which this device's scans are journalled. */
export function scanSource(): string {
    if (prefs.source === '') setPrefs({ source: `page-${Math.random().toString(36).slice(2, 8)}` })
    return prefs.source
}
