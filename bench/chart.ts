import { targetOf } from './cell.ts';
import type { CellResult, Results } from './result.ts';
import { times, workOf } from './report.ts';
import { lanes } from './lanes/lanes.ts';

const WIDTH = 760;
const LEFT = 190;
const RIGHT = 56;
const BAR = 11;
/** Room that a figure takes. */
const FIGURE = 52;
const ROW = 32;
const HEAD = 34;
const TICKS = [0.001, 0.01, 0.1, 1, 10, 100];

/** A drawing of the ratios to JSON.parse, on a logarithmic scale: bars go right of the line where the product is faster. */
export function chart(results: Results): string {
  const groups = new Map<string, CellResult[]>();
  for (const result of results.cells) {
    const work = workOf(result.cell);
    groups.set(work, [...(groups.get(work) ?? []), result]);
  }
  const ratios = results.cells.map(({ ratio }) => ratio);
  const low = Math.max(...TICKS.filter((tick) => tick <= Math.min(0.1, ...ratios)), TICKS[0] ?? 0);
  const high = Math.min(...TICKS.filter((tick) => tick >= Math.max(10, ...ratios)), TICKS.at(-1) ?? 0);
  const x = (ratio: number): number =>
    round(
      LEFT +
        ((Math.log(clamp(ratio, low, high)) - Math.log(low)) / (Math.log(high) - Math.log(low))) *
          (WIDTH - LEFT - RIGHT),
    );
  const parts: string[] = [];
  let y = 60;
  for (const [work, cells] of groups) {
    const byLane = new Map<string, CellResult[]>();
    for (const result of cells) byLane.set(result.cell.lane, [...(byLane.get(result.cell.lane) ?? []), result]);
    parts.push(`<text x="16" y="${y + 14}" class="work">${escape(work)}</text>`);
    y += HEAD - 8;
    for (const [lane, forms] of byLane) {
      parts.push(
        `<text x="${LEFT - 10}" y="${y + ROW / 2}" class="lane">${escape(lanes.find(({ name }) => name === lane)?.title ?? lane)}</text>`,
      );
      forms.forEach((result, nth) => {
        const top = y + 2 + nth * (BAR + 2);
        const [from, to] = [Math.min(x(1), x(result.ratio)), Math.max(x(1), x(result.ratio))];
        const target = targetOf(result.cell);
        const mark = target === undefined ? 0 : x(target.least);
        // Where the mark would cross the figure, the figure stands behind it.
        const label = mark > to && mark < to + FIGURE ? mark : to;
        parts.push(
          `<rect x="${from}" y="${top}" width="${round(Math.max(1, to - from))}" height="${BAR}" rx="2" class="${result.cell.repeating ? 'repeating' : 'unique'}"/>`,
          `<text x="${round(label + 5)}" y="${top + BAR - 2}" class="figure">${times(result.ratio)}</text>`,
        );
        if (target !== undefined)
          parts.push(`<line x1="${mark}" x2="${mark}" y1="${top - 1}" y2="${top + BAR + 1}" class="target"/>`);
      });
      y += ROW;
    }
    y += 12;
  }
  const axis = TICKS.filter((tick) => tick >= low && tick <= high).map(
    (tick) =>
      `<line x1="${x(tick)}" x2="${x(tick)}" y1="52" y2="${y}" class="${tick === 1 ? 'one' : 'grid'}"/><text x="${x(tick)}" y="${y + 16}" class="tick">×${tick}</text>`,
  );
  const height = y + 48;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Speed of scans as a multiple of JSON.parse">
<style>
  svg { font: 12px system-ui, sans-serif; }
  text { fill: #24292f; }
  .title { font-size: 15px; font-weight: 600; }
  .work { font-weight: 600; }
  .lane { text-anchor: end; }
  .tick { text-anchor: middle; fill: #57606a; font-size: 11px; }
  .figure { font-size: 10px; }
  .note { fill: #57606a; font-size: 11px; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .one { stroke: #57606a; stroke-width: 1.5; }
  .target { stroke: #cf222e; stroke-width: 2; }
  .repeating { fill: #0969da; }
  .unique { fill: #8ab8f0; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .tick, .note { fill: #9198a1; }
    .grid { stroke: #30363d; }
    .one { stroke: #9198a1; }
    .target { stroke: #ff7b72; }
    .repeating { fill: #58a6ff; }
    .unique { fill: #1f5593; }
  }
</style>
<text x="16" y="24" class="title">Events a second, as a multiple of JSON.parse on every line</text>
<rect x="16" y="34" width="10" height="10" rx="2" class="repeating"/><text x="31" y="43" class="note">values repeat</text>
<rect x="116" y="34" width="10" height="10" rx="2" class="unique"/><text x="131" y="43" class="note">no value repeats</text>
<line x1="236" x2="236" y1="33" y2="45" class="target"/><text x="243" y="43" class="note">at least</text>
${axis.join('\n')}
${parts.join('\n')}
<text x="16" y="${height - 10}" class="note">${escape(`${results.machine.cpu}, Node ${results.machine.node}, one thread, user time, medians of ${results.rounds}, logarithmic scale`)}</text>
</svg>
`;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const round = (value: number): number => Math.round(value * 10) / 10;
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
