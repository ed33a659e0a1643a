import { didYouMean, NotFoundError, type OptionFields, type OptionList, optionList, settingsOf } from "../core";
import { type MethodPart, optionHelp, type Task } from "../experiments";
import { builtInParts } from "../reproduction";

/** What a dataset, backbone, method or request of a config may be told. @throws NotFoundError for another name */
export function showOptions(name: string, { json }: { json: boolean }): Promise<void> {
  const { list, of } = optionsOf(name);
  const described = Object.entries(list.fields).map(([option, { meaning, allowed, initial }]) => ({
    ...{ option, meaning, allowed, default: initial as unknown },
  }));
  const text = () =>
    described.length === 0 ? `${name} has no options` : `Options of ${name}${of}:\n${optionHelp(list)}`;
  console.log(json ? JSON.stringify(described, null, 2) : text());
  return Promise.resolve();
}

/** The options of a part, and whose defaults they have where that depends on more than its name. */
interface PartOptions {
  readonly list: OptionList;
  readonly of: string;
}

function optionsOf(name: string): PartOptions {
  const { tasks, datasets, backbones, methods } = builtInParts;
  const requests = Object.assign({}, ...Object.values(tasks).map((task) => task.requests)) as Task["requests"];
  if (Object.hasOwn(datasets, name)) return { list: settingsOf(datasets[name].options), of: "" };
  if (Object.hasOwn(requests, name)) return { list: settingsOf(requests[name].options), of: "" };
  if (Object.hasOwn(backbones, name)) return backboneOptions(name);
  if (Object.hasOwn(methods, name)) return methodOptions(methods[name]);
  const known = [datasets, requests, backbones, methods].flatMap(Object.keys);
  throw new NotFoundError(`no dataset, request, backbone or method "${name}"`, { remedy: didYouMean(name, known) });
}

function backboneOptions(name: string): PartOptions {
  const { datasets, backbones } = builtInParts;
  const [dataset] = Object.keys(datasets).filter((key) => datasets[key].task === backbones[name].task);
  return { list: settingsOf(backbones[name].options(dataset)), of: ` (defaults on ${dataset})` };
}

/** Those of all its backbones; where several have an option, as the first has it. */
function methodOptions({ backbones, options }: MethodPart): PartOptions {
  const names = backbones === "all" ? ["mf"] : backbones;
  const lists = names.map((backbone) => settingsOf(options(backbone)));
  const fields = Object.assign({}, ...[...lists].reverse().map((list) => list.fields)) as OptionFields;
  const differ = new Set(lists.map((list) => JSON.stringify(list.defaults()))).size > 1;
  const of = differ ? ` (defaults on the first of ${names.join(", ")} that has the option)` : "";
  return { list: optionList(lists[0].where, fields), of };
}
