// What the signs of the strip of units mean, in its head: the picture is too low to hold a legend of its own.

import type { Mark, Scene } from '../../../src-worker/scene/scene.ts';

const SIDE = 9;

export function StripKey({ of: { marks } }: { readonly of: Scene }) {
  return (
    <span className="strip-key">
      {marks.filter(isNamed).map((mark) => (
        <span key={mark.key} title={mark.legend}>
          <svg width={mark.kind === 'line' ? 12 : SIDE} height={SIDE} aria-hidden="true" className={mark.colour === 'mute' ? 'mute' : ''}>
            <Sign of={mark} />
          </svg>
          <Name of={mark.legend ?? ''} />
        </span>
      ))}
    </span>
  );
}

type Named = Extract<Mark, { readonly kind: 'line' | 'points' }>;

const isNamed = (mark: Mark): mark is Named => (mark.kind === 'line' || mark.kind === 'points') && mark.legend !== undefined;

function Sign({ of: mark }: { readonly of: Named }) {
  const middle = SIDE / 2;
  if (mark.kind === 'line') return <path d={`M0 ${middle}h12`} className="open" />;
  if (mark.sign === 'cross')
    return <path d={`M1.5 1.5l${SIDE - 3} ${SIDE - 3}m0 -${SIDE - 3}l-${SIDE - 3} ${SIDE - 3}`} className="open" />;
  return <circle cx={middle} cy={middle} r="3" className={mark.sign === 'ring' ? 'open' : ''} />;
}

/** 'Poisson GLM' and 'smoothing (sees them)': what may be left out where there is little room stands apart. */
function Name({ of: name }: { readonly of: string }) {
  const [, before = '', middle = name, after = ''] = /^(Poisson )?(.*?)( \(.*\))?$/.exec(name) ?? [];
  return (
    <span>
      {before && <i className="more-words">{before}</i>}
      {middle}
      {after && <i className="more-words">{after}</i>}
    </span>
  );
}

/** The same picture without what the head says. */
export const withoutLegends = (scene: Scene): Scene => ({
  ...scene,
  marks: scene.marks.map((mark) => {
    if (!isNamed(mark)) return mark;
    const { legend: _, ...rest } = mark;
    return rest as Mark;
  }),
});
