/** The tutorial, run. */
import { readPages } from './page.ts';
import { testPages } from './test-pages.ts';

testPages(readPages().filter(({ name }) => name.startsWith('docs/tutorial/')));
