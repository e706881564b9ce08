/** WGSL with its words, numbers and comments told apart. */
import { make } from './elements.ts';

const word =
  /(\/\/[^\n]*)|\b(fn|var|let|const|if|else|for|loop|return|struct|override|enable|true|false|break|while|continuing)\b|\b(\d[\w.]*)\b/g;

export function colourWgsl(home: HTMLElement, text: string): void {
  let from = 0;
  for (const match of text.matchAll(word)) {
    home.append(text.slice(from, match.index));
    const kind = match[1] !== undefined ? 'comment' : match[2] !== undefined ? 'keyword' : 'number';
    home.append(make('span', kind, match[0]));
    from = match.index + match[0].length;
  }
  home.append(text.slice(from));
}
