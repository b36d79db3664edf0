import { expect, it } from 'vitest'
import { controlCard, Sightings } from './model'

it('writes the card of mode add as printed', () => expect(controlCard('add')).toBe('9743000000001149'))

it('lets a code through once while it stays in sight', () => {
    const sightings = new Sightings()
    expect([sightings.isNew('1', 0), sightings.isNew('1', 1500), sightings.isNew('1', 3000), sightings.isNew('2', 3000), sightings.isNew('1', 5100)]).toEqual([true, false, false, true, true])
})
