// How soon the window answers while a fit runs: from a click to the painted answer, as the browser's own event timing has it.

import { canRun, startApp } from '../app/app.ts';
import { median } from './steps.ts';

export interface WindowAnswer {
  /** Of each click, by the screen that it leads to; the browser counts in steps of 8 ms, and 16 stands for less. */
  readonly clicks: readonly { readonly to: string; readonly ms: number }[];
  readonly medianMs: number;
  /** Longest task of the page while they were clicked. */
  readonly longestTaskMs: number;
}

const ORDER = ['Recording', 'Dataset', 'Explore', 'Figure', 'Fit'] as const;
const LEAST_MS = 16;
const SETTLE_MS = 1500;

/** Undefined where there is no browser, or the program is not built. */
export async function windowAnswer(): Promise<WindowAnswer | undefined> {
  if (!canRun) return undefined;
  const app = await startApp();
  try {
    const page = await app.open();
    const step = (name: string) => page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${name}`) });
    await page
      .getByRole('button', { name: /^Open the sample/ })
      .and(page.locator(':enabled'))
      .click();
    await page.locator('[data-dataset]').waitFor();
    await step('Fit').click();
    const steps = page.locator('[data-param="steps"] input');
    await steps.fill('100000');
    await steps.press('Enter');
    await page.locator('.foot .btn.go').and(page.locator(':enabled')).click();
    await page.locator('[data-run="running"]').waitFor();
    await page.locator('.curves .stage').first().waitFor();
    await page.evaluate(`(() => {
      const seen = (window.answers = { events: [], tasks: [] });
      new PerformanceObserver((list) => seen.events.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'event', durationThreshold: ${LEAST_MS} });
      new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    })()`);
    const clicks: { to: string; ms: number }[] = [];
    for (const to of ORDER) {
      await page.evaluate('answers.events.length = 0');
      await step(to).click();
      await page.waitForTimeout(SETTLE_MS);
      clicks.push({ to, ms: (await page.evaluate(`Math.max(${LEAST_MS}, ...answers.events)`)) as number });
    }
    const longestTaskMs = Math.round((await page.evaluate('Math.max(0, ...answers.tasks)')) as number);
    return { clicks, medianMs: median(clicks.map(({ ms }) => ms)), longestTaskMs };
  } finally {
    await app.close();
  }
}
