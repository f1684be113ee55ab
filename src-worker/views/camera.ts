// From where a view in space is seen, as parameters that every such view has.

import { defineParams, type Values } from '../contract/params.ts';
import { DEFAULT_CAMERA } from '../scene/projection.ts';
import type { Camera } from '../scene/scene.ts';

export const cameraParams = defineParams({
  azimuth: {
    kind: 'number',
    label: 'Azimuth',
    help: 'Turns the data about the third axis.',
    default: DEFAULT_CAMERA.azimuthDeg,
    unit: '°',
    tier: 'occasional',
  },
  elevation: {
    kind: 'number',
    label: 'Elevation',
    help: 'How far the eye stands above the plane of the first two axes.',
    default: DEFAULT_CAMERA.elevationDeg,
    min: -90,
    max: 90,
    unit: '°',
    tier: 'occasional',
  },
  roll: { kind: 'number', label: 'Roll', help: 'Turns the picture clockwise.', default: 0, unit: '°', tier: 'rare' },
  zoom: { kind: 'number', label: 'Zoom', help: '1 fits the averages into the panel.', default: 1, min: 0.05, max: 50, tier: 'rare' },
});

/** The camera that a view's settings ask for. */
export const cameraOf = ({ azimuth, elevation, roll, zoom }: Values<typeof cameraParams>): Camera => ({
  azimuthDeg: azimuth,
  elevationDeg: elevation,
  rollDeg: roll,
  zoom,
});
