// Cuts the program in two: what the first view was seen to run, and what it was not, which a page fetches afterwards
// (`later.js`). What is not there yet has a stand-in, which fetches it: so any cut is right, and a good one is light.
import binaryen from "binaryen";
import { callsIn, mark, outline } from "./branches.mjs";
import { Reader, importsOf, leb, replaceSection, sections, signed, sized } from "./wasm.mjs";

/** What the compiler uses of WebAssembly. Said, because the parts have lost the note of it. */
export const features = ["bulk-memory", "bulk-memory-opt", "extended-const", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext", "simd"];

const { BulkMemory, BulkMemoryOpt, ExtendedConst, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt, SIMD128 } = binaryen.Features;
const FEATURES = BulkMemory | BulkMemoryOpt | ExtendedConst | Multivalue | MutableGlobals | NontrappingFPToInt | ReferenceTypes | SignExt | SIMD128;

/** Bytes of code that a function may have and come at once, seen to run or not: a stand-in would not be shorter. */
const SHORT = 12;

/** The same for one that what was seen to run calls itself. Which of those run often hangs by a hair. */
const CALLED = 45;

/** The script from which the program takes what deals with parts. */
export const SCRIPT = "./__wasm_split.js";

/** A module as binaryen sees it. */
export function read(bytes) {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(FEATURES);
  const each = (count, item, info) => Array.from({ length: count }, (_, place) => info(item(place)));
  return {
    module,
    functions: () => each(module.getNumFunctions(), (place) => module.getFunctionByIndex(place), binaryen.getFunctionInfo),
    exports: () => each(module.getNumExports(), (place) => module.getExportByIndex(place), binaryen.getExportInfo),
    globals: () => each(module.getNumGlobals(), (place) => module.getGlobalByIndex(place), binaryen.getGlobalInfo),
    tables: () => each(module.getNumTables(), (place) => module.getTableByIndex(place), binaryen.getTableInfo),
    segments: () =>
      each(module.getNumElementSegments(), (place) => module.getElementSegmentByIndex(place), (one) => {
        const { offset, ...rest } = binaryen.getElementSegmentInfo(one);
        return { ...rest, begin: binaryen.getExpressionInfo(offset).value };
      }),
    /** As bytes, with the names of the functions. */
    write() {
      if (!module.validate()) throw new Error("the program cannot be cut: what came out is not valid");
      binaryen.setDebugInfo(true);
      const bytes = Buffer.from(module.emitBinary());
      module.dispose();
      return bytes;
    },
  };
}

/** Bytes in a page of memory. */
const PAGE = 65_536;

/**
 * The module, noting in its memory which of its places are reached: `count` bytes from `base` on, in pages that are added to
 * those it begins with. Its allocator asks for pages of its own, so these are nobody's.
 */
export function watched(bytes) {
  const reader = content(bytes, 5);
  reader.number();
  const flags = reader.byte();
  const least = reader.number();
  if (flags !== 0) throw new Error("the program's memory has a limit");
  const base = least * PAGE;
  const { module, write } = read(bytes);
  const count = mark(module, base);
  return { bytes: replaceSection(write(), 5, Buffer.concat([leb(1), leb(0), leb(least + Math.ceil(count / PAGE))])), base, count };
}

/** The content of a section, by its number or its name. */
function content(bytes, what) {
  const found = sections(bytes).find(({ id, name }) => (typeof what === "number" ? id === what : name === what));
  if (!found) throw new Error(`the program has no section ${what}: is it built with --emit-relocs?`);
  return Object.assign(new Reader(bytes, found.at), { start: found.start, end: found.end });
}

/** What stands in one of the parts that a section of tools is made of. */
function part(reader, wanted, take) {
  for (let end; reader.at < reader.end; reader.at = end) {
    const id = reader.byte();
    const length = reader.number();
    end = reader.at + length;
    if (id === wanted) return take();
  }
  return [];
}

/** The functions that a module has itself: `{ name, begin, end }`, by where their code stands; and the names of all by number. */
function codeOf(bytes) {
  const imported = importsOf(bytes).filter(({ kind }) => kind === 0).length;
  const named = content(bytes, "name");
  const names = new Map(part(named, 1, () => named.list(() => [named.number(), named.text()])));
  const code = content(bytes, 10);
  const own = code.list((place) => {
    const length = code.number();
    const begin = code.at;
    code.at += length;
    return { name: names.get(imported + place), begin, end: code.at };
  });
  return { own, names };
}

/** The data of a module: `{ address, bytes }` for each of its segments. */
function dataOf(bytes) {
  const reader = content(bytes, 11);
  return reader.list(() => {
    if (reader.byte() !== 0 || reader.byte() !== 0x41) throw new Error("data without a fixed place");
    const address = reader.signed();
    reader.byte();
    const length = reader.number();
    const from = reader.at;
    reader.at += length;
    return { address, from, bytes: bytes.subarray(from, reader.at) };
  });
}

/** The last of some things, in the order of their places, that begins at or before a place. */
function last(things, place, at) {
  let [low, high] = [0, things.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(things[middle]) <= place) low = middle;
    else high = middle - 1;
  }
  return things[low];
}

