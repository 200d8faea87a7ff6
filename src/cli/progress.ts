/** What the bar shows, as far as it is known. */
interface Progress {
  /** Raw bytes read. */
  readonly bytes: number;
  /** Raw bytes in all, or `null` with a pipe among the inputs. */
  readonly total: number | null;
  readonly alerts: number;
}

const REDRAW_MS = 100;
const BAR_CELLS = 24;

/** A progress line on a terminal: drawn over itself, gone when done. */
export class ProgressBar {
  readonly #out: NodeJS.WriteStream;
  readonly #now: () => number;
  readonly #began: number;
  #drawn = 0;
  #visible = false;

  constructor(out: NodeJS.WriteStream, now: () => number) {
    this.#out = out;
    this.#now = now;
    this.#began = now();
    this.#drawn = this.#began;
  }

  update(progress: Progress): void {
    const now = this.#now();
    if (now - this.#drawn < REDRAW_MS) return;
    this.#drawn = now;
    this.#visible = true;
    this.#out.write(
      `\r\u001b[2K${progressLine(progress, now - this.#began).slice(0, Math.max(10, this.#out.columns - 1))}`,
    );
  }

  /** Takes the line away, so that something else can be written. */
  clear(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#out.write('\r\u001b[2K');
  }
}

/** `[#####.....]  42% 1.2 GB of 2.9 GB, 310 MB/s, 5 s left, 12 alerts`. */
export function progressLine({ bytes, total, alerts }: Progress, elapsedMs: number): string {
  const perSecond = elapsedMs > 0 ? bytes / (elapsedMs / 1000) : 0;
  const counted = `${alerts} ${alerts === 1 ? 'alert' : 'alerts'}`;
  if (total === null || total === 0) return `${size(bytes)}, ${size(perSecond)}/s, ${counted}`;
  const share = Math.min(1, bytes / total);
  const cells = Math.round(share * BAR_CELLS);
  const left = perSecond > 0 ? `, ${duration((total - bytes) / perSecond)} left` : '';
  return `[${'#'.repeat(cells)}${'.'.repeat(BAR_CELLS - cells)}] ${String(Math.floor(share * 100)).padStart(3)}% ${size(bytes)} of ${size(total)}, ${size(perSecond)}/s${left}, ${counted}`;
}

/** Decimal units, as disks and networks use. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
