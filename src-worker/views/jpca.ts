// jPCA: condition averages in a plane in which they rotate, with the fit's R² on a strip beneath, beside that of surrogates.

import { Failure } from '../contract/failure.ts';
import { allTrials } from '../analyses/states.ts';
import type { Result } from '../contract/result.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { numberText } from '../scene/axes.ts';
import type { Line, Mark, Points, Scene, Sign, Text } from '../scene/scene.ts';
import { quantile } from '../numerics/statistics.ts';
import { conditionKey, conditionRole } from './shared.ts';
import { defineView } from './view.ts';

const params = defineParams({
  plane: {
    kind: 'number',
    label: 'Plane',
    help: 'Which plane to show, 1 for the fastest.',
    default: 1,
    min: 1,
    max: 20,
    integer: true,
    tier: 'common',
  },
});