/** What the linker tells: its symbols, and which code and which data refers to which of them. */
function references(linked) {
  const { own, names } = codeOf(linked);
  const data = dataOf(linked);
  const linking = content(linked, "linking");
  linking.number();
  const after = linking.at;
  const labels = part(linking, 5, () => linking.list(() => [linking.text(), linking.number(), linking.number()][0]));
  const constant = data[labels.indexOf(".rodata")];
  if (!constant) throw new Error("the program has no data that never changes");
  linking.at = after;
  const symbols = part(linking, 8, () =>
    linking.list(() => {
      const kind = linking.byte();
      const flags = linking.number();
      const isDefined = (flags & 0x10) === 0;
      if (kind === 1) {
        linking.text();
        if (!isDefined) return { kind, refers: [] };
        const { address, bytes } = data[linking.number()];
        const begin = address + linking.number();
        const isConstant = begin >= constant.address && begin < constant.address + constant.bytes.length;
        const length = linking.number();
        return { kind, begin, length, isConstant, text: bytes.toString("latin1", begin - address, begin - address + length), refers: [] };
      }
      const index = linking.number();
      if (kind !== 3 && (isDefined || flags & 0x40)) linking.text();
      return { kind, name: names.get(index) };
    }),
  );
  const places = (name, section) => {
    const reader = content(linked, name);
    const { start } = content(linked, section);
    reader.number();
    return reader.list(() => {
      const type = reader.byte();
      const [place, symbol] = [start + reader.number(), symbols[reader.number()]];
      // Functions called, functions of the table, and addresses; types, globals and tables are not cut.
      const what = { 0: "call", 1: "pointer", 2: "pointer", 3: "address", 4: "address", 5: "address", 6: "", 7: "", 20: "" }[type];
      if (what === undefined) throw new Error(`the linker refers in a way that is new: ${type}`);
      return { place, what, symbol, isSigned: type === 4, more: what === "address" ? reader.signed() : 0 };
    });
  };
  const fromCode = places("reloc.CODE", 10).map((one) => ({ ...one, from: last(own, one.place, ({ begin }) => begin) }));
  const fixed = [];
  const ordered = symbols.filter(({ begin }) => begin !== undefined).sort((one, other) => one.begin - other.begin);
  for (const one of places("reloc.DATA", 11)) {
    const { address, from } = last(data, one.place, (segment) => segment.from);
    const at = address + one.place - from;
    // Names may overlap: each knows what it refers to.
    const holders = ordered.filter(({ begin, length }) => begin <= at && at < begin + length);
    if (holders.length === 0) fixed.push(one);
    for (const symbol of holders) symbol.refers.push({ ...one, offset: at - symbol.begin });
  }
  return { names: new Set(own.map(({ name }) => name)), symbols, fromCode, fixed };
}

/**
 * Where the data is in the first part of the program: taking the parts out has moved it. Functions that were taken over as
 * they are tell by the addresses in them, and so does the data found by these.
 */
