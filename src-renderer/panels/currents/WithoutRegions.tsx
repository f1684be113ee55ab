// A network between whose units no currents can flow: why, and what tells of it all the same, which is what a fit to its own activity gives back,
// and what other seeds give.

import type { Failure } from '../../../src-worker/contract/failure.ts';
import { FailureInfo } from '../FailureInfo.tsx';
import { Picture } from './Cell.tsx';

/** What keeps currents from flowing, beside anything that went wrong. */
const codes: readonly string[] = ['one-region', 'not-constrained'];
const plain = {};
const outputs = { show: 'outputs' } as const;

export const isWithoutRegions = (failure: Failure | undefined): boolean => failure !== undefined && codes.includes(failure.code);

interface Props {
  readonly failure: Failure;
  /** Whether the network was tested, so that there is something to draw; and how many seeds it has. */
  readonly isTested: boolean;
  readonly seeds: number;
}

export function WithoutRegions({ failure, isTested, seeds }: Props) {
  return (
    <div className="without-regions">
      <div className="pad">
        <FailureInfo failure={failure} />
      </div>
      {isTested && (
        <div className="matrix">
          <Picture view="recovery" title="Recovery" settings={plain} />
          {seeds > 1 ? (
            <Picture view="ensemble" title="Seeds" settings={plain} />
          ) : (
            <Picture view="recovery" title="Free runs" settings={outputs} />
          )}
        </div>
      )}
    </div>
  );
}
