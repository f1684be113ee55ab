// Clicks through everything that a screen offers, whatever it is: each button, switch, choice and slider once; what would open other
// recordings, start or end fits is left alone. What it changed is undone.

import type { ElementHandle, Page } from 'playwright-core';

/** Not clicked: what starts, ends or needs a fit, opens another recording, or leads away for good. */
const LEFT = /^(fit|stop|go on|train|again|\d+ seeds|baselines|make dataset|open|queue|remove|duplicate|export csv)/i;
const SETTLE_MS = 30;
const UNDOS = 40;
const ARROWS = ['ArrowRight', 'ArrowLeft'] as const;

type Element_ = ElementHandle<HTMLElement>;

/** How many things were used. */
export async function clickThrough(page: Page, screen: number): Promise<number> {
  const seen = new Set<string>();
  const back = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await page.keyboard.press(`Control+${screen}`);
    await page.waitForTimeout(SETTLE_MS);
  };
  await back();
  for (let left = 400; left > 0; left--) {
    const next = await nextOf(page, seen);
    if (!next) break;
    seen.add(next.name);
    await use(page, next.element).catch(() => {});
    await next.element.dispose();
    await page.waitForTimeout(SETTLE_MS);
    await back();
  }
  for (let times = 0; times < UNDOS; times++) await page.keyboard.press('Control+z');
  return seen.size;
}

/** The next thing that was not used yet; rows of tables and what has no name are passed over. Every other handle is let go: it would keep what it names. */
async function nextOf(page: Page, seen: ReadonlySet<string>): Promise<{ readonly name: string; readonly element: Element_ } | undefined> {
  const all = (await page.$$('main :is(button, select, input, [role="switch"], [role="tab"], [role="slider"])')) as Element_[];
  const names = await page.evaluate(
    (elements) =>
      elements.map((element) => {
        const named =
          element.getAttribute('aria-label') ?? (element.title || element.textContent || element.closest('label')?.textContent || '');
        const isThere = element.checkVisibility() && !(element as HTMLButtonElement).disabled && !element.closest('tr');
        const panel = element.closest('section')?.getAttribute('aria-label') ?? '';
        return isThere && named.trim() !== '' ? { own: named.trim(), of: panel } : undefined;
      }),
    all,
  );
  const index = names.findIndex((name) => name && !LEFT.test(name.own) && !seen.has(`${name.of}: ${name.own}`));
  await Promise.all(all.map((element, other) => other !== index && element.dispose()));
  const name = names[index];
  return name && { name: `${name.of}: ${name.own}`, element: all[index]! };
}

async function use(page: Page, element: Element_): Promise<void> {
  const kind = await element.evaluate((node) =>
    node instanceof HTMLSelectElement ? 'choice' : node instanceof HTMLInputElement ? node.type : (node.getAttribute('role') ?? 'button'),
  );
  if (kind === 'choice') {
    const before = await element.evaluate((node) => (node as unknown as HTMLSelectElement).value);
    const values = await element.evaluate((node) => [...(node as unknown as HTMLSelectElement).options].map(({ value }) => value));
    for (const value of [...values.slice(0, 4), before]) {
      await element.selectOption(value);
      await page.waitForTimeout(SETTLE_MS);
    }
  } else if (kind === 'slider' || kind === 'range') {
    await element.focus();
    for (const key of ARROWS) await page.keyboard.press(key);
  } else if (kind === 'text') {
    await element.focus();
    await page.keyboard.press('Tab');
  } else {
    await element.click({ timeout: 2000, noWaitAfter: true });
    if (kind === 'switch' || kind === 'checkbox') await element.click({ timeout: 2000 });
  }
}

/** Turns, zooms and hovers the stage of trajectories, and plays time for a moment. */
export async function playWithStage(page: Page): Promise<void> {
  await page.keyboard.press('Control+4');
  const stage = page.locator('.stage.space');
  await stage.waitFor();
  const box = (await stage.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  for (let i = 0; i < 20; i++) await page.mouse.move(box.x + box.width * (0.2 + 0.03 * i), y + 40 * Math.sin(i));
  await page.mouse.move(x - 150, y);
  await page.mouse.down();
  for (let i = 0; i < 30; i++) await page.mouse.move(x - 150 + 10 * i, y + 30 * Math.sin(i / 5));
  await page.mouse.up();
  await page.mouse.wheel(0, -300);
  await page.mouse.wheel(0, 300);
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp', 'Escape', '0']) await page.keyboard.press(key);
  const play = page.getByRole('button', { name: 'Play time' });
  if (await play.isVisible()) {
    await play.click();
    await page.waitForTimeout(1500);
    await page.getByRole('button', { name: 'Pause' }).click();
  }
}
