// Every model, in menu order. Adding one is its file and its line here.

import { cornn } from './cornn/index.ts';
import { curbd } from './curbd/index.ts';
import { force, fullForce } from './force/index.ts';
import { glm } from './glm/index.ts';
import { lfads } from './lfads/index.ts';
import type { Model } from './model.ts';
import { network } from './network/index.ts';
import { pca } from './pca.ts';
import { rateRnn } from './rate-rnn/index.ts';
import { smoothing } from './smoothing.ts';

export const models: readonly Model[] = [smoothing, pca, glm, network, lfads, curbd, force, fullForce, cornn, rateRnn];
