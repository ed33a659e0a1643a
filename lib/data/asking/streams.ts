import type { Interactions } from "../interactions";
import { requestStream, type RequestStreamOptions, requestStreamOptions } from "../request-stream";
import { type AskedRequest, askedRequest } from "./asked";

/**
 * Requests that arrive one after another, drawn by `requestStream`, each with what describes it.
 *
 * @throws InvalidArgumentError when there is not enough to forget
 * @example
 * streamRequests(train, { requests: 5 }).map(({ name }) => name);
 */
export function streamRequests(train: Interactions, options?: Partial<RequestStreamOptions>): AskedRequest[] {
  const { of, requests, size, seed } = requestStreamOptions.resolve(options);
  return requestStream(train, options).map((forgetRows, number) =>
    askedRequest(train, forgetRows, {
      kind: "stream",
      text: `request ${number + 1} of ${requests} (${size} ${of})`,
      asked: { number: number + 1, of, requests, size, seed },
    }),
  );
}
