// Serves the bench: its page, the libraries it compares with, and the chart of this view. By hand: `OPEN=1 make bench`.
import { createServer } from "node:http";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import sirv from "sirv";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Starts the server; gives back its address and how to stop it. */
export async function serve(port = 0) {
  const options = { dev: true, dotfiles: false };
  const folders = [
    ["/npm/", sirv(here("node_modules"), options)],
    ["/ours/", sirv(here("../../target/bench"), options)],
    ["/", sirv(here("."), options)],
  ];
  const server = createServer((request, response) => {
    const [path, files] = folders.find(([path]) => request.url.startsWith(path));
    request.url = request.url.slice(path.length - 1);
    files(request, response, () => response.writeHead(404).end());
  });
  await new Promise((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => (server.close(), server.closeAllConnections()) };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { url } = await serve(Number(process.env.PORT || 8082));
  console.log(`The bench is at ${url}. Stop with Ctrl+C.`);
}
