// Nothing serious for people who use a screen reader, a keyboard or little contrast: axe on every screen in both themes, and visible focus.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, canRun, startApp } from './app.ts';
import { STOPS, type Stop, tour } from './tour.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TOUR_WITHIN_MS = 500_000;
const GRAVE = ['serious', 'critical'];

/** What is wrong for axe, one line each: rule, element, reason. */
async function graveOf(page: Page): Promise<readonly string[]> {
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ''))
    .flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target.join(' ')} ${any[0]?.message ?? ''}`));
}

/** Elements that can take the focus, and those of them whose styles, and those of what they stand in and hold, are the same with it. */
const focusable = `(() => {
  const shown = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden' && !element.closest('[aria-hidden="true"], [inert]');
  const look = (element) => {
    const parts = [];
    const around = [...element.children];
    for (let at = element, up = 0; at && up < 5; at = at.parentElement, up++) around.push(at);
    for (const at of around)
      for (const part of [null, '::after']) {
        const { boxShadow, outlineStyle, outlineWidth, outlineColor, borderColor, backgroundColor, stroke, strokeWidth, opacity } = getComputedStyle(at, part);
        parts.push(boxShadow, outlineStyle === 'none' ? '' : outlineWidth + outlineColor, borderColor, backgroundColor, stroke, strokeWidth, opacity);
      }
    return parts.join();
  };
  const dialog = document.querySelector('[role="dialog"][aria-modal="true"]');
  const all = [...(dialog ?? document).querySelectorAll('a[href], button, input, select, textarea, [tabindex]')];
  const able = all.filter((element) => element.tabIndex >= 0 && !element.disabled && !element.dataset.autofocus && shown(element));
  const before = document.activeElement;
  const same = able.filter((element) => {
    document.activeElement?.blur?.();
    const without = look(element);
    element.focus({ focusVisible: true, preventScroll: true });
    return look(element) === without;
  });
  before?.focus?.({ preventScroll: true });
  return { count: able.length, same };
})()`;

const focus = (node: Node): void => (node as HTMLElement).focus({ focusVisible: true, preventScroll: true } as FocusOptions);

/** What takes the focus and looks the same with it: parts that styles do not tell, such as thumbs of sliders, are compared as pictures. */
async function unseenFocus(page: Page): Promise<{ readonly count: number; readonly unseen: readonly string[] }> {
  const found = await page.evaluateHandle(focusable);
  const count = (await (await found.getProperty('count')).jsonValue()) as number;
  const same = [...(await (await found.getProperty('same')).getProperties()).values()].flatMap((handle) => handle.asElement() ?? []);
  const unseen: string[] = [];
  for (const element of same) {
    const box = await element.boundingBox();
    if (!box) continue;
    const clip = { x: Math.max(0, box.x - 6), y: Math.max(0, box.y - 6), width: box.width + 12, height: box.height + 12 };
    await page.evaluate('document.activeElement?.blur?.()');
    const without = await page.screenshot({ clip });
    await element.evaluate(focus);
    if (without.equals(await page.screenshot({ clip })))
      unseen.push(await element.evaluate((node) => (node as Element).outerHTML.slice(0, 120)));
  }
  return { count, unseen };
}

describe.skipIf(!canRun)('access', () => {
  let app: App;
  const found = new Map<string, readonly string[]>();
  const focused = new Map<Stop, { readonly count: number; readonly unseen: readonly string[] }>();

  beforeAll(async () => {
    app = await startApp();
    const page = await app.open();
    await page.evaluate(axe);
    const visit = async (stop: Stop): Promise<void> => {
      for (const theme of ['light', 'dark']) {
        found.set(`${stop}, ${theme}`, await graveOf(page));
        // By its own button, though a dialog may lie above it.
        await page.evaluate(`document.querySelector('[title="Light or dark"]').click()`);
        await page.locator(`html:not([data-theme="${theme}"])`).waitFor();
      }
      focused.set(stop, await unseenFocus(page));
    };
    await tour(page, visit);
  }, TOUR_WITHIN_MS);
  afterAll(() => app?.close());

  test.each(STOPS.flatMap((stop) => [`${stop}, light`, `${stop}, dark`]))('%s: nothing serious', (name) =>
    expect(found.get(name)).toEqual([]),
  );

  test.each(STOPS)('%s: focus can be seen wherever it goes', (stop) => expect(focused.get(stop)!.unseen).toEqual([]));

  test('many things were looked at, and nothing went wrong in the page', () => {
    expect([...focused.values()].reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(300);
    expect(app.wrong).toEqual([]);
  });
});
