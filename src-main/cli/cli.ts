// Entry of `orrery …`.

import { orrery } from './orrery.ts';
import { connectWorker, interruptSignal, processTerminal } from './process.ts';

const terminal = processTerminal();
process.exitCode = await orrery(process.argv.slice(2), terminal, connectWorker, interruptSignal(terminal));
