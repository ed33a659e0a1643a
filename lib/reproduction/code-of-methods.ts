import type { PartVersion } from "../experiments";
import type { MethodDescription } from "../training";

/**
 * The code of a part that rests on methods: the module that wraps them, and theirs, or their text where they have no
 * module.
 */
export function codeOfMethods(
  wrapper: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the diagnostics are
  methods: readonly { readonly description: MethodDescription<any, any> }[],
): Pick<PartVersion, "code" | "source"> {
  const modules = methods.flatMap(({ description }) => description.code ?? []);
  const loose = methods.filter(({ description }) => description.code === undefined);
  return { code: [wrapper, ...modules], ...(loose.length === 0 ? {} : { source: loose }) };
}
