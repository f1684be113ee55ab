// A Failure in the place of what it kept from being shown: sentence, hint, and the way to mend it.

import type { Failure } from '../../src-worker/contract/failure.ts';
import { useRepair } from '../state/repairs.ts';
import { useSpoken } from '../state/spoken.ts';
import { Info } from '../ui/Trouble.tsx';

export function FailureInfo({ failure }: { readonly failure: Pick<Failure, 'code' | 'sentence' | 'hint'> }) {
  const repair = useRepair(failure);
  const { sentence, hint } = useSpoken(failure);
  return <Info text={`${sentence} ${hint}`} repair={repair} />;
}
