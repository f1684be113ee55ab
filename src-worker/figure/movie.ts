// Movies of a scene of space as MP4 (H.264): one turn about the third axis, or time running along the trajectories.

import { createRequire } from 'node:module';
import type { H264MP4Encoder } from 'h264-mp4-encoder';
import type { Job } from '../contract/job.ts';
import { Failure } from '../contract/failure.ts';
import type { MovieOptions } from '../contract/paper.ts';
import { numberText } from '../scene/axes.ts';
import { draw } from '../scene/draw.ts';
import { words } from '../scene/furniture.ts';
import type { Drawing } from '../scene/primitives.ts';
import { DEFAULT_CAMERA } from '../scene/projection.ts';
import type { Camera, Line, Points, Scene } from '../scene/scene.ts';
import { fittedPoints } from '../scene/space.ts';
import { curveOf, isLoud } from '../scene/space-lines.ts';
import { type PaperLook, paperStyleWith, type Style } from '../scene/style.ts';
import { steadied } from '../scene/turns.ts';
import { pixelsOf } from './png.ts';
import { svgOf } from './svg.ts';

export interface MoviePaper {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly dpi: number;
  readonly camera?: Camera;
  readonly look?: PaperLook;
}

const POINTS_A_MM = 72 / 25.4;
const MM_AN_INCH = 25.4;
/** Of the encoder, 10 to 51: lines stay clean, and a movie of ten seconds has some megabytes. */
const QUANTISER = 20;
/** Frames from one that stands for itself to the next. */
const KEY_EVERY = 25;
const MOST_PIXELS = 4096;

/** The bytes of a movie. Throws where the scene is flat, where nothing in it has a time, or where frames would be too large. */
export async function writeMovie(scene: Scene, paper: MoviePaper, options: MovieOptions, job: Pick<Job, 'progress'>): Promise<Uint8Array> {
  if (!scene.z) throw new Failure('flat-movie', `${scene.title} is flat.`, 'Movies are of views in space: trajectories, phase portraits.');
  const [columns, rows] = [paper.widthMm, paper.heightMm].map((mm) => 2 * Math.round((mm / MM_AN_INCH) * (paper.dpi / 2)));
  if (Math.max(columns, rows) > MOST_PIXELS)
    throw new Failure(
      'large-movie',
      `A movie of ${columns} × ${rows} pixels is too large.`,
      `Choose a smaller page or fewer dpi: at most ${MOST_PIXELS} pixels a side.`,
    );
  const count = Math.max(2, Math.round(options.seconds * options.framesPerSecond));
  const frame = options.movie === 'time' ? timeFrames(scene, paper, count) : turnFrames(scene, paper, count);
  const encoder = await encoderOf(columns, rows, options.framesPerSecond);
  let isWhole = false;
  try {
    for (let k = 0; k < count; k++) {
      await job.progress(k / count, `Frame ${k + 1} of ${count}`);
      encoder.addFrameRgba(await pixels(frame(k), scene, columns, rows));
    }
    encoder.finalize();
    isWhole = true;
    return encoder.FS.readFile(encoder.outputFilename);
  } finally {
    if (!isWhole) encoder.finalize();
    encoder.FS.unlink(encoder.outputFilename);
    encoder.delete();
  }
}

/** What a caption says of a movie. */
export const movieText = ({ movie, seconds }: MovieOptions): string =>
  movie === 'time' ? `time runs through in ${numberText(seconds)} s` : `one turn in ${numberText(seconds)} s`;

type Frames = (k: number) => Drawing;

/** One turn about the third axis, to the left, from where the camera stands; the last frame is a step before the first. */
function turnFrames(scene: Scene, paper: MoviePaper, count: number): Frames {
  // Nothing changes its corner from frame to frame.
  const style: Style = { ...paperStyleWith(paper.look), corners: 'fixed' };
  const [width, height] = [paper.widthMm * POINTS_A_MM, paper.heightMm * POINTS_A_MM];
  const from = paper.camera ?? scene.camera ?? DEFAULT_CAMERA;
  const around = Array.from({ length: count }, (_, k) => ({ ...from, azimuthDeg: from.azimuthDeg + (360 * k) / count }));
  const cameras = steadied(scene, style.stereo > 0 ? width / 2 : width, height, style, around);
  return (k) => draw(scene, width, height, style, cameras[k]);
}

