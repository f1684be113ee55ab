// Every view's Scene, in words and rounded numbers, equals the reference beside this file: `vitest run tests/views -u` renews them,
// and the change is then read before it is kept.

import { expect, test } from 'vitest';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Axis, Mark, Scene } from '../../src-worker/scene/scene.ts';
import { views } from '../../src-worker/views/index.ts';
import type { View } from '../../src-worker/views/view.ts';
import { shownFor } from './shown.ts';

const round = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : 'none');

/** Length, ends and mean of a list of numbers. */
function digest(values: ArrayLike<number> | undefined): string {
  if (values === undefined) return '–';
  const known = Array.from(values).filter(Number.isFinite);
  const mean = known.reduce((sum, value) => sum + value / known.length, 0);
  return `${values.length} from ${round(values[0])} to ${round(values[values.length - 1])}, mean ${round(Math.abs(mean) < 1e-9 ? 0 : mean)}`;
}

function markText(mark: Mark): string {
  const role = typeof mark.colour === 'string' ? mark.colour : JSON.stringify(mark.colour);
  const head = `${mark.kind} “${mark.key}” ${role} ${JSON.stringify(mark.datum)}`;
  switch (mark.kind) {
    case 'line':
      return `${head} ${mark.weight}${mark.dashed ? ' dashed' : ''}${mark.label ? ` “${mark.label}”` : ''}: y ${digest(mark.y)}${mark.z ? `; z ${digest(mark.z)}` : ''}`;
    case 'points':
      return `${head} ${mark.sign}${mark.legend ? ` “${mark.legend}”` : ''}: x ${digest(mark.x)}; y ${digest(mark.y)}`;
    case 'band':
      return `${head}: ${digest(mark.low)}; ${digest(mark.high)}`;
    case 'rule':
      return `${head} “${mark.label}” at ${mark.x === undefined ? `y ${round(mark.y ?? Number.NaN)}` : `x ${round(mark.x)}`}`;
    case 'image':
      return `${head} ${mark.rows} × ${mark.columns}: ${digest(mark.values)}`;
    case 'text':
      return `${head} “${mark.text}”`;
    default:
      return mark satisfies never;
  }
}

const axisText = ({ label, unit, scale, domain }: Axis): string =>
  `${label} (${unit}) ${scale}${domain ? ` ${domain.map(round).join(' to ')}` : ''}`;

const sceneText = (scene: Scene): string =>
  [
    scene.title,
    scene.subtitle,
    ...[scene.x, scene.y, ...(scene.z ? [scene.z] : [])].map(axisText),
    ...(scene.camera ? [JSON.stringify(scene.camera)] : []),
    ...(scene.conditions
      ? [`${scene.conditions.label}: ${scene.conditions.names.map((name, i) => `${name} ${scene.conditions?.trials[i]}`).join(', ')}`]
      : []),
    scene.text,
    scene.caption,
    ...scene.marks.map(markText),
    '',
  ].join('\n');

for (const view of views as readonly View[])
  test(`${view.id} is as its reference says`, async () => {
    const shown = await shownFor(view, { trials: 16, units: 6 });
    const scene = view.scene(shown, valuesOf(view.params, {}), { width: 400, height: 300 });
    await expect(sceneText(scene)).toMatchFileSnapshot(`./references/${view.id}.txt`);
  });
