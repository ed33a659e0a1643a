export { studyRequests, type RequestStudy, type RequestStudyOptions, type RequestStudyRow } from "./request-study";
export { requestStudyTable } from "./request-study-table";
