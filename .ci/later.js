
// What the first view does not run (cut.mjs) is a file of its own: fetched when the first view is there, when somebody begins
// to use the page, or when a part needs it. A function that is called before waits for it.
let module;
let isThere = false;

function put() {
  if (isThere) return;
  const first = initSync();
  new WebAssembly.Instance(module, { first });
  first.there.value = 1;
  isThere = true;
}

const compiled = shared(async () => {
  module = await WebAssembly.compile(await (await get(...FILES.later)).arrayBuffer());
});
async function later() {
  // A part is next: whoever asks for it says so if this fails.
  known().catch(() => {});
  await compiled();
  put();
}

/** For a function that is called before it is there. It waits without letting anything else happen: its callers know of no waiting. */
export function need() {
  try {
    if (!module) {
      const request = new XMLHttpRequest();
      request.open("GET", new URL(FILES.later[0], import.meta.url), false);
      request.overrideMimeType("text/plain; charset=x-user-defined");
      request.send();
      if (request.status !== 200) throw new Error(`${request.responseURL}: status ${request.status}`);
      module = new WebAssembly.Module(Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0)));
    }
    put();
  } catch (error) {
    // The program cannot go on: the page says so, see boot.js.
    throw new WebAssembly.RuntimeError(error.message);
  }
}

// Only the plain first page does without it.
const isPlain = self === top && location.search === "" && /\/(index\.html)?$/.test(location.pathname);
if (isPlain && document.featurePolicy?.allowsFeature("sync-xhr") !== false) {
  const root = document.documentElement;
  const begin = () => later().catch(console.error);
  new MutationObserver((_, observer) => {
    if (root.dataset.ready !== "true") return;
    observer.disconnect();
    // Nobody can use what has just appeared any sooner; whoever begins to does not wait for this.
    setTimeout(begin, 400);
  }).observe(root, { attributeFilter: ["data-ready"] });
  for (const use of ["pointermove", "pointerdown", "keydown", "focusin"]) addEventListener(use, begin, { once: true, capture: true });
} else {
  await compiled().catch(console.error);
}
