/** The `train` sections, what they choose, and parameters with two owners. */
import { type Refused, testRefused } from './refused.ts';

const rows: readonly Refused[] = [
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { «epoch»: 3 }\n',
    message: '`train` has no key `epoch`',
    help: 'did you mean `epochs`?',
  },
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: «"adam"» }\n',
    message: '`optimizer` takes a layer such as `adam(lr=1e-3)`',
    help: 'write `adam()`',
  },
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: sgd() batch: «0» }\n',
    message: '`batch` takes a positive whole number or "all"',
    help: undefined,
  },
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: sgd() validation: «2» }\n',
    message: '`validation` takes a fraction between 0 and 1, or the name of a split or a file',
    help: 'write `"test"`',
  },
  {
    code: 'NN0502',
    text: 'param «w»: f32 = 1\nloss = w ** 2\nupdate w = w - grad(loss, w)\ntrain { optimizer: sgd() }\n',
    message: '`w` has both `update` and an optimizer',
    help: 'leave out one of them, or keep the optimizer away: `freeze: "w"`',
  },
];

/** Two losses that share nothing, and a layer each. */
const two = `input x: f32[n, 3]
let A = dense(3, 2)
let B = dense(3, 2) |> tanh
loss a_loss = mean(A(x) ** 2)
loss b_loss = mean((B(x) - 1) ** 2)
`;
const sectionRows: readonly Refused[] = [
  {
    code: 'NN0301',
    text: `${two}train { optimizer: sgd() minimize: «a_los» }\n`,
    message: 'there is nothing called `a_los` here',
    help: 'did you mean `a_loss`?',
  },
  {
    code: 'NN0301',
    text: `${two}train { optimizer: sgd() minimize: [a_loss, «whatever»] }\n`,
    message: 'there is nothing called `whatever` here',
    help: 'the losses of this model are `a_loss`, `b_loss`',
  },
  {
    code: 'NN0501',
    text: `${two}train { optimizer: sgd() minimize: «a_loss + b_loss» }\n`,
    message: '`minimize` takes the name of a `loss`, or a list of them',
    help: 'write `a_loss`',
  },
  {
    code: 'NN0301',
    text: `${two}train { optimizer: sgd() params: «"A.w"» }\n`,
    message: 'there is nothing called `A.w` here',
    help: 'did you mean `A.W`?',
  },
  {
    code: 'NN0313',
    text: `${two}train { optimizer: sgd() freeze: «tanh» }\n`,
    message: '`tanh` has no parameters',
    help: 'name a layer that the file applies, a `param`, or a path such as "encoder.dense"',
  },
  {
    code: 'NN0313',
    text: `${two}train { optimizer: sgd() freeze: «[A, B]» }\n`,
    message: 'nothing is left to train: every parameter is frozen',
    help: undefined,
  },
  {
    code: 'NN0405',
    text: `${two}train a { minimize: a_loss, params: «B», optimizer: sgd() }\ntrain b { minimize: b_loss, params: B, optimizer: sgd() }\n`,
    message: '`a_loss` does not depend on `B`',
    help: 'let `B` take part in it, or leave this gradient out',
  },
  {
    code: 'NN0502',
    text: `${two}train a { minimize: a_loss, optimizer: sgd() }\ntrain «both» { optimizer: sgd() }\n`,
    message: '`A.W` is trained by `a` and by `both`',
    help: 'say which section trains what: `params: …`; a parameter may be in two where both name it so',
  },
  {
    code: 'NN0501',
    text: `${two}train a { minimize: a_loss, optimizer: sgd(), «epochs»: 3 }\n`,
    message: '`epochs` is the same for all sections',
    help: 'write it in the section without a name: `train { epochs: … }`',
  },
  {
    code: 'NN0501',
    text: `${two}train { «params»: A }\ntrain a { minimize: a_loss, optimizer: sgd() }\n`,
    message: '`params` belongs to one of the named sections',
    help: 'write it there: `train critic { params: … }`',
  },
  {
    code: 'NN0501',
    text: `${two}train «a» { minimize: a_loss }\ntrain b { minimize: b_loss, optimizer: sgd() }\n`,
    message: '`train a` has no optimizer',
    help: 'add `optimizer: adam(lr=1e-3)` to it, or to the section without a name for all',
  },
  {
    code: 'NN0303',
    text: `${two}train a { minimize: a_loss, optimizer: sgd() }\ntrain «a» { minimize: b_loss, optimizer: sgd() }\n`,
    message: '`train a` is already a section (line 6)',
    help: 'choose another name',
  },
  {
    code: 'NN0303',
    text: `${two}train { epochs: 3 }\n«train» { optimizer: sgd() }\n`,
    message: '`train` is already a section (line 6)',
    help: 'put the keys of both into one, or name the sections: `train critic { … }`',
  },
  {
    code: 'NN0313',
    text: `${two}train { optimizer: sgd() «every: 2» }\n`,
    message: 'no section runs in every step',
    help: 'leave out `every` in one of them: the steps count by that one',
  },
  {
    code: 'NN0501',
    text: `${two}train { optimizer: sgd() every: «0.5» }\n`,
    message: '`every` takes a positive whole number',
    help: undefined,
  },
  {
    code: 'NN0501',
    text: `${two}train { optimizer: sgd() clip: «adam» }\n`,
    message: '`clip` takes a positive number, or a layer such as `by_norm(1)` or `by_value(0.5)`',
    help: undefined,
  },
  {
    code: 'NN0501',
    text: `${two}train { optimizer: sgd() clip: «-1» }\n`,
    message: '`clip` takes a positive number, or a layer such as `by_norm(1)` or `by_value(0.5)`',
    help: undefined,
  },
  {
    code: 'NN0501',
    text: `${two}train { optimizer: sgd() checkpoint: «0» }\n`,
    message: '`checkpoint` takes a file in quotes, or a number of epochs',
    help: 'write `"run.safetensors"`',
  },
];

testRefused('training', rows);
testRefused('train sections', sectionRows);
