// Keeps turning smooth on slow screens: while the camera moves, fewer trials are drawn where frames come late, and all of them once
// it rests.

const SLOW_MS = 40;
const QUICK_MS = 22;
const LEAST = 0.04;
const REST_MS = 180;

export class Pace {
  #share = 1;
  #last = 0;
  #of: unknown;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Draws a share of the trials now; all of them later when that was not all. `of` changes when the camera does. */
  draw(of: unknown, draw: (share: number) => void): void {
    const now = performance.now();
    const since = now - this.#last;
    const turns = of !== this.#of && since < 4 * REST_MS;
    this.#of = of;
    this.#last = now;
    if (turns && since > SLOW_MS) this.#share = Math.max(LEAST, this.#share * Math.max(0.25, SLOW_MS / since));
    else if (turns && since < QUICK_MS) this.#share = Math.min(1, this.#share * 1.2);
    const share = turns ? this.#share : 1;
    draw(share);
    clearTimeout(this.#timer);
    if (share < 1) this.#timer = setTimeout(() => draw(1), REST_MS);
  }
}
