const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes as "1.8 GB". */
export function bytesText(bytes: number, locale: string): string {
    const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
    return `${new Intl.NumberFormat(locale, { maximumFractionDigits: step < 2 ? 0 : 1 }).format(bytes / 1000 ** step)} ${units[step]}`
}

const day = 86_400_000
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 365 * day],
    ['month', 30 * day],
    ['week', 7 * day],
    ['day', day],
    ['hour', day / 24],
    ['minute', day / 1440],
]

/** How long ago, or how far ahead: "3 days ago". */
export function distance(fromMs: number, nowMs: number, locale: string): string {
    const by = fromMs - nowMs
    const [unit, size] = steps.find(([, each]) => Math.abs(by) >= each) ?? (['minute', day / 1440] as const)
    return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(by / size), unit)
}
