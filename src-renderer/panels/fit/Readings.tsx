// Whether to trust a fit or an ensemble, a sentence for each thing; what is to be doubted comes first.

import type { Reading } from '../../../src-worker/contract/run.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';

const signs: Readonly<Record<Reading['verdict'], { readonly kind: string; readonly icon: IconName }>> = {
  fine: { kind: 'good', icon: 'check' },
  look: { kind: 'warn', icon: 'warn' },
  doubt: { kind: 'bad', icon: 'warn' },
};

const worst: readonly Reading['verdict'][] = ['doubt', 'look', 'fine'];

export const Readings = ({ of }: { readonly of: readonly Reading[] }) =>
  [...of]
    .sort((a, b) => worst.indexOf(a.verdict) - worst.indexOf(b.verdict))
    .map(({ id, title, verdict, sentence }, k) => (
      <div className={`note ${signs[verdict].kind}`} key={`${id} ${k}`}>
        <Icon name={signs[verdict].icon} size={14} />
        <p>
          <b>{title}.</b> {sentence}
        </p>
      </div>
    ));
