// The registries as JSON: what forms, command line and menus are made of.

import { analyses } from '../analyses/index.ts';
import type { Catalogue } from '../contract/catalogue.ts';
import { datasetParams } from '../dataset/params.ts';
import { exporters } from '../exporters/index.ts';
import { formats } from '../formats/index.ts';
import { models } from '../models/index.ts';
import { views } from '../views/index.ts';

interface Declared {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly about: string;
  readonly params: Catalogue['dataset'];
}

const entry = ({ id, title, version, about, params }: Declared) => ({ id, title, version, about, params });

export function catalogue(): Catalogue {
  return {
    formats: formats.map((format) => ({ ...entry(format), extensions: format.extensions })),
    models: models.map((model) => ({
      ...entry(model),
      ...(model.reads ? { reads: model.reads } : {}),
      ...(model.oneThread ? { oneThread: true } : {}),
      ...(model.tested ? { tested: true } : {}),
      ...(model.tested?.isLong ? { testsLong: true } : {}),
      ...(model.prepares ? { prepares: true } : {}),
      ...(model.devices ? { devices: [...model.devices] } : {}),
    })),
    analyses: analyses.map((analysis) => ({ ...entry(analysis), needs: analysis.needs })),
    views: views.map((view) => ({ ...entry(view), shows: view.shows })),
    exporters: exporters.map((exporter) => ({ ...entry(exporter), extension: exporter.extension })),
    dataset: datasetParams,
  };
}
