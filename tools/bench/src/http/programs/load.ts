/** Makes the load of a turn, in a process of its own. */
import { answerCalls } from '../../shared/calls.js';
import type { LoadCalls, LoadTarget } from '../calls.js';
import { closedLoop } from '../closed-loop.js';
import { openLoop } from '../open-loop.js';

let target: LoadTarget | undefined;

answerCalls({
  aim: (at) => {
    target = at;
  },
  closed: async (load) => closedLoop(theTarget(), load),
  open: async (load) => openLoop(theTarget(), load),
} satisfies LoadCalls);

function theTarget(): LoadTarget {
  if (target === undefined) throw new Error('there is nothing to be sent');
  return target;
}
