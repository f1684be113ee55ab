// Dynamics linearised at every fixed and slow point: modes, non-normality, what inputs do there, and whether the points form a line or a ring.

import type { Result } from '../../contract/result.ts';
import { defineAnalysis, type Dynamics } from '../analysis.ts';
import { searched, searchParams } from '../fixed-points/find.ts';
import { notesOf, summaryOf } from '../fixed-points/index.ts';
import { jacobianOf } from '../fixed-points/modes.ts';
import { arraysOf, pointsOf } from '../fixed-points/result.ts';
import { partOf } from '../part.ts';
import { allAlone } from './alone.ts';
import { leastStableOf, linearise, type Linearised, whiteningOf } from './linearise.ts';
import { linearArrays, linearizationsOf } from './result.ts';
import { chanceCosine, REFUSALS } from './selection.ts';
import { curveOf } from './settled.ts';

/** Where no trial says how long to look. */
const STEPS = 100;
/** How far the whole is after each part, roughly; lines and rings come last. */
const PARTS = { searched: 0.3, alone: 0.85, pushed: 0.93 } as const;

export const linearize = defineAnalysis({
  id: 'linearize',
  version: 1,
  title: 'Linearisation',
  about:
    'Modes at every fixed and slow point with their times and frequencies, non-normality, what inputs do there, and whether the points form a line or a ring.',
  needs: 'flow',
  state: 'generator',
  params: {
    ...searchParams,
    durationMs: {
      kind: 'number',
      label: 'Duration',
      help: 'How long modes and growth are followed, and how slow a line or ring must be; that of a trial, or 100 steps, unless set.',
      unit: 'ms',
      min: 1e-6,
      tier: 'occasional',
    },
    draws: {
      kind: 'number',
      label: 'Random networks',
      help: 'How many random networks non-normality is compared with; 39 make the least 95 % interval.',
      integer: true,
      default: 39,
      min: 1,
      max: 1000,
      tier: 'rare',
    },
  },
  details: (result) => ({ ...pointsOf(result), ...linearizationsOf(result) }),
  async run(inputs, params, job): Promise<Result> {
    const all = await searched(inputs, params, partOf(job, 0, PARTS.searched));
    const { field, held, found, visited } = all;
    const dynamics = inputs.dynamics as Dynamics;
    const { flow } = dynamics;
    const stepMs = field.stepMs;
    const wantedMs = params.durationMs ?? dynamics.trialMs ?? STEPS * stepMs;
    const duration = field.kind === 'map' ? Math.max(1, Math.round(wantedMs / stepMs)) : wantedMs;
    const durationMs = duration * stepMs;
    const { whitening, spread } = whiteningOf(visited, field.states);
    const asked = {
      kind: field.kind,
      n: field.states,
      jacobians: found.points.map((point) => jacobianOf(field, point.end)),
      leastStable: found.points.map((point) => leastStableOf(field, point)),
      duration,
      draws: params.draws,
      seed: job.seed,
      whitening,
    };
    const alone = await allAlone(asked, partOf(job, PARTS.searched, PARTS.alone));
    const setting = { flow, field, u: held.u, duration, spread };
    const pushing = partOf(job, PARTS.alone, PARTS.pushed, 'Following pulses of inputs');
    const points: Linearised[] = [];
    for (const [k, point] of found.points.entries())
      points.push(await linearise(setting, point, alone[k], () => pushing.progress(k / found.points.length)));
    const curve = await curveOf(
      { flow, field, u: held.u, found, margin: params.margin },
      all.startsOf,
      { duration, durationMs },
      partOf(job, PARTS.pushed, 1),
    );
    const names = Array.from({ length: flow.inputs }, (_, k) => dynamics.driven?.names[k] ?? `input ${k + 1}`);
    const chance = [chanceCosine(field.states, 1, job.seed), chanceCosine(field.states, 2, job.seed)] as const;
    const arrays = {
      ...arraysOf(all),
      ...linearArrays({ searched: all, points, curve, inputs: names, chance, stepMs, margin: params.margin }),
    };
    const { linearizations, curve: report } = linearizationsOf({ arrays });
    return {
      arrays,
      summary: { ...summaryOf(found), nonNormal: linearizations.filter(({ isNonNormal }) => isNonNormal).length },
      recipe: `Linearisation of ${dynamics.of} at its fixed and slow points with ${held.words}, followed for ${Number(durationMs.toPrecision(4))} ms, beside ${params.draws} random networks.`,
      notes: [
        ...notesOf(all, dynamics),
        ...refusals(points),
        report
          ? `Line or ring: ${report.verdict}. ${report.because}`
          : 'Whether points form a line or a ring cannot be said: starts leave all bounds.',
        'Non-normality, angles and growth depend on the coordinates of the states; eigenvalues do not.',
      ],
    };
  },
});

function refusals(points: readonly Linearised[]): string[] {
  return (Object.keys(REFUSALS) as (keyof typeof REFUSALS)[]).flatMap((refusal) => {
    const count = points.filter((point) => point.refusal === refusal && point.B.length > 0).length;
    return count > 0 ? [`At ${count} of ${points.length} points: ${REFUSALS[refusal]}`] : [];
  });
}
