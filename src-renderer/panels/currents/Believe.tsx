// How far to believe the network and its currents, the worst first: one sentence for each thing that tells, and what to do next.

import type { AnalysisReport } from '../../../src-worker/contract/api.ts';
import type { Verdict } from '../../../src-worker/contract/run.ts';
import { useWords } from '../../state/spoken.ts';
import { useStore } from '../../state/store.ts';
import { duration } from '../../ui/format.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { nextSteps } from './next-steps.ts';
import type { UntestedRecovery } from './use-tested.ts';

const order: readonly Verdict[] = ['doubt', 'look', 'fine'];
const icons: Readonly<Record<Verdict, IconName>> = { doubt: 'warn', look: 'info', fine: 'check' };

interface Props {
  readonly report: AnalysisReport | undefined;
  readonly failed: boolean;
  readonly untested: UntestedRecovery | undefined;
}

export function Believe({ report, failed, untested }: Props) {
  const canFit = useStore((state) => state.recording !== undefined);
  const words = useWords();
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
        {report && untested && <NotTested {...untested} />}
        {sorted.map(({ id, title, verdict, sentence }) => {
          const step = steps?.get(id);
          return (
            <p key={id} className={`says-${verdict}`}>
              <Icon name={icons[verdict]} />
              <b>{title}.</b> {words(sentence)}{' '}
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

/** Stands where the verdict on recovery would. */
function NotTested({ test, failure, begin, stop }: UntestedRecovery) {
  const seconds = useStore((state) => state.run?.report?.seconds);
  return (
    <p className="says-look">
      <Icon name="info" />
      <b>Recovery.</b>{' '}
      {test ? (
        <>
          The network is fitted again to its own noisy activity, {Math.floor(100 * test.done)} %{' '}
          <button type="button" className="link" title="The test ends, and currents stay" onClick={stop}>
            Cancel
          </button>
          <progress className="going" max={1} value={test.done} aria-label="Test of recovery" />
        </>
      ) : (
        <>
          Not tested: whether such a fit gives a network back from its own activity is open.{' '}
          {failure && `The last test ended early: ${failure.sentence} `}A test takes about as long as the fit at most
          {seconds !== undefined && `, ${duration(Math.max(1, seconds))}`}.{' '}
          <button
            type="button"
            className="link"
            title="Fits the network again to its own activity, with noise as large as the data’s; the panel stays open meanwhile"
            onClick={begin}
          >
            Test recovery
          </button>
        </>
      )}
    </p>
  );
}
