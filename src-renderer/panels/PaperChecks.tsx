// Whether the page is fit for print: read off what is drawn, not assumed.

import type { Drawing } from '../../src-worker/scene/primitives.ts';
import { Icon } from '../ui/icons.tsx';

/** experience.md's floor for text, and the thinnest line that printers hold. */
const LEAST_TEXT_PT = 5;
const LEAST_LINE_PT = 0.25;

export function PaperChecks({ drawing: { primitives } }: { readonly drawing: Drawing }) {
  const texts = primitives.flatMap((primitive) => (primitive.kind === 'text' && primitive.text !== '' ? [primitive.size] : []));
  const lines = primitives.flatMap((primitive) => (primitive.kind === 'path' && primitive.stroke ? [primitive.width ?? 1] : []));
  const points = primitives.reduce((sum, primitive) => sum + (primitive.kind === 'path' ? primitive.points.length / 2 : 0), 0);
  const [text, line] = [Math.min(...texts), Math.min(...lines)];
  return (
    <>
      <h3>Checks</h3>
      <ul className="checks">
        <Check
          label="Smallest text"
          value={texts.length > 0 ? `${round(text)} pt` : 'none'}
          isGood={texts.length === 0 || text >= LEAST_TEXT_PT}
        />
        <Check
          label="Thinnest line"
          value={lines.length > 0 ? `${round(line)} pt` : 'none'}
          isGood={lines.length === 0 || line >= LEAST_LINE_PT - 1e-9}
        />
        <Check label="Points of curves" value={points.toLocaleString('en-US')} isGood />
      </ul>
    </>
  );
}

const round = (value: number): string => String(Number(value.toPrecision(2)));

function Check({ label, value, isGood }: { readonly label: string; readonly value: string; readonly isGood: boolean }) {
  return (
    <li className={isGood ? 'good' : 'warn'}>
      <Icon name={isGood ? 'check' : 'warn'} />
      <span>{label}</span>
      <b>{value}</b>
    </li>
  );
}
