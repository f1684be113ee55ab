// How far to believe the currents, the worst first: one sentence for each thing that tells.

import type { AnalysisReport } from '../../../src-worker/contract/api.ts';
import type { Verdict } from '../../../src-worker/contract/run.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';

const order: readonly Verdict[] = ['doubt', 'look', 'fine'];
const icons: Readonly<Record<Verdict, IconName>> = { doubt: 'warn', look: 'info', fine: 'check' };

export function Believe({ report }: { readonly report: AnalysisReport | undefined }) {
  const all = report && 'diagnostics' in report ? (report.diagnostics ?? []) : [];
  const sorted = [...all].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return (
    <section className="panel bt" aria-label="How far to believe it">
      <div className="head">
        <h2>How far to believe it</h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroll believe" tabIndex={0} aria-label="Readings">
        {sorted.map(({ id, title, verdict, sentence }) => (
          <p key={id} className={`says-${verdict}`}>
            <Icon name={icons[verdict]} />
            <b>{title}.</b> {sentence}
          </p>
        ))}
        {sorted.length === 0 && <p className="t3">Comes with the currents</p>}
      </section>
    </section>
  );
}
