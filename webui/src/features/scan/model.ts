export type PageMode = 'play' | 'add' | 'find' | 'lookup'

const cardValue: Record<PageMode, number> = { play: 10, add: 11, find: 12, lookup: 13 }

/** The 16 digits of the control card of a mode: `9743 K VVVVVVVVV CC`, CC by ISO 7064 MOD 97-10. */
export function controlCard(mode: PageMode): string {
    const body = `97430${String(cardValue[mode]).padStart(9, '0')}`
    const check = 98n - ((BigInt(body) * 100n) % 97n)
    return body + String(check).padStart(2, '0')
}

/** Lets a code through once; again only after it has been out of sight for two seconds. */
export class Sightings {
    private readonly seen = new Map<string, number>()

    isNew(code: string, ms: number): boolean {
        const before = this.seen.get(code)
        this.seen.set(code, ms)
        return before === undefined || ms - before > 2000
    }
}
