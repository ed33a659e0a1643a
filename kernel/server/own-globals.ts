// The globals and Node modules as they are when this is loaded. Cells share the rest of the process: what they replace
// there is not replaced here. Imports nothing, because the startup snapshot is made of it too.

/** An object of functions that cells could change one by one. */
function fixed<T extends object>(given: T, ...methods: (keyof T)[]): object {
  return Object.freeze(
    Object.fromEntries(methods.map((name) => [name, (given[name] as () => unknown).bind(given)] as const)),
  );
}

const { performance: clock } = globalThis;

/** What a module of the kernel sees under these names; its first line asks for them. */
export const ownGlobals = Object.freeze({
  ...{ setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate, queueMicrotask },
  ...{ Array, BigInt, Boolean, Buffer, Date, Error, Map, Number, Object, Promise, Proxy, RegExp, Set, String, Symbol },
  ...{ AbortController, WeakMap, WeakRef, WeakSet, structuredClone },
  JSON: fixed(JSON, "parse", "stringify"),
  performance: fixed(clock, "now", "mark", "measure", "clearMarks", "clearMeasures"),
});

const copies = new Map<string, unknown>();

/** A built-in module that keeps its functions when somebody replaces those of the original. */
export function copyOf(request: string, original: unknown): unknown {
  if (typeof original !== "object" || original === null || /^(node:)?process$/.test(request)) return original;
  if (!copies.has(request))
    copies.set(request, Object.defineProperties({}, Object.getOwnPropertyDescriptors(original)));
  return copies.get(request);
}

/** Gives a module these globals: to be put before its code, on the same line, so that lines stay as they are. */
export function withOwnGlobals(code: string, theirs: string): string {
  // A directive has to stay first.
  const directive = /^\s*["']use strict["']/.test(code) ? '"use strict";' : "";
  return `${directive}const { ${Object.keys(ownGlobals).join(", ")} } = ${theirs};${code}`;
}
