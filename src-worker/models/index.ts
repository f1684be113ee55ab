// Every model, in menu order. Adding one is its file and its line here.

import { glm } from './glm.ts';
import { lfads } from './lfads/index.ts';
import { pca } from './pca.ts';
import { smoothing } from './smoothing.ts';
import type { Model } from './model.ts';

export const models: readonly Model[] = [lfads, smoothing, pca, glm];
