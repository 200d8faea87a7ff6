/** Stands between chunks where what has come so far should wait no longer. */
export const PAUSE = Symbol('pause');

/**
 * The chunks of a source whose writer may be slow, such as a pipe, each good until the next is asked for. Behind the first of
 * them, and behind the first after each pause, there is a pause within `ms` milliseconds, whether more has come by then or not;
 * and another one where something still `waits` for it after that.
 */
export async function* paced(
  chunks: AsyncIterable<Uint8Array>,
  ms: number,
  waits: () => boolean,
): AsyncGenerator<Uint8Array | typeof PAUSE, void, undefined> {
  const source = chunks[Symbol.asyncIterator]();
  const timer = new Timer();
  /** When the next pause is due; `undefined`: nothing waits for one. */
  let due: number | undefined;
  try {
    for (let next = source.next(); ;) {
      const left = due === undefined ? undefined : due - performance.now();
      const came = left === undefined ? await next : left > 0 ? await timer.first(next, left) : undefined;
      if (came === undefined) {
        yield PAUSE;
        due = waits() ? performance.now() + ms : undefined;
      } else if (came.done === true) return;
      else {
        due ??= performance.now() + ms;
        yield came.value;
        next = source.next();
      }
    }
  } finally {
    timer.stop();
    // Where it still waits for the next chunk, it ends with that one.
    source.return?.().catch(() => undefined);
  }
}

class Timer {
  #running: NodeJS.Timeout | undefined;

  /** What `promise` gives, or `undefined` where that takes longer than `ms` milliseconds. */
  async first<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
    try {
      return await Promise.race([
        promise,
        new Promise<undefined>((resolve) => (this.#running = setTimeout(resolve, ms, undefined))),
      ]);
    } finally {
      this.stop();
    }
  }

  stop(): void {
    clearTimeout(this.#running);
  }
}
