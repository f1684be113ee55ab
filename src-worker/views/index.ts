// Every view, in menu order. Adding one is its file and its line here.

import { activityView } from './activity.ts';
import { behavior } from './behavior.ts';
import { bifurcations } from './bifurcations.ts';
import { dimensionality } from './dimensionality.ts';
import { currents } from './currents.ts';
import { divergence } from './divergence.ts';
import { eigenvalues } from './eigenvalues.ts';
import { ensemble } from './ensemble.ts';
import { freeRun } from './free-run.ts';
import { initialConditions } from './initial-conditions.ts';
import { inputs } from './inputs.ts';
import { jpca } from './jpca.ts';
import { kick } from './kick.ts';
import { lyapunov } from './lyapunov.ts';
import { phasePortrait } from './phase-portrait.ts';
import { psth } from './psth.ts';
import { raster } from './raster.ts';
import { rates } from './rates.ts';
import { recovery } from './recovery.ts';
import { residualDynamics } from './residual-dynamics.ts';
import { tangling } from './tangling.ts';
import { training } from './training.ts';
import { trajectories } from './trajectories.ts';
import { weightsView } from './weights.ts';

export const views = [
  raster,
  psth,
  trajectories,
  rates,
  inputs,
  behavior,
  initialConditions,
  training,
  tangling,
  divergence,
  jpca,
  dimensionality,
  residualDynamics,
  phasePortrait,
  eigenvalues,
  bifurcations,
  weightsView,
  activityView,
  lyapunov,
  kick,
  currents,
  freeRun,
  ensemble,
  recovery,
] as const;
