/** The errors that the runtime throws: a plan that is no plan, a device that cannot run it, a device that failed. */

/** The JSON is no plan that this runtime can run. Nothing has been created from it. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  /** Where in the JSON, as in `programs[0].dispatches[3].grid`; empty for the whole. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;

  constructor(path: string, expected: string, found: string, message?: string) {
    const place = path === '' ? 'the plan' : `the plan's \`${path}\``;
    super(message ?? `${place} is broken: expected ${expected}, found ${found}`);
    this.path = path;
    this.expected = expected;
    this.found = found;
  }
}

/** The plan needs more than the device offers. One line for each lack, see `checkDevice`. */
export class DeviceLimitError extends Error {
  override readonly name = 'DeviceLimitError';
  readonly problems: readonly string[];

  constructor(plan: string, problems: readonly string[]) {
    super([`this device cannot run \`${plan}\`:`, ...problems.map((one) => `  ${one}`)].join('\n'));
    this.problems = problems;
  }
}

/** A kernel that the compiler wrote does not compile on the device: never the user's mistake. */
export class KernelError extends Error {
  override readonly name = 'KernelError';
  readonly kernel: string;

  constructor(kernel: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kernel = kernel;
  }
}

/** The device went away while the session needed it: driver reset, time-out, or `device.destroy()`. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
  readonly reason: GPUDeviceLostReason;

  constructor(info: GPUDeviceLostInfo) {
    super(
      info.reason === 'destroyed'
        ? 'the GPU device was destroyed while it was still needed'
        : `the GPU device was lost: ${info.message || 'the driver gives no reason'}. ` +
            'What was computed since the last saved weights is gone.',
    );
    this.reason = info.reason;
  }
}

/** The device reported an error that no call returned (`uncapturederror`), such as out of memory. */
export class DeviceFailure extends Error {
  override readonly name = 'DeviceFailure';

  constructor(messages: readonly string[]) {
    super(['the GPU device reported an error:', ...messages.map((one) => `  ${one}`)].join('\n'));
  }
}

/** The session was used wrongly: an unknown tensor, data of the wrong size, a call after `close`. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
}
