// The far side of the contract test as a process of its own.

import { processChannel } from '../../src-worker/contract/channels.ts';
import { answer } from './answers.ts';

answer(processChannel(process));
