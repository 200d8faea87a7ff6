import { setFlagsFromString } from 'node:v8';

/** Bytes of input from which on it pays. */
const WORTH_IT = 4 * 1024 * 1024;

/**
 * The kernel's few functions run for as long as the scan does. V8 would compile them quickly first and well when it finds time, which
 * threads that take all cores leave it late or never: then two threads took twice the processor time of one. Compiled well at once
 * they cost a small input 80 ms. Asked for before the kernel is made; it is for all threads. `inputBytes` `null`: nobody knows how
 * much comes, perhaps little.
 */
export function compileKernelWell(inputBytes: number | null): void {
  if (inputBytes !== null && inputBytes >= WORTH_IT) setFlagsFromString('--no-liftoff');
}
