// Single trials in space, by three.js: as many line segments as there are, in one draw, through the camera that figures use too.
// Nearer lines are stronger, and what lies outside the time to look at is a hint; both are the graphics card's work.

import {
  BufferAttribute,
  BufferGeometry,
  LineSegments,
  Matrix4,
  OrthographicCamera,
  Scene as Space,
  ShaderMaterial,
  Vector2,
  WebGLRenderer,
} from 'three';
import { hexOf, rgbOf } from '../../src-worker/scene/colour.ts';
import { paintOf, valueColour } from '../../src-worker/scene/palettes.ts';
import { type Frame, matricesOf } from '../../src-worker/scene/projection.ts';
import type { Line, Scene } from '../../src-worker/scene/scene.ts';
import { splined } from '../../src-worker/scene/smooth.ts';
import { FADED_TRIAL, verticesOf } from '../../src-worker/scene/space-lines.ts';
import type { Style } from '../../src-worker/scene/style.ts';

/** Vertices up to which trials are drawn as curves. */
const CURVED = 40_000;
const ALWAYS = 1e30;
const GOLDEN = 0.6180339887498949;

const vertexShader = `
attribute vec3 tint;
attribute float atMs;
uniform vec2 depth;
uniform vec2 pale;
uniform vec2 span;
uniform float hint;
varying vec4 paint;
void main() {
  vec4 seen = modelViewMatrix * vec4(position, 1.0);
  float near = clamp((seen.z - depth.x) / max(1e-9, depth.y - depth.x), 0.0, 1.0);
  float shown = atMs < span.x || atMs > span.y ? hint : 1.0;
  paint = vec4(tint, mix(pale.x, pale.y, near) * shown);
  gl_Position = projectionMatrix * seen;
}`;

const fragmentShader = `
varying vec4 paint;
void main() { gl_FragColor = paint; }`;

export const isPale = (mark: Scene['marks'][number]): mark is Line => mark.kind === 'line' && mark.weight === 'thin';

/** Draws the pale lines of Scenes on one canvas. Undefined from `make` where there is no WebGL: then the 2-D painter draws them. */
export class PaleLines {
  readonly #renderer: WebGLRenderer;
  readonly #space = new Space();
  readonly #camera = new OrthographicCamera();
  readonly #material = new ShaderMaterial({
    vertexShader,
    fragmentShader,
    transparent: true,
    depthTest: false,
    depthWrite: false,
    uniforms: {
      depth: { value: new Vector2() },
      pale: { value: new Vector2() },
      span: { value: new Vector2(-ALWAYS, ALWAYS) },
      hint: { value: FADED_TRIAL },
    },
  });
  #lines: LineSegments | undefined;
  #size = '';

  private constructor(renderer: WebGLRenderer) {
    this.#renderer = renderer;
    // The camera's matrices come from the Scene's own projection.
    this.#camera.matrixAutoUpdate = false;
    this.#camera.matrixWorldAutoUpdate = false;
  }

  static make(canvas: HTMLCanvasElement): PaleLines | undefined {
    try {
      return new PaleLines(new WebGLRenderer({ canvas, antialias: true, alpha: true }));
    } catch {
      return undefined;
    }
  }

  /** Takes the lines of another Scene, or the same in another theme. */
  take(scene: Scene, style: Style): void {
    this.#drop();
    // In an order of which every beginning is an even sample: a slow screen may draw fewer while the camera turns.
    const lines = scene.marks
      .filter(isPale)
      .map((line, index) => ({ line, rank: (index * GOLDEN) % 1 }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ line }) => line);
    const vertices = lines.reduce((sum, { x }) => sum + x.length, 0);
    const parts = vertices > CURVED ? 1 : 2;
    const room = 2 * vertices * parts;
    const [position, tint, atMs] = [new Float32Array(3 * room), new Float32Array(3 * room), new Float32Array(room)];
    let count = 0;
    for (const line of lines) {
      const curve = splined(verticesOf(line), 3, parts);
      const colour = stepColours(scene, line, style);
      for (let i = 0; i + 1 < curve.length / 3; i++) {
        const step = Math.floor(i / parts);
        if (!Number.isFinite(curve[3 * i]! + curve[3 * i + 3]!)) continue;
        for (const end of [i, i + 1]) {
          for (let k = 0; k < 3; k++) position[3 * count + k] = curve[3 * end + k]!;
          tint.set(colour(step), 3 * count);
          // Both ends of a segment fade together.
          atMs[count++] = line.timeMs?.[step] ?? 0;
        }
      }
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(position.subarray(0, 3 * count), 3));
    geometry.setAttribute('tint', new BufferAttribute(tint.subarray(0, 3 * count), 3));
    geometry.setAttribute('atMs', new BufferAttribute(atMs.subarray(0, count), 1));
    this.#lines = new LineSegments(geometry, this.#material);
    this.#lines.frustumCulled = false;
    this.#space.add(this.#lines);
    this.#material.uniforms.pale!.value.set(...style.pale);
  }

  /** `share`: of the trials, 0 to 1. */
  draw(frame: Frame, width: number, height: number, span: Scene['spanMs'], share = 1): void {
    const count = this.#lines?.geometry.getAttribute('position').count ?? 0;
    this.#lines?.geometry.setDrawRange(0, 2 * Math.ceil((share * count) / 2));
    // Setting a size makes the canvas anew, even if it is the same.
    const size = `${width} ${height} ${window.devicePixelRatio}`;
    if (size !== this.#size) {
      this.#size = size;
      this.#renderer.setPixelRatio(window.devicePixelRatio);
      this.#renderer.setSize(width, height, false);
    }
    const { view, projection } = matricesOf(frame, width, height);
    this.#camera.projectionMatrix.copy(new Matrix4().fromArray(projection));
    this.#camera.projectionMatrixInverse.copy(this.#camera.projectionMatrix).invert();
    this.#camera.matrixWorldInverse.copy(new Matrix4().fromArray(view));
    this.#camera.matrixWorld.copy(this.#camera.matrixWorldInverse).invert();
    this.#material.uniforms.depth!.value.set(...frame.depth);
    this.#material.uniforms.span!.value.set(...(span ?? [-ALWAYS, ALWAYS]));
    this.#renderer.render(this.#space, this.#camera);
  }

  dispose(): void {
    this.#drop();
    this.#material.dispose();
    this.#renderer.dispose();
  }

  #drop(): void {
    if (!this.#lines) return;
    this.#space.remove(this.#lines);
    this.#lines.geometry.dispose();
    this.#lines = undefined;
  }
}

/** Colour of each step of a line, 0 … 1. */
function stepColours(scene: Scene, { value, colour }: Line, { theme }: Style): (step: number) => readonly number[] {
  const unit = (hex: string) => rgbOf(hex).map((part) => part / 255);
  const scale = scene.values;
  if (value && scale) return (step) => unit(hexOf(valueColour(theme, scale, value[step]!, true)));
  const own = unit(paintOf(colour, theme, scene.conditions).colour);
  return () => own;
}
