import { useEffect, useState } from 'react'

/** The time of day in ms, told anew each `every` ms while `on` and the page is seen. */
export function useClock(every: number, on = true): number {
    const [now, setNow] = useState(() => Date.now())
    useEffect(() => {
        if (!on) return
        setNow(Date.now())
        const timer = setInterval(() => document.visibilityState === 'visible' && setNow(Date.now()), every)
        return () => clearInterval(timer)
    }, [every, on])
    return now
}
