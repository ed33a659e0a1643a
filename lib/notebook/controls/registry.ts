// The controls that are open, and what pages ask about all of them at once.
import { type Comm, type CommMessage, notebookChannel } from "../../core";
import { isRecord, takeBuffers } from "./buffers";

/** What the registry knows of a control. */
export interface Registered {
  /** What a page needs to make its half. */
  modelState(): Readonly<Record<string, unknown>>;
  close(): void;
}

/** Called when a page has asked for all controls: it was loaded, or connected again. */
type PageListener = (session: string) => void;

interface Registry {
  readonly open: Map<string, Registered>;
  readonly listeners: Set<PageListener>;
}

// On globalThis under a registered symbol, so that a reloaded copy of lib finds the controls of the one before.
const key = Symbol.for("recsys-unlearning.controls");
const holder = globalThis as typeof globalThis & { [key]?: Registry };
const registry: Registry = (holder[key] ??= { open: new Map(), listeners: new Set() });

let isListening = false;

export function register(id: string, control: Registered): void {
  registry.open.set(id, control);
  if (isListening) return;
  isListening = true;
  notebookChannel()?.registerTarget("jupyter.widget.control", (comm) => ({
    message: (message) => answer(comm, message),
  }));
}

export function unregister(id: string): void {
  registry.open.delete(id);
}

/**
 * How many controls, with their layouts and styles, are open between the kernel and its pages.
 *
 * @example
 * openControls(); // how many there are
 */
export function openControls(): number {
  return registry.open.size;
}

/**
 * Closes every control: pages remove them. Controls that cells still hold open again when they are shown again.
 *
 * @returns how many there were
 * @example
 * closeControls(); // how many were closed; their last pictures stay
 */
export function closeControls(): number {
  const all = [...registry.open.values()];
  for (const control of all) control.close();
  return all.length;
}

/** Hears of pages that ask for all controls. @returns ends that */
export function onPageLoad(listener: PageListener): () => void {
  registry.listeners.add(listener);
  return () => registry.listeners.delete(listener);
}

/** A page that is loaded while the kernel lives asks for every state at once. */
function answer(comm: Comm, { data, session }: CommMessage): void {
  if (!isRecord(data) || data["method"] !== "request_states") return;
  const models = Object.fromEntries(
    [...registry.open].map(([id, control]) => {
      const state = control.modelState();
      const { _model_name: model_name, _model_module: model_module, _model_module_version: version } = state;
      return [id, { model_name, model_module, model_module_version: version, state }];
    }),
  );
  const { state: states, buffer_paths, buffers } = takeBuffers(models);
  comm.send({ method: "update_states", states, buffer_paths }, buffers);
  for (const listener of registry.listeners) listener(session);
}
