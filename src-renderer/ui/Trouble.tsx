// A Failure where the user looks: sign, sentence, hint.

import type { Failure } from '../../src-worker/contract/failure.ts';
import { useSpoken, useWords } from '../state/spoken.ts';
import { Icon } from './icons.tsx';

interface Link {
  readonly title: string;
  onClick(): void;
}

const Repair = ({ of: { title, onClick } }: { readonly of: Link }) => (
  <button type="button" className="link" onClick={onClick}>
    {title}
  </button>
);

export function Trouble({
  failure,
  repair,
  onClose,
}: {
  readonly failure: Pick<Failure, 'code' | 'sentence' | 'hint'>;
  readonly repair?: Link | undefined;
  readonly onClose?: () => void;
}) {
  const { sentence, hint } = useSpoken(failure);
  return (
    <div className="note bad" role="alert" data-code={failure.code}>
      <Icon name="warn" size={14} />
      <p>
        <b>{sentence}</b> {hint} {repair && <Repair of={repair} />}
      </p>
      {onClose && (
        <button type="button" className="ib" onClick={onClose} aria-label="Dismiss">
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

export function Warning({ text, repair }: { readonly text: string; readonly repair?: Link | undefined }) {
  const words = useWords();
  return (
    <div className="note warn">
      <Icon name="warn" size={14} />
      <p>
        {words(text)} {repair && <Repair of={repair} />}
      </p>
    </div>
  );
}

export function Info({ text, repair }: { readonly text: string; readonly repair?: Link | undefined }) {
  const words = useWords();
  return (
    <div className="note info">
      <Icon name="info" size={14} />
      <p>
        {words(text)} {repair && <Repair of={repair} />}
      </p>
    </div>
  );
}
