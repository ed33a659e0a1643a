import { inModule } from "../../experiments";
import { sessionStatistics } from "../../data";
import type { SessionsAudit } from "./types";

/** How large the dataset is; the model is not looked at. */
const statistics: SessionsAudit = {
  prerequisites: () => [],

  scores({ split: { train, valid, test } }) {
    const parts = [train, valid, test].map(sessionStatistics);
    const sum = (of: "sessions" | "interactions") => parts.reduce((total, part) => total + part[of], 0);
    const counts = {
      sessions: sum("sessions"),
      items: new Set([train, valid, test].flatMap(({ item }) => [...item])).size,
      interactions: sum("interactions"),
      trainSessions: parts[0].sessions,
      validSessions: parts[1].sessions,
      testSessions: parts[2].sessions,
      longest: Math.max(...parts.map(({ longest }) => longest)),
    };
    return Promise.resolve(
      Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Float32Array.of(count)])),
    );
  },
};

/** The audits of sessions, by name. */
export const sessionsAudits = inModule<SessionsAudit>(__filename, { statistics });
