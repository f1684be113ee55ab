// What is set first of LFADS. Without a default here a value is chosen for the data (defaults.ts).

import { defineParams } from '../../../contract/params.ts';
import { size } from './size.ts';

export const commonParams = defineParams({
  factors: size('Factors', 'Number of shared signals that all rates are made of; about a third to a half of the units', 'common'),
  inputs: {
    kind: 'number',
    label: 'Inferred inputs',
    help: 'Number of input signals inferred on each trial, 0 for dynamics that run on from the initial condition alone',
    tier: 'common',
    integer: true,
    min: 0,
    max: 64,
    group: 'Sizes',
  },
  betaInitial: {
    kind: 'number',
    label: 'β, initial condition',
    help: 'Price of information in the initial condition, 1 being the variational bound; raise it when few trials are memorised',
    tier: 'common',
    min: 0,
    group: 'Penalties',
  },
  betaInputs: {
    kind: 'number',
    label: 'β, inferred inputs',
    help: 'Price of information in inferred inputs, 1 being the variational bound; raise it to explain more by dynamics, above 3 inputs fall silent',
    tier: 'common',
    min: 0,
    group: 'Penalties',
  },
  dropout: {
    kind: 'number',
    label: 'Dropout',
    help: 'Share of activations that are silenced at random in training; more guards against overfitting',
    tier: 'common',
    min: 0,
    max: 0.9,
    group: 'Overfitting',
  },
  coordinatedDropout: {
    kind: 'number',
    label: 'Coordinated dropout',
    help: 'Share of counts hidden from the encoders, the only ones that are then learned from, so that spikes cannot be copied through',
    tier: 'common',
    min: 0,
    max: 0.9,
    group: 'Overfitting',
  },
  learningRate: {
    kind: 'number',
    label: 'Learning rate',
    help: 'Size of an optimiser step; lower it when the training curve jumps',
    tier: 'common',
    min: 1e-7,
    max: 1,
    group: 'Training',
  },
  steps: {
    kind: 'number',
    label: 'Steps',
    help: 'Optimiser steps of the fit; the learning rate falls over the second half of them',
    tier: 'common',
    unit: 'steps',
    integer: true,
    min: 1,
    max: 10_000_000,
    group: 'Training',
  },
});
