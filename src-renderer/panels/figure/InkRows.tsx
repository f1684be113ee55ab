// Sizes of lines, markers and letters in points at final size, and whether what is farther fades.

import { type PaperLook, USUAL_LOOK } from '../../../src-worker/scene/style.ts';
import { Field } from './fields.tsx';

interface Props {
  readonly look: PaperLook | undefined;
  readonly isSpace: boolean;
  readonly onLook: (look: PaperLook | undefined) => void;
}

export function InkRows({ look, isSpace, onLook }: Props) {
  const now = { ...USUAL_LOOK, ...look };
  /** What is as usual is not kept. */
  const change = (name: keyof PaperLook, value: number): void => {
    const next = Object.fromEntries(
      Object.entries({ ...look, [name]: value }).filter(([key, kept]) => kept !== USUAL_LOOK[key as keyof PaperLook]),
    );
    onLook(Object.keys(next).length > 0 ? next : undefined);
  };
  const points = (name: keyof PaperLook, label: string, low: number, high: number) => (
    <Field label={label} value={now[name]} low={low} high={high} unit="pt" onChange={(value) => change(name, value)} />
  );
  return (
    <>
      <div className="row">
        <span>{isSpace ? 'Averages' : 'Lines'}</span>
        <span className="v">
          {points('linePt', isSpace ? 'Averages, pt' : 'Lines, pt', 0.25, 4)}
          {isSpace && <>halo {points('haloPt', 'Halo, pt', 0, 4)}</>}
        </span>
      </div>
      <div className="row">
        <span>{isSpace ? 'Trials' : 'Thin lines'}</span>
        <span className="v">
          {points('trialPt', isSpace ? 'Trials, pt' : 'Thin lines, pt', 0.1, 2)}
          markers {points('signPt', 'Markers, pt', 1, 12)}
        </span>
      </div>
      <div className="row">
        <span>Text</span>
        <span className="v">
          {points('textPt', 'Text, pt', 5, 14)} <span className="t3">Arial metric</span>
        </span>
      </div>
      {isSpace && (
        <div className="row">
          <span title="How much the farthest lines and markers go over into the page">Fading</span>
          <span className="v">
            <Field
              label="Fading of depth, %"
              value={Math.round(100 * now.fade)}
              low={0}
              high={90}
              unit="%"
              onChange={(value) => change('fade', value / 100)}
            />
          </span>
        </div>
      )}
    </>
  );
}
