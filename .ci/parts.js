// How the files of the program are fetched: added by post-build.mjs to the script that loads parts. FILES says where the
// table of the parts is, what each file must be, and what the first view does not run.

async function get(file, integrity) {
  const response = await fetch(new URL(file, import.meta.url), { integrity });
  if (!response.ok) throw new Error(`${response.url}: status ${response.status}`);
  return response;
}

/** One answer for all who ask. After a failure the next one asks anew. */
function shared(ask) {
  let answer;
  return () => (answer ??= ask().catch((error) => {
    answer = undefined;
    throw error;
  }));
}

/** What each part must be. */
const known = shared(async () => (await get(...FILES.parts)).json());
const part = async (file) => get(file, (await known())[file]);

/** Hosts that do not know the type of the files serve them as something else. */
const instantiate = async (source, imports) => WebAssembly.instantiate(await (await source).arrayBuffer(), imports);
