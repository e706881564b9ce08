/**
 * The search for a driver: the system's own first, then SwiftShader out of npm, then the one of
 * Debian's chromium. Each try makes a new Dawn instance, since an instance keeps what it found.
 */
import { kept } from './keep-alive.ts';
import { debianSwiftshader, loadLibrary, npmSwiftshader, useSwiftshader } from './swiftshader.ts';
import { createWait } from './wait.ts';

/** A place to look for a driver, and why it gave none. */
export interface Attempt {
  /** As in `the system's Vulkan`, `SwiftShader from npm`. */
  readonly how: string;
  /** Why it was passed over; absent for the one that was taken. */
  readonly reason?: string;
}

export interface Driver {
  readonly how: string;
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  /** All places looked at, in order; the last one is this driver's. */
  readonly attempts: readonly Attempt[];
}

/** No adapter was found. `message` says what was tried, `help` how to get one. */
export class AdapterNotFoundError extends Error {
  override readonly name = 'AdapterNotFoundError';
  readonly help: string;
  readonly attempts: readonly Attempt[];

  constructor(attempts: readonly Attempt[], help: string, options?: ErrorOptions) {
    const tried = attempts.map(({ how, reason }) => `  ${how}: ${reason ?? 'found'}`);
    super(['no WebGPU adapter was found', ...tried].join('\n'), options);
    this.help = help;
    this.attempts = attempts;
  }
}

export interface Candidate {
  readonly how: string;
  /** Makes the driver ready to be found, or says why it cannot. */
  prepare(): Promise<string | undefined>;
}

type Instance = Omit<Driver, 'adapter'> & { readonly flags: string };

/**
 * Finds an adapter. `NNC_GPU=swiftshader` in the environment passes over the system's driver.
 * `dawnFlags` go to Dawn as they are (`enable-dawn-features=…`); `places` are looked at in order.
 * Throws AdapterNotFoundError.
 */
export async function findDriver(
  dawnFlags: readonly string[],
  env: NodeJS.ProcessEnv,
  places: readonly Candidate[] = candidates(env),
): Promise<Driver> {
  const create = await loadDawn();
  const wait = createWait(true);
  const request = (gpu: GPU) =>
    wait(gpu.requestAdapter({ powerPreference: 'high-performance' })).catch(() => null);
  const instances = kept<Instance[]>('instances', () => []);
  const flags = dawnFlags.join(' ');
  const keep = (how: string, attempts: readonly Attempt[]): Instance => {
    const instance = { how, attempts, flags, gpu: create([...dawnFlags]) };
    instances.push(instance);
    return instance;
  };

  // A process decides once: the drivers of earlier searches are still loaded and would be found again.
  const [earlier] = instances.slice(-1);
  if (earlier !== undefined) {
    const same = instances.find((one) => one.how === earlier.how && one.flags === flags);
    const instance = same ?? keep(earlier.how, earlier.attempts);
    const adapter = await request(instance.gpu);
    if (adapter !== null) return { ...instance, adapter };
  }

  const attempts: Attempt[] = [];
  for (const { how, prepare } of places) {
    const reason = await prepare().catch(String);
    if (reason !== undefined) {
      attempts.push({ how, reason });
      continue;
    }
    const instance = keep(how, [...attempts, { how }]);
    const adapter = await request(instance.gpu);
    if (adapter !== null) return { ...instance, adapter };
    attempts.push({ how, reason: 'Dawn found no adapter that it can use' });
  }
  throw new AdapterNotFoundError(attempts, remedies());
}

/** Dawn's `create`, with the WebGPU constants made global as they are in a browser. */
async function loadDawn(): Promise<(flags: string[]) => GPU> {
  try {
    const { create, globals } = await import('webgpu');
    for (const [name, value] of Object.entries(globals)) {
      if (!(name in globalThis)) Object.assign(globalThis, { [name]: value });
    }
    return create;
  } catch (cause) {
    const how = 'Dawn (npm package webgpu)';
    const reason = `does not load on ${process.platform} ${process.arch}`;
    throw new AdapterNotFoundError([{ how, reason }], remedies(), { cause });
  }
}

function candidates(env: NodeJS.ProcessEnv): readonly Candidate[] {
  const system = { darwin: "the system's Metal", win32: "the system's Direct3D" };
  return [
    {
      how: system[process.platform as keyof typeof system] ?? "the system's Vulkan",
      prepare: async () => {
        if (env['NNC_GPU'] === 'swiftshader') return 'passed over, as NNC_GPU=swiftshader asks';
        // Looked for here because Dawn would print a warning of its own.
        const vulkan = process.platform !== 'linux' || loadLibrary('libvulkan.so.1');
        // Mesa warns when it is unset, as it is in containers.
        process.env['XDG_RUNTIME_DIR'] ??= '/tmp';
        return vulkan ? undefined : 'there is no libvulkan.so.1 on this machine';
      },
    },
    {
      how: 'SwiftShader from npm',
      prepare: async () =>
        useFolder(await npmSwiftshader(), '@sparticuz/chromium is not installed'),
    },
    {
      how: "SwiftShader of Debian's chromium",
      prepare: async () => useFolder(debianSwiftshader(), 'chromium-common is not installed'),
    },
  ];
}

function useFolder(folder: string | undefined, otherwise: string): string | undefined {
  if (folder === undefined) return otherwise;
  useSwiftshader(folder);
  return undefined;
}

/** What brings an adapter to a machine that has none. */
function remedies(): string {
  if (process.platform !== 'linux') {
    return "update the graphics driver; on macOS and Windows Dawn uses the system's own";
  }
  return [
    'either of these brings one:',
    '  on Linux x64, without root:  npm i -D @sparticuz/chromium   (SwiftShader, computes on the CPU)',
    '  on Debian 12, as root:       apt-get install -t bookworm-backports mesa-vulkan-drivers   (for GPUs, and a faster CPU driver)',
  ].join('\n');
}
