/**
 * Text out of files, made fit for a terminal: a control character is shown as the picture that stands for it (`␛`), so
 * that no file can colour, overwrite or retitle what its reader sees. One character for one, so columns stay.
 */

/** Tabs and line feeds are kept. */
export const visible = (text: string): string =>
  text.replace(/[^\P{Cc}\t\n]/gu, (control) => {
    const code = control.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '␡' : '�';
  });
