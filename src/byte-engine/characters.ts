/** The least first byte of a character beyond ASCII; its further ones are below it. */
const LEAST_LEAD = 0xc0;

/** The places of characters beyond ASCII. */
export class Characters {
  places = new Int32Array(256);
  count = 0;

  read(bytes: Uint8Array, start: number, end: number): void {
    let count = 0;
    let { places } = this;
    for (let at = start; at < end; at++) {
      if ((bytes[at] ?? 0) < LEAST_LEAD) continue;
      if (count === places.length) {
        const larger = new Int32Array(2 * count);
        larger.set(places);
        this.places = places = larger;
      }
      places[count++] = at;
    }
    this.count = count;
  }
}
