/**
 * What the running Node's JavaScript has beyond the library files of tslab's TypeScript (5.0, of 2023), in TypeScript.
 * Each declaration stands beside a question whether Node has it, so that what type-checks also runs.
 */
const additions: readonly (readonly [has: () => boolean, declaration: string])[] = [
  [
    () => "toSorted" in Array.prototype,
    `interface Array<T> {
  toReversed(): T[]; toSorted(compare?: (a: T, b: T) => number): T[]; with(index: number, value: T): T[];
  toSpliced(start: number, deleteCount?: number): T[]; toSpliced(start: number, deleteCount: number, ...items: T[]): T[];
}
interface ReadonlyArray<T> {
  toReversed(): T[]; toSorted(compare?: (a: T, b: T) => number): T[]; with(index: number, value: T): T[];
  toSpliced(start: number, deleteCount?: number): T[]; toSpliced(start: number, deleteCount: number, ...items: T[]): T[];
}
${typedArrays("number", (name) => `toReversed(): ${name}; toSorted(compare?: (a: number, b: number) => number): ${name}; with(index: number, value: number): ${name};`)}
${typedArrays("bigint", (name) => `toReversed(): ${name}; toSorted(compare?: (a: bigint, b: bigint) => number | bigint): ${name}; with(index: number, value: bigint): ${name};`)}`,
  ],
  [() => "isWellFormed" in String.prototype, "interface String { isWellFormed(): boolean; toWellFormed(): string; }"],
  [
    () => "groupBy" in Object,
    `interface ObjectConstructor {
  groupBy<K extends PropertyKey, T>(items: Iterable<T>, key: (item: T, index: number) => K): Partial<Record<K, T[]>>;
}`,
  ],
  [
    () => "groupBy" in Map,
    "interface MapConstructor { groupBy<K, T>(items: Iterable<T>, key: (item: T, index: number) => K): Map<K, T[]>; }",
  ],
  [
    () => "withResolvers" in Promise,
    `interface PromiseWithResolvers<T> {
  promise: Promise<T>; resolve: (value: T | PromiseLike<T>) => void; reject: (reason?: any) => void;
}
interface PromiseConstructor { withResolvers<T>(): PromiseWithResolvers<T>; }`,
  ],
  [
    () => "try" in Promise,
    "interface PromiseConstructor { try<T, A extends unknown[]>(f: (...args: A) => T | PromiseLike<T>, ...args: A): Promise<Awaited<T>>; }",
  ],
  [
    () => "fromAsync" in Array,
    `interface ArrayConstructor {
  fromAsync<T>(items: AsyncIterable<T> | Iterable<T | PromiseLike<T>> | ArrayLike<T | PromiseLike<T>>): Promise<T[]>;
  fromAsync<T, U>(items: AsyncIterable<T> | Iterable<T> | ArrayLike<T>, map: (value: Awaited<T>, index: number) => U, thisArg?: any): Promise<Awaited<U>[]>;
}`,
  ],
  [
    () => "union" in Set.prototype,
    `interface ReadonlySetLike<T> { keys(): Iterator<T>; has(value: T): boolean; readonly size: number; }
${["Set", "ReadonlySet"]
  .map(
    (name) => `interface ${name}<T> {
  union<U>(other: ReadonlySetLike<U>): Set<T | U>; intersection<U>(other: ReadonlySetLike<U>): Set<T & U>;
  difference<U>(other: ReadonlySetLike<U>): Set<T>; symmetricDifference<U>(other: ReadonlySetLike<U>): Set<T | U>;
  isSubsetOf(other: ReadonlySetLike<unknown>): boolean; isSupersetOf(other: ReadonlySetLike<unknown>): boolean;
  isDisjointFrom(other: ReadonlySetLike<unknown>): boolean;
}`,
  )
  .join("\n")}`,
  ],
  [
    () => "Iterator" in globalThis,
    `interface IterableIterator<T> {
  map<U>(f: (value: T, index: number) => U): IterableIterator<U>;
  filter<S extends T>(f: (value: T, index: number) => value is S): IterableIterator<S>;
  filter(f: (value: T, index: number) => unknown): IterableIterator<T>;
  take(limit: number): IterableIterator<T>; drop(count: number): IterableIterator<T>;
  flatMap<U>(f: (value: T, index: number) => Iterable<U>): IterableIterator<U>;
  reduce<U>(f: (sum: U, value: T, index: number) => U, start: U): U;
  toArray(): T[]; forEach(f: (value: T, index: number) => void): void;
  some(f: (value: T, index: number) => unknown): boolean; every(f: (value: T, index: number) => unknown): boolean;
  find<S extends T>(f: (value: T, index: number) => value is S): S | undefined;
  find(f: (value: T, index: number) => unknown): T | undefined;
}`,
  ],
  [
    () => "transfer" in ArrayBuffer.prototype,
    "interface ArrayBuffer { readonly detached: boolean; transfer(length?: number): ArrayBuffer; transferToFixedLength(length?: number): ArrayBuffer; }",
  ],
  [
    () => "resize" in ArrayBuffer.prototype,
    `interface ArrayBuffer { readonly maxByteLength: number; readonly resizable: boolean; resize(length: number): void; }
interface ArrayBufferConstructor { new (length: number, options?: { maxByteLength?: number }): ArrayBuffer; }`,
  ],
  [() => "escape" in RegExp, "interface RegExpConstructor { escape(text: string): string; }"],
  [() => "isError" in Error, "interface ErrorConstructor { isError(value: unknown): value is Error; }"],
  [() => "sumPrecise" in Math, "interface Math { sumPrecise(values: Iterable<number>): number; }"],
];

function typedArrays(of: "number" | "bigint", members: (name: string) => string): string {
  const names =
    of === "bigint"
      ? ["BigInt64Array", "BigUint64Array"]
      : ["Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64"].map(
          (n) => `${n}Array`,
        );
  return names.map((name) => `interface ${name} { ${members(name)} }`).join("\n");
}

/** TypeScript's own library files that fit, by the names under which the compiler has them. */
export const libraryFiles = ["lib.es2023.d.ts", "lib.esnext.intl.d.ts"];

/** A declaration file with what these lack and the running Node has. */
export function nodeLibrary(): string {
  return additions.flatMap(([has, declaration]) => (has() ? [`${declaration}\n`] : [])).join("");
}
