import { i18n } from '@lingui/core'
import { getPrefs } from '../platform/prefs'

export type Locale = 'en' | 'de' | 'ar'

const first = {
    en: () => import('../locales/en/first.po'),
    de: () => import('../locales/de/first.po'),
    ar: () => import('../locales/ar/first.po'),
}
const rest = {
    en: () => import('../locales/en/rest.po'),
    de: () => import('../locales/de/rest.po'),
    ar: () => import('../locales/ar/rest.po'),
}

export function chosenLocale(): Locale {
    const { locale } = getPrefs()
    if (locale !== 'auto') return locale
    const wanted = navigator.languages.map((each) => each.slice(0, 2))
    return wanted.find((each): each is Locale => each in first) ?? 'en'
}

/** The words of the shelf and of what stands around every page. */
export async function loadWords(locale = chosenLocale()) {
    const { messages } = await first[locale]()
    i18n.loadAndActivate({ locale, messages })
    document.documentElement.lang = locale
    document.documentElement.dir = locale === 'ar' ? 'rtl' : 'ltr'
}

let others: Promise<void> | undefined

/** The words of all other pages, fetched once. */
export function loadOtherWords(locale = chosenLocale()): Promise<void> {
    others ??= rest[locale]().then(
        ({ messages }) => i18n.load(locale, messages),
        (error: unknown) => {
            others = undefined
            throw error
        },
    )
    return others
}
