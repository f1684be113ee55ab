// What else a recording holds: its signals, and everything in the file as a list.

import type { RecordingSummary } from '../../../src-worker/contract/recording.ts';
import { bytes, count, counted, valueText } from '../../ui/format.ts';

export function Signals({ summary }: { readonly summary: RecordingSummary }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scroll" tabIndex={0} aria-label="Signals">
      <table>
        <thead>
          <tr>
            <th>Signal</th>
            <th>Channels</th>
            <th className="n">Samples</th>
            <th className="n">Rate, Hz</th>
            <th>Unit</th>
          </tr>
        </thead>
        <tbody>
          {summary.signals.map((signal) => (
            <tr key={signal.path}>
              <td className="s" title={signal.path}>
                {signal.title || signal.path}
              </td>
              <td title={signal.channels.join(', ')}>{signal.channels.join(', ')}</td>
              <td className="n">{count(signal.samples)}</td>
              <td className="n">{signal.rateHz === undefined ? '–' : valueText(signal.rateHz)}</td>
              <td>{signal.unit}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Leaf {
  readonly path: string;
  readonly holds: string;
  readonly about: string;
}

/** Everything in the file as a list of paths: tables with their columns, signals, arrays, and what it says of itself. */
export function FileTree({ summary }: { readonly summary: RecordingSummary }) {
  const tables = [...summary.unitTables, ...summary.intervalTables];
  const leaves: readonly Leaf[] = [
    ...tables.flatMap(({ path, rows, columns }) => [
      { path, holds: counted(rows, 'row'), about: '' },
      ...columns.map((column) => ({
        path: `${path}/${column.name}`,
        holds: column.isTime ? 'times, s' : column.kind,
        about: `${column.description}${column.missing > 0 ? `; ${counted(column.missing, 'row')} without` : ''}`,
      })),
    ]),
    ...summary.signals.map(({ path, samples, channels }) => ({ path, holds: `${count(samples)} × ${channels.length}`, about: '' })),
    ...summary.arrays.map(({ path, shape, type }) => ({ path, holds: `${shape.join(' × ')} ${type}`, about: '' })),
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scroll tree" tabIndex={0} aria-label="Contents of the file">
      <dl>
        {[['Format', summary.format], ['Size', bytes(summary.bytes)], ...Object.entries(summary.metadata)].map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
      </dl>
      <ul>
        {leaves.map(({ path, holds, about }) => {
          const depth = path.split('/').filter(Boolean).length;
          return (
            <li key={path} style={{ paddingLeft: 12 + 12 * Math.max(0, depth - 1) }} title={`${path} ${about}`}>
              <span className="st">{path.split('/').at(-1)}</span> <span className="t3">{holds}</span> <span className="t3">{about}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
