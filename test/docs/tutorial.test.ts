/** The tutorial, run. The types of its programs are looked at with those of the other pages. */
import { readPages } from './page.ts';
import { testPages } from './test-pages.ts';

testPages(
  readPages().filter(({ name }) => name.startsWith('docs/tutorial/')),
  [],
);
