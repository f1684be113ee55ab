// A network between whose units no currents can flow: why, and what tells of it all the same, which is what a fit to its own activity gives back,
// and what other seeds give.

import type { Failure } from '../../../src-worker/contract/failure.ts';
import { FailureInfo } from '../FailureInfo.tsx';
import { Picture } from './Cell.tsx';

/** What keeps currents from flowing, beside anything that went wrong. */
const codes: readonly string[] = ['one-region', 'not-constrained'];
const plain = {};
const outputs = { show: 'outputs' } as const;
const spectrum = { show: 'spectrum' } as const;

/** What `orrery analyze belief` says stands beside this. */
const inWindow = ({ hint = '', ...failure }: Failure) => ({
  ...failure,
  hint: hint.replace(/; orrery analyze belief [^.]*/, ''),
});

export const isWithoutRegions = (failure: Failure | undefined): boolean => failure !== undefined && codes.includes(failure.code);

interface Props {
  readonly failure: Failure;
  /** Whether the network was tested, so that there is something to draw; and how many seeds it has. */
  readonly isTested: boolean;
  readonly seeds: number;
  /** Whether it was fitted again to its own activity. */
  readonly withRecovery: boolean;
}

export function WithoutRegions({ failure, isTested, seeds, withRecovery }: Props) {
  return (
    <div className="without-regions">
      <div className="pad">
        <FailureInfo failure={inWindow(failure)} />
      </div>
      {isTested && !withRecovery && (
        <p className="t3 pad">What a fit to its own activity gives back stands here after a test of recovery.</p>
      )}
      {isTested && !withRecovery && seeds > 1 && (
        <div className="matrix">
          <Picture view="ensemble" title="Seeds" settings={plain} />
        </div>
      )}
      {isTested && withRecovery && (
        <div className="matrix">
          <Picture view="recovery" title="Recovery" settings={plain} />
          {seeds > 1 ? (
            <Picture view="ensemble" title="Seeds" settings={plain} />
          ) : failure.code === 'one-region' ? (
            <Picture view="recovery" title="Free runs" settings={outputs} />
          ) : (
            // Of units of its own no weights are compared: the first picture is of the free runs already.
            <Picture view="recovery" title="Eigenvalues" settings={spectrum} />
          )}
        </div>
      )}
    </div>
  );
}
