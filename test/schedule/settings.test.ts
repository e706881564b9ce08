/** Schedules by hand (`--schedule`), times from a tuner, and the key that both may name a kernel by. */
import { describe, expect, test } from 'vitest';
import { type CompileOptions, compile } from '../../compiler/compile.ts';
import { printSpec } from '../../compiler/kernel/print-spec.ts';
import type { SingleSpec } from '../../compiler/kernel/spec.ts';
import { candidates, ranking } from '../../compiler/schedule/candidates.ts';
import { chooseSchedule } from '../../compiler/schedule/choose-schedule.ts';
import { portable } from '../../compiler/schedule/device.ts';
import type { MeasureRequest } from '../../compiler/schedule/measure.ts';
import { printSchedule } from '../../compiler/schedule/schedule.ts';
import { ScheduleError } from '../../compiler/schedule/schedule-error.ts';
import { overridesFrom } from '../../compiler/schedule/schedule-settings.ts';
import { specKey } from '../../compiler/schedule/spec-key.ts';
import { exampleModel } from '../support/example-models.ts';
import { singleKernels } from '../support/single-kernels.ts';

const { model, programs } = exampleModel('mnist');
const off = new Set(['side-by-side']);
const compiled = (options: Partial<CompileOptions> = {}) =>
  singleKernels(compile(model, { device: portable, programs, off, ...options }));

const plain = compiled();
const kernelOf = (kind: SingleSpec['kind']) => {
  const found = plain.find((k) => k.spec.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} kernel`);
  return found;
};

describe('schedules by hand', () => {
  const { name, spec, schedule } = kernelOf('contract');
  const [number = ''] = name.split('_');
  const another = ranking(spec, portable)
    .map((r) => printSchedule(r.schedule))
    .find((text) => text !== printSchedule(schedule));
  if (another === undefined) throw new Error('only one schedule');
  const given = (key: string, text: string): string => {
    const kernels = compiled({ schedules: new Map([[key, text]]) });
    const found = kernels.find((k) => k.name === name);
    return found === undefined ? '' : printSchedule(found.schedule);
  };

  test.each([
    ['its number', number],
    ['its name', name],
    ['its key', specKey(spec)],
  ])('a kernel is named by %s', (_, key) => {
    expect(given(key, another)).toBe(another);
  });

  test('every candidate reads back from its print', () => {
    for (const kernel of plain)
      for (const s of candidates(kernel.spec, portable)) {
        const overrides = overridesFrom(new Map([[kernel.name, printSchedule(s)]]), portable);
        expect(overrides.of(kernel.name, kernel.spec)).toEqual(s);
      }
  });

  test('of the schedules with a setting, the best ranked is taken', () => {
    const [best] = ranking(spec, portable).filter((r) => r.schedule.workgroup === 1);
    expect(best).toBeDefined();
    expect(given(number, 'workgroup=1')).toBe(best && printSchedule(best.schedule));
  });

  test('the other kernels keep their numbers and schedules', () => {
    const kernels = compiled({ schedules: new Map([[number, another]]) });
    expect(kernels.map((k) => k.name)).toEqual(plain.map((k) => k.name));
    for (const [i, k] of kernels.entries())
      if (k.name !== name) expect(k.schedule).toEqual(plain[i]?.schedule);
  });

  const refused = (key: string, text: string): ScheduleError => {
    try {
      compiled({ schedules: new Map([[key, text]]) });
    } catch (error) {
      if (error instanceof ScheduleError) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  };

  test('a kernel that is not there', () => {
    const { message, help } = refused('k99', 'workgroup=4');
    expect(message).toBe('there is no kernel `k99` to give a schedule');
    expect(help).toContain(name);
  });

  test('a setting that this kind does not have', () => {
    const { message, help } = refused(number, 'per=4');
    expect(message).toBe(
      `\`per=4\` says nothing of the schedule of \`${name}\`, a contract kernel`,
    );
    expect(help).toMatch(/^its settings are variant=direct workgroup=1\|4/);
  });

  test('a value that is not legal, alone and beside others', () => {
    expect(refused(number, 'rows=3')).toMatchObject({
      message: `\`rows=3\` is not legal for \`${name}\``,
      help: expect.stringMatching(/^legal here: rows=\d+(\|\d+)*$/),
    });
    expect(refused(number, 'variant=direct rows=3').message).toBe(
      `\`rows=3\` is not legal for \`${name}\` with variant=direct`,
    );
  });

  test('another kind', () => {
    expect(refused(number, 'map workgroup=4').message).toContain('`map` says nothing');
  });
});

describe('measured times', () => {
  const { spec } = kernelOf('contract');
  const all = candidates(spec, portable);
  const last = all.at(-1);

  test('beat estimates', () => {
    const asked: MeasureRequest[] = [];
    const [first] = all.map(printSchedule);
    // The first and the last were measured, the last as faster; none in between.
    const times = new Map([
      [first, 900],
      [last && printSchedule(last), 800],
    ]);
    const chosen = chooseSchedule(spec, portable, (request) => {
      asked.push(request);
      return times.get(printSchedule(request.schedule));
    });
    expect(chosen).toEqual(last);
    expect(asked.map((r) => printSchedule(r.schedule))).toEqual(all.map(printSchedule));
    expect(new Set(asked.map((r) => r.key))).toEqual(new Set([specKey(spec)]));
  });

  test('of other kernels change nothing', () => {
    expect(chooseSchedule(spec, portable, () => undefined)).toEqual(chooseSchedule(spec, portable));
  });

  test('reach every kernel of a compilation', () => {
    const keys = new Set<string>();
    const kernels = compiled({
      measure({ key, schedule }) {
        keys.add(key);
        return schedule.workgroup;
      },
    });
    for (const k of kernels) {
      expect(keys).toContain(specKey(k.spec));
      const least = Math.min(...candidates(k.spec, portable).map((s) => s.workgroup));
      expect(k.schedule.workgroup).toBe(least);
    }
  });
});

describe('the key of a spec', () => {
  const { spec } = kernelOf('row');

  test('leaves out names, numbers and provenance', () => {
    const renumbered: SingleSpec = {
      ...spec,
      nodes: [],
      operands: spec.operands.map((o) => ({ ...o, tensor: { ...o.tensor, id: o.tensor.id + 70 } })),
    };
    expect(printSpec(renumbered)).not.toBe(printSpec(spec));
    expect(specKey(renumbered)).toBe(specKey(spec));
  });

  test('tells apart what is computed', () => {
    expect(new Set(plain.map((k) => specKey(k.spec))).size).toBe(plain.length);
    const narrower: SingleSpec = {
      ...spec,
      operands: spec.operands.map((o) => ({ ...o, tensor: { ...o.tensor, storage: 'u8' } })),
    };
    expect(specKey(narrower)).not.toBe(specKey(spec));
  });

  test('is 16 hexadecimal digits', () => {
    expect(specKey(spec)).toMatch(/^[0-9a-f]{16}$/);
  });
});
