import { types } from "node:util";

/** Data properties of an object by name, read without running anything of it. */
export type Fields = Readonly<Record<string, unknown>>;

/** More fields than any of our objects has. */
const mostFields = 40;

/**
 * The fields of a plain object. `undefined` for any other value, and where a field would have to be computed: to be
 * looked at must not run a person's code.
 */
export function plainFields(value: unknown): Fields | undefined {
  if (!isPlain(value)) return undefined;
  const keys = Reflect.ownKeys(value);
  if (keys.length > mostFields) return undefined;
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (typeof key !== "string" || property === undefined || !("value" in property)) return undefined;
    fields[key] = property.value;
  }
  return fields;
}

/** Whether a value is an object as literals make them. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a value is an object that a class has made. */
export function isInstance(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && !types.isProxy(value) && !Array.isArray(value) && !isPlain(value)
  );
}

/** Whether fields have these names and no others, but for the optional ones. */
export function haveNames(fields: Fields, names: readonly string[], optional: readonly string[] = []): boolean {
  const own = Object.keys(fields);
  return names.every((name) => name in fields) && own.every((name) => names.includes(name) || optional.includes(name));
}

/** Whether an object has methods of these names, its own or its class's. */
export function hasMethods(value: object, ...names: readonly string[]): boolean {
  return names.every((name) => typeof (value as Fields)[name] === "function");
}

export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

export function isNumberOrNull(value: unknown): value is number | null {
  return value === null || typeof value === "number";
}
