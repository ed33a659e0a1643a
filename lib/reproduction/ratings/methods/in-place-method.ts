import type { Interactions } from "../../../data";
import type { MethodDescription, UnlearningRequest, UnlearningResult } from "../../../training";

/**
 * A method that changes a model in place, as its area has it. Models are of one kind throughout a run, whichever it is.
 */
export interface InPlaceMethod {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- methods of several models stand side by side
  readonly description: MethodDescription<any, any>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  prepare?(model: any, train: Interactions, options?: any): Promise<any>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  unlearn(model: any, request: UnlearningRequest, options?: any, prepared?: any): Promise<UnlearningResult<any, any>>;
}

/** The form of a method for a kind of model. */
export function formOf<T extends InPlaceMethod>(forms: readonly T[], model: string): T {
  return forms.find(({ description }) => description.models.includes(model)) as T;
}
