import {
  announce,
  type Comm,
  type CommMessage,
  InvalidArgumentError,
  jupyterDisplay,
  type MimeData,
  notebookChannel,
} from "../../core";
import type { Html } from "../html";
import { isRecord, putBuffers, takeBuffers } from "./buffers";
import { register, type Registered, unregister } from "./registry";

/** The MIME type under which pages find a control. */
const widgetViewMime = "application/vnd.jupyter.widget-view+json";
const protocol = { version: "2.1.0" };

/** Which model and view of which JavaScript module a control is in the page. */
export interface ModelKind {
  readonly module: string;
  readonly version: string;
  readonly model: string;
  readonly view: string;
  /** Default: the model's. */
  readonly viewModule?: string;
}

/** A control of `@jupyter-widgets/controls` 2.0. @param view default: as the model */
export function controlKind(name: string, view = `${name}View`): ModelKind {
  return { module: "@jupyter-widgets/controls", version: "2.0.0", model: `${name}Model`, view };
}

/** What stands for a control where there are no controls. */
export interface Still {
  readonly html: Html;
  readonly text: string;
  /** Other representations, such as a picture. */
  readonly more?: MimeData;
}

/**
 * One model of the Jupyter widget protocol: a state that the kernel and every page keep alike. It is opened when it is
 * first shown, alone or inside another.
 */
export abstract class Widget implements Registered {
  private readonly fields: Map<string, unknown>;
  private comm: Comm | undefined;
  private readonly listeners = new Set<() => void>();

  protected constructor(kind: ModelKind, state: Readonly<Record<string, unknown>>) {
    const view = kind.viewModule ?? kind.module;
    this.fields = new Map<string, unknown>([
      ["_model_module", kind.module],
      ["_model_module_version", kind.version],
      ["_model_name", kind.model],
      ["_view_count", null],
      ["_view_module", view],
      ["_view_module_version", kind.version],
      ["_view_name", kind.view],
      ...Object.entries(state),
    ]);
  }

  /** Its id in the kernel and its pages; opens it. @throws InvalidArgumentError outside this project's kernel */
  open(): string {
    if (this.comm !== undefined) return this.comm.id;
    const channel = notebookChannel();
    if (channel === undefined)
      throw new InvalidArgumentError("controls work in this project's kernel only", { remedy: "open a notebook" });
    const { state, buffer_paths, buffers } = takeBuffers(this.modelState());
    const opening = { target: "jupyter.widget", data: { state, buffer_paths }, metadata: protocol, buffers };
    this.comm = channel.openComm(opening, { message: (message) => this.take(message), closed: () => this.forget() });
    register(this.comm.id, this);
    return this.comm.id;
  }

  get isOpen(): boolean {
    return this.comm !== undefined;
  }

  /** Removes it from every page. Shown again, it opens again. */
  close(): void {
    this.comm?.close();
    this.forget();
  }

  /** The whole state, with other controls as references to them. */
  modelState(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.fields].map(([key, value]) => [key, asReferences(value)]));
  }

  [jupyterDisplay](): MimeData {
    const { html, text, more } = this.still();
    const still = { "text/html": html.markup, ...more, "text/plain": text };
    if (notebookChannel() === undefined) {
      announce("controls work in this project's kernel only: what is shown is a picture of their first state");
      return still;
    }
    return { [widgetViewMime]: { model_id: this.open(), version_major: 2, version_minor: 0 }, ...still };
  }

  /** What is shown where there are no controls. */
  abstract still(): Still;

  /**
   * Calls a function whenever the state has changed, from whichever side.
   *
   * @returns ends that
   */
  protected listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A field of the state. */
  protected get(key: string): unknown {
    return this.fields.get(key);
  }

  /** Changes fields, here and in every page. */
  protected set(changes: Readonly<Record<string, unknown>>): void {
    const changed = this.apply(changes);
    if (Object.keys(changed).length === 0) return;
    this.sendFields(changed, "update");
    this.tell();
  }

  /**
   * What a field becomes when a page changes it; `undefined` where it may not. What stands there comes from outside.
   */
  protected accept(_key: string, _value: unknown): unknown {
    return undefined;
  }

  /** Takes a message of the page's own kind, such as a click. */
  protected takeCustom(_content: unknown, _buffers: readonly Uint8Array[]): void {
    throw new InvalidArgumentError("a control got a message that it does not know");
  }

  /** Sends a message of the control's own kind. */
  protected sendCustom(content: unknown, buffers: readonly Uint8Array[] = []): void {
    this.comm?.send({ method: "custom", content }, buffers);
  }

  private take({ data, buffers }: CommMessage): void {
    const method = isRecord(data) ? data["method"] : undefined;
    if (!isRecord(data) || typeof method !== "string")
      throw new InvalidArgumentError("a control got a message without a method");
    switch (method) {
      case "update":
        return this.takeUpdate(putBuffers(data["state"], data["buffer_paths"], buffers));
      case "request_state":
        return this.sendFields(Object.fromEntries(this.fields), "update");
      case "custom":
        return this.takeCustom(data["content"], buffers);
      default:
        throw new InvalidArgumentError(`a control got a message of the unknown method "${method.slice(0, 50)}"`);
    }
  }

  /** Takes what may be changed, tells the other pages, and puts back what may not. */
  private takeUpdate(given: Readonly<Record<string, unknown>>): void {
    const known = Object.keys(given).filter((key) => this.fields.has(key));
    const checked = known.map((key): [string, unknown] => [key, this.accept(key, given[key])]);
    const taken = Object.fromEntries(checked.filter(([, value]) => value !== undefined));
    if (Object.keys(taken).length > 0) this.sendFields(taken, "echo_update");
    const kept = checked.filter(([key, value]) => value === undefined || !isSame(value, given[key]));
    const changed = this.apply(taken);
    if (kept.length > 0)
      this.sendFields(Object.fromEntries(kept.map(([key]) => [key, this.fields.get(key)])), "update");
    if (Object.keys(changed).length > 0) this.tell();
  }

  /** @returns what has changed by it */
  private apply(changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const changed = Object.entries(changes).filter(([key, value]) => !isSame(this.fields.get(key), value));
    for (const [key, value] of changed) this.fields.set(key, value);
    return Object.fromEntries(changed);
  }

  private sendFields(fields: Readonly<Record<string, unknown>>, method: "update" | "echo_update"): void {
    if (this.comm === undefined) return;
    const whole = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, asReferences(value)]));
    const { state, buffer_paths, buffers } = takeBuffers(whole);
    this.comm.send({ method, state, buffer_paths }, buffers);
  }

  /** Every listener is called, whatever another one throws. */
  private tell(): void {
    const thrown: unknown[] = [];
    for (const listener of [...this.listeners]) {
      try {
        listener();
      } catch (error) {
        thrown.push(error);
      }
    }
    if (thrown.length > 0) throw thrown[0];
  }

  private forget(): void {
    if (this.comm !== undefined) unregister(this.comm.id);
    this.comm = undefined;
  }
}

/** Controls inside a state as the protocol refers to them; opens them. */
function asReferences(value: unknown): unknown {
  if (value instanceof Widget) return `IPY_MODEL_${value.open()}`;
  if (Array.isArray(value)) return value.map(asReferences);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asReferences(one)]));
}

/** Whether two values of a state are the same; lists by their items. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => isSame(one, b[i]));
  return Object.is(a, b);
}
