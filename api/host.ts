/**
 * What the API needs of the place that it runs in: an adapter, a clock and a way to wait, files where there are any. The
 * package's entry for Node says `useHost(nodeHost)`; a page needs to say nothing.
 */
import type { RuntimeHost } from '../runtime/index.ts';
import { pageHost } from './page-host.ts';

/** The place that sessions run in. */
export interface ApiHost {
  /** A device on the adapter that the host finds; with `portable` one with WebGPU's default limits. Throws where there is none. */
  openDevice(portable: boolean): Promise<HostDevice>;
  /** Clock and waiting for a device, whoever opened it. */
  runtimeFor(device: GPUDevice): RuntimeHost;
  /** Watches over a device that was opened on an adapter of the caller's; what comes back gives it back. */
  keep(device: GPUDevice): () => void;
  /** Absent where there are no files. */
  readonly files?: ApiFiles;
}

/** A device that a host has opened. */
export interface HostDevice {
  readonly device: GPUDevice;
  /** `SwiftShader driver 5.0.0 (SwiftShader from npm)`: tells one device from another. */
  readonly name: string;
  /** Gives the device back. */
  close(): void;
}

/** Paths are as the caller gave them. All throw errors with messages for people. */
export interface ApiFiles {
  /** Whether there is a file. */
  exists(path: string): Promise<boolean>;
  /** All of a file. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The file has either its old content or the new one, whenever the process stops. */
  replace(path: string, content: Uint8Array | string): Promise<void>;
  /** At the end of a file, which is made where there is none. */
  append(path: string, text: string): Promise<void>;
}

let chosen: ApiHost = pageHost;

/** Chooses the host of all sessions that are opened from now on. */
export function useHost(host: ApiHost): void {
  chosen = host;
}

/** The host in use; a page's, unless told. */
export const currentHost = (): ApiHost => chosen;
