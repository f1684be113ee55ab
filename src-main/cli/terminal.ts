// What commands speak through: answers to standard output, everything for the eye to standard error.

import cliProgress from 'cli-progress';

export interface Terminal {
  /** Standard output: the answer alone. */
  out(text: string): void;
  /** Standard error: progress, warnings, failures. */
  err(text: string): void;
  /** Whether standard error is a terminal, where a line can be drawn over. */
  readonly interactive: boolean;
  /** The user's folder, from which paths are resolved. */
  readonly folder: string;
}

export interface Progress {
  /** Share done, 0 to 1. */
  show(done: number, doing: string): void;
  end(): void;
}

/** Where a line cannot be drawn over, one is written at each tenth, of work that takes longer than this. */
const PLAIN_STEPS = 10;
const PLAIN_AFTER_MS = 2000;

function plainProgress(terminal: Terminal, title: string): Progress {
  const began = performance.now();
  let last = 0;
  return {
    show(done, doing) {
      const step = Math.floor(done * PLAIN_STEPS);
      if (step <= last || performance.now() - began < PLAIN_AFTER_MS) return;
      last = step;
      terminal.err(`${title}: ${Math.round(done * 100)} %${doing === '' ? '' : `, ${doing}`}`);
    },
    end() {},
  };
}

/** A bar on standard error that is gone when the work is done. */
export function startProgress(terminal: Terminal, title: string): Progress {
  if (!terminal.interactive) return plainProgress(terminal, title);
  const bar = new cliProgress.SingleBar(
    {
      format: '{title} {bar} {percentage} %  {doing}',
      barCompleteChar: '━',
      barIncompleteChar: ' ',
      barsize: 30,
      clearOnComplete: true,
      hideCursor: true,
      stream: process.stderr,
    },
    cliProgress.Presets.legacy,
  );
  bar.start(1, 0, { title, doing: '' });
  return {
    show: (done, doing) => bar.update(done, { title, doing }),
    end: () => bar.stop(),
  };
}
