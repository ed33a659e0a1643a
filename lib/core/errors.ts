import { visibleLines, visibleText } from "./text";

/** What every error of this project says beside its message. */
export interface ErrorDetails {
  /** Where it happened: a file and line, an option's path, a run's id. */
  where?: string;
  /** What the person can do about it, in one sentence. */
  remedy?: string;
  cause?: unknown;
}

/**
 * The base of every error that is thrown on purpose. The message holds what is wrong, where, and the remedy, one line
 * each. Text from files, servers and tools may stand in it: what a terminal would obey is spelt out.
 */
export class RecsysError extends Error {
  readonly where: string | undefined;
  readonly remedy: string | undefined;

  constructor(problem: string, details: ErrorDetails = {}) {
    const where = details.where === undefined ? undefined : visibleText(details.where);
    const remedy = details.remedy === undefined ? undefined : visibleLines(details.remedy);
    const lines = [visibleLines(problem)];
    if (where !== undefined) lines.push(`  at ${where}`);
    if (remedy !== undefined) lines.push(`  remedy: ${remedy}`);
    super(lines.join("\n"), { cause: details.cause });
    this.name = new.target.name;
    this.where = where;
    this.remedy = remedy;
  }
}

/** An option that is unknown, of the wrong type, or outside its range. */
export class InvalidOptionError extends RecsysError {}

/** An argument whose shape or value a function cannot work with. */
export class InvalidArgumentError extends RecsysError {}

/** Input data that cannot be read as what it claims to be. `where` is file and line. */
export class InvalidDataError extends RecsysError {}

/** A file, dataset, user, item or run that is not there. */
export class NotFoundError extends RecsysError {}

/** A file of our own (checkpoint, model, record) whose content is damaged. */
export class CorruptFileError extends RecsysError {}

/** A download that was refused, cut off, too large, or of the wrong content. */
export class DownloadError extends RecsysError {}

/** A loss, gradient or solution that is not finite, or a linear system that cannot be solved. */
export class NumericalError extends RecsysError {}

/** A compute engine that is not built, not installed, or out of memory. */
export class EngineError extends RecsysError {}

/** Work that was stopped on request. */
export class CancelledError extends RecsysError {
  constructor(what: string) {
    super(`${what} was interrupted`);
  }
}
