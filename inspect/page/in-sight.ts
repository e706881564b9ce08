/** Only the parts of a long drawing that can be seen are made. */

const STEP = 400;

/** What makes each part, by a key that is its own. */
export type Parts = ReadonlyMap<string, () => Element>;

/**
 * `partsOf` is asked now, and again when other parts of `canvas` come into sight: from `top` to `bottom`, pixels of
 * `box`, which scrolls. A part that stays in sight stays the same element: replaced between press and release it
 * would lose the click, and the focus.
 */
export function inSight(
  box: HTMLElement,
  canvas: Element,
  partsOf: (top: number, bottom: number) => Parts,
): void {
  let shown = '';
  let elements = new Map<string, Element>();
  const update = (): void => {
    const top = Math.floor(box.scrollTop / STEP) * STEP - STEP;
    const bottom = top + Math.ceil(box.clientHeight / STEP) * STEP + 3 * STEP;
    if (shown === `${top}:${bottom}`) return;
    shown = `${top}:${bottom}`;
    elements = updated(canvas, elements, partsOf(top, bottom));
  };
  box.onscroll = update;
  update();
}

function updated(
  canvas: Element,
  before: ReadonlyMap<string, Element>,
  parts: Parts,
): Map<string, Element> {
  for (const [key, element] of before) if (!parts.has(key)) element.remove();
  let next = canvas.firstElementChild;
  const after = new Map<string, Element>();
  for (const [key, make] of parts) {
    const element = before.get(key) ?? make();
    if (element === next) next = next.nextElementSibling;
    else canvas.insertBefore(element, next);
    after.set(key, element);
  }
  return after;
}
