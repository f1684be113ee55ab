// What preprocessing would make of a recording for a fit, before there is one; kept, for one unit after another is looked at.

import { aboutToFit } from '../analyses/prepared.ts';
import type { DataRef } from '../contract/api.ts';
import { Failure } from '../contract/failure.ts';
import type { Job } from '../contract/job.ts';
import type { Result } from '../contract/result.ts';
import { parseSettings } from '../contract/settings.ts';
import { models } from '../models/index.ts';
import type { Model } from '../models/model.ts';
import type { Shown } from '../views/view.ts';
import { Cache } from './cache.ts';
import { find } from './find.ts';
import type { Library } from './library.ts';

const KEPT = 2;

export class Preparations {
  readonly #library: Library;
  readonly #kept = new Cache<Result>(KEPT);

  constructor(library: Library) {
    this.#library = library;
  }

  /** Throws a Failure where the model is fitted to counts as they are. */
  async of({ recording, data }: DataRef, { model: id, settings }: NonNullable<DataRef['fit']>, job: Job): Promise<Shown> {
    const model = find<Model>('model', models, id);
    const { prepares, title } = model;
    if (!prepares)
      throw new Failure(
        'nothing-prepared',
        `${title} is fitted to counts as they are: nothing is prepared for it.`,
        'The dataset shows what it is given.',
      );
    const dataset = await this.#library.dataset(recording, data, job);
    const result = await this.#kept.get(JSON.stringify([dataset.hash, id, settings]), async () =>
      aboutToFit(dataset, prepares(dataset, model.resolve(dataset, parseSettings(model.params, settings)))),
    );
    return { dataset, modelTitle: title, result };
  }
}
