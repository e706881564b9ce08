/** The page itself: one file that asks for nothing. */
import { pageScript, pageStyle } from './embedded.ts';
import type { Inspection } from './inspection.ts';

/** The data stand in a script of their own; without `<` nothing in them ends it. */
const dataText = (inspection: Inspection): string =>
  JSON.stringify(inspection).replaceAll('<', '\\u003c');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const inspectionPage = (inspection: Inspection): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(inspection.model)} · nnc inspect</title>
<style>
${pageStyle}
</style>
</head>
<body>
<header>
  <h1 id="model"></h1><span class="device" id="device"></span>
  <span id="programs" role="group" aria-label="program"></span>
  <input type="search" id="search" placeholder="search ( / )" aria-label="search kernels, operations and tensors" autocomplete="off" spellcheck="false">
</header>
<main>
  <section id="source" aria-label="source"></section>
  <section id="right">
    <nav>
      <button type="button" data-view="kernels">Kernels</button>
      <button type="button" data-view="graph">Graph</button>
      <button type="button" data-view="memory">Memory</button>
      <span id="legend"><span><i class="dot forward"></i>forward</span><span><i class="dot gradient"></i>backward</span><span><i class="dot optimizer"></i>update</span></span>
      <span id="said" aria-live="polite"></span><button type="button" id="clear" hidden>clear</button>
    </nav>
    <div id="view"></div>
  </section>
</main>
<script type="application/json" id="data">${dataText(inspection)}</script>
<script>
${pageScript}
</script>
</body>
</html>
`;
