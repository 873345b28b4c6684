/** The process of a contestant that users speak to, with what they do. */
import { answerCalls } from '../../shared/calls.js';
import { cpuUs } from '../../shared/cpu.js';
import { named } from '../../shared/rounds.js';
import type { ServiceCalls } from '../calls.js';
import type { Service } from '../contestant.js';
import { CONTESTANTS } from '../contestants.js';
import { LoadWindow } from '../load-window.js';
import { makeWorld, type World } from '../world.js';

let opened: { readonly service: Service; readonly world: World } | undefined;
let window: LoadWindow | undefined;

function theOpened(): { readonly service: Service; readonly world: World } {
  if (opened === undefined) throw new Error('no service is open');
  return opened;
}

function theWindow(): LoadWindow {
  if (window === undefined) throw new Error('no window is open');
  return window;
}

answerCalls({
  open: async ({ contestant, world, ...setup }) => {
    opened = { service: await named(CONTESTANTS, contestant).openService(setup), world: makeWorld(world) };
  },
  prepare: async () => theOpened().service.prepare(theOpened().world),
  load: async (load) => {
    window = new LoadWindow(theOpened().service, theOpened().world, load);
    return window.run();
  },
  celebrityPost: async () => theWindow().celebrityPost,
  end: () => {
    theWindow().end();
  },
  pages: async (readers) => Promise.all(readers.map(async (reader) => theOpened().service.page(reader))),
  cpuUs,
} satisfies ServiceCalls);
