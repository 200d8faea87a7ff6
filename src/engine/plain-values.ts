/** An address as a string of ones and zeros, for the plain matcher; IPv4 mapped into IPv6 as IPv4. */
export function plainBits(written: string): string | undefined {
  const isV6 = written.includes(':');
  const address = isV6 ? written.replace(/%.*$/s, '') : written;
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  if (v4) {
    const numbers = v4.slice(1).map(Number);
    return numbers.some((number) => number > 255)
      ? undefined
      : numbers.map((number) => number.toString(2).padStart(8, '0')).join('');
  }
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  if (tail) {
    const low = plainBits(tail[2] ?? '');
    if (low === undefined) return undefined;
    return plainBits(
      `${tail[1] ?? ''}${parseInt(low.slice(0, 16), 2).toString(16)}:${parseInt(low.slice(16), 2).toString(16)}`,
    );
  }
  const halves = address.split('::');
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const known = groups.flat();
  if (halves.length > 2 || !isV6 || known.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  if (halves.length === 1 ? known.length !== 8 : known.length > 7) return undefined;
  const zeros = Array.from({ length: 8 - known.length }, () => '0');
  const all = halves.length === 1 ? known : [...(groups[0] ?? []), ...zeros, ...(groups[1] ?? [])];
  const made = all.map((group) => parseInt(group, 16).toString(2).padStart(16, '0')).join('');
  return made.startsWith(`${'0'.repeat(80)}${'1'.repeat(16)}`) ? made.slice(96) : made;
}

/** A part of a time by its digits, for the plain matcher. */
export function plainTimePart(
  text: string,
  part: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year',
): number | undefined {
  const [date = '', time] = text.trim().split(/T| +/);
  const digits = /^(\d{4})[-/](\d\d)[-/](\d\d)$/.exec(date);
  const clock = time === undefined ? undefined : /^(\d\d):(\d\d)/.exec(time);
  if (!digits || clock === null) return undefined;
  const [year = 0, month = 0, day = 0] = digits.slice(1).map(Number);
  const isLeap = (of: number): boolean => (of % 4 === 0 && of % 100 !== 0) || of % 400 === 0;
  const months = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (day < 1 || day > (months[month - 1] ?? 0)) return undefined;
  if (part === 'year' || part === 'month' || part === 'day') return { year, month, day }[part];
  if (part === 'hour' || part === 'minute') {
    const value = Number(clock?.[part === 'hour' ? 1 : 2] ?? 99);
    return value < (part === 'hour' ? 24 : 60) ? value : undefined;
  }
  // Week of the year: 1 is the one with the first Thursday. Zeller counts from Saturday; Monday is to be 1, Sunday 7.
  const [y, m] = month < 3 ? [year - 1, month + 12] : [year, month];
  const weekday =
    ((day + Math.floor((13 * (m + 1)) / 5) + y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + 5) %
      7) +
    1;
  const dayOfYear = months.slice(0, month - 1).reduce((sum, days) => sum + days, 0) + day;
  const week = Math.floor((dayOfYear - weekday + 10) / 7);
  if (week < 1) return plainTimePart(`${String(year - 1).padStart(4, '0')}-12-31`, 'week');
  const isLong = week === 53 && (isLeap(year) ? 366 : 365) - dayOfYear < 4 - weekday;
  return isLong ? 1 : week;
}
