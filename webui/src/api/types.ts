import type { components } from './schema'

type Schemas = components['schemas']
export type Attribution = Schemas['Attribution']
export type Candidate = Schemas['Candidate']
export type Copy = Schemas['CopyView']
export type CopyPatch = Schemas['CopyPatchInput']
export type Deck = Schemas['Deck']
export type DecodedCode = Schemas['DecodedCode']
export type Device = Schemas['DeviceView']
export type Format = Schemas['Format']
export type CatalogueInfo = Schemas['CatalogueInfo']
export type CreatedToken = Schemas['CreatedToken']
export type Grade = Schemas['Grade']
export type InboxItem = Schemas['InboxItem']
export type Job = Schemas['Job']
export type Location = Schemas['Location']
export type LookupAnswer = Schemas['CatalogueAnswer']
export type NowPlaying = Schemas['NowPlayingDocument']
export type OnlineAnswer = Schemas['OnlineAnswer']
export type OnlineFind = Schemas['OnlineFind']
export type Outcome = Schemas['Outcome']
export type Permission = Schemas['Permission']
export type Person = Schemas['Person']
export type Problem = Schemas['Problem']
export type Question = Schemas['Question']
export type Release = Schemas['Release']
export type Role = Schemas['Role']
export type ScanAnswer = Schemas['ScanAnswer']
export type Scan = Schemas['ScanView']
export type Session = Schemas['Session']
export type Token = Schemas['Token']
export type Source = Schemas['OnlineSourceStatus']
export type Track = Schemas['Track']
export interface Page<T> {
    items: T[]
    next: string | null
    total: number
}
/** A `scan_result` of the event stream: the answer with where it came from. */
export type ScanResult = ScanAnswer & { source: string; code: string; ts: string; seq: number }
