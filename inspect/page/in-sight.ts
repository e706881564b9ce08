/** Only the parts of a long drawing that can be seen are made. */

const STEP = 400;

/** `draw` is called now, and again when other parts come into sight: from `top` to `bottom`, pixels of what scrolls. */
export function inSight(box: HTMLElement, draw: (top: number, bottom: number) => void): void {
  let shown = '';
  const update = (): void => {
    const top = Math.floor(box.scrollTop / STEP) * STEP - STEP;
    const bottom = top + Math.ceil(box.clientHeight / STEP) * STEP + 3 * STEP;
    if (shown === `${top}:${bottom}`) return;
    shown = `${top}:${bottom}`;
    draw(top, bottom);
  };
  box.onscroll = update;
  update();
}
