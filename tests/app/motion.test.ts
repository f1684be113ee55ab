// Where the system asks for less motion nothing moves by itself: no transitions, no animations, no frames drawn while nothing changes.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, canRun, startApp } from './app.ts';
import { STOPS, type Stop, tour } from './tour.ts';

const TOUR_WITHIN_MS = 400_000;
const REST_MS = 400;

interface Moved {
  readonly transitions: readonly string[];
  readonly frames: number;
}

/** Notes transitions and animations that take time, and counts frames that a script asked for. */
const watch = `(() => {
  const moved = (window.moved = { transitions: [], frames: 0 });
  const note = ({ target, propertyName, animationName }) => {
    const takes = target.getAnimations().some((animation) => Number(animation.effect.getTiming().duration) > 0);
    if (takes) moved.transitions.push(target.className + ' ' + (propertyName ?? animationName));
  };
  addEventListener('transitionrun', note, true);
  addEventListener('animationstart', note, true);
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (then) => ask((now) => { moved.frames++; then(now); });
})()`;

describe.skipIf(!canRun)('with less motion', () => {
  let app: App;
  const found = new Map<Stop, Moved>();

  beforeAll(async () => {
    app = await startApp();
    const page = await app.open();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.addInitScript(watch);
    await page.reload();
    await tour(page, async (stop) => {
      await page.waitForTimeout(REST_MS);
      const before = (await page.evaluate('moved.frames')) as number;
      await page.waitForTimeout(REST_MS);
      const { transitions, frames } = (await page.evaluate('moved')) as Moved;
      await page.evaluate('moved.transitions.length = 0');
      found.set(stop, { transitions, frames: frames - before });
    });
  }, TOUR_WITHIN_MS);
  afterAll(() => app?.close());

  test.each(STOPS)('%s: nothing moves on the way there', (stop) => expect(found.get(stop)!.transitions).toEqual([]));

  // While a fit runs its curves are drawn as they come.
  test.each(STOPS.filter((stop) => stop !== 'fit during'))('%s: nothing is drawn while nothing changes', (stop) =>
    expect(found.get(stop)!.frames).toBe(0),
  );
});
