import { join } from "node:path";
import { libFolder } from "recsys-unlearning/core";
import { isObject, peek } from "../inspection";
import { builtAreas } from "../lib-areas";
import { documented, type Documented, forgetParsed, publicNames } from "./area-docs";
import { areaPage, HelpPage, namePage, overviewPage, unknownPage } from "./pages";

/**
 * The page for a question: of nothing, an area's name, a public name such as `explain` or `ifru.unlearn`, or a value
 * that lib exports.
 */
export function helpOn(topic: unknown): HelpPage {
  forgetParsed();
  if (topic === undefined) return overviewPage();
  return typeof topic === "string" ? named(topic.trim()) : ofValue(topic);
}

function named(asked: string): HelpPage {
  const topic = asked.replace(/^recsys-unlearning\/?/, "").replace(/\(\)$/, "");
  if (topic === "") return overviewPage();
  const areas = builtAreas();
  if (areas.includes(topic)) return areaPage(topic);
  const [name, member] = topic.split(".");
  const all = areas.flatMap(publicNames);
  const found = all.filter((one) => one.name === name).flatMap((one) => documented(one) ?? []);
  const [first] = found.filter(({ members }) => member === undefined || members.some((one) => one.name === member));
  if (first !== undefined) return namePage(first, member);
  const members = found.flatMap((one) => one.members.map((method) => `${name}.${method.name}`));
  return unknownPage(topic, [...areas, ...all.map((one) => one.name), ...members]);
}

/** A function, class or method that lib exports, or an object that one of its classes has made. */
function ofValue(topic: unknown): HelpPage {
  const made = isObject(topic) ? peek(topic, "constructor") : undefined;
  for (const area of builtAreas()) {
    const exported = require.cache[join(libFolder(), "dist", area, "index.js")]?.exports as object | undefined;
    if (exported === undefined) continue;
    for (const one of publicNames(area).filter(({ isType }) => !isType)) {
      const value = peek(exported, one.name);
      if (value === undefined) continue;
      const found = value === topic || (value === made && typeof made === "function") ? documented(one) : undefined;
      if (found !== undefined) return namePage(found);
      const method = typeof topic === "function" ? methodIn(one, value, topic) : undefined;
      if (method !== undefined) return method;
    }
  }
  const what = typeof topic === "function" ? `The function \`${nameOf(topic)}\`` : "This value";
  return new HelpPage(
    `${what} is none of recsys-unlearning's. Shift+Tab shows its type, and \`help()\` what there is.`,
  );
}

/** The page of a method of an exported object, `ifru.unlearn`. */
function methodIn(one: Parameters<typeof documented>[0], value: unknown, topic: object): HelpPage | undefined {
  if (!isObject(value) || typeof value === "function") return undefined;
  const key = Object.keys(value).find((name) => peek(value, name) === topic);
  const found: Documented | undefined = key === undefined ? undefined : documented(one);
  return found?.members.some(({ name }) => name === key) === true ? namePage(found, key) : undefined;
}

function nameOf(topic: object): string {
  const name = peek(topic, "name");
  return typeof name === "string" && name !== "" ? name.slice(0, 60).replaceAll("`", "'") : "without a name";
}
