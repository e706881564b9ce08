/** Elements of the page. Everything that a model says is set as text, so that nothing of it can become markup. */

export const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  text = '',
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  if (text !== '') element.textContent = text;
  return element;
}

const svgSpace = 'http://www.w3.org/2000/svg';

export function makeSvg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** A word or two that lead elsewhere. */
export function makeLink(text: string, act: () => void, className = 'link'): HTMLButtonElement {
  const button = make('button', className, text);
  button.type = 'button';
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    act();
  });
  return button;
}

/** A click, or Enter and Space on what has the focus. */
export function onPress(element: HTMLElement, act: () => void): void {
  element.tabIndex = 0;
  element.setAttribute('role', 'button');
  element.addEventListener('click', act);
  element.addEventListener('keydown', (event) => {
    if (event.target !== element || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    act();
  });
}
