// Runs before each file of those that share the modules of their worker: what one leaves set there must not reach the
// next. Suites that replace a module must not get it loaded before, so that they go without.
import { redirectAnnouncements, setCurrentSignal, setProgressSink } from "../lib/core";

setCurrentSignal(undefined);
setProgressSink(undefined);
redirectAnnouncements((line) => console.log(line));
