// Behaviour of one trial over the average of its condition, or the average of every condition.

import { binCentres, countOf } from '../analyses/states.ts';
import { defineParams } from '../contract/params.ts';
import type { Line } from '../scene/scene.ts';
import { behaviourOf } from './behaviour-values.ts';
import {
  conditionKey,
  conditionRole,
  eventRules,
  sourceText,
  timeAxis,
  trialParam,
  trialPlace,
  trialsShown,
  trialsText,
} from './shared.ts';
import { defineView } from './view.ts';

const params = defineParams({
  show: {
    kind: 'choice',
    label: 'Show',
    help: 'One trial over the average of its condition, or the average of every condition.',
    choices: ['trial', 'conditions'],
    default: 'trial',
    tier: 'common',
  },
  trial: trialParam,
});

export const behavior = defineView({
  id: 'behavior',
  title: 'Behaviour',
  version: 1,
  about: 'The recorded behaviour of a trial beside that of its condition.',
  shows: 'dataset',
  params,
  scene(shown, { show, trial }) {
    const { dataset } = shown;
    const behaviour = behaviourOf(dataset);
    const place = trialPlace(dataset, trial);
    const kept = trialsShown(dataset);
    const time = binCentres(dataset);
    const row = dataset.trialRows[place];
    const own = dataset.conditions?.of[place] ?? -1;
    const names = dataset.conditions?.names ?? [];
    const averages = (show === 'trial' ? [own] : names.map((_, condition) => condition)).map((condition): Line => {
      const trials = condition >= 0 ? kept.filter((at) => dataset.conditions?.of[at] === condition) : kept;
      return {
        kind: 'line',
        key: `average ${condition}`,
        datum: condition >= 0 ? { condition } : {},
        colour: condition >= 0 ? conditionRole(condition) : 'mute',
        weight: 'line',
        x: time,
        y: behaviour.mean(trials),
        timeMs: time,
      };
    });
    const single: readonly Line[] =
      show === 'trial'
        ? [
            {
              kind: 'line',
              key: `trial ${row}`,
              datum: { trial: row },
              colour: 'ink',
              weight: 'line',
              x: time,
              y: behaviour.of(place),
              timeMs: time,
            },
          ]
        : [];
    const over = own >= 0 ? `the average of its ${dataset.conditions?.label ?? 'condition'}` : 'the average of all trials';
    const key = conditionKey(dataset, kept);
    const what = show === 'trial' ? `trial ${row} over ${over}` : countOf(averages.length, 'condition average');
    return {
      title: behaviour.label,
      subtitle: show === 'trial' ? `over ${over}` : what,
      x: timeAxis(dataset),
      y: { label: behaviour.unit || behaviour.label, unit: '', scale: 'linear' },
      marks: [...averages, ...single, ...eventRules(dataset, show === 'trial' ? Int32Array.of(place) : kept)],
      ...(key ? { conditions: key } : {}),
      text: `${behaviour.label} over time: ${what}.`,
      caption: `${behaviour.label}${behaviour.unit ? `, ${behaviour.unit}` : ''}, of ${sourceText(shown)}; ${what}; ${trialsText(dataset, kept)}.`,
    };
  },
});
