export type { Claim, ClaimRemark, ClaimsFile, ClaimTest, Criterion, OwnClaim, RowPattern } from "./claim";
export { checkClaims } from "./check-claims";
export { type ClaimRecords, claimsPage, type ClaimsReport } from "./claims-page";
export type { CaseP, Outcome, Verdict } from "./decide";
export { type ClaimCase, type ClaimFinding, evaluateClaim, type ResultOf } from "./evaluate-claims";
export { claimsTable } from "./claims-table";
export { keptClaims } from "./kept-claims";
export type { OwnFinding } from "./own-finding";
export { readClaims, readRemarks } from "./read-claims";
