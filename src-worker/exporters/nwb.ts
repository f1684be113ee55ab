// Neurodata Without Borders 2: a run's outputs as time series in a processing module, with tables of trials, units and bins.
//
// Time series run through the trials one after the other; their timestamps are bin centres in seconds of the recording where the
// dataset knows the time of its events, else of trials laid end to end.

import { basename } from 'node:path';
import { defineParams } from '../contract/params.ts';
import type { NamedArray, Numbers } from '../contract/result.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { readValues } from '../store/arrays.ts';
import { createHdf5, hdf5Ready, isDataset, openHdf5, using, withFrozenClock } from '../store/hdf5.ts';
import { compareArray, compareText, quoted, quotedMatlab, writeBeside } from './beside.ts';
import { type Contents, contentsOf, exportParams, shapeOf } from './contents.ts';
import { defineExporter } from './exporter.ts';
import { textsAt } from './hdf5.ts';
import { type Column, isNumbers, nwbWriter } from './nwb-writer.ts';
import { wholeOf } from './whole.ts';

export const nwb = defineExporter({
  id: 'nwb',
  title: 'NWB',
  version: 1,
  about: 'Neurodata Without Borders 2, for archives: outputs as time series with tables of trials, units and bins',
  extension: 'nwb',
  params: defineParams({
    ...exportParams,
    sessionStart: {
      kind: 'text',
      default: '1970-01-01T00:00:00+00:00',
      label: 'Session start',
      help: 'Date and time of the session with its time zone, which the format demands; give it before you share the file',
      tier: 'occasional',
    },
  }),
  async write(asked, path, { outputs, merge, sessionStart }, job) {
    const what = merge ? wholeOf(asked) : asked;
    const contents = contentsOf(what, outputs);
    const plan = planOf(contents, what.dataset);
    await hdf5Ready();
    const heading = {
      identifier: `${what.run.id} ${what.dataset.hash}`,
      description: `Outputs of ${what.run.model} run ${what.run.id} on ${basename(what.recordingPath)}`,
      created: what.run.created,
      sessionStart,
    };
    const part = {
      path,
      write: async (draft: string) => put(draft, plan, heading),
      compare: async (draft: string) => compare(draft, plan, what.dataset),
    };
    const files = await writeBeside([part], what.recordingPath, job);
    return {
      files,
      load: [
        { language: 'Python', lines: python(path, plan, what.dataset) },
        { language: 'MATLAB', lines: matlab(path, plan, what.dataset) },
      ],
    };
  },
});

interface Plan {
  /** trial × bin × … */
  readonly series: Readonly<Record<string, NamedArray>>;
  readonly timestamps: Float64Array;
  /** What the timestamps count from. */
  readonly clock: string;
  readonly trials: readonly Column[];
  readonly units: readonly Column[];
  readonly bins: readonly Column[];
  readonly trialIds: Int32Array;
  readonly unitIds: Int32Array;
  readonly conditionNames: readonly string[];
  readonly parameters: string;
}

const vector = (name: string, about: string, values: Column['values']): Column => ({ name, about, values, shape: [values.length] });

/** Ids as the format wants them: whole numbers, else rows of the recording's table. */
const wholeIds = (ids: Float64Array, rows: Int32Array): Int32Array =>
  ids.every((id) => Number.isInteger(id) && Math.abs(id) < 2 ** 31) ? Int32Array.from(ids) : rows;

