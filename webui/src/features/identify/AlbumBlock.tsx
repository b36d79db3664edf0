import { Plural } from '@lingui/react/macro'
import { useState } from 'react'
import { formatText } from '../../api/music'
import { shortly, type Album } from '../../api/pressings'
import type { Copy } from '../../api/types'
import { Pressings } from '../../ui/Pressings'
import { Sleeve } from '../../ui/Sleeve'
import css from './identify.module.css'

interface Props {
    album: Album
    first: boolean
    owned: ReadonlyMap<number, Copy>
    chosen: number | null
    onChoose: (release: number) => void
}

/** An album and its pressings; the first one open, the others with a tap. */
export function AlbumBlock({ album, first, owned, chosen, onChoose }: Props) {
    const [opened, setOpened] = useState<boolean | null>(null)
    const [only] = album.candidates
    const single = album.candidates.length === 1
    const open = opened ?? first
    const head = (
        <>
            <Sleeve title={album.title} artist={album.artist} cover={null} disc="none" />
            <span className={css['words']}>
                <b dir="auto">{album.title}</b>
                <span dir="auto">{album.artist}</span>
                <small>
                    {single && only ? (
                        <bdi>{[shortly(only), only.labels[0]?.name, formatText(only.formats)].filter(Boolean).join(' · ')}</bdi>
                    ) : (
                        <Plural value={album.candidates.length} one="# pressing" other="# pressings" />
                    )}
                </small>
            </span>
        </>
    )
    if (single && only) {
        return (
            <section className={css['album']}>
                <label className={css['head']} data-chosen={chosen === only.release_id}>
                    {head}
                    <input type="radio" name="release" aria-label={`${album.title}, ${shortly(only)}`} checked={chosen === only.release_id} onChange={() => onChoose(only.release_id)} />
                </label>
            </section>
        )
    }
    return (
        <section className={css['album']}>
            <h2>
                <button type="button" className={css['head']} aria-expanded={open} onClick={() => setOpened(!open)}>
                    {head}
                    <i aria-hidden="true" />
                </button>
            </h2>
            {open ? (
                <div className={css['pressings']}>
                    <Pressings candidates={album.candidates} owned={new Set(owned.keys())} chosen={chosen} onChoose={onChoose} group="release" />
                </div>
            ) : null}
        </section>
    )
}
