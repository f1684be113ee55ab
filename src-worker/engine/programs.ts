// What compute threads can run: one program a model, each with a plan of the job's memory, a lead and the work of a shard.

import type { LfadsConstants } from '../models/lfads/stepper.ts';
import type { RateConstants } from '../models/rate-rnn/stepper.ts';
import type { KernelBuild, Kernels } from './kernels.ts';
import { lfadsProgram } from './lfads/lead.ts';
import { rateProgram } from './rate-rnn/lead.ts';

/** Which program, and what its plan follows from; plain data. */
export type ProgramOf =
  | { readonly of: 'lfads'; readonly constants: LfadsConstants }
  | { readonly of: 'rate-rnn'; readonly constants: RateConstants };

/** What every thread of a job sees alike. */
export interface Desk {
  readonly kernels: Kernels;
  readonly buffer: SharedArrayBuffer;
  readonly threads: number;
  readonly build: KernelBuild;
}

export interface Program {
  /** The lead's answer to a request; it has the other threads' help meanwhile. */
  lead(): (request: unknown) => unknown;
  /** One shard of the pass that `numbers` describe, in a lane of the plan. */
  work(lane: number, shard: number, numbers: Float64Array): void;
}

export function programFor(program: ProgramOf, desk: Desk): Program {
  switch (program.of) {
    case 'lfads':
      return lfadsProgram(program.constants, desk);
    case 'rate-rnn':
      return rateProgram(program.constants, desk);
    default:
      return program satisfies never;
  }
}
