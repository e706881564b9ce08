/** All commands of `nnc`, with what they have in common. */
import { Command } from 'commander';
import { registerTrain } from './commands/train.ts';
import type { Context } from './context.ts';
import { readVersion } from './version.ts';

export function createProgram(context: Context): Command {
  const program = new Command('nnc')
    .description(
      'a neural-network compiler for WebGPU: models in a small language, trained and run on any GPU',
    )
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    .exitOverride();
  registerTrain(program, context);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}