/** Lines up to a time that runs evenly from the first to the last of all; what is still to come is pale, and a dot leads each. */
function timeFrames(scene: Scene, paper: MoviePaper, count: number): Frames {
  const style = paperStyleWith(paper.look);
  const [width, height] = [paper.widthMm * POINTS_A_MM, paper.heightMm * POINTS_A_MM];
  const timed = scene.marks.filter((mark): mark is Line => mark.kind === 'line' && mark.timeMs !== undefined && mark.timeMs.length > 1);
  const times = timed.flatMap(({ timeMs }) => Array.from(timeMs ?? []).filter(Number.isFinite));
  if (times.length === 0)
    throw new Failure('no-times', `Nothing in ${scene.title} has a time.`, 'Let the movie turn instead (--movie turntable).');
  const [from, to] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
  const loud = timed.filter(isLoud);
  const fitted = fittedPoints(scene);
  return (k) => {
    const now = from + ((to - from) * k) / (count - 1);
    const heads = (loud.length > 0 ? loud : timed).flatMap((line) => headOf(line, now));
    const drawing = draw({ ...scene, fitted, spanMs: [from, now], marks: [...scene.marks, ...heads] }, width, height, style, paper.camera);
    // Between the corners, where legends are.
    const halo = { colour: drawing.background, width: 2 * style.halo };
    const text = `${numberText(Math.round(now))} ms`;
    const clock = words(style, width / 2, 0.7 * style.small + style.text, text, { size: style.text, anchor: 'middle', halo });
    return { ...drawing, primitives: [...drawing.primitives, clock] };
  };
}

/** A dot where a line is at a time; none before it starts and after it ends. */
function headOf(line: Line, now: number): readonly Points[] {
  const times = line.timeMs ?? new Float64Array();
  const step = times.findLastIndex((time) => time <= now);
  if (step < 0 || now > times[times.length - 1]) return [];
  const curve = curveOf(line);
  const parts = (curve.length / 3 - 1) / (line.x.length - 1);
  const share = step + 1 < times.length ? (now - times[step]) / (times[step + 1] - times[step]) : 0;
  const at = Math.min(curve.length / 3 - 1, (step + share) * parts);
  const [low, high] = [Math.floor(at), Math.ceil(at)];
  const [x, y, z] = [0, 1, 2].map((axis) =>
    Float64Array.of(curve[3 * low + axis] + (at - low) * (curve[3 * high + axis] - curve[3 * low + axis])),
  );
  return [
    {
      kind: 'points',
      key: `now ${line.key}`,
      datum: line.datum,
      colour: line.colour,
      sign: 'dot',
      size: isLoud(line) ? 'large' : 'small',
      x,
      y,
      z,
    },
  ];
}

/** A drawing as columns × rows × 4 values; both are even, as the encoder wants them. */
async function pixels(drawing: Drawing, scene: Scene, columns: number, rows: number): Promise<Uint8Array> {
  const { rgba, rows: drawn } = await pixelsOf(svgOf(drawing, scene), columns);
  if (drawn === rows) return rgba;
  const whole = new Uint8Array(4 * columns * rows).fill(255);
  whole.set(rgba.subarray(0, whole.length));
  return whole;
}

let made = 0;

async function encoderOf(width: number, height: number, frameRate: number): Promise<H264MP4Encoder> {
  const before = new Map(EVENTS.map((event) => [event, new Set(process.listeners(event as 'exit'))]));
  const { createH264MP4Encoder } = createRequire(import.meta.url)('h264-mp4-encoder') as typeof import('h264-mp4-encoder');
  const encoder = await createH264MP4Encoder();
  // The encoder would have the whole process end at anybody's forgotten promise.
  for (const [event, known] of before)
    for (const listener of process.listeners(event as 'exit')) if (!known.has(listener)) process.removeListener(event, listener);
  made += 1;
  Object.assign(encoder, {
    width,
    height,
    frameRate,
    quantizationParameter: QUANTISER,
    groupOfPictures: KEY_EVERY,
    outputFilename: `${made}.mp4`,
  });
  encoder.initialize();
  return encoder;
}

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;
