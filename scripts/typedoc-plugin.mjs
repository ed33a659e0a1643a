// What `npm run docs` needs of typedoc beyond `typedoc.json`.
import { Application, Converter, OptionDefaults, ReflectionKind } from "typedoc";

const unnamed = "__namedParameters";

/**
 * The name of the type that a parameter is destructured from; `Pick<SessionPass, …>` is named by `SessionPass`.
 * TypeScript has no name for a destructured parameter.
 */
function nameOf(parameter) {
  const { type } = parameter;
  const named = type?.name === "Pick" ? type.typeArguments[0] : type;
  if (named?.type === "reference") return named.name[0].toLowerCase() + named.name.slice(1);
  throw new Error(`${parameter.parent.getFullName()} destructures ${type}, which has no name; add a @param`);
}

/** The plugin's entry point, called by typedoc. */
export function load(application) {
  // A directive for the compiler, which has to stand in a published comment (`lib/notebook/frames.ts`).
  application.on(Application.EVENT_BOOTSTRAP_END, () =>
    application.options.setValue("blockTags", [...OptionDefaults.blockTags, "@ts-ignore"]),
  );
  // Where no `@param` names it, a destructured parameter is published under the name of its type.
  application.converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project }) => {
      for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter))
        if (parameter.name === unnamed) parameter.name = nameOf(parameter);
    },
    1000,
  );
}
