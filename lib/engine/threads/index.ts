export { threadCount } from "./count";
export { type Divisible, endsOfPieces } from "./divide";
export { type SharedEngine, ThreadPool, threadPool } from "./pool";
