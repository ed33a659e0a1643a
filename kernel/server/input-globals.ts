import { InvalidArgumentError } from "recsys-unlearning/core";
import type { Input } from "./input";

/** What `prompt` may be told. */
interface PromptOptions {
  readonly default?: string;
  readonly password?: boolean;
}

/** The global functions that cells ask by, as browsers and Deno have them. */
export function inputGlobals(input: Input): object {
  return {
    prompt: (text: unknown = "", given: unknown = {}): string => {
      const options = promptOptions(given);
      const line = input.ask(asText(text), options.password === true);
      return line === "" ? (options.default ?? "") : line;
    },
    confirm: (text: unknown = ""): boolean => /^\s*y(es)?\s*$/i.test(input.ask(`${asText(text)} [y/N] `.trimStart())),
  };
}

function promptOptions(given: unknown): PromptOptions {
  if (typeof given === "string") return { default: given };
  if (typeof given === "object" && given !== null) return given;
  throw new InvalidArgumentError("the second argument of prompt() is a default, or { default, password }");
}

function asText(given: unknown): string {
  return typeof given === "string" ? given : String(given);
}