function addresses({ symbols, fromCode }, main) {
  const found = new Map();
  const bodies = new Map(codeOf(main).own.map((one) => [one.name, one]));
  const waiting = [];
  const learn = (symbol, address) => {
    if (symbol.begin === undefined || symbol.length === 0) return;
    if (!found.has(symbol)) waiting.push(symbol);
    else if (found.get(symbol) !== address) throw new Error("the same data is at two places: has the tool that takes the parts out changed?");
    found.set(symbol, address);
  };
  for (const { place, what, symbol, isSigned, more, from } of fromCode) {
    const body = bodies.get(from.name);
    if (what !== "address" || !body || body.end - body.begin !== from.end - from.begin) continue;
    const reader = new Reader(main, body.begin + place - from.begin);
    learn(symbol, (isSigned ? reader.signed() : reader.number()) - more);
  }
  const data = dataOf(main);
  for (let symbol = waiting.pop(); symbol; symbol = waiting.pop()) {
    const begin = found.get(symbol);
    const segment = data.find(({ address, bytes }) => address <= begin && begin + symbol.length <= address + bytes.length);
    if (!segment) continue;
    for (const { what, offset, symbol: other, more } of symbol.refers) {
      if (what === "address") learn(other, segment.bytes.readUInt32LE(begin - segment.address + offset) - more);
    }
  }
  return found;
}

/** Whether data is a place in the source. Only what tells of a panic reads those, and that has never run. */
function isPlace({ length, refers }) {
  return length === 16 && refers.length === 1 && refers[0].offset === 0 && /^\S+\.rs\0?$/.test(refers[0].symbol.text ?? "");
}

/** What of the data some functions can reach, and which functions of the table they can reach by it. */
function reached({ symbols, fromCode, fixed }, isHot, places) {
  const kept = new Set();
  const pointers = new Set();
  const waiting = [];
  const refer = ({ what, symbol }) => {
    if (what === "pointer") pointers.add(symbol.name);
    if (what !== "address" || symbol.begin === undefined || kept.has(symbol) || isPlace(symbol)) return;
    kept.add(symbol);
    waiting.push(symbol);
  };
  for (const reference of fromCode) if (isHot(reference)) refer(reference);
  // Data that may change stays where it is, with all that it refers to; so does what has no name.
  fixed.forEach(refer);
  for (const { isConstant, refers = [] } of symbols) if (!isConstant) refers.forEach(refer);
  for (let symbol = waiting.pop(); symbol; symbol = waiting.pop()) symbol.refers.forEach(refer);
  const movable = new Set();
  const each = (symbol, act) => {
    for (let byte = 0; byte < symbol.length; byte++) act(places.get(symbol) + byte);
  };
  const known = symbols.filter((symbol) => places.has(symbol) && symbol.isConstant);
  for (const symbol of known) if (!kept.has(symbol)) each(symbol, (address) => movable.add(address));
  // Names may overlap.
  for (const symbol of known) if (kept.has(symbol)) each(symbol, (address) => movable.delete(address));
  return { pointers, isMovable: (address) => movable.has(address) };
}

/** The module with other data. */
function withData(bytes, segments) {
  const written = segments.map(({ address, bytes }) => Buffer.concat([Buffer.from([0, 0x41]), signed(address), Buffer.from([0x0b]), sized(bytes)]));
  const full = replaceSection(bytes, 11, Buffer.concat([leb(segments.length), ...written]));
  return sections(full).some(({ id }) => id === 12) ? replaceSection(full, 12, leb(segments.length)) : full;
}

/** The pieces of segments whose bytes are wanted. Short gaps are filled: a segment of its own would be longer. */
function pieces(segments, isWanted) {
  return segments.flatMap(({ address, bytes }) => {
    const found = [];
    for (let place = 0; place < bytes.length; place++) {
      if (!isWanted(address + place)) continue;
      const before = found.at(-1);
      if (before && place - before.end < 8) before.end = place + 1;
      else found.push({ begin: place, end: place + 1 });
    }
    return found.map(({ begin, end }) => ({ address: address + begin, bytes: bytes.subarray(begin, end) }));
  });
}

/** The functions of a module that a table holds, by their places there. Places without a name are for functions of the parts. */
function held(segments, table) {
  const all = segments.filter((one) => one.table === table).flatMap(({ begin, data }) => data.map((name, place) => [begin + place, name]));
  return new Map(all.filter(([, name]) => name !== ""));
}

/**
 * Tells whether a function refers to something only in what was taken out of it: the numbers that say where it is stand in
 * there, and nowhere in what is left.
 */
