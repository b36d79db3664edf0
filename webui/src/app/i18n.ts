import { i18n } from '@lingui/core'
import { getPrefs } from '../platform/prefs'

export type Locale = 'en' | 'de' | 'ar'

const catalogues = {
    en: () => import('../locales/en.po'),
    de: () => import('../locales/de.po'),
    ar: () => import('../locales/ar.po'),
}

export function chosenLocale(): Locale {
    const { locale } = getPrefs()
    if (locale !== 'auto') return locale
    const wanted = navigator.languages.map((each) => each.slice(0, 2))
    return wanted.find((each): each is Locale => each in catalogues) ?? 'en'
}

export async function loadLocale(locale = chosenLocale()) {
    const { messages } = await catalogues[locale]()
    i18n.loadAndActivate({ locale, messages })
    document.documentElement.lang = locale
    document.documentElement.dir = locale === 'ar' ? 'rtl' : 'ltr'
}
