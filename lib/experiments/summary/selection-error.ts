import { InvalidArgumentError } from "../../core";

/**
 * A name, label or seed that nothing in a view has. It may be right for another view, so that of several views those
 * that it does not fit can be left out.
 */
export class SelectionError extends InvalidArgumentError {}
