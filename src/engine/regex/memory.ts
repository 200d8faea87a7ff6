/** Bytes for the tables of all searches together. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Holds tables that it can make again. */
export interface Forgetful {
  /** Bytes held, about. */
  readonly bytes: number;
  forget(): void;
}

/**
 * What searches hold together stays within bounds: when all have grown too much, all forget. They are held weakly, so
 * rules that are gone count no more.
 */
export class SharedMemory {
  readonly #most: number;
  #holders: WeakRef<Forgetful>[] = [];
  /** At least what the holders hold: what went with a holder is found out when all are counted. */
  #bytes = 0;

  constructor(most = MOST_BYTES) {
    this.#most = most;
  }

  add(holder: Forgetful): void {
    this.#holders.push(new WeakRef(holder));
  }

  /** Called before `holder` takes more bytes. It is not made to forget itself. */
  take(holder: Forgetful, bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= this.#most) return;
    const live = this.#holders.flatMap((reference) => reference.deref() ?? []);
    this.#holders = this.#holders.filter((reference) => reference.deref() !== undefined);
    this.#bytes = live.reduce((sum, { bytes: held }) => sum + held, bytes);
    if (this.#bytes <= this.#most) return;
    for (const other of live) if (other !== holder) other.forget();
    this.#bytes = holder.bytes + bytes;
  }
}

export const sharedMemory = new SharedMemory();
