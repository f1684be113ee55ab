// Letters twice as large: at a zoom of 200 %, and where the browser's own letters are 32 px, every control can be reached and no text is cut.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, canRun, keepPicture, startApp } from './app.ts';
import { STOPS, tour } from './tour.ts';

const TOUR_WITHIN_MS = 400_000;

/** Controls that cannot be scrolled to or lie under something else, and texts that are cut without an ellipsis and a tooltip. */
const wrongOf = `(() => {
  const dialog = document.querySelector('[role="dialog"][aria-modal="true"]');
  const top = dialog ?? document.querySelector('.app');
  const name = (element) => (element.getAttribute('aria-label') || element.title || element.textContent || element.className?.toString() || element.tagName).trim().slice(0, 50);
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false }) && !element.closest('[aria-hidden="true"], [inert], .unseen');
  const where = (element) => { const panel = element.closest('[aria-label]:not(button, input, select)'); return (panel?.getAttribute('aria-label') ?? '').slice(0, 30); };
  const wrong = [];
  const controls = [...top.querySelectorAll('a[href], button, input, select, textarea, [tabindex="0"]')].filter((element) => !element.disabled && element.tabIndex >= 0 && shown(element));
  for (const element of controls) {
    element.scrollIntoView({ block: 'center', inline: 'center' });
    const box = element.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) { wrong.push('flat: ' + name(element) + ' in ' + where(element)); continue; }
    // Large places, such as stages, need only be reached somewhere; of a slider its thumb.
    const thumb = element.type === 'range' ? [[(5 + element.value * (box.width - 10)) / box.width, 0.5]] : [];
    const places = [...thumb, [0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].map(([x, y]) => [box.left + x * box.width, box.top + y * box.height]);
    const hit = places.some(([x, y]) => { const at = document.elementFromPoint(x, y); return at && (element === at || element.contains(at) || at.closest('label')?.contains(element) || at.contains(element) && element.tagName === 'g'); });
    if (!hit) wrong.push('out of reach: ' + element.tagName.toLowerCase() + ' ' + name(element) + ' in ' + where(element));
  }
  const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const element = text.parentElement;
    if (text.textContent.trim() === '' || !shown(element) || element.closest('option, svg')) continue;
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    for (let at = element; at && at !== top.parentElement; at = at.parentElement) {
      const { overflowX, overflowY, textOverflow } = getComputedStyle(at);
      const cut = at.getBoundingClientRect();
      const across = (overflowX === 'hidden' || overflowX === 'clip') && (box.right > cut.right + 1.5 || box.left < cut.left - 1.5);
      const down = (overflowY === 'hidden' || overflowY === 'clip') && (box.bottom > cut.bottom + 2.5 || box.top < cut.top - 2.5);
      // What scrolls shows it in time.
      const scrolls = (overflowX === 'auto' || overflowX === 'scroll') && (overflowY === 'auto' || overflowY === 'scroll');
      const told = textOverflow === 'ellipsis' && element.closest('[title]');
      if (down || (across && !told)) { wrong.push((down ? 'cut below: ' : 'cut: ') + text.textContent.trim().slice(0, 60) + ' in ' + where(element) + ' by ' + at.className); break; }
      if (scrolls) break;
    }
  }
  for (const at of top.querySelectorAll('*')) at.scrollTo?.({ left: 0, top: 0 });
  return [...new Set(wrong)];
})()`;

// A page at a zoom of 200 % has half the pixels to stand in. One walk looks at every stop in both sizes.
const ZOOMED = {
  'a zoom of 200 % of 1440 × 900': { width: 720, height: 450 },
  'a zoom of 200 % of 1024 × 700': { width: 512, height: 350 },
};
const LARGE = { 'letters of 32 px in 1440 × 900': { width: 1440, height: 900 } };
const walks = [
  { name: 'zoomed', sizes: ZOOMED, flags: [] },
  { name: 'with large letters', sizes: LARGE, flags: ['--blink-settings=defaultFontSize=32'] },
] as const;

describe.skipIf(!canRun).each(walks)('$name', ({ sizes, flags }) => {
  let app: App;
  const found = new Map<string, readonly string[]>();

  beforeAll(async () => {
    app = await startApp(flags);
    const page = await app.open();
    await page.setViewportSize(Object.values(sizes)[0]!);
    await tour(page, async (stop) => {
      for (const [size, viewport] of Object.entries(sizes)) {
        await page.setViewportSize(viewport);
        await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
        found.set(`${size}, ${stop}`, await page.evaluate(wrongOf));
        await keepPicture(page, `${stop}-${viewport.width}`);
      }
      await page.setViewportSize(Object.values(sizes)[0]!);
    });
  }, TOUR_WITHIN_MS);
  afterAll(() => app?.close());

  test.each(Object.keys(sizes).flatMap((size) => STOPS.map((stop) => `${size}, ${stop}`)))('%s: all is there', (place) =>
    expect(found.get(place)).toEqual([]),
  );
});
