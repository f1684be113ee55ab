// What a user may set of FORCE and full-FORCE, and what follows from it for the learner.

import { defineParams } from '../../contract/params.ts';
import { activityChoices, activityParams } from '../constrained/params.ts';
import { gainOf, gainSpread } from '../constrained/gain.ts';
import { numberOf, type Resolved, textOf } from '../constrained/resolved.ts';
import type { ForceOptions } from './learner.ts';
import type { Wanted } from './task.ts';

const { regions: _regions, leastUnits: _least, ...shared } = activityParams;

/** Of the activity: all units stand in one region. */
export const sharedParams = shared;

export const forceParams = defineParams({
  steps: {
    kind: 'number',
    label: 'Passes',
    help: 'How many times the network goes through the trials while it learns',
    default: 20,
    min: 1,
    integer: true,
    unit: 'steps',
    tier: 'common',
  },
  target: {
    kind: 'choice',
    label: 'Target',
    help: 'What the network learns to give: the activity of all recorded units, or behaviour',
    choices: ['activity', 'behaviour'],
    default: 'activity',
    tier: 'common',
  },
  networkUnits: {
    kind: 'number',
    label: 'Units of the network',
    help: 'Units of its own: more of them hold more, and take longer by their square',
    default: 200,
    min: 2,
    max: 5000,
    integer: true,
    unit: 'units',
    tier: 'common',
  },
  tauMs: { kind: 'number', label: 'Time constant', help: 'Time constant τ of every unit', unit: 'ms', min: 0.001, tier: 'common' },
  gain: {
    kind: 'number',
    label: 'Gain g',
    help: 'Fixed weights are g · N(0, 1) / √units; above 1 such a network is active by itself',
    default: 1.5,
    min: 0,
    tier: 'common',
  },
  gainSpread,
  stepsPerBin: {
    kind: 'number',
    label: 'Steps per bin',
    help: 'Steps that the network takes from one bin to the next',
    default: 5,
    min: 1,
    max: 1000,
    integer: true,
    tier: 'occasional',
  },
  every: {
    kind: 'number',
    label: 'Steps between corrections',
    help: 'Weights are corrected every so many steps',
    default: 2,
    min: 1,
    integer: true,
    unit: 'steps',
    tier: 'rare',
  },
  p0: { kind: 'number', label: 'P₀', help: 'How fast learning begins', default: 1, min: 1e-9, tier: 'rare' },
});

export const hintParams = defineParams({
  hints: {
    kind: 'list',
    of: 'text',
    label: 'Hints',
    help: 'External inputs that only the target-generating network gets, such as a ramp between two events',
    default: [],
    tier: 'occasional',
  },
});

export const optionsOf = (kind: ForceOptions['kind'], resolved: Resolved, binMs: number, seed: number): ForceOptions => ({
  kind,
  units: numberOf(resolved, 'networkUnits'),
  gain: gainOf(numberOf(resolved, 'gain'), Number(resolved.gainSpread?.value ?? 0), seed),
  alpha: binMs / numberOf(resolved, 'stepsPerBin') / numberOf(resolved, 'tauMs'),
  stepsPerBin: numberOf(resolved, 'stepsPerBin'),
  every: numberOf(resolved, 'every'),
  p0: numberOf(resolved, 'p0'),
  seed,
});

export const wantedOf = (resolved: Resolved): Wanted => ({
  target: textOf(resolved, 'target') as Wanted['target'],
  hints: (resolved.hints?.value ?? []) as readonly string[],
  sdMs: numberOf(resolved, 'sdMs'),
});

export const choicesOf = (resolved: Resolved) =>
  activityChoices({ ...resolved, regions: { value: 'area', reason: '' }, leastUnits: { value: 1, reason: '' } });
