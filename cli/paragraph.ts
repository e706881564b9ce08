/** Running text in lines of a terminal's width. Pure. */

/** Paragraphs are separated by empty lines; a stretch in backquotes is never broken. */
export function wrapped(text: string, width: number): readonly string[] {
  return text.split(/\n\s*\n/).flatMap((paragraph, i) => {
    const lines = wrapParagraph(paragraph, width);
    return i === 0 ? lines : ['', ...lines];
  });
}

function wrapParagraph(paragraph: string, width: number): readonly string[] {
  const words = paragraph.match(/(?:[^\s`]|`[^`]*`)+/g) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && longer.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}
