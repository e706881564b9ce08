/** All commands of `nnc`, with what they have in common. */
import { Command } from 'commander';
import { registerCheck } from './commands/check.ts';
import { registerCompile } from './commands/compile.ts';
import { registerData } from './commands/data.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEval } from './commands/eval.ts';
import { registerPredict } from './commands/predict.ts';
import { registerSummary } from './commands/summary.ts';
import { registerTest } from './commands/test.ts';
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
    .showHelpAfterError('(`nnc help COMMAND` prints how a command is used)')
    .exitOverride();
  const commands = [
    registerTrain,
    registerEval,
    registerPredict,
    registerCheck,
    registerSummary,
    registerTest,
    registerCompile,
    registerDoctor,
    registerData,
  ];
  for (const register of commands) register(program, context);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}
