// Panels as places of the keyboard: F6 goes from one to the next, and the one in focus can be sent to paper.

const PLACES = '.top .spine, main .panel, main.panel, .timebar, .selbar';

export function cyclePanels(by: 1 | -1): void {
  const places = [...document.querySelectorAll<HTMLElement>(PLACES)].filter(({ offsetParent }) => offsetParent !== null);
  if (places.length === 0) return;
  const focused = document.activeElement;
  // The innermost place that holds the focus.
  const at = places.findLastIndex((place) => place === focused || place.contains(focused));
  const next = places[(at + by + places.length + (at < 0 && by < 0 ? 1 : 0)) % places.length]!;
  if (!next.hasAttribute('tabindex')) next.tabIndex = -1;
  next.focus();
}

/** Presses the page icon of the panel in focus, else of the first that has one. */
export function panelToFigure(): void {
  const focused = document.activeElement?.closest('.panel');
  const button = focused?.querySelector<HTMLElement>('[data-to-figure]') ?? document.querySelector<HTMLElement>('main [data-to-figure]');
  button?.click();
}

/** The one filled button of the screen, where it can be pressed. */
export const mainButton = (): HTMLButtonElement | undefined =>
  document.querySelector<HTMLButtonElement>('main .btn.go:not(:disabled)') ?? undefined;
