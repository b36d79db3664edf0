let context: AudioContext | undefined

function knock(at: number, from: number, to: number, seconds: number) {
    if (!context) return
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.frequency.setValueAtTime(from, at)
    tone.frequency.exponentialRampToValueAtTime(to, at + seconds)
    volume.gain.setValueAtTime(0.35, at)
    volume.gain.exponentialRampToValueAtTime(0.001, at + seconds)
    tone.connect(volume).connect(context.destination)
    tone.start(at)
    tone.stop(at + seconds)
}

/** The sound of a stamp on paper for what went well, a double knock for what did not. Silent until the page was touched. */
export function thump(good: boolean) {
    if (!navigator.userActivation?.hasBeenActive) return
    context ??= new AudioContext()
    const now = context.currentTime
    knock(now, 150, 52, 0.09)
    if (!good) knock(now + 0.14, 150, 52, 0.09)
    navigator.vibrate?.(good ? 30 : [30, 60, 30])
}
