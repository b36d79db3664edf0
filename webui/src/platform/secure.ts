/** Whether this browser lets this page use a camera: only on https and on localhost. */
export function canUseCamera(): boolean {
    return window.isSecureContext && navigator.mediaDevices !== undefined
}
