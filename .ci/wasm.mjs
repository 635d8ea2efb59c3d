// Reads and writes the little of WebAssembly's binary format that the build looks at.
// https://webassembly.github.io/spec/core/binary/, and for notes of the linker
// https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md

/** A number as WebAssembly writes it, seven bits a byte. */
export function leb(number) {
  const bytes = [];
  do {
    bytes.push((number & 127) | (number > 127 ? 128 : 0));
    number >>>= 7;
  } while (number > 0);
  return Buffer.from(bytes);
}

/** The same with a sign. */
export function signed(number) {
  const bytes = [];
  for (;;) {
    const low = number & 127;
    number >>= 7;
    const isLast = number === (low & 64 ? -1 : 0);
    bytes.push(isLast ? low : low | 128);
    if (isLast) return Buffer.from(bytes);
  }
}

/** Bytes with their length before them. */
export const sized = (...parts) => {
  const bytes = Buffer.concat(parts);
  return Buffer.concat([leb(bytes.length), bytes]);
};

/** Reads on from a place. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }
  signed() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return byte & 64 ? value - 2 ** (shift + 7) : value;
    }
  }
  text() {
    const length = this.number();
    return this.bytes.toString("utf8", this.at, (this.at += length));
  }
  /** As many of something as the number before them says. */
  list(item) {
    return Array.from({ length: this.number() }, (_, place) => item(place));
  }
  /** What an import is: its kind, and its type passed over. */
  kind() {
    const kind = this.byte();
    const limits = () => {
      const hasMost = this.byte() & 1;
      for (let left = 1 + hasMost; left > 0; left--) this.number();
    };
    // Functions, tables, memories, globals, tags.
    [() => this.number(), () => (this.byte(), limits()), limits, () => (this.at += 2), () => (this.byte(), this.number())][kind]();
    return kind;
  }
}

/** The sections of a module: `{ id, name, begin, at, end }`, from its first byte, from that of its content, and to its end. */
export function sections(bytes) {
  const reader = new Reader(bytes, 8);
  const found = [];
  while (reader.at < bytes.length) {
    const begin = reader.at;
    const id = reader.byte();
    const length = reader.number();
    const at = reader.at;
    const end = at + length;
    // Sections of tools are known by their names.
    const name = id === 0 ? reader.text() : "";
    found.push({ id, name, begin, at: id === 0 ? reader.at : at, end, start: at });
    reader.at = end;
  }
  return found;
}

/** What a module takes from others: `{ module, name, kind, type }`, the kind and its type as the bytes that say them. */
export function importsOf(bytes) {
  const section = sections(bytes).find(({ id }) => id === 2);
  if (!section) return [];
  const reader = new Reader(bytes, section.at);
  return reader.list(() => {
    const [module, name] = [reader.text(), reader.text()];
    const begin = reader.at;
    const kind = reader.kind();
    return { module, name, kind, type: bytes.subarray(begin, reader.at) };
  });
}

/** What a module gives to others: `{ name, kind, place }`. */
export function exportsOf(bytes) {
  const reader = new Reader(bytes, sections(bytes).find(({ id }) => id === 7).at);
  return reader.list(() => ({ name: reader.text(), kind: reader.byte(), place: reader.number() }));
}

/** The module with the content of a section replaced. */
export function replaceSection(bytes, id, content) {
  const { begin, end } = sections(bytes).find((section) => section.id === id);
  return Buffer.concat([bytes.subarray(0, begin), Buffer.from([id]), sized(content), bytes.subarray(end)]);
}

/** How many bytes in a row two functions must have in common to be alike there. */
const RUN = 4;

/** How far back a compressor's choice is looked at: to be like one of the last few functions is nearly as good as to be like the last. */
const BACK = 10;

/**
 * The module with names for its functions that put alike ones side by side, once they are sorted by name: a compressor finds
 * in one what it has just seen in the others. Each function is followed by the one that shares most runs of bytes with it and
 * those before it.
 */
export function namedByLikeness(bytes) {
  const all = sections(bytes);
  const at = (wanted) => all.find(({ id }) => id === wanted)?.at;
  if (at(10) === undefined) return bytes;
  const imported = importsOf(bytes).filter(({ kind }) => kind === 0).length;
  const code = new Reader(bytes, at(10));
  const runs = code.list(() => {
    const length = code.number();
    const body = bytes.subarray(code.at, (code.at += length));
    const found = new Set();
    for (let place = 0; place + RUN <= body.length; place++) found.add(body.readUInt32LE(place));
    return found;
  });
  const holders = new Map();
  runs.forEach((found, place) => {
    for (const run of found) {
      if (holders.has(run)) holders.get(run).push(place);
      else holders.set(run, [place]);
    }
  });
  const left = new Set(runs.keys());
  const order = [];
  for (let next = runs.length > 0 ? 0 : undefined; next !== undefined; ) {
    left.delete(next);
    order.push(next);
    const shared = new Map();
    const known = new Set();
    for (let back = 1; back <= Math.min(BACK, order.length); back++) {
      for (const run of runs[order.at(-back)]) {
        const others = holders.get(run);
        // What nearly all have tells nothing, and takes long.
        if (known.has(run) || others.length > 400) continue;
        known.add(run);
        for (const other of others) if (left.has(other)) shared.set(other, (shared.get(other) ?? 0) + 2 / (1 + back));
      }
    }
    const { size } = runs[next];
    next = left.values().next().value;
    let most = 0;
    for (const [place, count] of shared) {
      const likeness = count / (Math.max(runs[place].size, 30) + size / 2);
      if (likeness > most) [next, most] = [place, likeness];
    }
  }
  const names = order.map((place, rank) => [place + imported, String(rank).padStart(5, "0")]).sort(([one], [other]) => one - other);
  const list = Buffer.concat([leb(names.length), ...names.flatMap(([place, name]) => [leb(place), sized(Buffer.from(name))])]);
  return Buffer.concat([bytes, Buffer.from([0]), sized(sized(Buffer.from("name")), Buffer.from([1]), sized(list))]);
}
