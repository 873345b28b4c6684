import { readSettings, SettingError } from './settings.js';
import { stopOnSignals } from './signals.js';
import { LocalSystem } from './system.js';

/**
 * The command `start`: runs the system until a signal stops it.
 *
 * @param root the folder that holds `apps/`
 * @returns the exit code: 0 after a signal, 1 where the system did not start
 */
export async function main(root: string, env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const complain = (line: string): void => void process.stderr.write(`${line}\n`);
  let system: LocalSystem;
  try {
    system = new LocalSystem({ settings: readSettings(env, root), root, env, say: print, log: print });
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    complain(error.message);
    return 1;
  }
  const stopped = stopOnSignals(system, print);
  try {
    await system.start();
    print('ready');
  } catch (error) {
    if (!stopped.requested) {
      complain(`The system does not start: ${error instanceof Error ? error.message : String(error)}`);
      await system.stop();
      return 1;
    }
  }
  await stopped.done;
  return 0;
}
