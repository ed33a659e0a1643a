import { didYouMean, NotFoundError, type OptionFields, type OptionList, optionList, settingsOf } from "../core";
import { type MethodPart, optionHelp, type Task } from "../experiments";
import { builtInParts } from "../reproduction";

/** What a dataset, backbone, method or request of a config may be told. @throws NotFoundError for another name */
export function showOptions(name: string, { json }: { json: boolean }): Promise<void> {
  const list = optionsOf(name);
  const described = Object.entries(list.fields).map(([option, { meaning, allowed, initial }]) => ({
    ...{ option, meaning, allowed, default: initial as unknown },
  }));
  const text = () => (described.length === 0 ? `${name} has no options` : `Options of ${name}:\n${optionHelp(list)}`);
  console.log(json ? JSON.stringify(described, null, 2) : text());
  return Promise.resolve();
}

function optionsOf(name: string): OptionList {
  const { tasks, datasets, backbones, methods } = builtInParts;
  const requests = Object.assign({}, ...Object.values(tasks).map((task) => task.requests)) as Task["requests"];
  if (Object.hasOwn(datasets, name)) return settingsOf(datasets[name].options);
  if (Object.hasOwn(requests, name)) return settingsOf(requests[name].options);
  if (Object.hasOwn(backbones, name)) {
    const dataset = Object.keys(datasets).find((key) => datasets[key].task === backbones[name].task);
    return settingsOf(backbones[name].options(dataset ?? ""));
  }
  if (Object.hasOwn(methods, name)) return methodOptions(methods[name]);
  const known = [datasets, requests, backbones, methods].flatMap(Object.keys);
  throw new NotFoundError(`no dataset, request, backbone or method "${name}"`, { remedy: didYouMean(name, known) });
}

/** Those of all its backbones; where several have an option, as the first has it. */
function methodOptions({ backbones, options }: MethodPart): OptionList {
  const lists = (backbones === "all" ? ["mf"] : backbones).map((backbone) => settingsOf(options(backbone)));
  return optionList(lists[0].where, Object.assign({}, ...lists.reverse().map(({ fields }) => fields)) as OptionFields);
}
