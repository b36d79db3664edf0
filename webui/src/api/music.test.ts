import { describe, expect, it } from 'vitest'
import { clock, formatText, positionAt, seconds, sideShare, sides } from './music'
import type { NowPlaying } from './types'

const tracklist = [
    { position: '', title: 'Heading', duration: null },
    { position: 'A1', title: 'One', duration: '4:00' },
    { position: 'A2', title: 'Two', duration: '6:00' },
    { position: 'B', title: 'Three', duration: null },
]
const playing = {
    state: 'playing',
    track_no: 2,
    position_s: 10,
    position_at: '2026-03-01T20:00:00.000Z',
    duration_s: 360,
    rate: 1,
} as NowPlaying
const at = Date.parse('2026-03-01T20:01:00.000Z')

describe('sides', () => {
    it('groups tracks by the letter of their position and leaves headings out', () => {
        expect(sides(tracklist).map((side) => [side.name, side.tracks.length, side.seconds])).toEqual([
            ['A', 2, 600],
            ['B', 1, null],
        ])
    })
    it('takes 1-1 as the first side', () => expect(sides([{ position: '1-1', title: 'x', duration: null }])[0]?.name).toBe('1'))
})

describe('time', () => {
    it('reads printed durations', () => expect([seconds('4:45'), seconds('1:00:01'), seconds('soon')]).toEqual([285, 3601, null]))
    it('writes them', () => expect([clock(285.9), clock(3601)]).toEqual(['4:45', '1:00:01']))
    it('moves on while playing', () => expect(positionAt(playing, at)).toBe(70))
    it('stands still while paused', () => expect(positionAt({ ...playing, state: 'paused' }, at)).toBe(10))
    it('stops at the end of the track', () => expect(positionAt(playing, at + 3_600_000)).toBe(360))
    it('counts the tracks before into the side', () => expect(sideShare(sides(tracklist)[0], playing, at)).toBeCloseTo(310 / 600))
    it('is full when the side has run out', () => expect(sideShare(undefined, { ...playing, state: 'run_out' }, at)).toBe(1))
})

it('writes formats as printed', () =>
    expect(formatText([{ name: 'Vinyl', quantity: 2, text: 'Red', descriptions: ['LP', 'Album'] }])).toBe('2×Vinyl, LP, Album, Red'))