function planOf({ outputs, texts, parameters, identities }: Contents, dataset: Dataset): Plan {
  const { trials, bins, edgesMs } = dataset;
  const entries = Object.entries({ ...outputs, ...(identities.observed ? { observed: identities.observed } : {}) });
  const byBin = entries.filter(([, { axes }]) => axes[0] === 'trial' && axes[1] === 'bin');
  const { seconds, clock } = eventTimes(dataset);
  const timestamps = Float64Array.from({ length: trials * bins }, (_, index) => {
    const bin = index % bins;
    return seconds[Math.floor(index / bins)] + (edgesMs[bin] + edgesMs[bin + 1]) / 2000;
  });
  return {
    series: Object.fromEntries(byBin),
    timestamps,
    clock,
    trials: [
      vector(
        'start_time',
        'Start of the first bin, s',
        seconds.map((time) => time + edgesMs[0] / 1000),
      ),
      vector(
        'stop_time',
        'End of the last bin, s',
        seconds.map((time) => time + edgesMs[bins] / 1000),
      ),
      vector('trial_row', identities.trialRows.about ?? '', dataset.trialRows),
      vector('trial_id', identities.trialIds.about ?? '', dataset.trialIds),
      vector('condition', texts.trialCondition.about, texts.trialCondition.values),
      vector('split', texts.trialSplit.about, texts.trialSplit.values),
      vector(
        'first_sample',
        'Sample of the time series at which the trial begins',
        Int32Array.from({ length: trials }, (_, k) => k * bins),
      ),
      ...entries
        .filter((entry) => entry[1].axes[0] === 'trial' && !byBin.includes(entry))
        .map(([name, { values, shape, about = name }]): Column => ({ name, about, values, shape })),
    ],
    units: [
      vector('unit_row', identities.unitRows.about ?? '', dataset.unitRows),
      vector('unit_id', identities.unitIds.about ?? '', dataset.unitIds),
      vector(
        'area',
        texts.unitAreas.about,
        Array.from({ length: dataset.units }, (_, unit) => texts.unitAreas.values[unit] ?? ''),
      ),
      vector('held_out', identities.unitHeldOut.about ?? '', dataset.heldOut),
    ],
    bins: [
      vector('start_ms', `Start of the bin about ${dataset.event}, ms`, edgesMs.slice(0, bins)),
      vector('stop_ms', `End of the bin about ${dataset.event}, ms`, edgesMs.slice(1)),
    ],
    trialIds: wholeIds(dataset.trialIds, dataset.trialRows),
    unitIds: wholeIds(dataset.unitIds, dataset.unitRows),
    conditionNames: texts.conditionNames.values,
    parameters,
  };
}

/** Time of each trial's alignment event, s. */
function eventTimes({ segments, columns, event, trials, bins, edgesMs }: Dataset): {
  readonly seconds: Float64Array;
  readonly clock: string;
} {
  if (segments)
    return { seconds: segments.startSeconds.map((start) => start - edgesMs[0] / 1000), clock: 'Times are those of the recording.' };
  const column = columns.find(({ name, kind }) => name === event && kind === 'number')?.values;
  if (column instanceof Float64Array && column.every(Number.isFinite))
    return { seconds: column, clock: 'Times are those of the recording.' };
  const length = (edgesMs[bins] - edgesMs[0]) / 1000;
  return {
    seconds: Float64Array.from({ length: trials }, (_, trial) => trial * length - edgesMs[0] / 1000),
    clock: 'The times of the trials in the recording are not known: they are laid end to end.',
  };
}

interface Heading {
  readonly identifier: string;
  readonly description: string;
  readonly created: string;
  readonly sessionStart: string;
}

function put(draft: string, plan: Plan, { identifier, description, created, sessionStart }: Heading): void {
  withFrozenClock(() =>
    using(createHdf5(draft), (file) => {
      const writer = nwbWriter(file, identifier);
      writer.root();
      writer.texts('file_create_date', [created], [1]);
      writer.texts('identifier', [identifier], []);
      writer.texts('session_description', [`${description}. ${plan.clock}`], []);
      writer.texts('session_start_time', [sessionStart], []);
      writer.texts('timestamps_reference_time', [sessionStart], []);
      for (const group of ['acquisition', 'analysis', 'general', 'intervals', 'processing', 'scratch', 'stimulus']) writer.group(group);
      for (const group of ['stimulus/presentation', 'stimulus/templates']) writer.group(group);
      writer.table('intervals/trials', 'TimeIntervals', 'core', 'Trials of the dataset in their order', plan.trialIds, plan.trials);
      writer.table('units', 'Units', 'core', 'Units of the dataset in their order', plan.unitIds, plan.units);
      const module = 'processing/orrery';
      writer.typed(module, 'ProcessingModule', 'core', { description });
      for (const [name, array] of Object.entries(plan.series)) writer.series(`${module}/${name}`, array, plan.timestamps);
      const bins = Int32Array.from({ length: plan.bins[0].shape[0] }, (_, bin) => bin);
      writer.table(`${module}/bins`, 'DynamicTable', 'hdmf-common', 'Edges of the bins of a trial', bins, plan.bins);
      writer.scratch('parameters', [plan.parameters], [], 'What made this: run, dataset, recording, as JSON');
      if (plan.conditionNames.length > 0)
        writer.scratch('condition_names', plan.conditionNames, [plan.conditionNames.length], 'Conditions in their order');
    }),
  );
}

