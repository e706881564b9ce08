import { model, nn } from '../api/index.ts';

const { dense, relu, logSoftmax } = nn;

export const mlp = model('mlp', dense(784, 100).pipe(relu, dense(10), logSoftmax));
