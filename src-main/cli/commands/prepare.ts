// `orrery prepare MODEL FILE -o FILE.svg …`: what preprocessing would make of a recording for a fit, without a fit.

import type { Catalogue } from '../../../src-worker/contract/catalogue.ts';
import { defineParams } from '../../../src-worker/contract/params.ts';
import { valuesOf } from '../../../src-worker/contract/settings.ts';
import { resolvePath } from '../arguments.ts';
import { bytes } from '../format.ts';
import { addOptions, settingsOf } from '../options.ts';
import type { AddCommand } from '../program.ts';
import { withJob } from '../session.ts';

const VIEW = 'activity';
const POINTS_PER_MM = 72 / 25.4;
const SHAPE = 0.75;

const figureParams = defineParams({
  widthMm: { kind: 'number', label: 'Width', help: 'on paper', unit: 'mm', default: 89, min: 10, max: 2000, tier: 'common' },
  dpi: { kind: 'number', label: 'Resolution', help: 'of PNG files', unit: 'dpi', default: 300, min: 30, max: 2400, tier: 'common' },
});

export function addPrepare(add: AddCommand, catalogue: Catalogue): void {
  const view = catalogue.views.find(({ id }) => id === VIEW);
  const models = catalogue.models.filter(({ prepares }) => prepares);
  if (!view || models.length === 0) return;
  const group = add.group(
    'prepare',
    'Draw what a fit would be given of a unit, before and after: `orrery prepare MODEL FILE -o FILE.svg …`',
  );
  for (const model of models) {
    const command = group.command(`${model.id} <file>`, `Activity before and after preprocessing for ${model.title}; nothing is fitted`);
    group.required(command, '-o, --out <file>', 'the figure: its ending says SVG, PDF or PNG, or CSV for the data behind it');
    const own = addOptions(command, figureParams, { heading: 'Figure', prefix: 'figure' });
    const what = addOptions(command, view.params, { heading: view.title, prefix: 'view' });
    const data = addOptions(command, catalogue.dataset, { heading: 'Data', prefix: 'data' });
    const options = addOptions(command, model.params, { heading: model.title, prefix: 'model', withoutDefault: 'chosen for the data' });
    group.action(command, async (session, [file], values) => {
      const { folder } = session.terminal;
      const { widthMm, dpi } = valuesOf(figureParams, settingsOf(figureParams, own, values));
      const request = {
        recording: resolvePath(folder, file),
        data: settingsOf(catalogue.dataset, data, values),
        fit: { model: model.id, settings: settingsOf(model.params, options, values) },
        view: VIEW,
        settings: settingsOf(view.params, what, values),
        width: widthMm * POINTS_PER_MM,
        height: widthMm * SHAPE * POINTS_PER_MM,
        out: resolvePath(folder, String(values.out)),
        widthMm,
        dpi,
      };
      const figure = await withJob(session, 'Preparing activity', (job) => session.api.figure(request, job));
      return { json: { model: model.id, ...figure }, text: `${figure.path}, ${bytes(figure.bytes)}\n${figure.caption}` };
    });
  }
}
