/** All commands of `nnc`, with what they have in common. */
import { Command } from 'commander';
import { registerCheck } from './commands/check.ts';
import { registerCompile } from './commands/compile.ts';
import { registerData } from './commands/data.ts';
import { registerDoc } from './commands/doc.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEval } from './commands/eval.ts';
import { registerExplain } from './commands/explain.ts';
import { registerFix } from './commands/fix.ts';
import { registerFmt } from './commands/fmt.ts';
import { registerPredict } from './commands/predict.ts';
import { registerSummary } from './commands/summary.ts';
import { registerTest } from './commands/test.ts';
import { registerTrain } from './commands/train.ts';
import type { Context } from './context.ts';
import { EXIT, reportFailure } from './failure.ts';
import { readVersion } from './version.ts';

/** Runs the command that the words say and returns the exit code. */
export async function runCommand(words: readonly string[], context: Context): Promise<number> {
  try {
    await createProgram(context).parseAsync(words, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    return reportFailure(error, context.terminal, (context.env['NNC_DEBUG'] ?? '') !== '');
  }
}

type Register = (program: Command, context: Context) => void;

const groups: readonly (readonly [title: string, commands: readonly Register[]])[] = [
  ['Train and use a model:', [registerTrain, registerEval, registerPredict]],
  [
    'Write a model:',
    [
      registerCheck,
      registerExplain,
      registerDoc,
      registerFix,
      registerFmt,
      registerSummary,
      registerTest,
    ],
  ],
  ['Look inside:', [registerCompile, registerDoctor, registerData]],
];

const examples = `
Examples:
  nnc train models/glyphs.nn                    digits that look handwritten, built in
  nnc train models/mnist.nn --data FOLDER -o mnist.safetensors
  nnc eval models/mnist.nn --data FOLDER --weights mnist.safetensors
  nnc compile models/mnist.nn --emit=kernels    what the compiler makes of it
`;

function createProgram(context: Context): Command {
  const { results, errors } = context.terminal;
  const program = new Command('nnc')
    .description(
      'a neural-network compiler for WebGPU: models in a small language, trained and run on any GPU',
    )
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    .showHelpAfterError('(`nnc help COMMAND` prints how a command is used)')
    .configureOutput({ writeOut: results.write, writeErr: errors.write })
    .exitOverride();
  for (const [title, commands] of groups) {
    program.commandsGroup(title);
    for (const register of commands) register(program, context);
  }
  program.addHelpText('after', examples);
  return program;
}
