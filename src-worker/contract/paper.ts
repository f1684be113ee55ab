// Sizes on paper that a user may choose, with their bounds: of the Figure screen and of `orrery figure` alike.

import { USUAL_LOOK } from '../scene/style.ts';
import { defineParams } from './params.ts';

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
});
