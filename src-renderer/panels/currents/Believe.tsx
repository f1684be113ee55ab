// How far to believe the network and its currents, the worst first: one sentence for each thing that tells, and what to do next.

import type { AnalysisReport } from '../../../src-worker/contract/api.ts';
import type { Verdict } from '../../../src-worker/contract/run.ts';
import { useStore } from '../../state/store.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { nextSteps } from './next-steps.ts';

const order: readonly Verdict[] = ['doubt', 'look', 'fine'];
const icons: Readonly<Record<Verdict, IconName>> = { doubt: 'warn', look: 'info', fine: 'check' };

export function Believe({ report, failed }: { readonly report: AnalysisReport | undefined; readonly failed: boolean }) {
  const canFit = useStore((state) => state.recording !== undefined);
  const all = report?.diagnostics ?? [];
  const sorted = [...all].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const steps = canFit && report ? nextSteps(sorted, report.summary) : undefined;
  return (
    <section className="panel bt" aria-label="How far to believe it">
      <div className="head">
        <h2>How far to believe it</h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroll believe" tabIndex={0} aria-label="Readings">
        {sorted.map(({ id, title, verdict, sentence }) => {
          const step = steps?.get(id);
          return (
            <p key={id} className={`says-${verdict}`}>
              <Icon name={icons[verdict]} />
              <b>{title}.</b> {sentence.replace(/ \(--[a-z -]+\d*\)/, '')}{' '}
              {step && (
                <button type="button" className="link" title={step.about} onClick={() => step.run()}>
                  {step.title}
                </button>
              )}
            </p>
          );
        })}
        {sorted.length === 0 && <p className="t3">{failed ? 'There is no network to judge' : 'Comes with the tests'}</p>}
      </section>
    </section>
  );
}
