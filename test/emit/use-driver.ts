/** Preloaded by a process that runs a module: the driver that the tests run on, which `webgpu` then finds as it would find the system's. */
import { findDriver } from '../../host/driver.ts';

await findDriver([], process.env);
