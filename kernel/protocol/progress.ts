/** The MIME type under which programs find the progress that people see as a bar: a list of lib's `ProgressEvent`. */
export const progressMimeType = "application/vnd.recsys-unlearning.progress+json";
