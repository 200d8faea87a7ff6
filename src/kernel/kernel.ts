import { kernelBinary } from './binary.ts';
import { WebAssembly } from './web-assembly.ts';
import type { WebAssemblyMemory } from './web-assembly.ts';

/** What kernel/index.ts exports. Places are byte offsets in `memory`; see there for what each function asks of them. */
export interface KernelFunctions {
  setCalls(table: number): void;
  findEvent(start: number, end: number): number;
  eventLines(): number;
  firstLineEnd(): number;
  eventStopped(): number;
  findRecords(start: number, end: number, longest: number, into: number, most: number): number;
  recordsStopped(): number;
  recordsNext(): number;
  oddLineEnd(): number;
  recordsLines(): number;
  indexBytes(): number;
  setKeys(
    table: number,
    mask: number,
    bytes: number,
    bytesEnd: number,
    seen: number,
    stack: number,
    index: number,
  ): void;
  addKey(parent: number, at: number, length: number, child: number): number;
  keyBytesLeft(): number;
  tokenise(start: number, end: number, out: number, outEnd: number, allowU: boolean, trusted: boolean): number;
  readLine(start: number, end: number, out: number, outEnd: number): number;
  lineFrom(): number;
  lineTo(): number;
  lineTokens(): number;
  lineKind(): number;
  setRoutes(table: number, mask: number, flags: number, scratch: number): void;
  routeKey(tokens: number, count: number): number;
  findRoute(length: number): number;
  addRoute(length: number, at: number, route: number): void;
  hashWhole(at: number, length: number): number;
  hashGram(at: number, size: number): number;
  addGram(bitmap: number, mask: number, hash: number): void;
  addFew(nibbles: number, at: number, size: number, group: number): number;
  setNames(slots: number, mask: number, counts: number): void;
  nameValue(token: number): number;
  findWitnesses(
    tokens: number,
    count: number,
    tables: number,
    start: number,
    end: number,
    out: number,
    limit: number,
  ): number;
  setRun(routes: number, tokens: number, tokensEnd: number, out: number, outEnd: number, most: number): void;
  run(base: number, starts: number, ends: number, from: number, to: number): number;
  stoppedAt(): number;
  outputEnd(): number;
  setSparks(table: number, literals: number, into: number, bytes: number): void;
  findSparks(from: number, to: number, into: number, most: number): number;
  findMarkupSparks(from: number, to: number, into: number, most: number): number;
  findAuditSparks(from: number, to: number, into: number, most: number): number;
  needsMet(from: number, to: number, marks: number, before: number): number;
  sparkMarks(): number;
  countLineFeeds(from: number, to: number): number;
  countRecords(from: number, to: number): number;
  feedsCounted(): number;
  feedsNoted(): number;
  findText(from: number, to: number, needle: number, length: number): number;
  idHash(at: number): number;
  lastSegment(bits: number, numbers: number, slots: number, first: number, last: number, hash: number): number;
  markIds(from: number, to: number, prefix: number, length: number, into: number): void;
  findLastText(from: number, to: number, needle: number, length: number): number;
}

/** One instance of the kernel over a memory of its own. */
export interface Kernel {
  readonly functions: KernelFunctions;
  readonly memory: WebAssemblyMemory;
}

export const PAGE_BYTES = 65_536;

/** A kernel with `pages` of memory; `undefined` where the machine has no WebAssembly with SIMD. */
export function createKernel(pages: number): Kernel | undefined {
  const module = compiledKernel();
  if (module === undefined) return undefined;
  const memory = new WebAssembly.Memory({ initial: pages });
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return { functions: instance.exports as KernelFunctions, memory };
}

let compiled: object | null | undefined;

/** Compiled once in a thread. Without SIMD the module does not validate. */
function compiledKernel(): object | undefined {
  if (compiled === undefined) {
    const bytes = Buffer.from(kernelBinary, 'base64');
    compiled = WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  }
  return compiled ?? undefined;
}
