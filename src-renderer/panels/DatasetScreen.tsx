// What a fit would get: counts, conditions per split, and what was left out and why.

import { useStore } from '../state/store.ts';
import { count, counted, valueText } from '../ui/format.ts';
import { Info, Trouble, Warning } from '../ui/Trouble.tsx';
import { Nothing } from './Nothing.tsx';
import { RecipeRail } from './RecipeRail.tsx';

export function DatasetScreen() {
  const recording = useStore((state) => state.recording);
  const dataset = useStore((state) => state.preview?.dataset);
  const trouble = useStore((state) => state.previewTrouble);
  if (!recording) return <Nothing text="Open a recording to make trials of it" />;
  return (
    <main className="recording">
      <section className="panel">
        <div className="head">
          <h2>Dataset</h2>
          {dataset && (
            <span className="sub">
              {valueText(dataset.binMs)} ms bins, {count(dataset.windowMs[0])} to {count(dataset.windowMs[1])} ms about {dataset.event}
            </span>
          )}
        </div>
        <div className="scroll">
          {trouble && <Trouble failure={trouble} />}
          {dataset && (
            <>
              <dl className="facts">
                <Fact name="Trials" value={count(dataset.trials)} />
                <Fact name="Bins" value={count(dataset.bins)} />
                <Fact name="Units" value={count(dataset.units)} />
                <Fact name="Held-out units" value={count(dataset.heldOutUnits)} />
                <Fact name="Spikes" value={count(dataset.spikes)} />
                <Fact name="Empty bins" value={`${(100 * dataset.emptyShare).toPrecision(3)} %`} />
              </dl>
              {dataset.warnings.map((warning) => (
                <Warning key={warning} text={warning} />
              ))}
              {dataset.left.map((left) => (
                <Info key={left.why} text={`${left.why} (${left.what}${left.rows.length === 1 ? '' : 's'} ${rowsText(left.rows)})`} />
              ))}
              <h3>
                Conditions <span>{counted(dataset.conditions.length, 'condition')}</span>
              </h3>
              <table className="conditions">
                <thead>
                  <tr>
                    <th>Condition</th>
                    <th className="n">Training</th>
                    <th className="n">Validation</th>
                    <th className="n">Test</th>
                  </tr>
                </thead>
                <tbody>
                  {dataset.conditions.map((condition) => (
                    <tr key={condition.name}>
                      <td className="s">{condition.name}</td>
                      <td className="n">{count(condition.training)}</td>
                      <td className="n">{count(condition.validation)}</td>
                      <td className="n">{count(condition.test)}</td>
                    </tr>
                  ))}
                  <tr>
                    <td>All</td>
                    <td className="n">{count(dataset.trainingTrials)}</td>
                    <td className="n">{count(dataset.validationTrials)}</td>
                    <td className="n">{count(dataset.testTrials)}</td>
                  </tr>
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

const rowsText = (rows: readonly number[]): string =>
  rows.length <= 12 ? rows.join(', ') : `${rows.slice(0, 12).join(', ')} and ${rows.length - 12} more`;

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
