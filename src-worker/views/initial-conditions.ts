// Initial conditions of every trial in their first three principal components, coloured by condition.

import { Failure } from '../contract/failure.ts';
import { principalComponents, project } from '../numerics/pca.ts';
import { DEFAULT_CAMERA } from '../scene/projection.ts';
import type { Axis, Points } from '../scene/scene.ts';
import { conditionKey, conditionRole, sourceText, trialsShown, trialsText } from './shared.ts';
import { defineView } from './view.ts';

export const initialConditions = defineView({
  id: 'initial-conditions',
  title: 'Initial conditions',
  version: 1,
  about: 'Where the generator starts in every trial, in principal components.',
  shows: 'outputs',
  params: {},
  scene(shown) {
    const { dataset, outputs } = shown;
    const array = outputs?.initialConditions;
    const dimensions = array?.shape[1] ?? 0;
    if (!array || dimensions === 0)
      throw new Failure('no-initial-conditions', 'This model has no initial conditions.', 'Fit one that has, or look at its rates.');
    const kept = trialsShown(dataset);
    if (kept.length < 2) throw new Failure('no-trials', 'Two trials are needed for principal components.', 'Let more trials in.');
    const values = Float64Array.from(
      Array.from(kept, (trial) => [...array.values.subarray(trial * dimensions, (trial + 1) * dimensions)]).flat(),
    );
    if (!values.every(Number.isFinite))
      throw new Failure('not-finite', 'Some initial conditions are not numbers.', 'Fit again, with a lower learning rate.');
    const basis = principalComponents(values, dimensions, 3);
    const scores = project(values, basis);
    const groups = Map.groupBy(kept.keys(), (row) => dataset.conditions?.of[kept[row]] ?? -1);
    const column = (rows: readonly number[], d: number) =>
      Float64Array.from(rows, (row) => (d < basis.count ? scores[row * basis.count + d] : 0));
    const marks = [...groups.entries()]
      .sort(([a], [b]) => a - b)
      .map(
        ([condition, rows]): Points => ({
          kind: 'points',
          key: `condition ${condition}`,
          datum: condition >= 0 ? { condition } : {},
          colour: conditionRole(condition),
          sign: 'dot',
          size: 'small',
          x: column(rows, 0),
          y: column(rows, 1),
          z: column(rows, 2),
          data: rows.map((row) => ({ trial: dataset.trialRows[kept[row]], ...(condition >= 0 ? { condition } : {}) })),
        }),
      );
    const axes = [0, 1, 2].map(
      (d): Axis => ({
        label: `PC ${d + 1}, ${Math.round(100 * (basis.shares[d] ?? 0))} %`,
        unit: array.unit === '1' ? '' : array.unit,
        scale: 'linear',
      }),
    );
    const key = conditionKey(dataset, kept);
    return {
      title: 'Initial conditions',
      subtitle: `${kept.length} trials, ${dimensions} dimensions`,
      x: axes[0],
      y: axes[1],
      z: axes[2],
      camera: DEFAULT_CAMERA,
      marks,
      ...(key ? { conditions: key } : {}),
      text: `Initial conditions of ${kept.length} trials along ${axes.map(({ label }) => label).join('; ')}.`,
      caption: `Initial conditions of ${sourceText(shown)}, posterior means; principal components of ${trialsText(dataset, kept)}; equal scale, orthographic.`,
    };
  },
});
