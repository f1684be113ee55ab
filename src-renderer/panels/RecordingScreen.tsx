// A recording just opened: what the file holds, and the recipe that makes trials of it.

import type { ColumnSummary, TableSummary } from '../../src-worker/contract/recording.ts';
import { useStore } from '../state/store.ts';
import { count, counted, duration, bytes, valueText } from '../ui/format.ts';
import { Warning } from '../ui/Trouble.tsx';
import { Nothing } from './Nothing.tsx';
import { RecipeRail } from './RecipeRail.tsx';

export function RecordingScreen() {
  const recording = useStore((state) => state.recording);
  if (!recording) return <Nothing text="The recording of this project is not where it was. Open it again to go on" />;
  const { summary } = recording;
  return (
    <main className="recording">
      <section className="panel">
        <div className="head">
          <h2>{summary.name}</h2>
          <span className="sub" data-summary>
            {[
              counted(summary.units, 'unit'),
              counted(summary.trials, 'trial'),
              counted(summary.spikes, 'spike'),
              summary.seconds > 0 ? duration(summary.seconds) : '',
              summary.areas.join(', '),
              bytes(summary.bytes),
            ]
              .filter((part) => part !== '')
              .join(', ')}
          </span>
        </div>
        <div className="scroll">
          {summary.notes.map((note) => (
            <Warning key={note} text={note} />
          ))}
          {summary.intervalTables.map((table) => (
            <Columns key={table.path} table={table} rows="trial" />
          ))}
          {summary.unitTables.map((table) => (
            <Columns key={table.path} table={table} rows="unit" />
          ))}
          {summary.signals.length > 0 && (
            <>
              <h3>Signals</h3>
              <table>
                <thead>
                  <tr>
                    <th>Path</th>
                    <th>Channels</th>
                    <th className="n">Samples</th>
                    <th className="n">Rate, Hz</th>
                    <th>Unit</th>
                  </tr>
                </thead>
                <tbody>
                  {summary.signals.map((signal) => (
                    <tr key={signal.path}>
                      <td className="s">{signal.path}</td>
                      <td title={signal.channels.join(', ')}>{signal.channels.join(', ')}</td>
                      <td className="n">{count(signal.samples)}</td>
                      <td className="n">{signal.rateHz === undefined ? '–' : valueText(signal.rateHz)}</td>
                      <td>{signal.unit}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )}
          {summary.unitTables.length === 0 && summary.arrays.length > 0 && (
            <>
              <h3>Arrays</h3>
              <table>
                <thead>
                  <tr>
                    <th>Path</th>
                    <th>Shape</th>
                    <th>Type</th>
                  </tr>
                </thead>
                <tbody>
                  {summary.arrays.map((array) => (
                    <tr key={array.path}>
                      <td className="s">{array.path}</td>
                      <td>{array.shape.join(' × ')}</td>
                      <td>{array.type}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )}
        </div>
      </section>
      <RecipeRail />
    </main>
  );
}

function Columns({ table, rows }: { readonly table: TableSummary; readonly rows: string }) {
  return (
    <>
      <h3>
        {table.path} <span>{counted(table.rows, rows === 'unit' ? 'unit' : 'row')}</span>
      </h3>
      <table className="columns">
        <thead>
          <tr>
            <th>Column</th>
            <th>Holds</th>
            <th>Values</th>
            <th className="n">Missing</th>
            <th>About</th>
          </tr>
        </thead>
        <tbody>
          {table.columns.map((column) => (
            <tr key={column.name}>
              <td className="s">{column.name}</td>
              <td>{column.isTime ? 'event, s' : column.kind}</td>
              <td title={column.values?.join(', ')}>{valuesText(column)}</td>
              <td className="n">{column.missing === 0 ? '' : count(column.missing)}</td>
              <td title={column.description}>{column.description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function valuesText({ values, min, max, distinct }: ColumnSummary): string {
  if (values && values.length <= 8) return values.join(', ');
  if (min !== undefined && max !== undefined) return `${valueText(min)} to ${valueText(max)}`;
  return `${count(distinct)} different`;
}
