// Keeps what modules are compiled to for the next process, as the command `nnc` does and every program may: for all
// contestants alike. Plain JavaScript, so that it comes before anything that has to be compiled.
import module from 'node:module';

module.enableCompileCache();
await import('./worker.ts');
