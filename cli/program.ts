/** All commands of `nnc`, with what they have in common. */
import { Command } from 'commander';
import type { Context } from './context.ts';
import { EXIT, reportFailure } from './failure.ts';
import { readVersion } from './version.ts';

/** Runs the command that the words say and returns the exit code. */
export async function runCommand(words: readonly string[], context: Context): Promise<number> {
  try {
    const program = await createProgram(context, words[0]);
    await program.parseAsync(words, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    return reportFailure(error, context.terminal, (context.env['NNC_DEBUG'] ?? '') !== '');
  }
}

type Register = (program: Command, context: Context) => void;

/** By name; a command's file is loaded when it is asked for. */
const groups: readonly (readonly [title: string, commands: Readonly<Record<string, Load>>])[] = [
  [
    'Train and use a model:',
    {
      train: async () => (await import('./commands/train.ts')).registerTrain,
      eval: async () => (await import('./commands/eval.ts')).registerEval,
      predict: async () => (await import('./commands/predict.ts')).registerPredict,
    },
  ],
  [
    'Write a model:',
    {
      check: async () => (await import('./commands/check.ts')).registerCheck,
      explain: async () => (await import('./commands/explain.ts')).registerExplain,
      layers: async () => (await import('./commands/layers.ts')).registerLayers,
      doc: async () => (await import('./commands/doc.ts')).registerDoc,
      fix: async () => (await import('./commands/fix.ts')).registerFix,
      fmt: async () => (await import('./commands/fmt.ts')).registerFmt,
      summary: async () => (await import('./commands/summary.ts')).registerSummary,
      test: async () => (await import('./commands/test.ts')).registerTest,
    },
  ],
  [
    'Look inside:',
    {
      compile: async () => (await import('./commands/compile.ts')).registerCompile,
      profile: async () => (await import('./commands/profile.ts')).registerProfile,
      verify: async () => (await import('./commands/verify.ts')).registerVerify,
      inspect: async () => (await import('./commands/inspect.ts')).registerInspect,
      doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
      data: async () => (await import('./commands/data.ts')).registerData,
    },
  ],
];
type Load = () => Promise<Register>;

const examples = `
Examples:
  nnc train models/glyphs.nn                    digits that look handwritten, built in
  nnc train models/mnist.nn --data FOLDER -o mnist.safetensors
  nnc eval models/mnist.nn --data FOLDER --weights mnist.safetensors
  nnc compile models/mnist.nn --emit=kernels    what the compiler makes of it
`;

/** With the command of this name alone or, if it is none, with all of them: for help and for suggestions. */
async function createProgram(context: Context, name = ''): Promise<Command> {
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
  const known = groups.some(([, commands]) => Object.hasOwn(commands, name));
  for (const [title, commands] of groups) {
    program.commandsGroup(title);
    for (const [one, load] of Object.entries(commands))
      if (!known || one === name) (await load())(program, context);
  }
  program.addHelpText('after', examples);
  return program;
}
