/** Opens the back camera for reading codes. Throws the browser's DOMException where it may not. */
export function openCamera(): Promise<MediaStream> {
    return navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
    })
}

export function closeCamera(stream: MediaStream) {
    for (const track of stream.getTracks()) track.stop()
}

export function hasTorch(stream: MediaStream): boolean {
    const capabilities = stream.getVideoTracks()[0]?.getCapabilities?.() as { torch?: boolean } | undefined
    return capabilities?.torch === true
}

export function setTorch(stream: MediaStream, on: boolean): Promise<void> {
    const constraint = { advanced: [{ torch: on } as MediaTrackConstraintSet] }
    return stream.getVideoTracks()[0]?.applyConstraints(constraint) ?? Promise.resolve()
}
