import { connectRedis, Fanout } from 'redis-fanout';

import { UsageError } from '../arguments.js';
import { processTerminal } from '../terminal.js';
import { type Audited, auditTimelines } from './audit.js';
import { AUDIT_HELP, type AuditCommand, parseAuditOptions } from './options.js';
import { reportLines } from './report.js';

/** The command `audit`. Resolves with the exit code: 1 where something is wrong and was not repaired, 2 for bad usage. */
export async function main(
  argv: readonly string[],
  terminal = processTerminal(),
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  try {
    const command = parseAuditOptions(argv, env);
    if (command === 'help') {
      terminal.print(AUDIT_HELP);
      return 0;
    }
    const audited = await audit(command);
    for (const line of reportLines(audited)) terminal.print(line);
    return audited.every(({ isSound }) => isSound) ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.complain(`audit: ${error.message} (--help says more)`);
      return 2;
    }
    terminal.complain(`audit: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

async function audit({ redisUrl, readers, repair }: AuditCommand): Promise<Audited[]> {
  const client = connectRedis(redisUrl);
  // The commands say what they meet.
  client.on('error', () => undefined);
  try {
    const fanout = await Fanout.open({ client });
    const names = typeof readers === 'number' ? await fanout.audit.sample(readers) : [...new Set(readers)];
    return await auditTimelines(fanout, names, repair);
  } finally {
    client.disconnect();
  }
}