async function compare(draft: string, plan: Plan, { trials, bins }: Dataset): Promise<void> {
  using(openHdf5(draft), (file) => {
    const same = (path: string, values: Numbers, shape: readonly number[]) => {
      const dataset = file.get(path);
      const found = isDataset(dataset) ? (dataset.shape ?? []) : undefined;
      compareArray(
        draft,
        path,
        { values, shape },
        found && isDataset(dataset) ? { values: readValues(dataset, found, path), shape: found } : undefined,
      );
    };
    for (const [name, { values, shape }] of Object.entries(plan.series)) {
      same(`processing/orrery/${name}/data`, values, [trials * bins, ...shape.slice(2)]);
      same(`processing/orrery/${name}/timestamps`, plan.timestamps, [trials * bins]);
    }
    const tables = { 'intervals/trials': plan.trials, units: plan.units, 'processing/orrery/bins': plan.bins };
    for (const [table, columns] of Object.entries(tables))
      for (const { name, values, shape } of columns) {
        if (isNumbers(values)) same(`${table}/${name}`, values, shape);
        else compareText(draft, `${table}/${name}`, values, textsAt(file, `${table}/${name}`));
      }
    same('intervals/trials/id', plan.trialIds, [trials]);
    same('units/id', plan.unitIds, [plan.unitIds.length]);
    compareText(draft, 'scratch/parameters', [plan.parameters], textsAt(file, 'scratch/parameters'));
  });
}

const perTrial = ({ trials }: Plan): readonly Column[] => trials.filter(({ shape }) => shape.length > 1);

function python(path: string, plan: Plan, { trials, bins }: Dataset): string {
  return [
    'import json, h5py',
    `with h5py.File(${quoted(path)}, "r") as file:`,
    ...Object.entries(plan.series).map(([name, array]) => {
      const tail = array.shape.slice(2).map(String);
      return `    ${name} = file["processing/orrery/${name}/data"][:].reshape(${[trials, bins, ...tail].join(', ')})  # ${shapeOf(array)}`;
    }),
    ...perTrial(plan).map(({ name }) => `    ${name} = file["intervals/trials/${name}"][:]  # trial × dimension`),
    '    trial_ids, unit_ids = file["intervals/trials/id"][:], file["units/id"][:]',
    '    condition = file["intervals/trials/condition"].asstr()[:]',
    '    start_ms, stop_ms = file["processing/orrery/bins/start_ms"][:], file["processing/orrery/bins/stop_ms"][:]',
    '    parameters = json.loads(file["scratch/parameters"].asstr()[()])',
  ].join('\n');
}

function matlab(path: string, plan: Plan, { trials, bins }: Dataset): string {
  return [
    '% h5read gives the dimensions in reverse order (unit, sample); reshape and permute give trial, bin, unit.',
    `file = ${quotedMatlab(path)};`,
    ...Object.entries(plan.series).map(([name, array]) => {
      const read = `h5read(file, '/processing/orrery/${name}/data')`;
      const tail = array.shape.slice(2).reverse();
      const order = array.shape.map((_, index) => array.shape.length - index).join(' ');
      return `${name} = permute(reshape(${read}, [${[...tail, bins, trials].join(' ')}]), [${order}]);  % ${shapeOf(array)}`;
    }),
    ...perTrial(plan).map(({ name }) => `${name} = h5read(file, '/intervals/trials/${name}')';  % trial × dimension`),
    "trial_ids = h5read(file, '/intervals/trials/id');  unit_ids = h5read(file, '/units/id');",
    "parameters = jsondecode(char(string(h5read(file, '/scratch/parameters'))));",
  ].join('\n');
}
