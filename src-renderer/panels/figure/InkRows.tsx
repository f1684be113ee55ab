// Sizes of lines, markers and letters in points at final size, and whether what is farther fades.

import { paperParams } from '../../../src-worker/contract/paper.ts';
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
  const points = (name: keyof PaperLook, label: string) => {
    const { min, max } = paperParams[name];
    return <Field label={label} value={now[name]} low={min} high={max} unit="pt" onChange={(value) => change(name, value)} />;
  };
  return (
    <>
      <div className="row">
        <span>{isSpace ? 'Averages' : 'Lines'}</span>
        <span className="v">
          {points('linePt', isSpace ? 'Averages, pt' : 'Lines, pt')}
          {isSpace && <>halo {points('haloPt', 'Halo, pt')}</>}
        </span>
      </div>
      <div className="row">
        <span>{isSpace ? 'Trials' : 'Thin lines'}</span>
        <span className="v">
          {points('trialPt', isSpace ? 'Trials, pt' : 'Thin lines, pt')}
          markers {points('signPt', 'Markers, pt')}
        </span>
      </div>
      <div className="row">
        <span>Text</span>
        <span className="v">
          {points('textPt', 'Text, pt')} <span className="t3">Arial metric</span>
        </span>
      </div>
      {isSpace && (
        <div className="row">
          <span title="How much the farthest lines and markers go over into the page">Fading</span>
          <span className="v">
            <Field
              label="Fading of depth, %"
              value={Math.round(100 * now.fade)}
              low={100 * paperParams.fade.min}
              high={100 * paperParams.fade.max}
              unit="%"
              onChange={(value) => change('fade', value / 100)}
            />
            <span title="Two views side by side for parallel eyes, so far apart; 5° suits most, 0° draws one">stereo</span>
            <Field
              label="Stereo, °"
              value={now.stereo}
              low={paperParams.stereo.min}
              high={paperParams.stereo.max}
              unit="°"
              onChange={(value) => change('stereo', value)}
            />
          </span>
        </div>
      )}
    </>
  );
}
