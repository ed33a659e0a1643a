import { flagOption, InvalidArgumentError, optionList, type OptionsOf, textOption } from "recsys-unlearning/core";
import type { Input } from "./input";

/** What `prompt` may be told. */
const promptOptions = optionList("prompt", {
  default: textOption("What an empty answer stands for.", ""),
  password: flagOption("Whether the page hides what is typed.", false),
});

/** The global functions that cells ask by, as browsers and Deno have them. */
export function inputGlobals(input: Input): object {
  return {
    prompt: (text: unknown = "", given: unknown = {}): string => {
      const { default: empty, password } = optionsIn(given);
      const line = input.ask(asText(text), password);
      return line === "" ? empty : line;
    },
    confirm: (text: unknown = ""): boolean => /^\s*y(es)?\s*$/i.test(input.ask(`${asText(text)} [y/N] `.trimStart())),
  };
}

function optionsIn(given: unknown): OptionsOf<typeof promptOptions.fields> {
  if (typeof given === "string") return promptOptions.resolve({ default: given });
  if (typeof given === "object" && given !== null) return promptOptions.resolve(given);
  throw new InvalidArgumentError("the second argument of prompt() is a default, or { default, password }");
}

function asText(given: unknown): string {
  return typeof given === "string" ? given : String(given);
}
