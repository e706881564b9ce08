/** Shows how a run went: a curve of its loss in the terminal, and a file with all curves where one is asked for. */
import type { Course } from '../history.ts';
import { bytesText } from '../numbers.ts';
import type { Terminal } from '../terminal.ts';
import type { TrainReport } from '../train-report.ts';
import { writeWhole } from '../whole-file.ts';
import { curveLines } from './curve-text.ts';
import { panelsOf } from './panels.ts';
import { plotSvg } from './svg.ts';

export interface CourseOutput {
  readonly terminal: Terminal;
  readonly report: TrainReport;
  /** `--plot`. */
  readonly file: string | undefined;
  readonly title: string;
}

export function drawCourse(
  course: Course,
  stepsInEpoch: number,
  { terminal, report, file, title }: CourseOutput,
): void {
  const panels = panelsOf(course, stepsInEpoch);
  const [first] = panels;
  if (first !== undefined) {
    const { results, unicode } = terminal;
    const options = { columns: results.columns, unicode, paint: results.paint };
    const lines = curveLines(first, options);
    for (const line of lines) report.line(line);
    if (lines.length > 0) report.line('');
  }
  if (file === undefined) return;
  if (first === undefined) report.fact('plot', 'not drawn: too few points make no curve');
  else {
    const svg = plotSvg(panels, title);
    writeWhole(file, svg, 'the plot');
    report.fact('plot', `${file}, ${bytesText(Buffer.byteLength(svg))}`);
  }
}
