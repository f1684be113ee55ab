// The page's calls, parsed on arrival: which methods there are, the shape of their arguments, and grants turned into paths.

import { z } from 'zod';
import type { HostApi } from '../../src-worker/contract/page.ts';
import { Failure } from '../../src-worker/contract/failure.ts';

const name = z.string().max(200);
const value = z.union([z.number(), z.string().max(10_000), z.boolean(), z.array(z.number()).max(100_000), z.array(name).max(100_000)]);
export const settings = z.record(name, value);
const pixels = z.number().min(1).max(16_384);
const triple = z.tuple([z.number(), z.number(), z.number()]);
const factor = z.number().min(0.01).max(100);
const camera = z.object({
  azimuthDeg: z.number(),
  elevationDeg: z.number(),
  rollDeg: z.number(),
  zoom: z.number().positive(),
  target: triple.optional(),
  stretch: z.tuple([factor, factor, factor]).optional(),
});

const follow = z.object({
  hidden: z.array(name).max(10_000).optional(),
  names: z.record(name, name).optional(),
  colours: z.record(name, z.number().int()).optional(),
  spanMs: z.tuple([z.number(), z.number()]).optional(),
  onlyTrial: z.number().int().optional(),
  condition: z.number().int().optional(),
});

const points = z.number().min(0).max(30).optional();
const look = z.object({
  linePt: points,
  trialPt: points,
  haloPt: points,
  textPt: z.number().min(5).max(30).optional(),
  signPt: points,
  fade: z.number().min(0).max(1).optional(),
});

const savedView = z.object({
  view: name,
  settings,
  state: name.optional(),
  trials: name.optional(),
  analysis: settings.optional(),
  camera: camera.optional(),
  follow: follow.optional(),
  look: look.optional(),
  held: z.array(z.number()).max(10_000).optional(),
});

/** Schemas whose grants come out as paths: `path` looks a grant up and throws a Failure where there is none. */
function schemas(path: (grant: string) => string) {
  const grant = z.string().max(100).transform(path);
  const run = z.object({ project: grant, run: name });
  const data = z.object({ recording: grant, data: settings });
  const trials = name.optional();
  const held = z.array(z.number()).max(10_000).optional();
  const options = {
    held,
    view: name,
    settings,
    state: name.optional(),
    trials,
    analysis: settings.optional(),
    width: pixels,
    height: pixels,
  };
  const paper = {
    out: grant,
    widthMm: z.number().min(10).max(1000),
    heightMm: z.number().min(10).max(1000).optional(),
    dpi: z.number().min(30).max(2400),
    camera: camera.optional(),
    follow: follow.optional(),
    look: look.optional(),
    saved: name.optional(),
    saveAs: name.optional(),
  };
  const fit = z.object({ model: name, settings }).optional();
  // Of a run, or of a recording that nothing was fitted to yet.
  const either = <More extends z.ZodRawShape>(more: More) => z.union([run.extend(more), data.extend({ ...more, fit })]);
  const steps = z.number().int().min(1).max(100_000_000).optional();
  const threads = z.number().int().min(1).max(1024).optional();
  return {
    catalogue: z.tuple([]),
    devices: z.tuple([]),
    inspect: z.tuple([z.object({ path: grant, settings: settings.optional() }), name]),
    rows: z.tuple([z.object({ path: grant, settings: settings.optional(), table: name }), name]),
    unitMeans: z.tuple([data, name]),
    preview: z.tuple([data.extend({ model: name, settings, threads, device: name.optional(), project: grant.optional() }), name]),
    createProject: z.tuple([grant]),
    openProject: z.tuple([grant]),
    startFit: z.tuple([
      data.extend({ project: grant, model: name, settings, seed: z.number().int(), threads, device: name, again: z.boolean().optional() }),
    ]),
    resumeFit: z.tuple([run, z.object({ steps, threads, device: name.optional() })]),
    stopFit: z.tuple([run]),
    waitForRun: z.tuple([run]),
    run: z.tuple([run]),
    curves: z.tuple([run]),
    ensemble: z.tuple([z.object({ project: grant, runs: z.array(name).min(2).max(1000) }), name]),
    infer: z.tuple([run.extend({ recording: grant, data: settings, out: grant.optional() }), name]),
    analyze: z.tuple([
      run.extend({ analysis: name, state: name.optional(), trials, settings, out: grant.optional(), onlyKept: z.boolean().optional() }),
      name,
    ]),
    points: z.tuple([run.extend({ settings, trials, held }), name]),
    scene: z.tuple([either(options), name]),
    figure: z.tuple([either({ ...options, ...paper }), name]),
    keepView: z.tuple([z.object({ project: grant, name: name.trim().min(1), view: savedView.optional() })]),
    export: z.tuple([run.extend({ exporter: name, out: grant, trials, settings }), name]),
    methods: z.tuple([run, name]),
    report: z.tuple([z.object({ project: grant, out: grant }), name]),
    cancel: z.tuple([name]),
    hello: z.tuple([]),
    list: z.tuple([grant.optional()]),
    choose: z.tuple([z.enum(['recording', 'project'])]),
    opened: z.tuple([grant]),
    projectFor: z.tuple([grant]),
    saveTarget: z.tuple([name]),
    remember: z.tuple([z.string().max(1_000_000)]),
    presets: z.tuple([]),
    keepPreset: z.tuple([z.object({ model: name, name: name.trim().min(1), settings: settings.optional() })]),
  } satisfies Record<keyof HostApi, z.ZodType>;
}

export type Method = keyof HostApi;

/** Checks calls: gives the arguments with paths in place of grants, or throws a Failure `bad-call`. */
export function callParser(path: (grant: string) => string): (method: Method, args: readonly unknown[]) => readonly unknown[] {
  const known = schemas(path);
  return (method, args) => {
    // Optional arguments at the end arrive as absent or as undefined alike.
    const schema = known[method];
    const parsed = schema.safeParse(method === 'list' && args.length === 0 ? [undefined] : args);
    if (parsed.success) return parsed.data as readonly unknown[];
    const issue = parsed.error.issues[0];
    throw new Failure(
      'bad-call',
      `${method} was called with something it does not take: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`,
      'Reload the window.',
    );
  };
}

export const methods = Object.keys(schemas((grant) => grant)) as readonly Method[];
