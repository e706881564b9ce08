/** What a person reads while a model trains: a line for each epoch or logged step, a live line below, and the end. */

import { visible } from '../grammar/index.ts';
import type { Averages, Best, FitEvent, FitResult, Monitor, Place } from '../train/index.ts';
import { createLiveLine, type LiveLine } from './live-line.ts';
import { counted, durationText, metricText, rateText } from './numbers.ts';
import { placeText, valuesText } from './progress-line.ts';
import type { Terminal } from './terminal.ts';
import { showWarning, type Warning } from './warnings.ts';

export interface TrainReport {
  /** `model     203,530 parameters`. */
  fact(label: string, text: string): void;
  on(event: FitEvent): void;
  /** A line among the others; the live line makes room. */
  line(text: string): void;
  warn(warning: Warning): void;
  /** How long it took, and whether it was stopped before its end. */
  trained(result: FitResult): void;
  /** Which epoch was the best, and whether its weights are what remains. */
  best(best: Best, monitor: Monitor, kept: boolean, place: Place): void;
  test(values: Averages, rows: number): void;
  readonly live: LiveLine;
}

const LABEL_WIDTH = 9;

export function createTrainReport(terminal: Terminal, now: () => number): TrainReport {
  const { results } = terminal;
  const live = createLiveLine(terminal, now);
  const line = (text: string): void => {
    live.clear();
    results.line(text);
  };
  const fact = (label: string, text: string): void =>
    line(
      `${results.paint(label.padEnd(LABEL_WIDTH), 'faint')} ${visible(text).replaceAll('\n', `\n${' '.repeat(LABEL_WIDTH + 1)}`)}`,
    );

  return {
    fact,
    line,
    warn(warning) {
      live.clear();
      showWarning(warning, terminal);
    },
    live,
    on(event) {
      switch (event.kind) {
        case 'progress':
          return live.show(event);
        case 'step':
          return line(`${stepText(event.place)}   ${valuesText(event.values)}`);
        case 'round':
          return round(event);
        case 'best':
        case 'checkpoint':
          return undefined;
        default:
          return event satisfies never;
      }
    },
    test(values, rows) {
      const text = `${valuesText(values)}   ${counted(rows, 'sample')}`;
      line(
        `${results.paint('test'.padEnd(LABEL_WIDTH), 'strong')} ${results.paint(text, 'strong')}`,
      );
    },
    best({ value, epoch, step }, { rows, name }, kept, place) {
      const where = place.stepsInEpoch === 1 ? `step ${step}` : `epoch ${epoch}`;
      const measured = `${rows} ${name} ${metricText(value)}`;
      fact('best', `${where}, ${measured}${kept ? '; its weights are kept' : ''}`);
    },
    trained({ place, seconds, outcome }) {
      const { step, steps, epoch, epochs, stepsInEpoch } = place;
      const length = stepsInEpoch === 1 ? counted(steps, 'step') : counted(epochs, 'epoch');
      const where = stepsInEpoch === 1 ? '' : `, in epoch ${epoch} of ${epochs}`;
      const verb = { complete: '', early: 'ended early', stopped: 'stopped' }[outcome];
      const text =
        outcome === 'complete' ? length : `${verb} after step ${step} of ${steps}${where}`;
      fact('trained', `${text} in ${durationText(seconds)}`);
    },
  };

  function round({ place, report }: FitEvent & { kind: 'round' }): void {
    const { train, validation, seconds, rowsPerSecond } = report;
    const measured =
      validation === undefined
        ? ''
        : `   ${results.paint('validation', 'faint')} ${valuesText(validation)}`;
    if (place.stepsInEpoch === 1) {
      // Steps report themselves.
      if (measured !== '') line(`${stepText(place)}${measured}`);
      return;
    }
    const pace = results.paint(
      `${rateText(rowsPerSecond)} samples/s  ${durationText(seconds)}`,
      'faint',
    );
    line(`${placeText(place)}   ${valuesText(train)}${measured}   ${pace}`);
  }
}

function stepText({ step, steps }: Place): string {
  return `step ${String(step).padStart(String(steps).length)}/${steps}`;
}
