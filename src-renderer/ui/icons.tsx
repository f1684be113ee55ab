// Line icons, 12 units square, drawn in the text's colour.

const shapes = {
  next: 'M4 2l4 4-4 4',
  down: 'M3 4.5l3 3 3-3',
  close: 'M3 3l6 6M9 3l-6 6',
  warn: 'M6 1.6L11 10.4H1zM6 5v2.6M6 8.8v.4',
  info: 'M6 1.4a4.6 4.6 0 100 9.2 4.6 4.6 0 000-9.2M6 5.4v3M6 3.6v.4',
  dark: 'M9.8 7.4A4.4 4.4 0 014.6 2.2a4.4 4.4 0 105.2 5.2z',
  light: 'M6 3.6a2.4 2.4 0 100 4.8 2.4 2.4 0 000-4.8M6 .8v1M6 10.2v1M.8 6h1M10.2 6h1M2.3 2.3l.7.7M9 9l.7.7M2.3 9.7L3 9M9 3l.7-.7',
  figure: 'M2 1.5h8v9H2zM4 8.5l1.6-2 1.2 1.2L8.5 5',
  search: 'M5.2 1.6a3.6 3.6 0 100 7.2 3.6 3.6 0 000-7.2M8 8l2.6 2.6',
  undo: 'M2 4.4h5.2a2.8 2.8 0 010 5.6H4M4.4 1.8L1.8 4.4 4.4 7',
  play: 'M3 1.6l7 4.4-7 4.4z',
  pause: 'M3.4 1.8v8.4M8.6 1.8v8.4',
  copy: 'M4 4h6.5v6.5H4zM8 4V1.5H1.5V8H4',
  check: 'M2.5 6.5l2.4 2.4 4.6-5.4',
  lock: 'M2.5 5.5h7v5h-7zM4 5.5V4a2 2 0 014 0v1.5',
  save: 'M6 1.5v5.6M3.6 4.9L6 7.3l2.4-2.4M1.8 9.4h8.4',
  drop: 'M6 1.5v6M3.4 5L6 7.6 8.6 5M1.8 9.2v1.3h8.4V9.2',
  file: 'M3 1.5h4l2.5 2.5v6.5H3zM7 1.5V4h2.5',
  folder: 'M1.5 3h3l1 1.5h5v5.5h-9z',
  project: 'M6 1.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9M1.8 7.4c2.4 1.6 6.6-.4 8.4-3',
  reset: 'M2 6a4 4 0 104-4H3M4.6.4L3 2l1.6 1.6',
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 12 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={`${size / 16}rem`}
      height={`${size / 16}rem`}
      viewBox="0 0 12 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={shapes[name]} />
    </svg>
  );
}

export function Mark() {
  return (
    <svg width="1.375rem" height="1.375rem" viewBox="0 0 22 22" fill="none" stroke="currentColor" strokeWidth="1.3" aria-hidden="true">
      <circle cx="11" cy="11" r="9" />
      <ellipse cx="11" cy="11" rx="9" ry="3.6" transform="rotate(-32 11 11)" />
      <circle cx="11" cy="11" r="1.9" fill="currentColor" stroke="none" />
      <circle cx="18.1" cy="5.5" r="1.7" fill="currentColor" stroke="none" />
    </svg>
  );
}
