// Cuts functions that run into what of them runs and what does not: an arm of an `if`, or the end of a block behind something
// that may leave it. A piece that no visit reached becomes a function of its own, which never ran, and so goes where those go
// (cut.mjs). It gets as arguments what it reads, gives what it has changed, and says by which way it left.
import binaryen from "binaryen";

const { i32, i64, f32, f64, none, unreachable } = binaryen;

/** The children of each kind of expression, in the order in which they run. A function with another kind in it is left whole. */
const CHILDREN = new Map([
  [binaryen.BlockId, ["children"]],
  [binaryen.IfId, ["condition", "ifTrue", "ifFalse"]],
  [binaryen.LoopId, ["body"]],
  [binaryen.BreakId, ["value", "condition"]],
  [binaryen.SwitchId, ["value", "condition"]],
  [binaryen.CallId, ["operands"]],
  [binaryen.CallIndirectId, ["operands", "target"]],
  [binaryen.LocalGetId, []],
  [binaryen.LocalSetId, ["value"]],
  [binaryen.GlobalGetId, []],
  [binaryen.GlobalSetId, ["value"]],
  [binaryen.LoadId, ["ptr"]],
  [binaryen.StoreId, ["ptr", "value"]],
  [binaryen.ConstId, []],
  [binaryen.UnaryId, ["value"]],
  [binaryen.BinaryId, ["left", "right"]],
  [binaryen.SelectId, ["ifTrue", "ifFalse", "condition"]],
  [binaryen.DropId, ["value"]],
  [binaryen.ReturnId, ["value"]],
  [binaryen.NopId, []],
  [binaryen.UnreachableId, []],
  [binaryen.MemorySizeId, []],
  [binaryen.MemoryGrowId, ["delta"]],
  [binaryen.MemoryCopyId, ["dest", "source", "size"]],
  [binaryen.MemoryFillId, ["dest", "value", "size"]],
]);

/** Ways out of a piece that are no labels: to leave the function, and to go on behind the piece. */
const RETURN = "(return)";
const FALL = "(fall)";

/**
 * By how many bytes a piece must make its function smaller. Hardly more than nothing: a piece also takes along what only it
 * refers to.
 */
const LEAST = 3;

/**
 * Functions that are left whole, as their ways hang on what is in the answers, on the day, or on all that ran before: what makes
 * figures, words and charts of answers, which is all of ours but the shell; what looks at the clock; numbers, texts, sorting;
 * dates; the allocator.
 */
const WHOLE = /dlmalloc|chrono|2ui5alive|serde_json|7metrics(?!2ui)\d|metrics\.\.(?!ui)|5slice|3num|3fmt|3str/;

