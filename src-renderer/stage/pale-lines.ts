// Single trials in space, by three.js: as many line segments as there are, in one draw, through the camera that figures use too.

import {
  BufferAttribute,
  BufferGeometry,
  Color,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  OrthographicCamera,
  SRGBColorSpace,
  Scene as Space,
  WebGLRenderer,
} from 'three';
import { paintOf } from '../../src-worker/scene/palettes.ts';
import { type Frame, matricesOf } from '../../src-worker/scene/projection.ts';
import type { Line, Scene } from '../../src-worker/scene/scene.ts';
import { splined } from '../../src-worker/scene/smooth.ts';
import { verticesOf } from '../../src-worker/scene/space.ts';
import type { Style } from '../../src-worker/scene/style.ts';

const CURVE_PARTS = 2;

export const isPale = (mark: Scene['marks'][number]): mark is Line => mark.kind === 'line' && mark.weight === 'thin';

/** Draws the pale lines of Scenes on one canvas. Undefined from `make` where there is no WebGL: then the 2-D painter draws them. */
export class PaleLines {
  readonly #renderer: WebGLRenderer;
  readonly #space = new Space();
  readonly #camera = new OrthographicCamera();
  readonly #material = new LineBasicMaterial({ vertexColors: true, transparent: true, depthTest: false, depthWrite: false });
  #lines: LineSegments | undefined;

  private constructor(renderer: WebGLRenderer) {
    this.#renderer = renderer;
    // The camera's matrices come from the Scene's own projection.
    this.#camera.matrixAutoUpdate = false;
    this.#camera.matrixWorldAutoUpdate = false;
  }

  static make(canvas: HTMLCanvasElement): PaleLines | undefined {
    try {
      const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
      renderer.outputColorSpace = SRGBColorSpace;
      return new PaleLines(renderer);
    } catch {
      return undefined;
    }
  }

  /** Takes the lines of another Scene, or the same in another theme. */
  take(scene: Scene, style: Style): void {
    this.#drop();
    const lines = scene.marks.filter(isPale);
    const positions: number[] = [];
    const colours: number[] = [];
    for (const line of lines) {
      const curve = splined(verticesOf(line), 3, CURVE_PARTS);
      const { r, g, b } = new Color(paintOf(line.colour, style.theme, scene.conditions).colour);
      for (let i = 0; i + 5 < curve.length; i += 3) {
        const step = curve.subarray(i, i + 6);
        if (!step.every(Number.isFinite)) continue;
        positions.push(...step);
        colours.push(r, g, b, r, g, b);
      }
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(Float32Array.from(positions), 3));
    geometry.setAttribute('color', new BufferAttribute(Float32Array.from(colours), 3));
    this.#lines = new LineSegments(geometry, this.#material);
    this.#lines.frustumCulled = false;
    this.#space.add(this.#lines);
    this.#material.opacity = (style.pale[0] + style.pale[1]) / 2;
  }

  draw(frame: Frame, width: number, height: number): void {
    this.#renderer.setPixelRatio(window.devicePixelRatio);
    this.#renderer.setSize(width, height, false);
    const { view, projection } = matricesOf(frame, width, height);
    this.#camera.projectionMatrix.copy(new Matrix4().fromArray(projection));
    this.#camera.projectionMatrixInverse.copy(this.#camera.projectionMatrix).invert();
    this.#camera.matrixWorldInverse.copy(new Matrix4().fromArray(view));
    this.#camera.matrixWorld.copy(this.#camera.matrixWorldInverse).invert();
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
