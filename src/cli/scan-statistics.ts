import type { ScanSummary } from '../pipeline/scan.ts';
import { duration, size } from './progress.ts';

/** Readings of a monotonic clock in milliseconds: start, rules loaded, scan done. */
export interface ScanTimes {
  began: number;
  loaded: number;
  ended: number;
}

/** The public object of `--stats=json`. */
function statistics(summary: ScanSummary, rules: number, times: ScanTimes) {
  const { statistics: counted, files, bytes, alerts } = summary;
  return {
    files,
    bytes,
    records: counted.records,
    skipped: counted.skipped,
    process_starts: counted.process_starts,
    shapes: sorted(counted.shapes),
    unrecognised: counted.unrecognised,
    diagnostics: sorted(counted.diagnostics),
    look_backs_cut: counted.look_backs_cut,
    correlation: summary.correlation,
    rules,
    alerts,
    load_ms: Math.round(times.loaded - times.began),
    scan_ms: Math.round(times.ended - times.loaded),
    peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
  };
}

export function statisticsJson(summary: ScanSummary, rules: number, times: ScanTimes): string {
  return JSON.stringify(statistics(summary, rules, times));
}

export function statisticsText(summary: ScanSummary, rules: number, times: ScanTimes): string {
  const counted = statistics(summary, rules, times);
  const seconds = counted.scan_ms / 1000;
  const rows: readonly (readonly [string, string])[] = [
    ['files', `${counted.files} (${size(counted.bytes)})`],
    ['records', String(counted.records)],
    ...(counted.skipped > 0 ? ([['  skipped: no rule could match', String(counted.skipped)]] as const) : []),
    ['process starts', String(counted.process_starts)],
    ...Object.entries(counted.shapes).map(([name, count]) => [`  ${name}`, String(count)] as const),
    ['unrecognised', String(counted.unrecognised)],
    ...Object.entries(counted.diagnostics).map(([code, count]) => [`problem ${code}`, String(count)] as const),
    ...(counted.look_backs_cut > 0 ? ([['look-backs cut short', String(counted.look_backs_cut)]] as const) : []),
    ...Object.entries(counted.correlation)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => [`correlation ${name.replace('_', ' ')}`, String(count)] as const),
    ['rules', String(counted.rules)],
    ['alerts', String(counted.alerts)],
    [
      'time',
      `${duration(seconds)} (${size(seconds > 0 ? counted.bytes / seconds : 0)}/s), rules loaded in ${counted.load_ms} ms`,
    ],
    ['peak memory', size(counted.peak_rss_bytes)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
