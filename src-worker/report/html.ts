// Text of a page: what is put into a template is escaped, unless it is itself text of a page.

/** Text that is already HTML. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Part[] | undefined;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (letter) => ESCAPES[letter]);
  return 'html' in part ? part.html : part.map(textOf).join('');
}

/** `html\`<p>${text}</p>\``: strings and numbers are escaped, lists are joined, undefined is nothing. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: strings.map((text, i) => text + (i < parts.length ? textOf(parts[i]) : '')).join(''),
});

/** Text that is known to be HTML, such as a drawing of our own. */
export const raw = (text: string): Html => ({ html: text });
