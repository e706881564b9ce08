/** What TypeScript says of a module, and of code that uses it, under strict settings. */
import { Project, ts } from 'ts-morph';

const project = new Project({
  useInMemoryFileSystem: true,
  compilerOptions: {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    noEmit: true,
    allowImportingTsExtensions: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noPropertyAccessFromIndexSignature: true,
    erasableSyntaxOnly: true,
    isolatedModules: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
  },
});

/** Messages about the module, and about `user`, which may import it as `./net.ts`. */
export function checkTypes(module: string, user = '', name = 'net.ts'): readonly string[] {
  project.createSourceFile(`/${name}`, module, { overwrite: true });
  project.createSourceFile('/user.ts', user === '' ? 'export {};' : user, { overwrite: true });
  const problems = project.getPreEmitDiagnostics().map((one) => {
    const text = ts.flattenDiagnosticMessageText(one.compilerObject.messageText, '\n');
    return `${one.getSourceFile()?.getBaseName()}:${one.getLineNumber()} ${text}`;
  });
  project.getSourceFile(`/${name}`)?.forget();
  return problems;
}
