/** How to train: the command line's word, else the file's `train` section, else a default. Pure. */
import type { TrainDefaults } from '../compiler/model.ts';
import { type RunSettings, runSettings, type SettingsGiven } from '../train/index.ts';
import type { MonitorSettings } from './monitor-setting.ts';

export interface TrainFlags extends SettingsGiven, MonitorSettings {
  readonly validation?: number | string;
}

export interface TrainSettings extends RunSettings, MonitorSettings {
  readonly validation?: number | string;
}

export function trainSettings(file: TrainDefaults, flags: TrainFlags): TrainSettings {
  const validation = flags.validation ?? file.validation;
  const monitor = flags.monitor ?? file.monitor;
  const patience = flags.patience ?? file.patience;
  const minDelta = flags.minDelta ?? file.minDelta;
  const keep = flags.keep ?? file.keep;
  return {
    ...runSettings(file, flags),
    ...(validation === undefined ? {} : { validation }),
    ...(monitor === undefined ? {} : { monitor }),
    ...(patience === undefined ? {} : { patience }),
    ...(minDelta === undefined ? {} : { minDelta }),
    ...(keep === undefined ? {} : { keep }),
  };
}
