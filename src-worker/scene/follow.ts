// How a picture follows the one selection of all panels without being asked for again: conditions that are hidden, renamed or
// recoloured, the time to look at, the condition of the picked trial.

import type { ConditionKey, Line, Mark, Scene } from './scene.ts';
import { fittedPoints } from './space.ts';

export interface Follow {
  /** Conditions left out of the picture, by column and value (`conditionId`): another grouping has others. */
  readonly hidden?: readonly string[];
  /** Other names and colours (places in the nominal palette) of conditions. */
  readonly names?: Readonly<Record<string, string>>;
  readonly colours?: Readonly<Record<string, number>>;
  readonly spanMs?: readonly [number, number];
  /** The one single trial that is drawn. */
  readonly onlyTrial?: number;
  /** The picked trial's condition: its curve is drawn stronger in flat pictures. */
  readonly condition?: number;
}

/** What a condition is known by wherever it is shown: its column and its value, 'direction=45°'. */
export const conditionId = ({ label, names, given = names }: ConditionKey, condition: number): string =>
  `${label}=${given[condition] ?? condition}`;

/** The Scene as the selection has it. What is hidden still counts for the camera, so that nothing jumps. */
export function followed(scene: Scene, { hidden = [], names = {}, colours = {}, spanMs, onlyTrial, condition }: Follow): Scene {
  const key = scene.conditions;
  const ids = key?.names.map((_, index) => conditionId(key, index)) ?? [];
  const away = new Set(ids.flatMap((id, index) => (hidden.includes(id) ? [index] : [])));
  const renamed = (mark: Mark): Mark => {
    if (mark.kind !== 'line' || mark.datum.condition === undefined || mark.label === undefined) return mark;
    const name = names[ids[mark.datum.condition] ?? ''];
    return name !== undefined && mark.label === key?.names[mark.datum.condition] ? { ...mark, label: name } : mark;
  };
  const isCurve = (mark: Mark): mark is Line => mark.kind === 'line' && mark.weight === 'line' && mark.datum.trial === undefined;
  const stressed = (mark: Mark): Mark =>
    !scene.z && condition !== undefined && isCurve(mark) && mark.datum.condition === condition ? { ...mark, weight: 'thick' } : mark;
  const shown = ({ datum }: Mark): boolean =>
    (datum.condition === undefined || !away.has(datum.condition)) &&
    (onlyTrial === undefined || datum.trial === undefined || datum.trial === onlyTrial);
  const chosen = ids.map((id) => colours[id]);
  return {
    ...scene,
    marks: scene.marks.filter(shown).map((mark) => stressed(renamed(mark))),
    ...(key
      ? {
          conditions: {
            ...key,
            names: key.names.map((name, index) => names[ids[index]!] ?? name),
            given: key.given ?? key.names,
            ...(chosen.some((place) => place !== undefined) ? { chosen } : {}),
          },
        }
      : {}),
    ...(spanMs ? { spanMs } : {}),
    ...(scene.z ? { fitted: fittedPoints(scene) } : {}),
  };
}
