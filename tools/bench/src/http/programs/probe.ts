/** Loaded into a server's process before the server itself (`--import`), and tells what that process has spent. */
import { answerCalls } from '../../shared/calls.js';
import { cpuUs } from '../../shared/cpu.js';
import type { ServerCalls } from '../calls.js';

answerCalls({ cpuUs } satisfies ServerCalls);
