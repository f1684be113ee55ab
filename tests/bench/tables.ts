// The bench's findings as tables of text.

import type { Measured } from './bench.ts';
import { fixedPointRows } from './fixed-points.ts';

const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)) + 2);
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('')
      .trimEnd(),
  );
};

const words: Readonly<Record<string, string>> = {
  products: 'products',
  weightGradients: 'gradients of weights',
  counts: 'products of counts',
  gates: 'gates',
  packing: 'packing',
  noise: 'dropout and noise',
  likelihood: 'likelihood and divergences',
  addingShards: 'adding shards',
  optimiser: 'optimiser',
  rest: 'time loops and calls',
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function growthRows(growth: Measured['growth']): string[][] {
  const rows = growth.filter(({ times }) => times === 1);
  return rows.map(({ size, what }) => [
    size,
    what === 'batch' ? 'trials' : what,
    ...growth.filter((other) => other.size === size && other.what === what).map(({ medianMs, gflop }) => `${medianMs} (${gflop})`),
  ]);
}

export function print({ gemmGflops, steps, parts, growth, memory, averaging, constrained, fixedPoints, window, stages }: Measured): string {
  const rate = (threads: number): number => gemmGflops[threads]!;
  const sections = [
    Object.entries(gemmGflops).map(
      ([threads, rate]) => `GEMM micro-kernel, ${threads} thread${threads === '1' ? '' : 's'}: ${rate} GFLOP/s`,
    ),
    table([
      ['size', 'engine', 'threads', 'counts', 'median, ms', '× roofline', 'least, ms', '× roofline', 'times as fast', 'GFLOP', 'of counts'],
      ...steps.map(({ size, engine, threads, counts, medianMs, leastMs, gflop, countsGflop }) => {
        const roofline = (gflop / rate(threads)) * 1000;
        const times = [medianMs, leastMs].flatMap((ms) => [String(ms), (ms / roofline).toFixed(2)]);
        const alone = steps.find(
          (other) => other.threads === 1 && other.size === size && other.engine === engine && other.counts === counts,
        );
        const faster = alone && threads > 1 ? (alone.medianMs / medianMs).toFixed(2) : '';
        return [size, engine, String(threads), counts, ...times, faster, String(gflop), String(countsGflop)];
      }),
    ]),
    ['Where a step goes, ms, one thread'],
    table([
      ['part', ...parts.flatMap(({ size }) => [size, ''])],
      ...Object.entries(words).map(([part, word]) => [
        word,
        ...parts.flatMap(({ medianMs, parts: of }) => {
          const ms = of[part as keyof typeof of];
          return [ms.toFixed(2), percent(ms / medianMs)];
        }),
      ]),
      ['whole step', ...parts.flatMap(({ medianMs }) => [medianMs.toFixed(2), ''])],
      [
        'outside products and gates',
        ...parts.flatMap(({ medianMs, parts: of }) => {
          const outside = medianMs - of.products - of.weightGradients - of.counts - of.gates;
          return [outside.toFixed(2), percent(outside / medianMs)];
        }),
      ],
    ]),
    ['A step as sizes grow, ms (GFLOP), one thread'],
    table([['size', 'of', '× 1', '× 2', '× 4'], ...growthRows(growth)]),
    ['Memory of a fit at maze size, MB'],
    table([
      ['trials', 'threads', 'job', 'counts', 'process without counts'],
      ...memory.map(({ trials, threads, jobMb, dataMb, processMb }) => [
        String(trials),
        String(threads),
        jobMb.toFixed(0),
        dataMb.toFixed(0),
        processMb.toFixed(0),
      ]),
    ]),
    ...(window
      ? [
          ['The window while a fit runs: from a click to the painted answer, ms'],
          [
            `${window.clicks.map(({ to, ms }) => `${to} ${ms}`).join(', ')}; median ${window.medianMs}, longest task of the page ${window.longestTaskMs}`,
          ],
        ]
      : []),
    ...(stages
      ? [
          ['Stages that move'],
          table([
            ['stage', 'frames a second', 'page, ms a frame', 'of it the program', 'tasks over 50 ms', 'longest'],
            ...stages.map((moved) => [
              moved.stage,
              String(moved.framesPerSecond),
              String(moved.pageMsPerFrame),
              String(moved.scriptMsPerFrame),
              String(moved.longTasks),
              String(moved.longestMs),
            ]),
          ]),
        ]
      : []),
    ['Posterior averaging of one batch'],
    table([
      ['size', 'threads', 'samples', 'averaged, ms', 'forward passes, ms', 'ratio'],
      ...averaging.map(({ size, threads, samples, averagedMs, forwardMs }) => [
        size,
        String(threads),
        String(samples),
        averagedMs.toFixed(0),
        forwardMs.toFixed(0),
        (averagedMs / forwardMs).toFixed(2),
      ]),
    ]),
    [
      `CURBD, ${constrained.units} units × ${constrained.samples} samples × ${constrained.stepsPerBin} steps, one run: ${constrained.fusedMs} ms; plain TypeScript ${constrained.plainMs} ms (${constrained.times} times)`,
      `CORNN, 200 units × 3001 samples, no self-coupling: ${constrained.cornnSeconds} s`,
    ],
    [`Fixed points of ${fixedPoints.network} from ${fixedPoints.starts} starts: ${fixedPoints.times} times as fast as Adam on q`],
    table(fixedPointRows(fixedPoints)),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
