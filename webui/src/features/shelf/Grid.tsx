import { Link } from '@tanstack/react-router'
import { memo, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { Copy } from '../../api/types'
import { Sleeve } from '../../ui/Sleeve'
import { layout, type Layout } from './model'
import css from './shelf.module.css'

const overscan = 2
const captionHeight = 58
let lastFocused: string | null = null

/** Which rows are near the window, as the page scrolls. */
function useRows(element: HTMLElement | null, rowHeight: number, count: number): [number, number] {
    const [range, setRange] = useState<[number, number]>([0, 8])
    useLayoutEffect(() => {
        if (!element || rowHeight === 0) return
        let frame = 0
        const measure = () => {
            frame = 0
            const above = -element.getBoundingClientRect().top
            const first = Math.max(0, Math.floor(above / rowHeight) - overscan)
            const last = Math.min(count, Math.ceil((above + window.innerHeight) / rowHeight) + overscan)
            setRange((old) => (old[0] === first && old[1] === last ? old : [first, last]))
        }
        const later = () => (frame ||= requestAnimationFrame(measure))
        measure()
        addEventListener('scroll', later, { passive: true })
        addEventListener('resize', later)
        return () => {
            cancelAnimationFrame(frame)
            removeEventListener('scroll', later)
            removeEventListener('resize', later)
        }
    }, [element, rowHeight, count])
    return range
}

function useWidth(element: HTMLElement | null): number {
    const [width, setWidth] = useState(0)
    useLayoutEffect(() => {
        if (!element) return
        setWidth(element.clientWidth)
        const observer = new ResizeObserver(() => setWidth(element.clientWidth))
        observer.observe(element)
        return () => observer.disconnect()
    }, [element])
    return width
}

const Cell = memo(function Cell({ copy, index, tabbable, onFocus }: { copy: Copy; index: number; tabbable: boolean; onFocus: (index: number) => void }) {
    return (
        <Link
            to="/record/$copyId"
            params={{ copyId: copy.id }}
            className={css['cell']}
            tabIndex={tabbable ? 0 : -1}
            data-index={index}
            preload={false}
            onFocus={() => onFocus(index)}
        >
            <Sleeve title={copy.title} artist={copy.artist} cover={copy.cover_url} />
            <span className={css['caption']}>
                <b dir="auto">{copy.title}</b>
                <span dir="auto">{copy.artist}</span>
            </span>
        </Link>
    )
})

function step(key: string, { columns }: Layout, rtl: boolean, page: number): number {
    const forward = rtl ? 'ArrowLeft' : 'ArrowRight'
    const back = rtl ? 'ArrowRight' : 'ArrowLeft'
    return { [forward]: 1, [back]: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: columns * page, PageUp: -columns * page, Home: -Infinity, End: Infinity }[key] ?? 0
}

/** All sleeves, of which only the rows near the window exist. Arrows walk over them. */
export function Grid({ copies, density }: { copies: Copy[] | null; density: 's' | 'm' | 'l' }) {
    const [element, setElement] = useState<HTMLUListElement | null>(null)
    const width = useWidth(element)
    const plan = layout(width, density, captionHeight)
    const rows = Math.ceil((copies?.length ?? 0) / plan.columns)
    const [first, last] = useRows(element, plan.rowHeight, rows)
    const [active, setActive] = useState(() => Math.max(0, copies?.findIndex((copy) => copy.id === lastFocused) ?? 0))
    const wanted = useRef<number | null>(null)

    useLayoutEffect(() => {
        if (wanted.current === null) return
        const target = element?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`)
        if (target) {
            target.focus({ preventScroll: true })
            wanted.current = null
        }
    })
    useEffect(() => {
        const copy = copies?.[active]
        if (copy) lastFocused = copy.id
    }, [copies, active])

    const press = (event: KeyboardEvent) => {
        if (!copies || event.ctrlKey || event.altKey || event.metaKey) return
        const by = step(event.key, plan, document.documentElement.dir === 'rtl', Math.max(1, Math.floor(innerHeight / plan.rowHeight)))
        if (by === 0) return
        event.preventDefault()
        const next = Math.max(0, Math.min(copies.length - 1, active + by))
        setActive(next)
        wanted.current = next
        const top = Math.floor(next / plan.columns) * plan.rowHeight
        const offset = (element?.getBoundingClientRect().top ?? 0) + top
        if (offset < 16) scrollBy(0, offset - 16)
        else if (offset + plan.rowHeight > innerHeight - 80) scrollBy(0, offset + plan.rowHeight - innerHeight + 80)
    }

    if (!copies) {
        return (
            <ul ref={setElement} className={css['waiting']} aria-hidden="true" style={{ gridTemplateColumns: `repeat(${plan.columns}, 1fr)`, gap: plan.gap }}>
                {Array.from({ length: plan.columns * 3 }, (_, index) => (
                    <li key={index} style={{ blockSize: plan.rowHeight - plan.gap }} />
                ))}
            </ul>
        )
    }
    const shown = copies.slice(first * plan.columns, last * plan.columns)
    const inView = active >= first * plan.columns && active < last * plan.columns ? active : first * plan.columns
    return (
        // The arrows are a help beside Tab and Enter, which every link knows by itself.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <ul ref={setElement} className={css['grid']} style={{ blockSize: rows * plan.rowHeight }} onKeyDown={press}>
            {width === 0
                ? null
                : shown.map((copy, offset) => {
                      const index = first * plan.columns + offset
                      return (
                          <li
                              key={copy.id}
                              aria-setsize={copies.length}
                              aria-posinset={index + 1}
                              style={{
                                  inlineSize: plan.cell,
                                  insetInlineStart: (index % plan.columns) * (plan.cell + plan.gap),
                                  insetBlockStart: Math.floor(index / plan.columns) * plan.rowHeight,
                              }}
                          >
                              <Cell copy={copy} index={index} tabbable={index === inView} onFocus={setActive} />
                          </li>
                      )
                  })}
        </ul>
    )
}
