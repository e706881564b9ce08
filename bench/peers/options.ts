/** What `run.ts` and `cold.ts` share: words of the command line, and the environment of the workers. */
import { cpus, loadavg } from 'node:os';
import { npmSwiftshader } from '../../host/swiftshader.ts';
import { IDS } from './contestant.ts';
import { SWIFTSHADER } from './environment.ts';

/** `a,b` as names out of `known`, all of them where nothing is said. */
export function namesFrom(option: string | undefined, known: readonly string[]): readonly string[] {
  if (option === undefined) return known;
  const names = option.split(',');
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) usage(`there is no ${strange}; there are ${known.join(', ')}`);
  return names;
}
export const contestantsFrom = (option: string | undefined): readonly string[] =>
  namesFrom(option, IDS);

export function positive(name: string, text: string): number {
  const n = Number(text);
  return Number.isInteger(n) && n > 0 ? n : usage(`--${name} takes a whole number above 0`);
}

/** `system`: the adapter that Dawn finds; `swiftshader`: the one out of npm, for everyone. */
export async function environmentFor(adapter: string): Promise<NodeJS.ProcessEnv> {
  if (adapter === 'system') return process.env;
  if (adapter !== 'swiftshader') usage('--adapter takes `system` or `swiftshader`');
  const folder = await npmSwiftshader();
  return folder === undefined
    ? usage('@sparticuz/chromium, which brings SwiftShader, is not installed')
    : { ...process.env, [SWIFTSHADER]: folder };
}

export function machineText(): string {
  const all = cpus();
  return `${all.length} cores of ${all[0]?.model.trim() ?? 'an unknown CPU'}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} when it began`;
}

function usage(message: string): never {
  console.error(message);
  process.exit(2);
}
