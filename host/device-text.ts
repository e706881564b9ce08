import type { OpenedDevice } from './adapter.ts';

/** `SwiftShader driver 5.0.0 (SwiftShader from npm), computes on the CPU`: tells one device from another. */
export function deviceText({ info, how, deviceClass }: OpenedDevice): string {
  const names = [info.description, info.device, `${info.vendor} ${info.architecture}`.trim()];
  const name = names.find((one) => one !== '') ?? 'an adapter without a name';
  return `${name} (${how})${deviceClass === 'cpu' ? ', computes on the CPU' : ''}`;
}
