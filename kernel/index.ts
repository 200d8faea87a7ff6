// What the kernel exports. Each file holds one idea; memory is laid out by the caller (src/kernel).
export { setCalls } from './audit-calls';
export { eventLines, eventStopped, findEvent, firstLineEnd } from './audit-run';
export { idHash, lastSegment, markIds } from './ids';
export { indexBytes } from './index-line';
export { lineFrom, lineKind, lineTo, lineTokens, readLine } from './lines';
export { nameValue, setNames } from './names';
export { findRecords, oddLineEnd, recordsLines, recordsNext, recordsStopped } from './records';
export { addKey, keyBytesLeft, setKeys, tokenise } from './tokens';
export { addRoute, findRoute, routeKey, setRoutes } from './routes';
export { addFew, addGram, findWitnesses, hashGram, hashWhole } from './witnesses';
export { outputEnd, run, setRun, stoppedAt } from './run';
export { findAuditSparks, findMarkupSparks, findSparks, needsMet, setSparks, sparkMarks } from './sparks';
export { countLineFeeds, countRecords, feedsCounted, feedsNoted, findLastText, findText } from './text';
