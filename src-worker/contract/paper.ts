// What a user may choose of a page, with its bounds: of the Figure screen and of `orrery figure` alike.

import { USUAL_LOOK } from '../scene/style.ts';
import { defineParams, type Values } from './params.ts';

const rare = { kind: 'number', tier: 'rare' } as const;

export const paperParams = defineParams({
  linePt: {
    ...rare,
    label: 'Lines',
    help: 'averages; curves over time take three quarters of it',
    unit: 'pt',
    default: USUAL_LOOK.linePt,
    min: 0.25,
    max: 4,
  },
  trialPt: { ...rare, label: 'Thin lines', help: 'single trials', unit: 'pt', default: USUAL_LOOK.trialPt, min: 0.1, max: 2 },
  haloPt: {
    ...rare,
    label: 'Halo',
    help: 'of the page’s colour on either side where lines in space cross',
    unit: 'pt',
    default: USUAL_LOOK.haloPt,
    min: 0,
    max: 4,
  },
  signPt: { ...rare, label: 'Markers', help: 'width of a sign', unit: 'pt', default: USUAL_LOOK.signPt, min: 1, max: 12 },
  textPt: {
    ...rare,
    label: 'Text',
    help: 'titles of axes; numbers are a point smaller',
    unit: 'pt',
    default: USUAL_LOOK.textPt,
    min: 5,
    max: 14,
  },
  fade: {
    ...rare,
    label: 'Fading',
    help: 'how much what is farthest in space goes over into the page',
    default: USUAL_LOOK.fade,
    min: 0,
    max: 0.9,
  },
  stereo: {
    ...rare,
    label: 'Stereo',
    help: 'angle between two views side by side, for parallel eyes, of a view in space; 5 suits most, 0 draws one view',
    unit: '°',
    default: USUAL_LOOK.stereo,
    min: 0,
    max: 20,
  },
});

export const movieParams = defineParams({
  movie: {
    kind: 'choice',
    label: 'Movie',
    help: 'what moves in an .mp4 file: the eye once around, or time along the trajectories',
    choices: ['turntable', 'time'],
    default: 'turntable',
    tier: 'occasional',
  },
  seconds: { kind: 'number', label: 'Seconds', help: 'how long a movie is', unit: 's', default: 8, min: 1, max: 120, tier: 'occasional' },
  framesPerSecond: {
    kind: 'number',
    label: 'Frames per second',
    help: 'of a movie',
    default: 25,
    min: 1,
    max: 60,
    integer: true,
    tier: 'rare',
  },
});

export type MovieOptions = Values<typeof movieParams>;