/** How many bytes a number takes. */
function wide(value) {
  let bytes = 1;
  for (let rest = value < 0 ? -value - 1 : value; rest >= 64; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

/** About how many bytes an expression is, without its children. */
function weight({ id, info, kids }) {
  switch (id) {
    case binaryen.BlockId: return info.name ? 3 : 0;
    case binaryen.LoopId: return 3;
    case binaryen.IfId: return kids.length > 2 ? 4 : 3;
    case binaryen.CallId: case binaryen.CallIndirectId: return 3;
    case binaryen.SwitchId: return 2 + info.names.length;
    case binaryen.BreakId: case binaryen.LocalGetId: case binaryen.LocalSetId: case binaryen.GlobalGetId: case binaryen.GlobalSetId: return 2;
    case binaryen.LoadId: case binaryen.StoreId: return 2 + wide(info.offset);
    case binaryen.ConstId:
      if (info.type === i32) return 1 + wide(info.value);
      return info.type === i64 ? 1 + wide(Number(info.value)) : 9;
    case binaryen.NopId: return 0;
    case binaryen.MemoryCopyId: case binaryen.MemoryFillId: return 4;
    default: return 1;
  }
}

/** An expression with all below it: its children, its size, and the labels outside of it that it may go to. */
function tree(ref) {
  const id = binaryen.getExpressionId(ref);
  const keys = CHILDREN.get(id);
  if (!keys) throw new Unknown(id);
  const info = id === binaryen.NopId || id === binaryen.UnreachableId ? { type: binaryen.getExpressionType(ref) } : binaryen.getExpressionInfo(ref);
  const kids = keys.flatMap((key) => info[key]).filter((one) => one).map(tree);
  const node = { ref, id, info, type: info.type, kids };
  node.size = kids.reduce((sum, { size }) => sum + size, weight(node));
  const ways = new Set();
  for (const kid of kids) for (const way of kid.ways) ways.add(way);
  if (id === binaryen.BreakId) ways.add(info.name);
  if (id === binaryen.SwitchId) [...info.names, info.defaultName].forEach((name) => ways.add(name));
  if (id === binaryen.ReturnId) ways.add(RETURN);
  if (id === binaryen.BlockId || id === binaryen.LoopId) ways.delete(info.name);
  node.ways = ways;
  return node;
}
class Unknown extends Error {}

/** The same, but nothing for one with a kind of expression that is not known here. */
function treeOf(ref) {
  try {
    return tree(ref);
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

/**
 * The places of a function where it may take another way, each with a number: `point` of the expressions that come next.
 * `next` gives the numbers, the same ones each time.
 */
function number(node, next) {
  if (node.id === binaryen.IfId) node.kids.slice(1).forEach((arm) => (arm.point = next()));
  let mayLeave = false;
  for (const kid of node.kids) {
    if (node.id === binaryen.BlockId && mayLeave) {
      kid.point = next();
      mayLeave = false;
    }
    number(kid, next);
    mayLeave ||= kid.ways.size > 0;
  }
}

/** The functions of a module as trees, with numbers for the places where they begin and where they branch. */
function numbered(module) {
  let count = 0;
  const next = () => count++;
  const found = [];
  for (let place = 0; place < module.getNumFunctions(); place++) {
    const ref = module.getFunctionByIndex(place);
    const info = binaryen.getFunctionInfo(ref);
    if (info.module) continue;
    const point = next();
    const body = treeOf(info.body);
    if (body) number(body, next);
    found.push({ ref, info, name: info.name, point, body });
  }
  return { functions: found, count };
}

/** Makes each place say that it was reached: by a byte in memory, from `base` on. Returns how many there are. */
export function mark(module, base) {
  const { functions, count } = numbered(module);
  const say = (point) => module.i32.store8(0, 1, module.i32.const(base + point), module.i32.const(1));
  const visit = (node) => {
    node.kids.forEach(visit);
    if (node.id === binaryen.IfId) {
      const [, yes, no] = node.kids;
      binaryen.If.setIfTrue(node.ref, module.block(null, [say(yes.point), yes.ref], yes.type));
      if (no) binaryen.If.setIfFalse(node.ref, module.block(null, [say(no.point), no.ref], no.type));
    }
    if (node.id === binaryen.BlockId) {
      for (let place = node.kids.length - 1; place >= 0; place--) {
        if (node.kids[place].point !== undefined) binaryen.Block.insertChildAt(node.ref, place, say(node.kids[place].point));
      }
    }
  };
  for (const { ref, info, point, body } of functions) {
    if (body) visit(body);
    binaryen.Function.setBody(ref, module.block(null, [say(point), info.body], info.results));
  }
  return count;
}

/** Notes for each expression which locals are still read afterwards (`after`) and from it on (`before`). */
function live(node, after, labels) {
  node.after = after;
  let now = after;
  const { id, info, kids } = node;
  const back = (from) => kids.reduceRight((now, kid) => live(kid, now, labels), from);
  switch (id) {
    case binaryen.BlockId:
      if (info.name) labels.set(info.name, after);
      now = back(after);
      break;
    case binaryen.LoopId:
      for (let begin = 0n; ; begin = now) {
        labels.set(info.name, begin);
        now = live(kids[0], after, labels) | begin;
        if (now === begin) break;
      }
      break;
    case binaryen.IfId: {
      const [condition, yes, no] = kids;
      now = live(yes, after, labels) | (no ? live(no, after, labels) : after);
      now = live(condition, now, labels);
      break;
    }
    case binaryen.BreakId:
      now = back(labels.get(info.name) | (info.condition ? after : 0n));
      break;
    case binaryen.SwitchId:
      now = back([...info.names, info.defaultName].reduce((all, name) => all | labels.get(name), 0n));
      break;
    case binaryen.ReturnId:
    case binaryen.UnreachableId:
      now = back(0n);
      break;
    case binaryen.LocalGetId:
      now = after | (1n << BigInt(info.index));
      break;
    case binaryen.LocalSetId:
      now = back(after & ~(1n << BigInt(info.index)));
      break;
    default:
      now = back(after);
  }
  return (node.before = now);
}

const each = (nodes, act) => nodes.forEach((node) => (act(node), each(node.kids, act)));
const sum = (nodes) => nodes.reduce((sum, { size }) => sum + size, 0);
const isPlain = (type) => [i32, i64, f32, f64].includes(type);
const bit = (local) => 1n << BigInt(local);
/** The locals of a set. */
function listed(set) {
  const found = [];
  for (let local = 0; set > 0n; set >>= 1n, local++) if (set & 1n) found.push(local);
  return found;
}

/** Whether an expression goes out of a piece, and takes a value along. */
const isCarrier = ({ id, info }, ways) => (id === binaryen.BreakId && info.value && ways.has(info.name)) || (id === binaryen.ReturnId && info.value);

/**
 * How a run of children would be a function of its own, if that pays; `own` is the block that ends with them, if one does.
 * Its ways out are `{ way, type }`, where `type` is that of the value that goes along; the first is to go on behind it, if it may.
 */
function pieceOf({ info, labels, types }, nodes, own) {
  const size = sum(nodes);
  if (size < LEAST) return undefined;
  const ways = new Set(nodes.flatMap((node) => [...node.ways]));
  // To leave the block at whose end the piece stands is to come to the end of the piece.
  const isWrapped = own !== undefined && ways.delete(own.info.name);
  const isOpen = isWrapped || nodes.every(({ type }) => type !== unreachable);
  const exits = new Map();
  if (isOpen) exits.set(FALL, isWrapped ? own.type : nodes.at(-1).type);
  for (const way of ways) exits.set(way, way === RETURN ? info.results : none);
  let [written, used] = [0n, 0n];
  let isHard = false;
  const look = (node, isFree) => {
    const { id, info } = node;
    if (id === binaryen.LocalSetId) written |= bit(info.index);
    if (id === binaryen.LocalSetId || id === binaryen.LocalGetId) used |= bit(info.index);
    if (id === binaryen.SwitchId && info.value && [...info.names, info.defaultName].some((name) => ways.has(name))) isHard = true;
    if (id === binaryen.BreakId && isCarrier(node, ways)) exits.set(info.name, node.kids[0].type);
    // With several ways such an expression becomes two.
    if (exits.size > 1 && ((isCarrier(node, ways) && info.condition) || ((isCarrier(node, ways) || id === binaryen.ReturnId) && !isFree))) isHard = true;
    node.kids.forEach((kid, place) => look(kid, id === binaryen.BlockId || id === binaryen.LoopId || (id === binaryen.IfId && place > 0)));
  };
  nodes.forEach((node) => look(node, true));
  const after = [...ways].filter((way) => way !== RETURN).reduce((all, way) => all | labels.get(way), isOpen ? nodes.at(-1).after : 0n);
  const changed = listed(after & written);
  const read = listed(nodes[0].before & used);
  if (isHard || [...changed, ...read].some((local) => !isPlain(types[local])) || [...exits.values()].some((type) => type !== none && !isPlain(type))) return undefined;
  // Arguments, number and call; then what has changed, and the ways.
  const values = [...exits.values()].filter((type) => type !== none).length;
  const direct = exits.size < 2 && values === 0 ? 1 : 0;
  let cost = 6 + 2 * read.length + changed.reduce((sum, _, place) => sum + (place < direct ? 2 : 5), 0);
  if (exits.size !== 1 || !isOpen) cost += exits.size < 2 ? 2 : exits.size === 2 ? 3 : 8 + 2 * exits.size;
  if (exits.size > 1) cost += 4 * values + (changed.length > 0 ? 3 : 0);
  return size - cost < LEAST ? undefined : { nodes, own: isWrapped ? own : undefined, exits: [...exits].map(([way, type]) => ({ way, type })), changed, read, used };
}

/**
 * Takes out of the functions of a module what did not run, as functions of their own. Returns
 *
 * - `ran`: the names of the functions that ran,
 * - `called`: those that they still call,
 * - `pieces`: those of the pieces,
 * - `said`: for each function with pieces the whole numbers that stand in what is left of it (`hot`), and in them (`cold`).
 *
 * `hasRun` tells whether a place was reached.
 */
export function outline(module, hasRun) {
  const zero = { [i32]: () => module.i32.const(0), [i64]: () => module.i64.const(0n), [f32]: () => module.f32.const(0), [f64]: () => module.f64.const(0) };
  const scratch = new Set();
  /** A global through which a piece hands over what is no result. It is read right behind the call. */
  const global = (use, type) => {
    const name = `piece ${use} ${type}`;
    if (!scratch.has(name)) module.addGlobal(name, type, true, zero[type]());
    scratch.add(name);
    return { get: () => module.global.get(name, type), set: (value) => module.global.set(name, value) };
  };
  const pieces = new Set();

  /** Makes a function of a piece. Returns what stands in its place. */
  const move = ({ name: from, types }, { nodes, own, exits, changed, read, used }) => {
    const name = `${from}#${pieces.size}`;
    pieces.add(name);
    const locals = [...read, ...listed(used).filter((local) => !read.includes(local))];
    const now = new Map(locals.map((local, place) => [local, place]));
    const vars = locals.slice(read.length).map((local) => types[local]);
    each(nodes, ({ id, info, ref }) => {
      if (id === binaryen.LocalGetId) binaryen.LocalGet.setIndex(ref, now.get(info.index));
      if (id === binaryen.LocalSetId) binaryen.LocalSet.setIndex(ref, now.get(info.index));
    });
    const changedAt = (place) => global(place, types[changed[place]]);
    const mine = (local) => module.local.get(now.get(local), types[local]);
    /** Says what has changed through globals, and hears it; but for the first when that is the result. */
    const say = (from) => changed.slice(from).map((local, place) => changedAt(place + from).set(mine(local)));
    const hear = (from) => changed.slice(from).map((local, place) => module.local.set(local, changedAt(place + from).get()));
    let result = none;
    const call = () => module.call(name, read.map((local) => module.local.get(local, types[local])), result);
    /** Goes on where a piece would have gone. */
    const go = ({ way }, value) => {
      if (way === FALL) return value ? [value] : [];
      return [way === RETURN ? module.return(value) : module.br(way, undefined, value)];
    };
    let body;
    let instead;
    const wrapped = (refs) => (own ? [module.block(own.info.name, refs, own.type)] : refs);
    const refs = nodes.map(({ ref }) => ref);
    if (exits.length < 2) {
      const [exit] = exits;
      body = wrapped(refs);
      if (exit && exit.way !== FALL && exit.way !== RETURN) body = [module.block(exit.way, body, exit.type)];
      if (!exit) instead = [call(), module.unreachable()];
      else if (exit.type !== none) {
        result = exit.type;
        if (changed.length > 0 && exit.way !== RETURN) {
          const kept = read.length + vars.push(result) - 1;
          const value = body.pop();
          body.push(module.local.set(kept, value), ...say(0), module.local.get(kept, result));
          const carried = global("value", result);
          instead = [carried.set(call()), ...hear(0), ...go(exit, carried.get())];
        } else instead = go(exit, call());
      } else if (changed.length > 0) {
        result = types[changed[0]];
        body.push(...say(1), mine(changed[0]));
        instead = [module.local.set(changed[0], call()), ...hear(1), ...go(exit)];
      } else instead = [call(), ...go(exit)];
    } else {
      // By which way it left is a number: 0 for the one that needs no question.
      const [last, ...others] = exits;
      const carried = ({ type }) => (type === none ? undefined : global("value", type));
      const which = global("way", i32);
      result = changed.length > 0 ? types[changed[0]] : i32;
      const end = (code) => (changed.length > 0 ? [which.set(module.i32.const(code)), ...say(1), module.return(mine(changed[0]))] : [module.return(module.i32.const(code))]);
      const ways = new Set(exits.map(({ way }) => way));
      const isWay = (node) => node.id === binaryen.ReturnId || isCarrier(node, ways);
      const split = ({ id, info, kids }) => {
        const way = id === binaryen.ReturnId ? RETURN : info.name;
        return module.block(null, [...kids.map(({ ref, type }) => global("value", type).set(ref)), module.br(way)], unreachable);
      };
      const inside = (node) => {
        node.kids.forEach((kid, place) => {
          inside(kid);
          if (!isWay(kid)) return;
          if (node.id === binaryen.BlockId) binaryen.Block.setChildAt(node.ref, place, split(kid));
          else if (node.id === binaryen.LoopId) binaryen.Loop.setBody(node.ref, split(kid));
          else (place === 1 ? binaryen.If.setIfTrue : binaryen.If.setIfFalse)(node.ref, split(kid));
        });
      };
      nodes.forEach(inside);
      body = wrapped(nodes.map((node) => (isWay(node) ? split(node) : node.ref)));
      exits.forEach((exit, code) => {
        if (exit.way === FALL && exit.type !== none) body.push(carried(exit).set(body.pop()));
        if (exit.way !== FALL) body = [module.block(exit.way, body, none)];
        body.push(...end(code));
      });
      instead = changed.length > 0 ? [module.local.set(changed[0], call()), ...hear(1)] : [];
      const chosen = changed.length > 0 ? which.get() : call();
      const isPlainWay = ({ way, type }) => way !== RETURN && type === none;
      if (others.length === 1) {
        const [other] = others;
        instead.push(isPlainWay(other) ? module.br(other.way, chosen) : module.if(chosen, ...go(other, carried(other)?.get())));
      } else {
        const labels = others.map((other, place) => (isPlainWay(other) ? other.way : `${name} ${place}`));
        let choice = [module.switch([`${name} on`, ...labels], `${name} on`, chosen)];
        others.forEach((other, place) => {
          if (!isPlainWay(other)) choice = [module.block(labels[place], choice, none), ...go(other, carried(other)?.get())];
        });
        instead.push(module.block(`${name} on`, choice, none));
      }
      instead.push(...go(last, carried(last)?.get()));
    }
    module.addFunction(name, binaryen.createType(read.map((local) => types[local])), result, vars, module.block(null, body, result));
    const [first] = exits;
    const type = first?.way === FALL ? first.type : unreachable;
    return instead.length === 1 ? instead[0] : module.block(null, instead, type);
  };

  /** Takes children of an expression out, from one on, if that pays. */
  const take = (fn, parent, from, nodes) => {
    const isEnd = parent.id === binaryen.BlockId && parent.info.name && from + nodes.length === parent.kids.length;
    const piece = pieceOf(fn, nodes, isEnd ? parent : undefined);
    if (!piece) return false;
    fn.cold.push(...nodes);
    const instead = move(fn, piece);
    if (parent.id === binaryen.IfId) (from === 1 ? binaryen.If.setIfTrue : binaryen.If.setIfFalse)(parent.ref, instead);
    else if (parent.id === binaryen.LoopId) binaryen.Loop.setBody(parent.ref, instead);
    else {
      for (let more = nodes.length - 1; more > 0; more--) binaryen.Block.removeChildAt(parent.ref, from + more);
      binaryen.Block.setChildAt(parent.ref, from, instead);
    }
    return true;
  };
  /** What did not run and does not pay as a whole may have pieces that do. */
  const search = (fn, node) => {
    fn.hot.push(node);
    if (node.id === binaryen.BlockId && node.kids.length > 1 && take(fn, node, 0, node.kids)) return;
    node.kids.forEach((kid, place) => {
      const isWhole = node.id === binaryen.BlockId || node.id === binaryen.LoopId || (node.id === binaryen.IfId && place > 0);
      if (!isWhole || !take(fn, node, place, [kid])) search(fn, kid);
    });
  };
  const visit = (fn, node) => {
    fn.hot.push(node);
    for (const [place, kid] of node.kids.entries()) {
      if (kid.point === undefined || hasRun(kid.point)) visit(fn, kid);
      else {
        const rest = node.id === binaryen.BlockId ? node.kids.slice(place) : [kid];
        if (!take(fn, node, place, rest)) rest.forEach((one) => search(fn, one));
        if (node.id === binaryen.BlockId) break;
      }
    }
  };

  const functions = numbered(module).functions.filter(({ point }) => hasRun(point));
  const called = new Set();
  const said = new Map();
  for (const fn of functions) {
    if (!fn.body) continue;
    Object.assign(fn, { types: [...binaryen.expandType(fn.info.params), ...fn.info.vars], labels: new Map(), hot: [], cold: [] });
    if (WHOLE.test(fn.name)) each([fn.body], (node) => fn.hot.push(node));
    else {
      live(fn.body, 0n, fn.labels);
      visit(fn, fn.body);
    }
    for (const { id, info } of fn.hot) if (id === binaryen.CallId) called.add(info.target);
    const cold = [];
    each(fn.cold, (node) => cold.push(node));
    if (cold.length > 0) said.set(fn.name, { hot: numbers(fn.hot), cold: numbers(cold) });
  }
  return { ran: new Set(functions.map(({ name }) => name)), called, pieces, said };
}

/** The whole numbers that stand in some expressions, which may be places in memory. */
function numbers(nodes) {
  const found = new Set();
  for (const { id, info } of nodes) {
    if (id === binaryen.ConstId && info.type === i32) found.add(info.value >>> 0);
    if (id === binaryen.LoadId || id === binaryen.StoreId) found.add(info.offset);
  }
  return found;
}

/** The calls that stand in some functions, by what they call. */
export function callsIn(module, names) {
  const found = new Map();
  for (const name of names) {
    const body = treeOf(binaryen.getFunctionInfo(module.getFunction(name)).body);
    each(body ? [body] : [], ({ id, info, ref }) => {
      if (id !== binaryen.CallId) return;
      if (!found.has(info.target)) found.set(info.target, []);
      found.get(info.target).push(ref);
    });
  }
  return found;
}
