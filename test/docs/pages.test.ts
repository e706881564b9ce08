/** README and the pages in docs/, run. The tutorial has a file of its own, so that both are run side by side. */
import { readPages } from './page.ts';
import { testPages } from './test-pages.ts';

const pages = readPages();
testPages(
  pages.filter(({ name }) => !name.startsWith('docs/tutorial/')),
  pages,
);
