// Draws EAN-13 codes, as a film for Chromium's fake camera and as a picture.
import { writeFileSync } from 'node:fs'
import { deflateSync, crc32 } from 'node:zlib'

const left = ['0001101', '0011001', '0010011', '0111101', '0100011', '0110001', '0101111', '0111011', '0110111', '0001011']
const parity = ['LLLLLL', 'LLGLGG', 'LLGGLG', 'LLGGGL', 'LGLLGG', 'LGGLLG', 'LGGGLL', 'LGLGLG', 'LGLGGL', 'LGGLGL']
const flip = (bits) => [...bits].map((bit) => (bit === '1' ? '0' : '1')).join('')

function modules(digits) {
    const order = parity[Number(digits[0])]
    const first = [...digits.slice(1, 7)].map((digit, i) => (order[i] === 'L' ? left[digit] : [...flip(left[digit])].toReversed().join('')))
    const last = [...digits.slice(7)].map((digit) => flip(left[digit]))
    return `101${first.join('')}01010${last.join('')}101`
}

/** Luma, one byte a pixel: the code in the middle of a light grey sheet. */
export function picture(digits, width = 640, height = 480, scale = 4) {
    const luma = Buffer.alloc(width * height, 215)
    const bits = modules(digits)
    const start = Math.floor((width - bits.length * scale) / 2)
    for (let y = Math.floor(height * 0.3); y < height * 0.7; y++) {
        for (let x = 0; x < bits.length * scale; x++) if (bits[Math.floor(x / scale)] === '1') luma[y * width + start + x] = 25
    }
    return luma
}

export function writeFilm(path, digits) {
    const [width, height] = [640, 480]
    const chroma = Buffer.alloc((width * height) / 2, 128)
    const frame = Buffer.concat([Buffer.from('FRAME\n'), picture(digits), chroma])
    writeFileSync(path, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420jpeg\n`), ...Array.from({ length: 15 }, () => frame)]))
}

function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type), data])
    const size = Buffer.alloc(4)
    const sum = Buffer.alloc(4)
    size.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([size, body, sum])
}

export function writePng(path, digits) {
    const [width, height] = [640, 480]
    const luma = picture(digits)
    const rows = Buffer.concat(Array.from({ length: height }, (_, y) => Buffer.concat([Buffer.from([0]), luma.subarray(y * width, (y + 1) * width)])))
    const head = Buffer.alloc(13)
    head.writeUInt32BE(width)
    head.writeUInt32BE(height, 4)
    head.set([8, 0, 0, 0, 0], 8)
    writeFileSync(path, Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]))
}
