/** The page of `nnc inspect`: the sources beside the kernels, the graph or the memory of one program. */
import type { Inspection } from '../inspection.ts';
import { chooseKernel, chooseLines } from './choices.ts';
import { find, make } from './elements.ts';
import { createGraphView } from './graph-view.ts';
import { createKernelsView } from './kernels-view.ts';
import { drawMemory } from './memory-view.ts';
import { nextMatch } from './search.ts';
import { createSourcePane } from './source-pane.ts';
import { createPage, nothing, type Page, type View } from './state.ts';
import { counted } from './units.ts';

const data: Inspection = JSON.parse(find('data').textContent ?? '');
const home = find('view');
const search = find<HTMLInputElement>('search');

function start(first: NonNullable<Inspection['programs'][number]>): void {
  const page = createPage(data, first, (before) => {
    const { chosen, view, program } = page.state;
    if (chosen !== before.chosen) source.draw(!fromSource);
    draw(view === before.view && program === before.program);
    if (view === 'graph' && (chosen !== before.chosen || before.view !== 'graph'))
      graph.showChosen(home);
    if (view === 'memory' && chosen.region !== undefined && chosen !== before.chosen)
      home.querySelector(`[data-region="${chosen.region}"]`)?.scrollIntoView({ block: 'nearest' });
  });
  let fromSource = false;
  const source = createSourcePane(find('source'), page, (change) => {
    fromSource = true;
    change();
    fromSource = false;
  });
  const graph = createGraphView(page);
  const drawKernels = createKernelsView(page);
  const draw = (keepsPlace: boolean): void => {
    const { chosen, view } = page.state;
    find('said').textContent = chosen.said;
    find('clear').hidden = chosen === nothing;
    for (const tab of document.querySelectorAll<HTMLElement>('nav [data-view]'))
      tab.setAttribute('aria-selected', String(tab.dataset['view'] === view));
    const { scrollTop, scrollLeft } = home;
    const focused = document.activeElement;
    home.onscroll = null;
    home.replaceChildren();
    if (view === 'kernels') drawKernels(home);
    else if (view === 'graph') graph.draw(home);
    else drawMemory(home, page);
    home.scrollTo(keepsPlace ? { top: scrollTop, left: scrollLeft } : { top: 0, left: 0 });
    if (focused !== document.activeElement) focusAgain(focused);
  };
  addPrograms(page);
  addTabs(page);
  addKeys(page);
  draw(false);
}

/** What was drawn again keeps the focus. */
function focusAgain(before: Element | null): void {
  if (!(before instanceof HTMLElement)) return;
  const [what] = Object.entries(before.dataset);
  if (what === undefined) return;
  home.querySelector<HTMLElement>(`[data-${what[0]}="${what[1]}"]`)?.focus({ preventScroll: true });
}

function addPrograms(page: Page): void {
  const programs = find('programs');
  data.programs.forEach((program, i) => {
    const button = make('button', 'program', program.name);
    button.type = 'button';
    button.dataset['program'] = String(i);
    button.title = counted(program.kernels.length, 'kernel');
    button.setAttribute('aria-pressed', String(i === 0));
    button.addEventListener('click', () => {
      for (const other of programs.children)
        other.setAttribute('aria-pressed', String(other === button));
      const { lines } = page.state.chosen;
      page.change({ program, chosen: lines.size > 0 ? chooseLines(program, lines) : nothing });
    });
    programs.append(button);
  });
}

function addTabs(page: Page): void {
  for (const tab of document.querySelectorAll<HTMLElement>('nav [data-view]'))
    tab.addEventListener('click', () => page.change({ view: tab.dataset['view'] as View }));
  find('clear').addEventListener('click', () => page.change({ chosen: nothing }));
}

/** `/` seeks, Enter goes to the next match, `j` and `k` go through the kernels, Escape lets go. */
function addKeys(page: Page): void {
  search.addEventListener('input', () => page.change({ sought: search.value.toLowerCase() }));
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && page.state.sought !== '') {
      const chosen = nextMatch(page);
      if (chosen !== undefined) page.change({ chosen });
    } else if (event.key !== 'Escape') event.stopPropagation();
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { chosen, program } = page.state;
    if (event.key === 'Escape') {
      search.value = '';
      search.blur();
      page.change({ sought: '', chosen: nothing });
    } else if (event.key === '/') {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'j' || event.key === 'k') {
      const most = program.kernels.length - 1;
      const next = event.key === 'j' ? (chosen.kernel ?? -1) + 1 : (chosen.kernel ?? most + 1) - 1;
      if (next >= 0 && next <= most) page.change({ chosen: chooseKernel(program, next) });
    }
  });
}

find('model').textContent = data.model;
find('device').textContent = data.device;
const [first] = data.programs;
if (first === undefined) home.append(make('p', 'empty', 'this model has no program'));
else start(first);
