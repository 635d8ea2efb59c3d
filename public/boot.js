// Starts the view, and says so in plain words when it cannot: nobody should look at a blank page.
// Kept without a hash in its name and never cached for long, so that a new release is picked up at once.

const { js, wasm, integrity = "" } = document.getElementById("start").dataset;
const here = (path) => new URL(path, document.baseURI).href;

/** What helps to find a fault, and tells nothing of people and figures: of the address only the page and its keys. */
function report(message, detail) {
  const places = performance.getEntriesByType("mark").map((mark) => mark.name).filter((name) => name.startsWith("panic at "));
  const page = location.pathname.split("/").pop() || "overview";
  const keys = [...new Set(new URLSearchParams(location.search).keys())].join(" ") || "none";
  const { timeZone, locale } = new Intl.DateTimeFormat().resolvedOptions();
  return [message, detail, ...places, `Page: ${page}, keys of its address: ${keys}`, `Program: ${js}`, `Browser: ${navigator.userAgent}`, `Language: ${locale}, zone: ${timeZone}`, `Time: ${new Date().toISOString()}`]
    .join("\n").replaceAll(location.origin, "");
}

/** Once the page has a body: this script runs before that is read. */
const read = document.readyState === "loading" && new Promise((done) => addEventListener("DOMContentLoaded", done));

/** Replaces what is shown by a message and ways out. Text only: nothing here is ever read as HTML. */
async function say(message, detail) {
  await read;
  let box = document.getElementById("boot");
  if (!box) {
    box = document.createElement("div");
    box.id = "boot";
    box.className = "boot";
    document.body.prepend(box);
  }
  const line = (text, role) => {
    const p = document.createElement("p");
    p.textContent = text;
    if (role) p.setAttribute("role", role);
    return p;
  };
  const reload = document.createElement("a");
  reload.href = location.href;
  reload.textContent = "Reload the page";
  // A link to the page one is on only scrolls when it has a fragment.
  reload.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  const copy = document.createElement("button");
  copy.type = "button";
  copy.textContent = "Copy report";
  const text = document.createElement("pre");
  text.textContent = report(message, detail);
  copy.addEventListener("click", async () => {
    // Without encryption there is no clipboard.
    const copied = await navigator.clipboard?.writeText(text.textContent).then(() => true, () => false);
    copy.textContent = copied ? "Copied" : "Not allowed: mark the text below and copy it";
  });
  box.replaceChildren(line(message, "alert"), line(detail), reload, copy, text);
  document.documentElement.dataset.failed = "true";
}

/** A trap in the view leaves it dead: buttons no longer answer. */
function died(reason) {
  if (reason instanceof WebAssembly.RuntimeError) {
    say("Something went wrong, and the page had to stop.", String(reason.message));
  }
}

/** No module, so that it runs at once, and where modules may not be loaded can say so. */
async function start() {
  if (typeof WebAssembly !== "object") {
    return say("This browser cannot run the page.", "It needs WebAssembly, which is missing or switched off.");
  }
  if (self.origin === "null") {
    return say("This page is in a frame whose sandbox takes its origin away.", "Add allow-same-origin to the sandbox attribute of the frame.");
  }
  // Asked for while the program is on its way; the program takes it from here, and looks at what became of it.
  globalThis.configAsked = fetch(here("config.json"), { cache: "no-store" });
  globalThis.configAsked.catch(() => {});
  addEventListener("error", (event) => died(event.error));
  addEventListener("unhandledrejection", (event) => died(event.reason));
  try {
    // Both at once; a fault of either is told below.
    const program = fetch(here(wasm), { integrity });
    program.catch(() => {});
    const [view] = await Promise.all([import(here(js)), read]);
    await view.default({ module_or_path: program });
  } catch (error) {
    // A trap was already announced by the listener, or is announced now; both say the same.
    if (error instanceof WebAssembly.RuntimeError) died(error);
    else say("The page could not be started.", `Reload to try again. The reason given: ${error?.message ?? error}`);
    console.error(error);
  }
}

start();
