// What a fit would get: counts, conditions per split, and what was left out and why.

import { useEffect } from 'react';
import { show } from '../state/actions.ts';
import { get, useStore } from '../state/store.ts';
import { count, counted, valueText } from '../ui/format.ts';
import { Info, Trouble, Warning } from '../ui/Trouble.tsx';
import { Nothing } from './Nothing.tsx';
import { mend } from './recording/mend.ts';
import { warningsOf } from './recording/warnings.ts';
import { RecipeRail } from './RecipeRail.tsx';

export function DatasetScreen() {
  const recording = useStore((state) => state.recording);
  const dataset = useStore((state) => state.preview?.dataset);
  const trouble = useStore((state) => state.previewTrouble);
  const data = useStore((state) => state.data);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      event.preventDefault();
      if (get().preview && !get().previewTrouble) show('Fit');
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  if (!recording)
    return <Nothing text="Open a recording to make trials of it" action="To the recordings" onAction={() => show('Recording')} />;
  return (
    <main className="recording">
      <section className="panel" aria-label="Dataset">
        <div className="head">
          <h2>Dataset</h2>
          {dataset && (
            <span className="sub">
              {valueText(dataset.binMs)} ms bins, {count(dataset.windowMs[0])} to {count(dataset.windowMs[1])} ms about {dataset.event}
            </span>
          )}
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <section className="scroll" tabIndex={0} aria-label="What a fit would get">
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
              {warningsOf(dataset, data, []).map(({ kind, text, repair }) =>
                kind === 'info' ? (
                  <Info key={text} text={text} />
                ) : (
                  <Warning key={text} text={text} repair={repair && { title: repair.title, onClick: () => mend(repair) }} />
                ),
              )}
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
        </section>
      </section>
      <RecipeRail />
    </main>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