function elsewhere(said, slots, places) {
  const slotsOf = new Map();
  for (const [slot, name] of slots) slotsOf.set(name, [...(slotsOf.get(name) ?? []), slot]);
  return ({ what, symbol, more, from }) => {
    const numbers = said.get(from.name);
    if (!numbers) return false;
    if (what === "pointer") {
      const own = slotsOf.get(symbol.name) ?? [];
      return own.some((slot) => numbers.cold.has(slot)) && !own.some((slot) => numbers.hot.has(slot));
    }
    const begin = places.get(symbol);
    if (begin === undefined || !numbers.cold.has(begin + more) || numbers.hot.has(begin + more)) return false;
    // Any place in it, and its end, may be said in its stead.
    for (let address = begin; address <= begin + symbol.length; address++) if (numbers.hot.has(address)) return false;
    return true;
  };
}

/**
 * The two halves of a program, with names.
 *
 * - `linked`: what the linker wrote, with its notes.
 * - `main`: what is left of it in its first part.
 * - `bound`: that as a browser gets it, with the names that the linker gave.
 * - `reached`: which of its places the first view reached, as `watched` numbers them.
 */
export function cut({ linked, main: split, bound: whole, reached: places }) {
  const told = references(linked);
  const uncut = read(whole);
  const { ran, called: near, pieces: outlined, said } = outline(uncut.module, (place) => places.has(place));
  const all = new Map(uncut.functions().map((one) => [one.name, one]));
  const exports = uncut.exports();
  const globals = uncut.globals().filter(({ mutable }) => mutable);
  const tables = uncut.tables();
  const segments = uncut.segments();
  const bound = uncut.write();
  const own = [...all.values()].filter(({ module }) => !module).map(({ name }) => name);
  const short = codeOf(bound).own.filter(({ name, begin, end }) => end - begin <= (near.has(name) ? CALLED : SHORT) && !outlined.has(name));
  const isHot = new Set([...ran, ...short.map(({ name }) => name)]);
  const cold = own.filter((name) => !isHot.has(name));
  const hot = own.filter((name) => isHot.has(name));
  const main = tables[0];
  const slots = held(segments, main.name);
  const known = addresses(told, split);
  const isElsewhere = elsewhere(said, slots, known);
  const { pointers, isMovable } = reached(told, (reference) => isHot.has(reference.from.name) && !isElsewhere(reference), known);

  /** Takes functions out of a module and puts something in their place. */
  const instead = (module, names, put) => {
    for (const name of names) {
      module.removeFunction(name);
      put(all.get(name));
    }
  };
  const withoutTable = (module) => segments.forEach(({ name }) => module.removeElementSegment(name));
  /** What of some functions a module still needs, when all it does not need is gone. */
  const needed = ({ module, functions }, names) => {
    instead(module, names, ({ name, params, results }) => module.addFunctionImport(name, "other", name, params, results));
    module.runPasses(["remove-unused-module-elements"]);
    const found = functions().filter((one) => one.module).map(({ name }) => name);
    module.dispose();
    return found;
  };

  // A function of the table needs a stand-in when something that stays can point to it.
  const isPointed = (name) => isHot.has(name) || pointers.has(name) || !told.names.has(name);
  const pointed = [...slots].filter(([, name]) => isPointed(name));
  const away = [...slots].filter(([, name]) => !isPointed(name));
  const trial = read(bound);
  withoutTable(trial.module);
  // Whatever stays may be called by the other half, and must find what it calls.
  trial.module.addActiveElementSegment(main.name, "pointed", [...pointed.map(([, name]) => name), ...hot], trial.module.i32.const(0));
  const isCold = new Set(cold);
  const called = needed(trial, cold).filter((name) => isCold.has(name));
  const other = read(bound);
  withoutTable(other.module);
  for (const { name } of exports) other.module.removeExport(name);
  other.module.addTableExport(main.name, "table");
  other.module.addActiveElementSegment(main.name, "away", [...called, ...away.map(([, name]) => name)], other.module.i32.const(0));
  const back = needed(other, hot);

  // Both halves find each other's functions in a table of their own.
  const place = new Map([...back, ...called].map((name, place) => [name, place]));
  const through = (module, { name, params, results }) =>
    module.call_indirect("later", module.i32.const(place.get(name)), binaryen.expandType(params).map((type, place) => module.local.get(place, type)), params, results);

  const first = read(bound);
  {
    const { module } = first;
    module.addTable("later", place.size, place.size);
    module.addTableExport("later", "later");
    module.addGlobal("there", binaryen.i32, true, module.i32.const(0));
    module.addGlobalExport("there", "there");
    globals.forEach(({ name }, place) => module.addGlobalExport(name, `g${place}`));
    module.addFunctionImport("fetch", SCRIPT, "need", binaryen.none, binaryen.none);
    const isThere = module.global.get("there", binaryen.i32);
    module.addFunction("need", binaryen.none, binaryen.none, [], module.if(module.i32.eqz(isThere), module.call("fetch", [], binaryen.none)));
    module.addFunction("nothing", binaryen.none, binaryen.none, [], module.unreachable());
    withoutTable(module);
    const ways = new Set();
    /** Fetches what comes later, and calls the one of its functions that the last argument says: one way for all of a type. */
    const way = ({ params, results }) => {
      const name = `way ${params} ${results}`;
      if (!ways.has(name)) {
        const types = binaryen.expandType(params);
        const given = types.map((type, place) => module.local.get(place, type));
        const call = module.call_indirect("later", module.local.get(types.length, binaryen.i32), given, params, results);
        module.addFunction(name, binaryen.createType([...types, binaryen.i32]), results, [], module.block(null, [module.call("need", [], binaryen.none), call], results));
      }
      ways.add(name);
      return name;
    };
    const calls = callsIn(module, hot);
    instead(module, cold, (one) => {
      if (!place.has(one.name)) return module.addFunction(one.name, one.params, one.results, [], module.unreachable());
      const number = () => module.i32.const(place.get(one.name));
      const own = binaryen.expandType(one.params).map((type, place) => module.local.get(place, type));
      module.addFunction(one.name, one.params, one.results, [], module.call(way(one), [...own, number()], one.results));
      // Calls go that way themselves. A stand-in that only calls would need is left out afterwards, like all that nothing needs.
      for (const call of calls.get(one.name) ?? []) {
        binaryen.Call.setTarget(call, way(one));
        binaryen.Call.appendOperand(call, number());
      }
    });
    module.addActiveElementSegment("later", "back", back, module.i32.const(0));
    const [least, most] = [Math.min(...slots.keys()), Math.max(...slots.keys())];
    const names = Array.from({ length: most - least + 1 }, (_, place) => slots.get(least + place));
    module.addActiveElementSegment(main.name, "pointed", names.map((name) => (name && isPointed(name) ? name : "nothing")), module.i32.const(least));
  }
  const later = read(bound);
  {
    const { module } = later;
    for (const { name } of exports) module.removeExport(name);
    withoutTable(module);
    globals.forEach(({ name, type }, place) => {
      module.removeGlobal(name);
      module.addGlobalImport(name, "first", `g${place}`, type, true);
    });
    for (const { name, value, kind } of exports) if (kind === binaryen.ExternalKinds.Table) module.addTableImport(value, "first", name);
    module.addTableImport("later", "first", "later");
    module.addMemoryImport("0", "first", "memory");
    instead(module, hot, (one) => module.addFunction(one.name, one.params, one.results, [], place.has(one.name) ? through(module, one) : module.unreachable()));
    // What the page's script gives is reached the same way.
    instead(module, back.filter((name) => all.get(name).module), (one) => module.addFunction(one.name, one.params, one.results, [], through(module, one)));
    module.addActiveElementSegment("later", "called", called, module.i32.const(back.length));
    const runs = [];
    for (const [slot, name] of away.sort(([one], [other]) => one - other)) {
      if (runs.at(-1)?.end === slot) runs.at(-1).names.push(name);
      else runs.push({ begin: slot, names: [name] });
      runs.at(-1).end = slot + 1;
    }
    runs.forEach(({ begin, names }, place) => module.addActiveElementSegment(main.name, `run${place}`, names, module.i32.const(begin)));
  }
  const data = dataOf(bound);
  return {
    first: withData(first.write(), pieces(data, (address) => !isMovable(address))),
    later: withData(later.write(), pieces(data, isMovable)),
  };
}
