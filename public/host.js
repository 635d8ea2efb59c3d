// <metrics-view src title>: the view in a frame, and the parent's side of protocol 1.
// To begin with, also: theme, locale, timezone, show, query
//
// token: async ({ source, reason }) => ({ value, expires_at })
// fetch: async ({ source, method, path, query, body }) => a Response or { status, headers, body }; known paths only!
// Events, the message as detail: ready, state, drill, error
customElements.define("metrics-view", class extends HTMLElement {
  #frame;
  #origin;
  #port;

  connectedCallback() {
    const src = new URL(this.getAttribute("src"), document.baseURI);
    this.#origin = src.origin;
    const frame = (this.#frame = document.createElement("iframe"));
    frame.title = this.title || "Metrics";
    frame.sandbox = "allow-scripts allow-same-origin allow-downloads allow-forms allow-popups";
    frame.allow = "clipboard-write; fullscreen";
    frame.referrerPolicy = "strict-origin";
    frame.style.cssText = "display: block; width: 100%; height: 480px; border: 0";
    addEventListener("message", this.#greet);
    frame.src = src;
    this.replaceChildren(frame);
  }

  disconnectedCallback() {
    removeEventListener("message", this.#greet);
    this.#port?.close();
  }

  // Each load of the frame says hello once.
  #greet = ({ source, origin, data }) => {
    const isOurs = source === this.#frame.contentWindow && origin === this.#origin;
    if (!isOurs || data?.type !== "metrics:hello" || data.protocol !== 1) return;
    const { port1: port, port2 } = new MessageChannel();
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }) => this.#hear(data, port);
    const init = { type: "metrics:init", protocol: 1, nonce: data.nonce };
    for (const name of ["theme", "locale", "timezone", "show", "query"]) {
      if (this.hasAttribute(name)) init[name] = this.getAttribute(name);
    }
    source.postMessage(init, origin, [port2]);
  };

  async #hear(message, port) {
    const { type, id, source, px } = message;
    if (type === "height") this.#frame.style.height = `${px}px`;
    else if (type === "token_request") {
      port.postMessage({ ...(await this.#ask("token", message)), type: "token", source });
    } else if (type === "fetch") {
      port.postMessage({ status: 0, ...(await this.#ask("fetch", message)), type: "fetch_result", id });
    } else this.dispatchEvent(new CustomEvent(type, { detail: message }));
  }

  async #ask(name, message) {
    try {
      const answer = await this[name](message);
      if (!(answer instanceof Response)) return answer;
      const { status, headers } = answer;
      return { status, headers: Object.fromEntries(headers), body: await answer.text() };
    } catch {
      // The view says that there was nothing.
    }
  }

  #say(type, more) {
    this.#port?.postMessage({ type, ...more });
  }

  setQuery(query) {
    this.#say("set_query", { query });
  }

  setTheme(theme) {
    this.#say("set_theme", { theme });
  }

  logout() {
    this.#say("logout");
  }
});
